package diversity

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"modelcollapse/generate/text"
)

var s3 = []string{
	"The quick brown fox jumps over the lazy dog.",
	"The quick brown fox jumps over the lazy dog again.",
	"Suddenly, the quick brown fox leaps swiftly over the sleeping dog.",
}

// near checks got to within tolerance, half of the last digit given.
func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %.12f, want %.12f", name, got, want)
	}
}

// The published numbers, to all digits given.
func TestPublishedNumbersOfTexts(t *testing.T) {
	joined := text.Blanks.Hash(nil, strings.Join(s3, " "))
	for n, want := range []float64{.5, .65517241, .75, .81481481} {
		near(t, "distinct", Distinct(joined, n+1), want, 5e-9)
	}
	near(t, "n-grams", NGrams(joined, 4), 2.71998723, 5e-9)
	near(t, "self-repetition", SelfRepetition(text.Blanks.HashAll(s3), 4), 1.19450631, 5e-9)
	for k, want := range []float64{.75466999, .68412547, .63680136, .58339810} {
		near(t, "self-BLEU", SelfBLEU(text.Marks.HashAll(s3), k+2), want, 5e-9)
	}
}

func TestPublishedNumbersOfVendi(t *testing.T) {
	k := mat.NewSymDense(3, []float64{1, .9, 0, .9, 1, 0, 0, 0, 1})
	for q, want := range map[float64]float64{1: 2.15730048, .5: 2.42034836, 2: 1.94805195, math.Inf(1): 1.57894737} {
		got, err := Vendi(k, q)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "vendi", got, want, 5e-9)
	}
}

func TestPublishedNumbersOfMauve(t *testing.T) {
	near(t, "two cells", Mauve([]float64{.5, .5}, []float64{.9, .1}), .6710958126, 5e-11)
	near(t, "three cells", Mauve([]float64{.5, .3, .2}, []float64{.2, .3, .5}), .8214099836, 5e-11)
	near(t, "disjoint", Mauve([]float64{1, 0}, []float64{0, 1}), .0040720963, 5e-11)
	near(t, "equal", Mauve([]float64{.2, .8}, []float64{20, 80}), 1, 1e-12)
}

type reference struct {
	Texts    []string
	Distinct []float64
	Repeat   float64   `json:"self_repetition"`
	BLEU     []float64 `json:"self_bleu"`
	S3BLEU   []float64 `json:"s3_self_bleu"`
	Rows     [][]float64
	Vendi    []float64
	More     []float64 `json:"vendi_more_rows_than_dimensions"`
	Mauve    []struct {
		P, Q []float64
		Is   float64
	}
}

// The same measures by their definitions, in testdata/reference.py.
func TestDefinitionsElsewhere(t *testing.T) {
	raw, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var want reference
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	joined := text.Blanks.Hash(nil, strings.Join(want.Texts, " "))
	for n, v := range want.Distinct {
		near(t, "distinct", Distinct(joined, n+1), v, 1e-15)
	}
	near(t, "self-repetition", SelfRepetition(text.Blanks.HashAll(want.Texts), 2), want.Repeat, 1e-12)
	for k, v := range want.BLEU {
		near(t, "self-BLEU", SelfBLEU(text.Marks.HashAll(want.Texts), k+2), v, 1e-12)
		near(t, "self-BLEU of S3", SelfBLEU(text.Marks.HashAll(s3), k+2), want.S3BLEU[k], 1e-12)
	}
	orders := []float64{0, .5, 1, 2, 3, math.Inf(1)}
	few, all := Features{4, slices.Concat(want.Rows[:3]...)}, Features{4, slices.Concat(want.Rows...)}
	for k, q := range orders {
		near(t, "vendi", vendi(t, few, q), want.Vendi[k], 1e-10)
		if k > 0 { // order 0 counts eigenvalues that rounding left above 0
			near(t, "vendi of more rows", vendi(t, all, q), want.More[k-1], 1e-6)
		}
	}
	for _, m := range want.Mauve {
		near(t, "mauve", Mauve(m.P, m.Q), m.Is, 1e-12)
	}
}

func vendi(t testing.TB, f Features, q float64) float64 {
	t.Helper()
	v, err := VendiCosine(f, q)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
