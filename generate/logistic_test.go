package generate

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func openedLabels(t testing.TB, c Opener[Labelled]) Source[Labelled] {
	t.Helper()
	src, err := c.Open(t.Context(), rng.Root(9).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func boundModel(t testing.TB, m Bound[Labelled], truth Source[Labelled]) Model[Labelled] {
	t.Helper()
	b, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLogisticAgainstReference(t *testing.T) {
	worst := 0.0
	for i, r := range readLabelled(t).Logistic {
		m := boundModel(t, LogisticRegression{Ridge: r.Ridge}, openedLabels(t, LogisticLabels{Dim: len(r.Solution)}))
		start := Logistic{inputs: newInputs(len(r.Solution), 0), weights: r.Solution}
		for _, from := range []Fitted[Labelled]{nil, start} {
			f, err := m.Fit(t.Context(), Task[Labelled]{Train: r.train(), Start: from})
			if err != nil {
				t.Fatal(err)
			}
			got := f.(Logistic)
			far := farFrom(got.weights, r.Solution)
			worst = max(worst, far)
			if far > 1e-11 || got.Degenerate() != "" {
				t.Errorf("case %d: %v %q, want %v: %.2g", i, got.weights, got.Degenerate(), r.Solution, far)
			}
		}
	}
	t.Logf("largest error, relative to the largest weight: %.2g", worst)
}

func TestLogisticScores(t *testing.T) {
	ref := readLabelled(t).Scores
	f := Logistic{inputs: newInputs(3, 0), weights: make([]float64, 3)}
	for k, w := range ref.Weights {
		f.weights[k] = ref.Steepness * w
	}
	var rows []Labelled
	for i, x := range ref.X {
		rows = append(rows, Labelled{x, ref.Labels[i]})
	}
	nats := make([]float64, len(rows))
	if err := f.Score(t.Context(), rows, nats); err != nil {
		t.Fatal(err)
	}
	near(t, "probability", nats, ref.Logistic, 1e-13)
	if f.Score(t.Context(), []Labelled{{rows[0].X, .5}}, nats); !math.IsInf(nats[0], -1) || f.Score(t.Context(), []Labelled{{[]float64{1}, 1}}, nats) == nil {
		t.Error("a label of a half was scored, or a row of one input")
	}
}

// Labels have their chances, the side of the plane or its noise, and the transforms of a step are uniform.
func TestClassifierSamplers(t *testing.T) {
	const n = 4000
	logistic := openedLabels(t, LogisticLabels{Dim: 3, Norm: 2}).(Logistic)
	half := openedLabels(t, NoisyLabels{Dim: 3, Error: .2}).(HalfSpace)
	var level, slope []float64
	for i := range 400 {
		o := Outcome[Labelled]{N: 60}
		o.Rows, _ = logistic.Draw(t.Context(), nil, o.N, rng.Root(2).Child("rows", i).Stream())
		x := logistic.Innovations(nil, o, rng.Root(2).Child("u", i).Stream())
		level, slope = append(level, x[0].U), append(slope, x[1].U)
	}
	if a, b := uniformDistance(level), uniformDistance(slope); a > 2.4 || b > 2.4 {
		t.Errorf("transforms: level %.2f, slope %.2f", a, b)
	}
	flat, steep := logistic, logistic
	flat.weights, steep.weights = make([]float64, 3), make([]float64, 3)
	for k, w := range logistic.weights {
		steep.weights[k] = 1.5 * w
	}
	for _, wrong := range []Logistic{flat, steep} {
		var u []float64
		for i := range 400 {
			o := Outcome[Labelled]{N: 60}
			o.Rows, _ = wrong.Draw(t.Context(), nil, o.N, rng.Root(2).Child("wrong", i).Stream())
			u = append(u, logistic.Innovations(nil, o, rng.Root(2).Child("u", i).Stream())[1].U)
		}
		if d := uniformDistance(u); d < 3 {
			t.Errorf("labels of %v are taken for those of %v: %.2f", wrong.weights, logistic.weights, d)
		}
	}
	rows, _ := half.Draw(t.Context(), nil, n, rng.Root(3).Stream())
	wrong := 0
	for _, r := range rows {
		if r.Y != half.TrueLabel(r.X) {
			wrong++
		}
		if math.Abs(r.Y) != 1 {
			t.Fatalf("a label of %g", r.Y)
		}
	}
	if p := num.BinomialCDF(int64(wrong), n, .2); p < 1e-5 || p > 1-1e-5 {
		t.Errorf("%d of %d labels are wrong", wrong, n)
	}
	given, err := half.DrawGiven(t.Context(), nil, rows, rng.Root(4).Stream())
	if err != nil || &given[5].X[0] != &rows[5].X[0] {
		t.Error("given inputs are not kept")
	}
	if logistic.TrueLabel(logistic.weights) != 1 || logistic.TrueLabel([]float64{-logistic.weights[0], -logistic.weights[1], -logistic.weights[2]}) != 0 {
		t.Error("the likelier label is not the true one")
	}
}

// Rows that do not determine the weights are named results, and every loop ends.
func TestLogisticOfOddData(t *testing.T) {
	nan := math.NaN()
	row := func(y float64, x ...float64) Labelled { return Labelled{x, y} }
	m := boundModel(t, LogisticRegression{}, openedLabels(t, LogisticLabels{Dim: 2}))
	for _, c := range []struct {
		rows []Labelled
		why  string
	}{{nil, "no rows"}, {[]Labelled{row(1, 1, 2), row(0, -1, 0)}, "separable labels: the likelihood has no maximum"}, {[]Labelled{row(1, 1e-9, 2e-9)}, "separable labels: the likelihood has no maximum"},
		{[]Labelled{row(1, 1, 0), row(0, 1, 0), row(1, 2, 0)}, "Hessian of too low a rank"}, {[]Labelled{row(1, 1, 1), row(0, 1, 1), row(1, 2, 1), row(0, 3, 1)}, ""},
		{[]Labelled{row(1, 0, 0)}, "Hessian of too low a rank"}, {[]Labelled{row(1, nan, 0)}, "weights not finite"}, {[]Labelled{row(1, 1e308, 1e308), row(0, 1e308, 1)}, "weights not finite"},
		{[]Labelled{row(1, 1, 0), row(0, 1, 0), row(1, 0, 1)}, "no maximum in 100 steps"}} { // separable in part
		f, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: c.rows, Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		why := f.(Degenerate).Degenerate()
		if why != c.why {
			t.Errorf("%v: %q, want %q", c.rows, why, c.why)
		}
		if _, err := f.Draw(t.Context(), nil, 3, rng.Root(1).Stream()); err != nil {
			t.Error(err)
		}
		if strings.HasPrefix(why, "separable") {
			nats := make([]float64, len(c.rows))
			if f.(Scorer[Labelled]).Score(t.Context(), c.rows, nats); nats[0] < -1e-15 {
				t.Errorf("a separated label is not certain: %v", nats)
			}
		}
		var b bytes.Buffer
		if err := f.(Saver).Save(&b); err != nil {
			t.Fatal(err)
		}
		back, err := m.(Restorer[Labelled]).Restore(bytes.NewReader(b.Bytes()))
		if err != nil || fmt.Sprint(back) != fmt.Sprint(f) {
			t.Errorf("%v, %v, want %v", back, err, f)
		}
	}
	for _, bad := range []Labelled{row(2, 1, 1), row(-1, 1, 1), row(nan, 1, 1), row(1, 1)} {
		if _, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: []Labelled{bad}, Weight: 1}}}); err == nil {
			t.Errorf("%v was fitted", bad)
		}
	}
	rows, _ := openedLabels(t, LogisticLabels{Dim: 2, Norm: 1}).Draw(t.Context(), nil, 50, rng.Root(1).Stream())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Fit(ctx, Task[Labelled]{Train: Sample[Labelled]{{Rows: rows, Weight: 1}}}); err == nil {
		t.Error("a fit did not end with its context")
	}
}

// Whatever the labels, the fit is where the gradient vanishes, or says why it is not.
func TestLogisticGradientVanishes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const dim = 2
		rows := labelledRows(t, dim)
		for i := range rows {
			rows[i].Y = float64(rapid.IntRange(0, 1).Draw(t, "label"))
		}
		m := LogisticRegression{Ridge: rapid.SampledFrom([]float64{0, .1}).Draw(t, "ridge"), inputs: newInputs(dim, 0)}
		f, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: rows, Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		g := f.(Logistic)
		if why := g.Degenerate(); why != "" {
			if m.Ridge > 0 && len(rows) > 0 {
				t.Fatalf("%s in spite of a ridge", why)
			}
			return
		}
		for k := range dim {
			slope := -m.Ridge * float64(len(rows)) * g.weights[k]
			for _, r := range rows {
				slope += r.X[k] * (r.Y - g.Chance(r.X))
			}
			if math.Abs(slope) > 1e-5 {
				t.Fatalf("gradient %g at %v", slope, g.weights)
			}
		}
	})
}

func TestPlugInClassifier(t *testing.T) {
	truth := openedLabels(t, NoisyLabels{Dim: 2, Error: .1})
	m := boundModel(t, PlugInClassifier{LabelError: .25}, truth)
	rows := []Labelled{{[]float64{1, 2}, 1}, {[]float64{3, -1}, -1}, {[]float64{0, 4}, 1}}
	f, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: rows, Weight: 2, Weights: []float64{1, .5, 0}}}})
	if err != nil || farFrom(f.(HalfSpace).weights, []float64{(1 - 1.5) / 1.5, (2 + .5) / 1.5}) > 1e-15 || f.(HalfSpace).Wrong() != .25 {
		t.Errorf("%v, %v", f, err)
	}
	for why, rows := range map[string][]Labelled{"weights 0": nil, "weights not finite": {{[]float64{math.Inf(1), 0}, 1}}} {
		f, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: rows, Weight: 1}}})
		if err != nil || f.(Degenerate).Degenerate() != why {
			t.Errorf("%v, %v, want %q", f, err, why)
		}
	}
	if _, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: []Labelled{{[]float64{1}, 1}}, Weight: 1}}}); err == nil {
		t.Error("a row of one input was fitted")
	}
	var b bytes.Buffer
	f.(Saver).Save(&b)
	if back, err := m.(Restorer[Labelled]).Restore(&b); err != nil || fmt.Sprint(back) != fmt.Sprint(f) {
		t.Errorf("%v, %v, want %v", back, err, f)
	}
}
