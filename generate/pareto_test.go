package generate

import (
	"math"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// The sum of logarithms of n rows times the index is a gamma of shape n, whether rows are drawn or only their sum.
func TestParetoStatistics(t *testing.T) {
	f, n := Pareto{Index: 1.5, Scale: 2}, 5
	m, err := ParetoIndex{}.Bind(f)
	if err != nil {
		t.Fatal(err)
	}
	inc := m.(ParetoIndex)
	var byRows, bySum []float64
	for i := range 4000 {
		r := rng.Root(7).Child("chain", i).Stream()
		rows, err := f.Draw(t.Context(), nil, n, r)
		if err != nil {
			t.Fatal(err)
		}
		fit, err := inc.Fit(t.Context(), Task[float64]{Train: Sample[float64]{{Rows: rows, Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		o := Outcome[float64]{N: n, Rows: rows, Fit: fit}
		byRows = append(byRows, f.Innovations(nil, o, nil)[0].U)
		o.Fit = nil
		near(t, "by the rows", []float64{f.Innovations(nil, o, nil)[0].U}, byRows[i:], 1e-12)
		s := inc.Empty()
		if !f.DrawStats(s, n, r) {
			t.Fatal("the sum of logarithms is not drawn")
		}
		bySum = append(bySum, f.Innovations(nil, Outcome[float64]{N: n, Stats: s}, nil)[0].U)
	}
	for name, u := range map[string][]float64{"rows": byRows, "sums": bySum} {
		low := 0
		for _, x := range u {
			if x < .5 {
				low++
			}
		}
		if z := (float64(low) - 2000) / math.Sqrt(1000); math.Abs(z) > 4 {
			t.Errorf("by %s: %d of 4000 transforms below a half", name, low)
		}
		if mean := num.Mean(u); math.Abs(mean-.5) > 4*math.Sqrt(1./12/4000) {
			t.Errorf("by %s: mean transform %g", name, mean)
		}
	}
}

// By hand: rows e and e³ over a scale of 1 have a mean logarithm of 2; the second three times gives 2.5.
func TestParetoIndexByHand(t *testing.T) {
	m := ParetoIndex{Scale: 1}
	for weight, want := range map[float64]float64{1: 1. / 2, 3: 1. / 2.5} {
		fit, err := m.Fit(t.Context(), Task[float64]{Train: Sample[float64]{{Rows: []float64{math.E}, Weight: 1}, {Rows: []float64{math.Exp(3)}, Weight: weight}}})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "index", []float64{fit.(Pareto).Index}, []float64{want}, 1e-14)
	}
	for name, rows := range map[string][]float64{"all at the scale": {1, 1}, "one below it": {.5, 3}} {
		fit, err := m.Fit(t.Context(), Task[float64]{Train: Sample[float64]{{Rows: rows, Weight: 1}}})
		if err != nil || fit.(Pareto).Degenerate() == "" {
			t.Errorf("%s: %+v, %v: want a degenerate fit", name, fit, err)
		}
	}
	if _, err := m.Bind(Normal{Variance: 1}); err == nil {
		t.Error("a pareto of normal rows is taken")
	}
}
