package evaluate

import (
	"context"
	"math"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// Every line is the reference law, on the functional that its axis shows.
func TestScalarLines(t *testing.T) {
	var ref struct {
		Replace []struct {
			Rows        int
			Estimator   string
			Generations []int
			Variance    []float64 `json:"mean_variance"`
			Squared     []float64 `json:"mean_squared_mean_error"`
			Log         []float64 `json:"mean_log_variance"`
			W2          []float64 `json:"mean_w2_squared"`
		} `json:"gaussian_replace"`
		Accumulate []struct {
			Rows        int
			Estimator   string
			Generations []int
			Variance    []float64 `json:"mean_variance"`
			Squared     []float64 `json:"mean_squared_mean_error"`
		} `json:"gaussian_accumulate"`
	}
	referenceOf(t, "laws.json", &ref)
	const scale = 2.5
	start := func(rule generate.Rule, rows int, estimator string) Real[float64] {
		r := normalReal(generate.Normal{Mean: 3, Variance: scale})
		r.Plan, r.Fits = planFor(t, rule, rows, 99), []generate.Fitted[float64]{generate.Gaussian{Estimator: estimator}.Fits()}
		return r
	}
	for _, c := range ref.Replace {
		r := start(generate.Replace{}, c.Rows, c.Estimator)
		for i, g := range c.Generations {
			if g > 99 {
				continue
			}
			lineIs(t, LogVarianceRatio{}, r, "log_variance_ratio", "mean", g, c.Log[i])
			lineIs(t, LogVarianceRatio{Against: "generation_0"}, r, "log_variance_ratio.since", "mean", g, c.Log[i]-c.Log[0])
			lineIs(t, Variance{}, r, "variance", "mean of ln", g, scale*math.Exp(c.Log[i]))
			lineIs(t, Variance{Axis: "linear"}, r, "variance", "mean", g, scale*c.Variance[i])
			lineIs(t, MeanDrift{}, r, "mean_drift.squared", "mean", g, scale*c.Squared[i])
			lineIs(t, W2{}, r, "w2.squared", "mean", g, scale*c.W2[i])
		}
	}
	for _, c := range ref.Accumulate {
		r := start(generate.Accumulate{}, c.Rows, c.Estimator)
		for i, g := range c.Generations {
			if g > 99 {
				continue
			}
			lineIs(t, Variance{Axis: "linear"}, r, "variance", "mean", g, scale*c.Variance[i])
			lineIs(t, MeanDrift{}, r, "mean_drift.squared", "mean", g, scale*c.Squared[i])
		}
		noLine(t, Variance{}, r)
		noLine(t, W2{}, r)
	}
	noLine(t, W2{}, start(generate.Window{Generations: 3}, 100, "mle"))
	noLine(t, Variance{}, start(generate.AccumulateSubsample{}, 100, "mle"))
	noLine(t, Variance{}, start(generate.Replace{}, 1, "mle"))
}

func linesOf[E any](t testing.TB, m Metric[E], r Real[E]) []results.Prediction {
	t.Helper()
	if _, err := m.Start(context.Background(), r); err != nil {
		t.Fatal(err)
	}
	var lines []results.Prediction
	for _, p := range theoryLines(r) {
		for _, a := range m.Axes() {
			if a.Series == p.Series && a.Log == (p.Functional == "mean of ln") {
				lines = append(lines, p)
			}
		}
	}
	return lines
}

// theoryLines are the lines of all theories of a kind of row.
func theoryLines[E any](r Real[E]) []results.Prediction {
	var all any
	switch any(r).(type) {
	case Real[float64]:
		all = []Theory[float64]{ScalarGaussian{}, ScalarMoments{}}
	case Real[generate.Vector]:
		all = []Theory[generate.Vector]{VectorGaussian{}, VectorMoments{}}
	case Real[generate.Histogram]:
		all = categoryLaws()
	}
	lines, _ := Lines(context.Background(), all.([]Theory[E]), r)
	return lines
}

func lineIs[E any](t testing.TB, m Metric[E], r Real[E], series, functional string, generation int, want float64) {
	t.Helper()
	for _, p := range linesOf(t, m, r) {
		if p.Series == series && p.Generation == generation {
			agrees(t, series, p.X, want, 1e-10*(1+math.Abs(want)))
			if p.Functional != functional || p.Law == "" || p.Source == "" || p.Lo != p.X || p.Hi != p.X {
				t.Errorf("%s: %+v", series, p)
			}
			for _, a := range m.Axes() {
				if a.Series == series && a.Log != strings.HasPrefix(functional, "mean of ln") {
					t.Errorf("%s: a line of the %s over an axis with log %v", series, functional, a.Log)
				}
			}
			return
		}
	}
	t.Errorf("%T has no line of %s at generation %d", m, series, generation)
}

func noLine[E any](t testing.TB, m Metric[E], r Real[E]) {
	t.Helper()
	if lines := linesOf(t, m, r); len(lines) > 0 {
		t.Errorf("%T: %d points of a law that does not hold", m, len(lines))
	}
}

// Chains lie on the lines, on the functional that each line names.
func TestScalarLinesAgainstChains(t *testing.T) {
	const n, generations, chains = 12, 5, 3000
	truth := generate.Normal{Mean: 1, Variance: 3}
	for _, model := range []generate.Gaussian{{}, {Estimator: "unbiased"}} {
		r := normalReal(truth)
		r.Plan, r.Fits = planFor(t, generate.Replace{}, n, generations), []generate.Fitted[float64]{model.Fits()}
		for _, m := range []Metric[float64]{Variance{}, Variance{Axis: "linear"}, LogVarianceRatio{}, LogVarianceRatio{Against: "generation_0"}, MeanDrift{}, W2{}} {
			samples := map[string][]float64{}
			for i := range chains {
				var f, first generate.Fitted[float64] = truth, nil
				for g := range generations + 1 {
					s := model.Empty()
					f.(generate.Normal).DrawStats(s, n, rng.Root(5).Child("replicate", i).Child("generation", g).Stream())
					if f, _ = model.FitStats(t.Context(), generate.Task[float64]{}, s); g == 0 {
						first = f
					}
				}
				for series, x := range gaugeFor(t, m, r, View[float64]{Model: f, Baseline: first}) {
					samples[series] = append(samples[series], x)
				}
			}
			for _, p := range linesOf(t, m, r) {
				if p.Generation == generations {
					onLine(t, p, samples[p.Series])
				}
			}
		}
	}
}

func onLine(t testing.TB, p results.Prediction, x []float64) {
	t.Helper()
	want := p.X
	if p.Functional == "mean of ln" {
		want = math.Log(want)
		for i := range x {
			x[i] = math.Log(x[i])
		}
	}
	mean, v := num.Variance(x)
	if z := (mean - want) / math.Sqrt(v/float64(len(x))); !(math.Abs(z) < 4) {
		t.Errorf("%s: %s %g, line %g, z = %.1f", p.Series, p.Functional, mean, want, z)
	}
}
