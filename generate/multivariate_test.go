package generate

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"modelcollapse/internal/rng"
)

func joint(t testing.TB, covariance [][]float64) JointNormal {
	t.Helper()
	f, err := NewJointNormal(make([]float64, len(covariance)), covariance)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func bound(t testing.TB, m MultivariateGaussian, truth Source[Vector]) MultivariateGaussian {
	t.Helper()
	b, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return b.(MultivariateGaussian)
}

var skewed = [][]float64{{2, .6, -.3}, {.6, 1, .4}, {-.3, .4, .5}}

// Accumulated statistics give the fit of all rows, and a factor that was drawn survives being merged.
func TestMergedScatterIsThatOfAllRows(t *testing.T) {
	truth := joint(t, skewed)
	m, r := bound(t, MultivariateGaussian{Estimator: "unbiased"}, truth), rng.Root(3).Stream()
	sum, all := m.Empty(), m.Empty()
	var rows []Vector
	for i := range 5 {
		rows, _ = truth.Draw(t.Context(), rows, 4+i, r)
		part := m.Empty()
		part.Add(Span[Vector]{Rows: rows[len(rows)-4-i:], Weight: 1})
		sum.Merge(part, 1)
	}
	all.Add(Span[Vector]{Rows: rows, Weight: 1})
	a, _ := m.FitStats(t.Context(), Task[Vector]{}, sum)
	b, _ := m.Fit(t.Context(), Task[Vector]{Train: Sample[Vector]{{Rows: rows, Weight: 1}}})
	near(t, "merged", a.(JointNormal).Covariance(), b.(JointNormal).Covariance(), 1e-12)

	drawn, kept := m.Empty(), m.Empty()
	truth.DrawStats(drawn, 9, r)
	f, _ := m.FitStats(t.Context(), Task[Vector]{}, drawn)
	kept.Merge(drawn, 1)
	before := f.(JointNormal).Covariance()
	kept.Merge(all, 2)
	kept.Merge(drawn, 3)
	g, _ := m.FitStats(t.Context(), Task[Vector]{}, drawn)
	near(t, "untouched", g.(JointNormal).Covariance(), before, 0)
	if kept.Rows() != 9+30+9 {
		t.Errorf("%g rows", kept.Rows())
	}
}

func near(t testing.TB, what string, got, want []float64, tol float64) {
	t.Helper()
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tol*(1+math.Abs(want[i]))) {
			t.Errorf("%s: %d: %g, want %g", what, i, got[i], want[i])
		}
	}
}

// A weight is as many rows.
func TestWeightsAreCopies(t *testing.T) {
	m := MultivariateGaussian{dim: 2}
	rows := []Vector{{1, 2}, {3, 5}, {-1, 0}, {2, 2}}
	a, b := m.Empty(), m.Empty()
	a.Add(Span[Vector]{Rows: rows, Weight: 2, Weights: []float64{1, 2, 0, .5}})
	b.Add(Span[Vector]{Rows: []Vector{rows[0], rows[0], rows[1], rows[1], rows[1], rows[1], rows[3]}, Weight: 1})
	f, _ := m.FitStats(t.Context(), Task[Vector]{}, a)
	g, _ := m.FitStats(t.Context(), Task[Vector]{}, b)
	near(t, "covariance", f.(JointNormal).Covariance(), g.(JointNormal).Covariance(), 1e-14)
	near(t, "mean", f.(JointNormal).mean, g.(JointNormal).mean, 1e-14)
}

func TestScoreIsTheDensity(t *testing.T) {
	// scipy.stats.multivariate_normal([1, -2], [[2, .6], [.6, .5]]).logpdf: -ln 2π - ln(.64)/2 - q/2
	f, err := NewJointNormal([]float64{1, -2}, [][]float64{{2, .6}, {.6, .5}})
	if err != nil {
		t.Fatal(err)
	}
	nats := make([]float64, 2)
	if err := f.Score(t.Context(), []Vector{{1, -2}, {2, -1}}, nats); err != nil {
		t.Fatal(err)
	}
	base := -math.Log(2*math.Pi) - math.Log(.64)/2
	near(t, "density", nats, []float64{base, base - (.5-2*.6+2)/.64/2}, 1e-14)
	if f.Score(t.Context(), []Vector{{1}}, nats) == nil {
		t.Error("a row of one column was scored")
	}
}

func TestSaveRestoreFit(t *testing.T) {
	for _, m := range []MultivariateGaussian{{}, {Covariance: "diagonal", Estimator: "unbiased"}} {
		m = bound(t, m, joint(t, skewed))
		f := chainOf(t, m, joint(t, skewed), 9, 1, true, rng.Root(7))
		var b bytes.Buffer
		if err := f.Save(&b); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		g, err := m.Restore(bytes.NewReader(whole))
		if err != nil {
			t.Fatal(err)
		}
		x, _ := f.Draw(t.Context(), nil, 3, rng.Root(8).Stream())
		y, _ := g.Draw(t.Context(), nil, 3, rng.Root(8).Stream())
		if fmt.Sprint(x) != fmt.Sprint(y) || g.(JointNormal).DDOF() != m.ddof() || g.(JointNormal).Shape() != m.shape() {
			t.Error("another fit was restored")
		}
		for n := range whole {
			if _, err := m.Restore(bytes.NewReader(whole[:n])); err == nil {
				t.Errorf("%d of %d bytes were enough", n, len(whole))
			}
		}
	}
}

func TestTruthConfig(t *testing.T) {
	for _, c := range []struct {
		config MultivariateNormal
		want   []float64 // covariance; nil: refused
	}{
		{MultivariateNormal{Dim: 2, Variance: 4}, []float64{4, 0, 0, 4}},
		{MultivariateNormal{Mean: []float64{1, 2}, Variance: 1, Correlation: .5}, []float64{1, .5, .5, 1}},
		{MultivariateNormal{Covariance: [][]float64{{1, 1}, {1, 1}}}, []float64{1, 1, 1, 1}},
		{MultivariateNormal{Dim: 2, Variance: 1, Correlation: -1}, []float64{1, -1, -1, 1}},
		{MultivariateNormal{Dim: 2}, []float64{0, 0, 0, 0}},
		{MultivariateNormal{Dim: 3, Variance: 1, Correlation: -.6}, nil},
		{MultivariateNormal{}, nil},
		{MultivariateNormal{Dim: 3, Mean: []float64{1, 2}}, nil},
		{MultivariateNormal{Dim: 2, Variance: -1}, nil},
		{MultivariateNormal{Covariance: [][]float64{{1, 2}, {3, 4}}}, nil},
		{MultivariateNormal{Covariance: [][]float64{{1, 2}, {2, 1}}}, nil},
		{MultivariateNormal{Covariance: [][]float64{{1, 2}, {2}}}, nil},
		{MultivariateNormal{Covariance: [][]float64{{math.NaN()}}}, nil},
	} {
		s, err := c.config.Open(context.Background(), nil)
		if (err == nil) != (c.want != nil) {
			t.Errorf("%+v: %v", c.config, err)
		}
		if err == nil {
			near(t, "covariance", s.(JointNormal).Covariance(), c.want, 1e-14)
		}
	}
}

// Of one column it is the model of scalars, whatever it assumes of the covariance.
func TestOneColumnIsAScalar(t *testing.T) {
	scalars, _ := Normal{Mean: 3, Variance: 2}.Draw(t.Context(), nil, 17, rng.Root(1).Stream())
	var rows []Vector
	for _, x := range scalars {
		rows = append(rows, Vector{x})
	}
	for _, estimator := range []string{"mle", "unbiased"} {
		want, _ := Gaussian{Estimator: estimator}.Fit(t.Context(), Task[float64]{Train: Sample[float64]{{Rows: scalars, Weight: 1}}})
		for _, shape := range []string{"full", "diagonal", "spherical"} {
			f, err := MultivariateGaussian{Estimator: estimator, Covariance: shape}.Fit(t.Context(), Task[Vector]{Train: Sample[Vector]{{Rows: rows, Weight: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			j, w := f.(JointNormal), want.(Normal)
			near(t, shape, []float64{j.Mean()[0], j.Trace(), j.LogDet()}, []float64{w.Mean, w.Variance, math.Log(w.Variance)}, 1e-14)
			a, b := make([]float64, 2), make([]float64, 2)
			j.Score(t.Context(), []Vector{{0}, {5}}, a)
			w.Score(t.Context(), []float64{0, 5}, b)
			near(t, shape+" density", a, b, 1e-13)
		}
	}
}

// Fits of rows that are no vectors of the right size are refused, with the row.
func TestRaggedRowsAreRefused(t *testing.T) {
	m := bound(t, MultivariateGaussian{}, joint(t, skewed))
	_, err := m.Fit(t.Context(), Task[Vector]{Train: Sample[Vector]{{Rows: []Vector{{1, 2, 3}, {1, 2}}, Weight: 1}}})
	if err == nil || !strings.Contains(err.Error(), "row 1 has 2 columns, want 3") {
		t.Errorf("%v", err)
	}
	if _, err := (MultivariateGaussian{}).Bind(noDimension{}); err == nil {
		t.Error("bound to a truth without columns")
	}
}

type noDimension struct{}

func (noDimension) Draw(context.Context, []Vector, int, *rand.Rand) ([]Vector, error) {
	return nil, nil
}
