package evaluate

import (
	"context"
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// odd is numbers as they should not be.
func odd() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.SampledFrom([]float64{0, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308, 5e-324, 1e-160, 1e160}),
		rapid.Float64Range(-10, 10))
}

func scalarMetrics() []Metric[float64] {
	return []Metric[float64]{Variance{}, Variance{Axis: "linear"}, LogVarianceRatio{}, LogVarianceRatio{Against: "generation_0"}, MeanDrift{}, W2{},
		W2Empirical{Null: 2}, TailLoss{}, TailLoss{By: "bins"}, TailLoss{By: "distribution"}, ExpectedShortfall{}, Extinct{}, ModelPerplexity[float64]{}}
}

func vectorMetrics() []Metric[generate.Vector] {
	return []Metric[generate.Vector]{Trace{}, LogDet{}, VectorLogVarianceRatio{}, VectorLogVarianceRatio{Against: "generation_0"},
		VectorMeanDrift{}, VectorW2{}, VectorTailLoss{}, VectorTailLoss{By: "bins"}}
}

// survives starts a metric where it can be, measures, predicts, and checks ranges: nothing panics.
func survives[E any](t *rapid.T, m Metric[E], r Real[E], v View[E]) {
	if m.Can(v.Model) != nil {
		return
	}
	g, err := m.Start(context.Background(), r)
	if err != nil {
		return // refused, by name, before the run
	}
	p := put{}
	if err := g.Measure(context.Background(), v, p); err != nil {
		t.Fatalf("%T: %v", m, err)
	}
	for _, series := range []string{"tail_loss", "tail_loss.worst"} {
		if x, ok := p[series]; ok && (x < 0 || x > 1) {
			t.Fatalf("%T: %s = %g", m, series, x)
		}
	}
	for _, series := range []string{"w2.squared", "w2_empirical", "mean_drift.squared", "trace"} {
		if x, ok := p[series]; ok && x < 0 {
			t.Fatalf("%T: %s = %g", m, series, x)
		}
	}
	if q, ok := g.(Predictor); ok {
		if _, err := q.Predict(); err != nil {
			t.Fatalf("%T: %v", m, err)
		}
	}
}

func TestScalarMetricsSurviveAnything(t *testing.T) {
	plan := planFor(t, generate.Replace{}, 3, 2)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(odd(), 0, 12)
		var truth generate.Source[float64] = generate.Normal{Mean: odd().Draw(t, "mean"), Variance: math.Abs(odd().Draw(t, "variance"))}
		if rapid.Bool().Draw(t, "finite") {
			truth = finiteScalars{rows: rows.Draw(t, "rows")}
		}
		sample := generate.Sample[float64]{{Rows: rows.Draw(t, "train"), Weight: 1}}
		model := generate.Gaussian{Estimator: rapid.SampledFrom([]string{"mle", "unbiased"}).Draw(t, "estimator")}
		fit, err := model.Fit(context.Background(), generate.Task[float64]{Train: sample})
		if err != nil {
			t.Fatal(err)
		}
		probe, _ := fit.Draw(context.Background(), nil, rapid.IntRange(0, 30).Draw(t, "probe"), rng.Root(1).Stream())
		r := Real[float64]{Truth: truth, Plan: plan, Fits: []generate.Fitted[float64]{model.Fits()}, HeldOut: rows.Draw(t, "held out"),
			Probe: len(probe), Key: rng.Root(2)}
		for _, m := range scalarMetrics() {
			survives(t, m, r, View[float64]{Model: fit, Baseline: fit, Probe: probe})
		}
	})
}

// memberFor is a family fitted to odd rows, and a truth of that family with odd parameters.
func memberFor(t *rapid.T, rows []float64) (truth generate.Source[float64], model generate.Model[float64], fit generate.Fitted[float64]) {
	mean, known := math.Abs(odd().Draw(t, "mean")), rapid.SampledFrom([]float64{1e-3, .5, 1, 7, 1e6}).Draw(t, "known")
	var m generate.Bound[float64]
	switch rapid.IntRange(0, 6).Draw(t, "family") {
	case 0:
		truth, m = generate.Bernoulli{P: mean}, generate.ByMean[generate.Bernoulli]{}
	case 1:
		truth, m = generate.Poisson{Mean: mean}, generate.ByMean[generate.Poisson]{}
	case 2:
		truth, m = generate.NegativeBinomial{Failures: known, Mean: mean}, generate.NegativeBinomialMean{}
	case 3:
		truth, m = generate.Exponential{Mean: mean}, generate.ByMean[generate.Exponential]{}
	case 4:
		truth, m = generate.Gamma{Shape: known, Mean: mean}, generate.GammaMean{}
	case 5:
		truth, m = generate.Normal{Mean: mean, Variance: known}, generate.GaussianKnownVariance{}
	default:
		truth, m = generate.Normal{Mean: mean, Variance: known}, generate.GaussianMedian{}
	}
	model, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	fit, err = model.Fit(context.Background(), generate.Task[float64]{Train: generate.Sample[float64]{{Rows: rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	return truth, model, fit
}

func TestFamilyMetricsSurviveAnything(t *testing.T) {
	plan := planFor(t, generate.Replace{}, 3, 2)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(odd(), 0, 6)
		truth, model, fit := memberFor(t, rows.Draw(t, "train"))
		probe, err := fit.Draw(context.Background(), nil, rapid.IntRange(0, 30).Draw(t, "probe"), rng.Root(1).Stream())
		if err != nil {
			t.Fatal(err)
		}
		r := Real[float64]{Truth: truth, Plan: plan, Fits: []generate.Fitted[float64]{model.Fits()}, Models: []generate.Model[float64]{model},
			HeldOut: rows.Draw(t, "held out"), Probe: len(probe), Key: rng.Root(2)}
		for _, m := range scalarMetrics() {
			survives(t, m, r, View[float64]{Model: fit, Baseline: fit, Probe: probe, HeldOut: r.HeldOut})
		}
		for _, law := range []Theory[float64]{ExtinctLaw{}, MedianUniversality{}} {
			lines, err := law.Predict(context.Background(), r)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range lines {
				if p.Series == "extinct" && !(p.X >= 0 && p.X <= 1) {
					t.Fatalf("%+v: %+v", truth, p)
				}
			}
		}
	})
}

func TestVectorMetricsSurviveAnything(t *testing.T) {
	plan := planFor(t, generate.Accumulate{}, 3, 2)
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 4).Draw(t, "dim")
		rows := rapid.SliceOfN(rapid.SliceOfN(odd(), dim, dim), 0, 8)
		config := generate.MultivariateNormal{Dim: dim, Variance: math.Abs(odd().Draw(t, "variance")), Correlation: rapid.SampledFrom([]float64{0, .5, 1}).Draw(t, "correlation")}
		truth, err := config.Open(context.Background(), nil)
		if err != nil || rapid.Bool().Draw(t, "finite") {
			truth = finiteVectors{append(rows.Draw(t, "rows"), make(generate.Vector, dim))}
		}
		model, err := generate.MultivariateGaussian{Estimator: rapid.SampledFrom([]string{"mle", "unbiased"}).Draw(t, "estimator"),
			Covariance: rapid.SampledFrom([]string{"full", "diagonal", "spherical"}).Draw(t, "covariance")}.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		sample := generate.Sample[generate.Vector]{{Rows: rows.Draw(t, "train"), Weight: 1}}
		fit, err := model.Fit(context.Background(), generate.Task[generate.Vector]{Train: sample})
		if err != nil {
			t.Fatal(err)
		}
		probe, _ := fit.Draw(context.Background(), nil, rapid.IntRange(0, 30).Draw(t, "probe"), rng.Root(1).Stream())
		r := Real[generate.Vector]{Truth: truth, Plan: plan, Fits: []generate.Fitted[generate.Vector]{model.Fits()}, Probe: len(probe), Key: rng.Root(2)}
		for _, m := range vectorMetrics() {
			survives(t, m, r, View[generate.Vector]{Model: fit, Baseline: fit, Probe: probe})
		}
	})
}
