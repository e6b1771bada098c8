package evaluate

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// linearTruth has weights of a length.
func linearTruth(t testing.TB, dim int, noise, length, spectrum float64) generate.Linear {
	t.Helper()
	src, err := generate.LinearLabels{Dim: dim, Noise: noise, Norm: length, Spectrum: spectrum}.Open(context.Background(), rng.Root(3).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return src.(generate.Linear)
}

// labelledReal is an experiment without interventions.
func labelledReal(t testing.TB, truth generate.Source[generate.Labelled], w generate.Workflow, generations int, models ...generate.Model[generate.Labelled]) (r Real[generate.Labelled]) {
	t.Helper()
	p, err := generate.Compile(w, generations, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	r = Real[generate.Labelled]{Kind: generate.LabelledRows, Truth: truth, Plan: p}
	for _, m := range models {
		b, err := m.(generate.Bound[generate.Labelled]).Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		r.Models, r.Fits = append(r.Models, b), append(r.Fits, b.Fits())
	}
	return r
}

// theoryLine is what a theory says of a series and functional, by generation; nil: nothing.
func theoryLine(t testing.TB, theory Theory[generate.Labelled], r Real[generate.Labelled], series, functional string) (line []results.Prediction) {
	t.Helper()
	all, _ := theory.Predict(context.Background(), r)
	for _, p := range all {
		if p.Series == series && p.Functional == functional {
			line = append(line, p)
		}
	}
	return line
}

func ofRows(t testing.TB, rule generate.Rule, sizes ...int) generate.Workflow {
	t.Helper()
	w, err := rule.Over(func(g int) int { return sizes[min(g, len(sizes)-1)] }, 100)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func fresh(share float64) generate.Rule {
	return generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(share), Rows: "fresh", Per: "count"}}
}

// The lines of plans are the closed forms.
func TestRegressionLines(t *testing.T) {
	truth, quiet := linearTruth(t, 10, 1, 2, 0), 0.5
	wide := linearTruth(t, 10, 1, 2, 1.5)
	ols := generate.LeastSquares{LabelNoise: &quiet}
	law := LeastSquaresLaw{10, 50, 1, quiet}
	few := MinimumNormLaw{10, 4, 4, 1, quiet}
	mixed := func(g int) float64 {
		e := law.Replace(0)
		for range g {
			e = Kept(10, 10, 40)*e + inverse(10, 50)*(10+40*quiet*quiet)/50
		}
		return e
	}
	for _, c := range []struct {
		name   string
		theory Theory[generate.Labelled]
		truth  generate.Linear
		w      generate.Workflow
		want   func(g int) float64
		limit  float64
	}{
		{"replace, fresh", RegressionFresh{}, truth, ofRows(t, generate.Replace{}, 50), law.Replace, math.Inf(1)},
		{"replace, fresh, spectrum", RegressionFresh{}, wide, ofRows(t, generate.Replace{}, 50), law.Replace, math.Inf(1)},
		{"replace, same", RegressionSame{}, truth, generate.SameInputs(ofRows(t, generate.Replace{}, 50)), law.Replace, math.Inf(1)},
		{"accumulate, fresh", RegressionAccumulate{}, wide, ofRows(t, generate.Accumulate{}, 50), law.AccumulateFresh, law.AccumulateFreshLimit()},
		{"accumulate, same", RegressionSame{}, wide, generate.SameInputs(ofRows(t, generate.Accumulate{}, 50)), law.AccumulateSame, law.AccumulateSameLimit()},
		{"minimum norm, fresh", RegressionFresh{}, truth, ofRows(t, generate.Replace{}, 4), few.Fresh, few.FreshLimit()},
		{"minimum norm, same", RegressionSame{}, truth, generate.SameInputs(ofRows(t, generate.Replace{}, 4)), few.Same, math.Inf(1)},
		{"real and synthetic", RegressionFresh{}, wide, ofRows(t, fresh(.2), 50), mixed, mixed(1000)},
	} {
		r := labelledReal(t, c.truth, c.w, 12, ols)
		line, errors := theoryLine(t, c.theory, r, "risk", "mean"), theoryLine(t, c.theory, r, "test_error", "mean")
		limit := theoryLine(t, c.theory, r, "risk", "limit")
		if len(line) != 13 || len(errors) != 13 || len(limit) != 1 {
			t.Errorf("%s: %d, %d and %d points", c.name, len(line), len(errors), len(limit))
			continue
		}
		for g, p := range line {
			agrees(t, fmt.Sprintf("%s, generation %d", c.name, g), p.X, c.want(g), 1e-11*c.want(g))
			agrees(t, c.name+": error", errors[g].X, c.want(g)+1, 1e-11*(c.want(g)+1))
			if p.Lo != p.X || p.Hi != p.X || p.Generation != g {
				t.Errorf("%s: generation %d: an exact law with a band: %+v", c.name, g, p)
			}
		}
		if x := limit[0].X; !math.IsInf(c.limit, 1) || x != c.limit {
			agrees(t, c.name+": limit", x, c.limit, 1e-11*c.limit)
		}
	}
}

// Turns, ridges and anchors against simulation.
func TestRidgeLines(t *testing.T) {
	ref := readRegression(t)
	for _, r := range ref.RidgeChain {
		m := generate.LeastSquares{Ridge: r.Ridge, Anchor: r.Anchor}
		w := generate.Started(ofRows(t, generate.Replace{}, r.Rows), "previous")
		line := theoryLine(t, RegressionFresh{}, labelledReal(t, linearTruth(t, r.Dim, r.Noise, 1, 0), w, 4, m), "risk", "mean")
		if len(line) != 5 {
			t.Fatalf("%+v: %d points", m, len(line))
		}
		for g, s := range r.Risk {
			s.near(t, fmt.Sprintf("%+v, generation %d", m, g), line[g].X)
			if width := line[g].Hi - line[g].Lo; (width > 0) != (r.Ridge > 0) || width > .01*line[g].X {
				t.Errorf("%+v: generation %d: a band of %g", m, g, width)
			}
		}
	}
	for _, r := range ref.RidgeAfterLeastSquares {
		if r.Noise != r.GeneratorNoise {
			continue // of one noise in a plan's chain of one truth
		}
		w := generate.Turns(ofRows(t, generate.Replace{}, r.GeneratorRows, r.GeneratorRows, r.GeneratorRows, r.Rows), false, []int{0, 0, 0, 1})
		x := labelledReal(t, linearTruth(t, r.Dim, r.Noise, 1, 0), w, r.Generators, generate.LeastSquares{}, generate.LeastSquares{Ridge: r.Ridge})
		line := theoryLine(t, RegressionFresh{}, x, "risk", "mean")
		r.Risk.near(t, "after least squares", line[r.Generators].X)
		agrees(t, "before", line[1].X, LeastSquaresLaw{r.Dim, r.GeneratorRows, r.Noise, r.Noise}.Replace(1), 1e-12)
	}
}

// What has no law here has no line, and a reason.
func TestRegressionSaysWhatItDoesNotCover(t *testing.T) {
	truth := linearTruth(t, 10, 1, 1, 0)
	wide := linearTruth(t, 10, 1, 1, 1)
	ols, ridge := generate.LeastSquares{}, generate.LeastSquares{Ridge: .1}
	anchored := generate.LeastSquares{Anchor: .2}
	mix := func(rows, per string) generate.Rule {
		return generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.5), Rows: rows, Per: per}}
	}
	replace, accumulate := ofRows(t, generate.Replace{}, 50), ofRows(t, generate.Accumulate{}, 50)
	for name, c := range map[string]struct {
		truth generate.Linear
		w     generate.Workflow
		m     generate.Model[generate.Labelled]
	}{
		"fixed real rows": {truth, ofRows(t, mix("fixed", "count"), 50), ols}, "resampled": {truth, ofRows(t, mix("resampled", "count"), 50), ols},
		"per draw": {truth, ofRows(t, mix("fresh", "draw"), 50), ols}, "ridge on real and synthetic": {truth, ofRows(t, mix("fresh", "count"), 50), ridge},
		"accumulated ridge": {truth, accumulate, ridge}, "ridge on the same inputs": {truth, generate.SameInputs(replace), ridge},
		"minimum norm of a spectrum": {wide, ofRows(t, generate.Replace{}, 5), ols}, "ridge of a spectrum": {wide, replace, ridge},
		"as many rows as inputs": {truth, ofRows(t, generate.Replace{}, 10), ols}, "three more": {truth, generate.SameInputs(ofRows(t, generate.Replace{}, 13)), ols},
		"three fewer":          {truth, ofRows(t, generate.Replace{}, 7), ols},
		"few rows accumulated": {truth, ofRows(t, generate.Accumulate{}, 5), ols}, "window": {truth, ofRows(t, generate.Window{Generations: 2}, 50), ols},
		"subsample": {truth, generate.SameInputs(ofRows(t, generate.AccumulateSubsample{}, 50)), ols}, "anchored to the first": {truth, generate.Started(replace, "first"), anchored},
		"smaller later": {truth, generate.SameInputs(ofRows(t, generate.Replace{}, 50, 40)), ols}, "fresh real rows beside the same inputs": {truth, generate.SameInputs(ofRows(t, mix("fresh", "count"), 50)), ols},
	} {
		r := labelledReal(t, c.truth, c.w, 3, c.m)
		var reasons []error
		for _, theory := range []Theory[generate.Labelled]{RegressionFresh{}, RegressionAccumulate{}, RegressionSame{}, LogisticUniversality{}} {
			line, why := theory.Predict(context.Background(), r)
			if line != nil {
				t.Errorf("%s: %T: %+v", name, theory, line)
			}
			if why != nil {
				reasons = append(reasons, why)
			}
		}
		if len(reasons) != 1 {
			t.Errorf("%s: %v, want one reason", name, reasons)
		}
	}
	r := labelledReal(t, truth, replace, 3, ols)
	r.Interventions = []generate.Intervention[generate.Labelled]{untouching{}}
	if line, why := (RegressionFresh{}).Predict(context.Background(), r); line != nil || why == nil || !strings.Contains(why.Error(), "untouching") {
		t.Errorf("a line in spite of an intervention: %v, %v", line, why)
	}
	if x := theoryLine(t, TrivialLabelled{}, r, "risk", "trivial"); len(x) != 1 || math.Abs(x[0].X-1) > 1e-14 {
		t.Errorf("trivial: %+v", x)
	}
}

// untouching is an intervention that nobody knows.
type untouching struct{}

func (untouching) Name() string                                                   { return "untouching" }
func (untouching) Apply(context.Context, generate.Batch[generate.Labelled]) error { return nil }

// The window under the same inputs is the oracle's: with K blocks the newest fit's own noise over K², and so on.
func TestWindowOfSameInputs(t *testing.T) {
	truth := linearTruth(t, 6, 1, 1, 0)
	r := labelledReal(t, truth, generate.SameInputs(ofRows(t, generate.Window{Generations: 2}, 20)), 4, generate.LeastSquares{})
	line, unit := theoryLine(t, RegressionSame{}, r, "risk", "mean"), inverse(6, 20)
	// in units of a block's own noise e: w1 = e0, w2 = (e0 + e0 + e1)/2, w3 = ((w1 + e1) + (w2 + e2))/2 …
	e := [][5]float64{{1}}
	block := [][5]float64{{1}}
	for g := 1; g < 5; g++ {
		b := e[g-1]
		b[g]++
		block = append(block, b)
		var w [5]float64
		for k := range w {
			w[k] = (block[g-1][k] + block[g][k]) / 2
		}
		e = append(e, w)
	}
	for g, p := range line {
		want := 0.0
		for _, x := range e[g] {
			want += x * x
		}
		agrees(t, fmt.Sprintf("generation %d", g), p.X, unit*want, 1e-12)
	}
	if len(line) != 5 {
		t.Errorf("%d points", len(line))
	}
}

func TestLogisticLines(t *testing.T) {
	src, err := generate.LogisticLabels{Dim: 4, Norm: 2}.Open(context.Background(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	first := LogisticRisk(4, 2) / 1000
	for _, w := range []generate.Workflow{ofRows(t, generate.Accumulate{}, 1000), generate.Started(generate.SameInputs(ofRows(t, generate.Accumulate{}, 1000)), "previous")} {
		r := labelledReal(t, src, w, 3, generate.LogisticRegression{})
		line := theoryLine(t, LogisticUniversality{}, r, "risk", "mean")
		if len(line) != 4 {
			t.Fatalf("%d points", len(line))
		}
		agrees(t, "accumulate", line[3].X, first*(1+1./4+1./9+1./16), 1e-12)
		agrees(t, "band", line[3].Hi, line[3].X*(1+4*4./1000), 1e-12)
	}
	r := labelledReal(t, src, ofRows(t, generate.Replace{}, 1000), 3, generate.LogisticRegression{})
	agrees(t, "replace", theoryLine(t, LogisticUniversality{}, r, "risk", "mean")[3].X, 4*first, 1e-12)
	ridge := labelledReal(t, src, ofRows(t, generate.Replace{}, 1000), 3, generate.LogisticRegression{Ridge: 1})
	if theoryLine(t, LogisticUniversality{}, ridge, "risk", "mean") != nil {
		t.Error("a ridge has the line of maximum likelihood")
	}
	if x := theoryLine(t, TrivialLabelled{}, r, "risk", "trivial"); len(x) != 1 || math.Abs(x[0].X-4) > 1e-12 {
		t.Errorf("trivial: %+v", x)
	}
}
