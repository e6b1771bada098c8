package ngram_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

func decoded(t testing.TB, f *ngram.Fitted, s generate.Sampling) *ngram.Decoded {
	t.Helper()
	src, err := f.With(s)
	if err != nil {
		t.Fatal(err)
	}
	return src.(*ngram.Decoded)
}

var settings = []generate.Sampling{{Temperature: 0.5}, {Temperature: 3}, {TopK: 1}, {TopK: 3}, {TopP: 0.7},
	{Temperature: 0.8, TopK: 4, TopP: 0.9}, {Temperature: 2, TopK: 2}}

// The choices after any prefix are the scorer's law, tempered and truncated by the rule itself: all orders and
// smoothings. The scorer's law has single precision, so a word on the edge of top_p may be in or out.
func TestDecodedChoicesAreTheTemperedLaw(t *testing.T) {
	rows := toyRows()
	for i, m := range toyModels() {
		f := fit(t, m, rows)
		prefixes := append(draw(f, 12, uint64(i)), generate.Tokens{generate.End}) // the last for the empty one
		for _, s := range settings {
			d := decoded(t, f, s)
			for _, row := range prefixes {
				prefix := row[:len(row)-1]
				words, p := d.Choices(prefix)
				wantWords, want := temperedLaw(law(f, prefix), s)
				if !agree(words, p, wantWords, want) {
					t.Fatalf("%s %d, %+v after %v: %v %v, want %v %v", m.Smoothing, m.Order, s, prefix, words, p, wantWords, want)
				}
			}
		}
	}
}

// temperedLaw is the definition: powers, then the k largest, then the fewest that hold top_p.
func temperedLaw(p []float64, s generate.Sampling) (words []uint32, q []float64) {
	var ids []uint32
	for id, x := range p {
		if x > 0 {
			ids = append(ids, uint32(id))
		}
	}
	near := func(x float64) float64 { return float64(float32(x)) } // equal probabilities differ in the last digits
	slices.SortStableFunc(ids, func(a, b uint32) int {
		switch x, y := near(p[a]), near(p[b]); {
		case x > y*(1+1e-6):
			return -1
		case y > x*(1+1e-6):
			return 1
		}
		return 0
	})
	if s.TopK > 0 {
		ids = ids[:min(len(ids), s.TopK)]
	}
	tau := s.Temperature
	if tau == 0 {
		tau = 1
	}
	total := 0.0
	for _, id := range ids {
		total += math.Pow(p[id], 1/tau)
	}
	held := 0.0
	for _, id := range ids {
		x := math.Pow(p[id], 1/tau) / total
		words, q, held = append(words, id), append(q, x), held+x
		if s.TopP > 0 && held >= s.TopP-1e-6 {
			break
		}
	}
	for i := range q {
		q[i] /= held
	}
	return words, q
}

// agree compares by word, to single precision.
func agree(words []uint32, p []float64, wantWords []uint32, want []float64) bool {
	if len(words) != len(wantWords) {
		return false
	}
	for i, w := range words {
		j := slices.Index(wantWords, w)
		if j < 0 || math.Abs(p[i]-want[j]) > 1e-5 {
			return false
		}
	}
	return true
}

// Rows are drawn with the probabilities of the choices; a fit that does not change anything draws the honest law.
func TestDecodedRowsFollowTheChoices(t *testing.T) {
	const n = 20_000
	for i, m := range []ngram.Model{{Order: 2, Vocabulary: toyVocabulary}, {Order: 3, Smoothing: ngram.KneserNey, Vocabulary: toyVocabulary}} {
		f := fit(t, m, toyRows())
		d := decoded(t, f, generate.Sampling{Temperature: 0.8, TopK: 4})
		rows, err := d.Draw(t.Context(), nil, n, rng.Root(uint64(i)).Stream())
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]map[uint32]float64{}
		for _, row := range rows {
			if len(row) == 0 || slices.Index(row, generate.End) != len(row)-1 {
				t.Fatalf("%v is no row", row)
			}
			for j, w := range row[:min(len(row), 3)] {
				key := fmt.Sprint(row[:j])
				if seen[key] == nil {
					seen[key] = map[uint32]float64{}
				}
				seen[key][w]++
			}
		}
		var c chiSquare
		constraints := 0.0
		for _, prefix := range []generate.Tokens{{}, {3}, {4}, {3, 4}, {5, 6}} {
			words, p := d.Choices(prefix)
			total, known := 0.0, 0.0
			for _, k := range seen[fmt.Sprint(prefix)] {
				total += k
			}
			for j, w := range words {
				c.add(seen[fmt.Sprint(prefix)][w], total*p[j])
				known += seen[fmt.Sprint(prefix)][w]
			}
			if constraints++; known != total {
				t.Errorf("after %v words were drawn that are no choice", prefix)
			}
		}
		if p := c.p(constraints); p < 1e-4 {
			t.Errorf("%s: p = %.2g", m.Smoothing, p)
		}
	}
}

// Greedy rows end, whatever the fit; fits of nothing give rows of nothing; the same stream gives the same rows in any
// company.
func TestDecodedIsTotal(t *testing.T) {
	circle := []generate.Tokens{{3, 4, 3, 4, 3, 4, generate.End}}
	rows, err := decoded(t, fit(t, ngram.Model{Order: 2}, circle), generate.Sampling{TopK: 1}).Draw(t.Context(), nil, 3, rng.Root(1).Stream())
	if err != nil || len(rows) != 3 || len(rows[0]) != ngram.MaxDecoded || rows[0][ngram.MaxDecoded-1] != generate.End {
		t.Errorf("%d rows of %d tokens (%v)", len(rows), len(rows[0]), err)
	}
	for _, m := range []ngram.Model{{Order: 3}, {Order: 3, Smoothing: ngram.KneserNey, Vocabulary: 6}} {
		rows, err := decoded(t, fit(t, m, nil), generate.Sampling{TopP: 0.5}).Draw(t.Context(), nil, 5, rng.Root(1).Stream())
		if err != nil || len(rows) != 5 {
			t.Errorf("%v, %v", rows, err)
		}
	}
	d := decoded(t, fit(t, ngram.Model{Order: 4, Smoothing: ngram.KneserNey, Vocabulary: toyVocabulary}, toyRows()), generate.Sampling{Temperature: 0.7, TopK: 5})
	var all [4][]generate.Tokens
	var work sync.WaitGroup
	for i := range all {
		work.Go(func() { all[i], _ = d.Draw(t.Context(), nil, 300, rng.Root(2).Stream()) })
	}
	work.Wait()
	for _, rows := range all[1:] {
		if !slices.EqualFunc(rows, all[0], slices.Equal[generate.Tokens]) {
			t.Error("the same stream gave other rows")
		}
	}
	if _, err := fit(t, ngram.Model{Order: 2}, circle).With(generate.Sampling{Spread: 2}); err == nil {
		t.Error("tokens have a spread")
	}
}
