package generate

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

// A tally is the dense sum of what was added and merged, whatever the order, the weights and who closes what.
func TestTallyIsTheDenseSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 9).Draw(t, "categories")
		m := categoriesOf(k)
		counts := rapid.SliceOfN(rapid.Int64Range(0, 3), k, k)
		sum, want, rows := m.Empty().(*Tally), make([]float64, k), 0.0
		var open []*Tally
		for range rapid.IntRange(0, 8).Draw(t, "merges") {
			h, other := counts.Draw(t, "counts"), m.Empty().(*Tally)
			weight := rapid.SampledFrom([]float64{1, 1, .5, 2}).Draw(t, "weight")
			if rapid.Bool().Draw(t, "drawn") {
				f := fitOfCounts(m, h)
				f.DrawStats(other, 7, rng.Root(rapid.Uint64().Draw(t, "seed")).Stream())
			} else {
				other.Add(Span[Histogram]{Rows: []Histogram{h}, Weight: 1})
			}
			before := other.Counts()
			sum.Merge(other, weight)
			for i, c := range before {
				want[i] += weight * c
			}
			rows += other.Rows()
			if open = append(open, other); rapid.Bool().Draw(t, "close") {
				open[0].Close()
				open = open[1:]
			} else if !slices.Equal(other.Counts(), before) {
				t.Fatal("merging changed what was merged")
			}
		}
		if got := sum.Counts(); !slices.Equal(got, want) || sum.Rows() != rows {
			t.Fatalf("%v of %g rows, want %v of %g", got, sum.Rows(), want, rows)
		}
	})
}

func categoriesOf(k int) Categorical { return Categorical{categories: k, memory: &memory{}} }

func fitOfCounts(m Categorical, h Histogram) Frequencies {
	s := m.Empty()
	s.Add(Span[Histogram]{Rows: []Histogram{h}, Weight: 1})
	f, _ := m.FitStats(context.Background(), Task[Histogram]{}, s)
	return f.(Frequencies)
}

// Chains that give their slices to each other are the chains of a model that does not: what is open does not change, and a
// closed fit leaves nothing behind.
func TestMemoryChangesNothing(t *testing.T) {
	truth, _ := Zipf{Categories: 60, Exponent: 1}.Open(t.Context(), nil)
	chain := func(m Categorical, seed uint64, closing bool) func() []float64 {
		f, r := truth.(Frequencies), rng.Root(seed).Stream()
		return func() []float64 {
			s := m.Empty().(*Tally)
			f.DrawStats(s, 80, r)
			next, _ := m.FitStats(t.Context(), Task[Histogram]{}, s)
			if closing {
				s.Close()
				f.Close()
				f.Close() // twice is once
			}
			f = next.(Frequencies)
			return f.P
		}
	}
	shared, err := Categorical{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	var with, without []func() []float64
	for seed := range uint64(3) {
		with = append(with, chain(shared.(Categorical), seed, true))
		without = append(without, chain(Categorical{categories: 60}, seed, false))
	}
	kept := map[int][]float64{}
	for g := range 40 {
		for i := range with {
			kept[i] = with[i]()
			if want := without[i](); !slices.Equal(kept[i], want) {
				t.Fatalf("chain %d, generation %d: %v, want %v", i, g, kept[i], want)
			}
		}
		for i := range with {
			near(t, "what is open stays", []float64{sumOf(kept[i])}, []float64{1}, 1e-12)
		}
	}
	if f := truth.(Frequencies); f.Close() != nil || f.P[0] == 0 {
		t.Error("the truth is nobody's to close")
	}
}

func sumOf(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// What lives is found again where probabilities were changed under a fit.
func TestLiving(t *testing.T) {
	f := Frequencies{P: []float64{.5, 0, .5}}.known()
	if at, share := f.Living(); !slices.Equal(at, []int32{0, 2}) || !slices.Equal(share, []float64{.5, .5}) {
		t.Errorf("%v %v", at, share)
	}
	f.P = []float64{0, 1, 0}
	if at, _ := f.Living(); !slices.Equal(at, []int32{1}) || f.Degenerate() != "one category left" {
		t.Errorf("%v", at)
	}
	if at, _ := (Frequencies{}).Living(); at != nil {
		t.Error("no categories")
	}
}

// A generator that smooths: shares, its law refused, its type restored, nothing lost for good.
func TestSmoothedCategorical(t *testing.T) {
	m := Categorical{Smoothing: .5, categories: 4}
	f, err := m.Fit(t.Context(), Task[Histogram]{Train: Sample[Histogram]{{Rows: []Histogram{{3, 0, 1, 0}}, Weight: 2}}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shares", f.(Distribution).Probabilities(), []float64{6.5 / 10, .5 / 10, 2.5 / 10, .5 / 10}, 1e-15)
	if s, ok := f.(Smoothed); !ok || s.Smoothing() != .5 || s.Unsmoothed() || s.Degenerate() != "" {
		t.Errorf("%#v", f)
	}
	if _, err := f.(Lawful[Histogram]).Law(nil); err == nil {
		t.Error("the law of an unsmoothed model")
	}
	if _, ok := m.Fits().(Smoothed); !ok {
		t.Error("Fits is another type")
	}
	empty, _ := m.Fit(t.Context(), Task[Histogram]{})
	near(t, "nothing learned", empty.(Distribution).Probabilities(), []float64{.25, .25, .25, .25}, 0)
	for _, bad := range []float64{-1, math.Inf(1), math.NaN()} {
		if _, err := (Categorical{Smoothing: bad}).Bind(f); err == nil {
			t.Errorf("smoothing %g is accepted", bad)
		}
	}
	if h, err := (Hutchinson{}).Bind(f); err != nil || h.(Categorical).categories != 4 {
		t.Errorf("%v %v", h, err)
	}
}
