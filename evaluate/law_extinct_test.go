package evaluate

import (
	"math"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// linesBy are the lines of a theory.
func linesBy(t *testing.T, of Theory[float64], r Real[float64]) []results.Prediction {
	t.Helper()
	lines, err := of.Predict(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestExtinctMetric(t *testing.T) {
	for _, c := range []struct {
		fit  generate.Fitted[float64]
		want float64
	}{{generate.Poisson{}, 1}, {generate.Poisson{Mean: .01}, 0}, {generate.NegativeBinomial{Failures: 2}, 1}, {generate.NegativeBinomial{Failures: 2, Mean: 1}, 0},
		{generate.Bernoulli{}, 1}, {generate.Bernoulli{P: 1}, 1}, {generate.Bernoulli{P: .5}, 0}, {generate.Normal{Variance: 0}, 1},
		{generate.Normal{Variance: 1e-300}, 0}, {generate.Poisson{Mean: math.NaN()}, math.NaN()}, {generate.Exponential{Mean: 1}, 0}} {
		agrees(t, "extinct", gaugeFor(t, Extinct{}, Real[float64]{}, View[float64]{Model: c.fit})["extinct"], c.want, 0)
	}
}

// The line is that of the transition matrices of scipy (testdata/expfam.py), read at the same generation, and of the table
// that theory states for p = .01, 100 rows by number of fits: its fit 1 is generation 0.
func TestExtinctLines(t *testing.T) {
	var ref struct {
		Bernoulli []struct {
			Chance  float64
			Rows    int
			Extinct []float64
		}
		Poisson []struct {
			Rows       int
			Mean, Rate float64
			Extinct    []float64
		}
	}
	referenceOf(t, "expfam.json", &ref)
	line := func(truth generate.Source[float64], m generate.Model[float64], rule generate.Rule, sizes generate.Sizes, want []float64, tol float64) {
		t.Helper()
		w, err := rule.Over(sizes, len(want)-1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := generate.Compile(w, len(want)-1, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		lines := linesBy(t, ExtinctLaw{}, Real[float64]{Truth: truth, Fits: []generate.Fitted[float64]{m.Fits()}, Plan: p})
		if len(lines) != len(want) {
			t.Fatalf("%d points, want %d", len(lines), len(want))
		}
		for g, l := range lines {
			agrees(t, "extinct", l.X, want[g], tol)
			if l.Generation != g || l.Series != "extinct" || l.Functional != "mean" || l.Law == "" || l.Source == "" {
				t.Errorf("%+v", l)
			}
		}
	}
	bernoulli, poisson := generate.ByMean[generate.Bernoulli]{}, generate.ByMean[generate.Poisson]{}
	for _, c := range ref.Bernoulli {
		line(generate.Bernoulli{P: c.Chance}, bernoulli, generate.Replace{}, generate.Constant(c.Rows), c.Extinct, 1e-12)
		first := make([]float64, 20)
		for g := range first {
			first[g] = c.Extinct[0]
		}
		line(generate.Bernoulli{P: c.Chance}, bernoulli, generate.Accumulate{}, generate.Constant(c.Rows), first, 1e-12)
	}
	for _, c := range ref.Poisson {
		sizes, err := generate.Growing("geometric", c.Rows, c.Rate, len(c.Extinct)-1)
		if err != nil {
			t.Fatal(err)
		}
		line(generate.Poisson{Mean: c.Mean}, poisson, generate.Replace{}, sizes, c.Extinct, 1e-10)
	}
	line(generate.Poisson{Mean: .1}, poisson, generate.Accumulate{}, generate.Constant(10), []float64{math.Exp(-1), math.Exp(-1)}, 1e-12)
	steps := make([]Resampling, 50)
	for i := range steps {
		steps[i].Synthetic = 1
	}
	const from15 = 7.6225967e-05 // theory: from a total of 15, after 2 resamplings
	agrees(t, "f_2^15", math.Pow(1+math.Log(PoissonExtinct(1, steps[:2])), 15), from15, 1e-11)
	chain, ok := BernoulliExtinct(.01, 100, 9)
	if !ok {
		t.Fatal("too dear")
	}
	agrees(t, "fit 1", chain[0], .36603234, 1e-8)
	agrees(t, "fit 10", chain[9], .83861064, 1e-8) // no replicate is all ones yet, to 1e-8
}

// What the law does not cover has no line.
func TestExtinctLawIsSilent(t *testing.T) {
	plan := func(rule generate.Rule) *generate.Plan { return planFor(t, rule, 10, 5) }
	poisson, bernoulli := generate.Poisson{Mean: 1}, generate.Bernoulli{P: .5}
	started, err := generate.Compile(generate.Started(workflowOf(t, generate.Replace{}, 10, 5), "first"), 5, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]Real[float64]{
		"other fit":     {Truth: poisson, Fits: []generate.Fitted[float64]{bernoulli}, Plan: plan(generate.Replace{})},
		"window":        {Truth: poisson, Fits: []generate.Fitted[float64]{poisson}, Plan: plan(generate.Window{Generations: 2})},
		"fresh rows":    {Truth: poisson, Fits: []generate.Fitted[float64]{poisson}, Plan: plan(generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.5), Per: "draw"}})},
		"fixed rows":    {Truth: bernoulli, Fits: []generate.Fitted[float64]{bernoulli}, Plan: plan(generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.5), Rows: "fixed"}})},
		"anchor":        {Truth: poisson, Fits: []generate.Fitted[float64]{poisson}, Plan: started},
		"two models":    {Truth: poisson, Fits: []generate.Fitted[float64]{poisson, poisson}, Plan: plan(generate.Replace{})},
		"normal":        {Truth: generate.Normal{Variance: 1}, Fits: []generate.Fitted[float64]{generate.Normal{}}, Plan: plan(generate.Replace{})},
		"interventions": {Truth: poisson, Fits: []generate.Fitted[float64]{poisson}, Plan: plan(generate.Replace{}), Interventions: make([]generate.Intervention[float64], 1)},
	} {
		if lines := linesBy(t, ExtinctLaw{}, r); len(lines) > 0 {
			t.Errorf("%s: %d points", name, len(lines))
		}
	}
}

func workflowOf(t *testing.T, rule generate.Rule, rows, generations int) generate.Workflow {
	t.Helper()
	w, err := rule.Over(generate.Constant(rows), generations)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Medians that learn from each other lie on the universal lines.
func TestMedianUniversality(t *testing.T) {
	const rows, generations, chains = 101, 4, 800
	truth := generate.Normal{Mean: 1, Variance: 4}
	m, err := generate.GaussianMedian{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []generate.Rule{generate.Replace{}, generate.Accumulate{}} {
		_, accumulates := rule.(generate.Accumulate)
		r := Real[float64]{Truth: truth, Fits: []generate.Fitted[float64]{m.Fits()}, Plan: planFor(t, rule, rows, generations)}
		squares := make([]float64, chains)
		for i := range chains {
			var from generate.Source[float64] = truth
			var pool []float64
			for g := range generations + 1 {
				if !accumulates {
					pool = pool[:0]
				}
				pool, _ = from.Draw(t.Context(), pool, rows, rng.Root(51).Child("replicate", i).Child("generation", g).Stream())
				f, err := m.Fit(t.Context(), generate.Task[float64]{Train: generate.Sample[float64]{{Rows: pool, Weight: 1}}})
				if err != nil {
					t.Fatal(err)
				}
				from = f
			}
			d := from.(generate.MedianNormal).Mean - truth.Mean
			squares[i] = d * d
		}
		found := false
		for _, p := range linesBy(t, MedianUniversality{}, r) {
			if p.Series == "mean_drift.squared" && p.Generation == generations {
				found = true
				onLine(t, p, squares)
			}
		}
		if !found {
			t.Errorf("%T: no line", rule)
		}
		r.Truth = generate.Normal{Variance: 5}
		if lines := linesBy(t, MedianUniversality{}, r); len(lines) > 0 {
			t.Error("a line for another variance")
		}
	}
	want := math.Pi * math.Pi / 6
	agrees(t, "Σ 1/i²", inverseSquares(9999), want-1e-4+5e-9, 1e-9)
}

// Families of one mean claim none of a normal's laws of logarithms and distances; their moments are the oracle's.
func TestNormalLawsAreForNormals(t *testing.T) {
	for _, fit := range []generate.Fitted[float64]{generate.FixedVariance{}, generate.MedianNormal{}, generate.Poisson{}, generate.Exponential{}} {
		for _, truth := range []generate.Source[float64]{generate.Normal{Variance: 1}, generate.Poisson{Mean: 1}} {
			for _, rule := range []generate.Rule{generate.Replace{}, generate.Accumulate{}} {
				r := realOf(truth, fit)
				r.Plan = planFor(t, rule, 10, 3)
				for _, m := range []Metric[float64]{Variance{}, LogVarianceRatio{}, W2{}} {
					noLine(t, m, r)
				}
			}
		}
	}
}
