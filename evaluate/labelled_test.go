package evaluate

import (
	"context"
	"math"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// labelledFit fits a model to rows of a truth.
func labelledFit(t testing.TB, m generate.Bound[generate.Labelled], truth generate.Source[generate.Labelled], rows []generate.Labelled) generate.Fitted[generate.Labelled] {
	t.Helper()
	b, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Fit(context.Background(), generate.Task[generate.Labelled]{Train: generate.Sample[generate.Labelled]{{Rows: rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The risk is the mean squared error of noiseless labels over fresh inputs, and the test error that of real ones.
func TestRiskIsTheMeanSquaredError(t *testing.T) {
	truth := linearTruth(t, 4, 1.5, 2, 1)
	rows, _ := truth.Draw(context.Background(), nil, 9, rng.Root(1).Stream())
	f := labelledFit(t, generate.LeastSquares{}, truth, rows)
	r := Real[generate.Labelled]{Truth: truth}
	v := View[generate.Labelled]{Model: f}
	risk, errors := gaugeFor(t, Risk{}, r, v)["risk"], gaugeFor(t, TestError{}, r, v)["test_error"]
	fresh, _ := truth.Draw(context.Background(), nil, 40000, rng.Root(2).Stream())
	var quiet, loud []float64
	for _, row := range fresh {
		d := f.(generate.Linear).Expected(row.X)
		quiet, loud = append(quiet, square(d-truth.Expected(row.X))), append(loud, square(d-row.Y))
	}
	for name, c := range map[string]struct {
		x    []float64
		want float64
	}{"risk": {quiet, risk}, "test error": {loud, errors}} {
		mean, variance := num.Variance(c.x)
		if z := (mean - c.want) / math.Sqrt(variance/float64(len(c.x))); math.Abs(z) > 4 {
			t.Errorf("%s: %g, mean over rows %g, z = %.1f", name, c.want, mean, z)
		}
	}
	agrees(t, "noise", errors-risk, 2.25, 1e-13)
}

// Accuracy is the share of fresh inputs, and of real labels, that a fit gets right.
func TestAccuracyIsTheShare(t *testing.T) {
	logistic, err := generate.LogisticLabels{Dim: 3, Norm: 2}.Open(context.Background(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	noisy, err := generate.NoisyLabels{Dim: 3, Error: .2}.Open(context.Background(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	type classifier interface{ TrueLabel(x []float64) float64 }
	for _, c := range []struct {
		truth generate.Source[generate.Labelled]
		m     generate.Bound[generate.Labelled]
	}{{logistic, generate.LogisticRegression{}}, {noisy, generate.PlugInClassifier{}}} {
		rows, _ := c.truth.Draw(context.Background(), nil, 25, rng.Root(3).Stream())
		f := labelledFit(t, c.m, c.truth, rows)
		got := gaugeFor(t, Accuracy{}, Real[generate.Labelled]{Truth: c.truth}, View[generate.Labelled]{Model: f})
		const n = 20000
		fresh, _ := c.truth.Draw(context.Background(), nil, n, rng.Root(4).Stream())
		right, labels := int64(0), int64(0)
		for _, row := range fresh {
			y := f.(classifier).TrueLabel(row.X)
			if y == c.truth.(classifier).TrueLabel(row.X) {
				right++
			}
			if y == row.Y {
				labels++
			}
		}
		for series, k := range map[string]int64{"accuracy": right, "accuracy.labels": labels} {
			if p := num.BinomialCDF(k, n, got[series]); p < 1e-4 || p > 1-1e-4 || got[series] < .6 {
				t.Errorf("%T: %s: %g, of %d rows %d", f, series, got[series], n, k)
			}
		}
	}
}

// Metrics refuse what they have no meaning for, and say what would do.
func TestLabelledMetricsRefuse(t *testing.T) {
	linear := generate.Fitted[generate.Labelled](generate.Linear{})
	for want, err := range map[string]error{
		"direction and no length": Risk{}.Can(generate.HalfSpace{}), "use least_squares": TestError{}.Can(generate.Logistic{}), "such as logistic_regression": Accuracy{}.Can(linear),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if (Risk{}).Can(linear) != nil || (Accuracy{}).Can(generate.HalfSpace{}) != nil || (TestError{}).Can(linear) != nil || (Risk{}).Can(generate.Logistic{}) != nil {
		t.Error("a metric refuses its own model")
	}
	truth := linearTruth(t, 3, 1, 1, 0)
	if _, err := (Accuracy{}).Start(context.Background(), Real[generate.Labelled]{Truth: truth}); err == nil {
		t.Error("accuracy without classes")
	}
	if _, err := (TestError{}).Start(context.Background(), Real[generate.Labelled]{Truth: generate.Logistic{}}); err == nil {
		t.Error("a test error of classes")
	}
	g, err := Risk{}.Start(context.Background(), Real[generate.Labelled]{Truth: truth})
	if err != nil {
		t.Fatal(err)
	}
	if g.Measure(context.Background(), View[generate.Labelled]{Model: linearTruth(t, 2, 1, 1, 0)}, put{}) == nil {
		t.Error("two weights were compared with three")
	}
}
