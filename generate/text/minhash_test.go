package text

import (
	"math"
	"math/rand/v2"
	"testing"

	"modelcollapse/internal/rng"
)

// sharing makes two lists of words whose shingles have exactly the Jaccard index both/(both + 2·own).
func sharing(r *rand.Rand, both, own int) (a, b []uint64) {
	for i := range both + 2*own {
		w := r.Uint64()
		if i < both+own {
			a = append(a, w)
		}
		if i < both || i >= both+own {
			b = append(b, w)
		}
	}
	return a, b
}

// words1 are hashers of single words, so that Jaccard indices are planted exactly.
func words1(t testing.TB) *Hasher {
	n := Usual()
	n.Words = 1
	h, err := NewHasher(n)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// The estimate is unbiased, of binomial variance, and within .21 (more than 4 standard deviations) of the truth.
func TestEstimateOfKnownJaccard(t *testing.T) {
	r := rng.Root(1).Child("pairs", 0).Stream()
	h := words1(t)
	const pairs = 400
	for _, c := range []struct{ both, own int }{{0, 50}, {20, 40}, {60, 30}, {100, 25}, {160, 20}, {300, 5}, {4, 3}, {3000, 1000}} {
		s := float64(c.both) / float64(c.both+2*c.own)
		var sum, square float64
		for range pairs {
			a, b := sharing(r, c.both, c.own)
			d := h.SignWords(a).Jaccard(h.SignWords(b)) - s
			if math.Abs(d) >= .21 {
				t.Errorf("Jaccard %.3f: off by %.3f", s, d)
			}
			sum, square = sum+d, square+d*d
		}
		deviation := math.Sqrt(s * (1 - s) / 112)
		if mean := sum / pairs; math.Abs(mean) > 4*deviation/math.Sqrt(pairs) {
			t.Errorf("Jaccard %.3f: biased by %.4f", s, mean)
		}
		if got := math.Sqrt(square / pairs); got > 1.15*deviation || got < .85*deviation {
			t.Errorf("Jaccard %.3f: standard deviation %.4f, binomial %.4f", s, got, deviation)
		}
	}
}

// Pairs become candidates as often as the law of bands says.
func TestCandidatesFollowTheLaw(t *testing.T) {
	n := Usual()
	if p := n.Candidate(.8); math.Abs(p-.924) > 5e-4 {
		t.Errorf("P(candidate) at .8 is %.4f, want .924", p)
	}
	n.Words = 1
	r := rng.Root(2).Child("pairs", 0).Stream()
	for _, c := range []struct{ both, own int }{{50, 25}, {60, 20}, {80, 10}, {90, 5}} {
		const pairs = 1000
		found := 0
		for range pairs {
			x, err := NewIndex(n)
			if err != nil {
				t.Fatal(err)
			}
			a, b := sharing(r, c.both, c.own)
			x.Keep(x.PrepareWords(a))
			if _, ok := x.First(x.PrepareWords(b)); ok {
				found++
			}
		}
		p := n.Candidate(float64(c.both) / float64(c.both+2*c.own))
		if z := (float64(found) - pairs*p) / math.Sqrt(pairs*p*(1-p)); math.Abs(z) > 4 {
			t.Errorf("%v: %d of %d, want %.3f", c, found, pairs, p)
		}
	}
}

func TestIndex(t *testing.T) {
	for _, exact := range []float64{0, .8} {
		n := Usual()
		n.Jaccard = exact
		x, err := NewIndex(n)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range []string{"", "one two", "it is a truth universally acknowledged that a single man", "one two", "x"} {
			if got := x.Keep(x.Prepare(s)); got != i {
				t.Fatalf("kept as %d, want %d", got, i)
			}
		}
		for _, c := range []struct {
			text string
			want Match
			ok   bool
		}{
			{"", Match{}, false}, // like none, other empty ones too
			{"One, two!", Match{1, 1}, true},
			{"It is a truth universally acknowledged, that a single man", Match{2, 1}, true},
			{"two one", Match{}, false},
		} {
			if m, ok := x.First(x.Prepare(c.text)); m != c.want || ok != c.ok {
				t.Errorf("%q: %v %v, want %v", c.text, m, ok, c.want)
			}
		}
	}
	if _, err := NewIndex(Near{Words: 5, Bands: 0, Rows: 8}); err == nil || err.Error() != "near-duplicates: bands: 0 is not in 1 … 1024" {
		t.Errorf("no bands: %v", err)
	}
}

// Candidates that are not near enough are passed over, later kept ones looked at.
func TestExactJaccard(t *testing.T) {
	n := Near{Words: 1, Bands: 64, Rows: 1, Jaccard: .7}
	x, err := NewIndex(n)
	if err != nil {
		t.Fatal(err)
	}
	r := rng.Root(3).Child("pairs", 0).Stream()
	a, b := sharing(r, 80, 10) // .8
	far, _ := sharing(r, 50, 0)
	far = append(far, a[:50]...) // 50 of 140
	for _, words := range [][]uint64{far, b} {
		x.Keep(x.PrepareWords(words))
	}
	if m, ok := x.First(x.PrepareWords(a)); !ok || m != (Match{1, .8}) {
		t.Errorf("%v %v, want text 1 at .8", m, ok)
	}
}
