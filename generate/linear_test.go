package generate

import (
	"fmt"
	"math"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// labels of given weights: how a step of a regression chain is made.
type step struct {
	dim, n, generations int
	same, byRows        bool
	spectrum            float64
	accumulate          bool
}

// run fits generations times and calls each with the fit before, what was drawn from it, and the fit of that alone.
func (s step) run(t testing.TB, key rng.Key, each func(from Linear, o Outcome[Labelled])) Linear {
	t.Helper()
	truth := linearTruth(t, LinearLabels{Dim: s.dim, Noise: .7, Norm: 1, Spectrum: s.spectrum})
	m := boundLeastSquares(t, LeastSquares{}, truth)
	f, pool := truth, m.Empty()
	var first Stats[Labelled]
	var rows []Labelled
	for g := range s.generations {
		r, stats := key.Child("generation", g).Stream(), m.Empty()
		o := Outcome[Labelled]{N: s.n, Stats: stats}
		if s.same {
			o.Given = first
		}
		switch {
		case s.byRows && s.same && g > 0:
			drawn, _ := f.DrawGiven(t.Context(), nil, rows, r)
			stats.Add(Span[Labelled]{Rows: drawn, Weight: 1})
		case s.byRows:
			drawn, _ := f.Draw(t.Context(), nil, s.n, r)
			stats.Add(Span[Labelled]{Rows: drawn, Weight: 1})
			rows = drawn
		case s.same && g > 0:
			if !f.DrawStatsGiven(stats, first, s.n, r) {
				t.Fatal("DrawStatsGiven refused")
			}
		default:
			if !f.DrawStats(stats, s.n, r) {
				t.Fatal("DrawStats refused")
			}
		}
		if g == 0 {
			first = stats
		}
		if s.accumulate {
			pool.Merge(stats, 1)
		} else {
			pool = stats
		}
		o.Fit, _ = m.FitStats(t.Context(), Task[Labelled]{}, stats)
		if each != nil {
			each(f, o)
		}
		next, _ := m.FitStats(t.Context(), Task[Labelled]{}, pool)
		f = next.(Linear)
	}
	return f
}

// Statistics drawn without rows have the law of rows: more rows than inputs, as many, fewer; inputs fresh and given.
func TestRegressionStatisticsHaveTheLawOfRows(t *testing.T) {
	for _, s := range []step{{dim: 3, n: 8, generations: 2}, {dim: 3, n: 3, generations: 2}, {dim: 4, n: 2, generations: 2}, {dim: 3, n: 7, generations: 3, same: true},
		{dim: 3, n: 2, generations: 2, same: true}, {dim: 3, n: 6, generations: 2, spectrum: 1.5}, {dim: 2, n: 5, generations: 3, accumulate: true}, {dim: 1, n: 1, generations: 1}} {
		a, b := map[string][]float64{}, map[string][]float64{}
		for i := range 900 {
			for into, byRows := range map[*map[string][]float64]bool{&a: false, &b: true} {
				s.byRows = byRows
				var last Outcome[Labelled]
				f := s.run(t, rng.Root(1).Child(fmt.Sprint(byRows), i), func(_ Linear, o Outcome[Labelled]) { last = o })
				r := last.Stats.(*Regression)
				gram := r.Gram()
				for name, x := range map[string]float64{"first weight": f.weights[0], "last weight": f.weights[s.dim-1], "length": f.SquaredLength(f.weights), "gram first": gram[0],
					"gram off": gram[s.dim-1], "gram last": gram[s.dim*s.dim-1], "cross": r.Cross()[s.dim-1], "squares": r.Squares(), "rank": float64(f.rank)} {
					(*into)[name] = append((*into)[name], x)
				}
			}
		}
		for name := range a {
			if d := ksDistance(a[name], b[name]); d > 2.3 { // p = 5e-5 each, 72 of them
				t.Errorf("%+v: %s: Kolmogorov–Smirnov %.2f", s, name, d)
			}
		}
	}
}

// The transforms of a step are uniform and independent of the step before, for rows and for statistics, and see a design that
// was drawn again, labels with another noise, and weights that another design belongs to.
func TestLinearInnovations(t *testing.T) {
	for _, s := range []step{{dim: 3, n: 9, generations: 4}, {dim: 3, n: 9, generations: 4, same: true}, {dim: 4, n: 6, generations: 4, same: true, byRows: true},
		{dim: 2, n: 7, generations: 4, byRows: true, accumulate: true}, {dim: 3, n: 5, generations: 4, spectrum: 2, accumulate: true}} {
		u, lag := map[string][]float64{}, map[string]float64{}
		for i := range 400 {
			last := map[string]float64{}
			s.run(t, rng.Root(4).Child("chain", i), func(f Linear, o Outcome[Labelled]) {
				for _, x := range f.Innovations(nil, o, nil) {
					u[x.Name] = append(u[x.Name], x.U)
					if before, ok := last[x.Name]; ok {
						lag[x.Name] += (x.U - .5) * (before - .5)
					}
					last[x.Name] = x.U
				}
			})
		}
		if want := map[bool]int{true: 400, false: 1600}[s.same]; len(u["inputs"]) != want || len(u["coefficients"]) != 1600 || len(u["residual"]) != 1600 {
			t.Errorf("%+v: %d, %d and %d transforms", s, len(u["inputs"]), len(u["coefficients"]), len(u["residual"]))
		}
		for name, x := range u {
			if z := 12 * lag[name] / math.Sqrt(float64(len(x))); math.Abs(z) > 4.5 {
				t.Errorf("%+v: %s: lag-1 correlation: z = %.1f", s, name, z)
			}
			if d := uniformDistance(x); d > 2.4 {
				t.Errorf("%+v: %s: %.2f", s, name, d)
			}
		}
	}
}

func TestLinearInnovationsSee(t *testing.T) {
	truth := linearTruth(t, LinearLabels{Dim: 3, Noise: .7, Norm: 1})
	m := boundLeastSquares(t, LeastSquares{}, truth)
	loud := truth
	loud.noise = .8
	moved := truth
	moved.weights = []float64{truth.weights[0], truth.weights[1], truth.weights[2] + .3}
	for name, c := range map[string]struct {
		from   Linear
		redraw bool
		see    string
	}{"another noise": {loud, false, "residual"}, "other weights": {moved, false, "coefficients"}, "a design that was drawn again": {truth, true, "coefficients"}, "nothing": {truth, false, ""}} {
		u := map[string][]float64{}
		for i := range 500 {
			r, given, o := rng.Root(6).Child(name, i).Stream(), m.Empty(), Outcome[Labelled]{N: 12, Stats: m.Empty()}
			truth.DrawStats(given, 12, r)
			if c.redraw {
				c.from.DrawStats(o.Stats, 12, r)
			} else {
				c.from.DrawStatsGiven(o.Stats, given, 12, r)
			}
			o.Given = given
			o.Fit, _ = m.FitStats(t.Context(), Task[Labelled]{}, o.Stats)
			for _, x := range truth.Innovations(nil, o, nil) {
				u[x.Name] = append(u[x.Name], x.U)
			}
		}
		for _, series := range []string{"coefficients", "residual"} {
			if d := uniformDistance(u[series]); (d > 3) != (series == c.see) && !(c.see == "residual" && series == "coefficients") {
				t.Errorf("%s: %s: %.2f", name, series, d)
			}
		}
	}
	ridge := boundLeastSquares(t, LeastSquares{Ridge: .1}, truth)
	s := m.Empty()
	truth.DrawStats(s, 12, rng.Root(1).Stream())
	f, _ := ridge.FitStats(t.Context(), Task[Labelled]{}, s)
	if x := truth.Innovations(nil, Outcome[Labelled]{N: 12, Stats: s, Fit: f, Given: s}, nil); len(x) != 0 {
		t.Errorf("a ridge is judged as least squares: %v", x)
	}
	silent := truth
	silent.noise = 0
	quiet := m.Empty()
	silent.DrawStatsGiven(quiet, s, 12, rng.Root(1).Stream())
	f, _ = m.FitStats(t.Context(), Task[Labelled]{}, quiet)
	if x := silent.Innovations(nil, Outcome[Labelled]{N: 12, Stats: quiet, Fit: f, Given: s}, nil); len(x) != 0 || farFrom(f.(Linear).weights, truth.weights) > 1e-14 {
		t.Errorf("labels without noise: %v, weights %v", x, f.(Linear).weights)
	}
}

// Rows are what they claim: inputs and deviations normal, DKW at 1e-6; given rows keep their inputs, and nothing before them
// is touched.
func TestLinearSampler(t *testing.T) {
	truth := linearTruth(t, LinearLabels{Dim: 2, Noise: 2, Norm: 3, Spectrum: 1})
	rows, err := truth.Draw(t.Context(), []Labelled{{nil, 7}}, 20000, rng.Root(8).Stream())
	if err != nil || rows[0].Y != 7 || len(rows) != 20001 {
		t.Fatal("Draw does not append")
	}
	var first, second, label []float64
	for _, r := range rows[1:] {
		first, second = append(first, num.NormalCDF(r.X[0])), append(second, num.NormalCDF(r.X[1]*math.Sqrt2))
		label = append(label, num.NormalCDF((r.Y-truth.Expected(r.X))/2))
	}
	again, err := truth.DrawGiven(t.Context(), rows[:1:1], rows[1:], rng.Root(8).Stream())
	if err != nil || len(again) != len(rows) {
		t.Fatal(err)
	}
	var anew []float64
	for i, r := range again[1:] {
		if &r.X[0] != &rows[i+1].X[0] {
			t.Fatal("given inputs are not kept")
		}
		anew = append(anew, num.NormalCDF((r.Y-truth.Expected(r.X))/2))
	}
	bound := num.DKW(20000, 1e-6) * math.Sqrt(20000)
	for name, u := range map[string][]float64{"first input": first, "second input": second, "label": label, "label of a given input": anew} {
		if d := uniformDistance(u); d > bound {
			t.Errorf("%s: %.2f, bound %.2f", name, d, bound)
		}
	}
	same, _ := truth.Draw(t.Context(), nil, 20000, rng.Root(8).Stream())
	for i, r := range same {
		if r.Y != rows[i+1].Y || r.X[1] != rows[i+1].X[1] {
			t.Fatal("the same stream gives other bits")
		}
	}
}

// What the law says of a fixed design is what a step does: noise²·dim/(rows − dim − 1), and rows/(dim − rows − 1) in the span
// of fewer rows than inputs.
func TestLawOverDesigns(t *testing.T) {
	quiet := .5
	for _, c := range []struct{ dim, rows int }{{3, 12}, {9, 4}} {
		truth := linearTruth(t, LinearLabels{Dim: c.dim, Noise: 2, Norm: 1})
		m := boundLeastSquares(t, LeastSquares{LabelNoise: &quiet, Anchor: .3}, truth)
		law, err := m.Fits().(Linear).LawOver(truth, c.rows)
		if err != nil {
			t.Fatal(err)
		}
		var sum, squares, count float64
		for i := range 3000 {
			s, zero := m.Empty(), Linear{inputs: truth.inputs, weights: make([]float64, c.dim), noise: 2, rank: c.dim}
			zero.DrawStats(s, c.rows, rng.Root(3).Child("law", i).Stream())
			f, _ := boundLeastSquares(t, LeastSquares{}, truth).FitStats(t.Context(), Task[Labelled]{}, s)
			x := truth.SquaredLength(f.(Linear).weights)
			sum, squares, count = sum+x, squares+x*x, count+1
		}
		mean := sum / count
		se := math.Sqrt((squares/count - mean*mean) / count)
		want := law.Real() / float64(c.rows)
		if math.Abs(mean-want) > 4*se || math.Abs(law.Fitted(1, 1, 1)/law.Real()-1./16) > 1e-14 || law.(Anchored).Anchor() != .3 {
			t.Errorf("%+v: mean %g ± %g, law %g; drawn %g", c, mean, se, want, law.Fitted(1, 1, 1))
		}
	}
	truth := linearTruth(t, LinearLabels{Dim: 5, Noise: 1, Norm: 1})
	wide := linearTruth(t, LinearLabels{Dim: 5, Noise: 1, Norm: 1, Spectrum: 1})
	for _, c := range []struct {
		f     Linear
		truth Source[Labelled]
		rows  int
	}{{truth, truth, 5}, {truth, truth, 8}, {truth, truth, 2}, {truth, HalfSpace{}, 9}, {truth, linearTruth(t, LinearLabels{Dim: 4, Norm: 1}), 9}, {wide, wide, 2},
		{boundLeastSquares(t, LeastSquares{Ridge: 1}, truth).Fits().(Linear), truth, 9}} {
		if l, err := c.f.LawOver(c.truth, c.rows); err == nil {
			t.Errorf("%d rows: a law %+v", c.rows, l)
		}
	}
}
