package generate

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"
)

// densityReference is testdata/density.json, which density.py wrote.
func densityReference(t testing.TB, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/density.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// relative is the largest error of got, relative to the larger of |want| and 1.
func relative(got, want []float64) (worst float64) {
	for i, w := range want {
		if e := math.Abs(got[i]-w) / math.Max(1, math.Abs(w)); !(e <= worst) {
			worst = e
		}
	}
	return worst
}

func mixtureOf(t testing.TB, weights []float64, parts ...JointNormal) Mixture {
	t.Helper()
	m, err := NewMixture(weights, parts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func normalAt(t testing.TB, mean []float64, covariance [][]float64) JointNormal {
	t.Helper()
	f, err := NewJointNormal(mean, covariance)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func fitMixture(t testing.TB, m GaussianMixture, task Task[Vector]) Mixture {
	t.Helper()
	f, err := m.Fit(context.Background(), task)
	if err != nil {
		t.Fatal(err)
	}
	return f.(Mixture)
}

func onRows(rows []Vector) Sample[Vector] { return Sample[Vector]{{Rows: rows, Weight: 1}} }

// EM takes as many iterations as scikit-learn from the same start and ends where it ends; so do the scores of its fit.
func TestEMAgreesWithScikitLearn(t *testing.T) {
	var ref struct {
		EM []struct {
			Shape            string
			Tolerance, Floor float64
			Rows, Means, At  [][]float64
			Weights, Score   []float64
			Covariances      [][][]float64
			StartMeans       [][]float64 `json:"start_means"`
			Bound            float64
			StartVariance    float64 `json:"start_variance"`
			Iterations       int
		}
	}
	densityReference(t, &ref)
	if len(ref.EM) == 0 {
		t.Fatal("no reference values")
	}
	worst := 0.0
	for i, c := range ref.EM {
		start := Mixture{}
		for _, mean := range c.StartMeans {
			start.weights = append(start.weights, 1/float64(len(c.StartMeans)))
			start.parts = append(start.parts, independent(mean, c.StartVariance))
		}
		m := GaussianMixture{Components: len(c.Means), Covariance: c.Shape, Tolerance: c.Tolerance, MaxIterations: 5000, Regularisation: c.Floor, WarmStart: true}
		f := fitMixture(t, m, Task[Vector]{Train: onRows(c.Rows), Start: start})
		if n, _ := f.Iterations(); n != c.Iterations {
			t.Errorf("case %d: %d iterations, scikit-learn took %d", i, n, c.Iterations)
		}
		got, want := append([]float64{f.bound}, f.weights...), append([]float64{c.Bound}, c.Weights...)
		for k, p := range f.parts {
			got, want = append(got, p.Mean()...), append(want, c.Means[k]...)
			for j, row := range c.Covariances[k] {
				got, want = append(got, p.Covariance()[j*len(row):(j+1)*len(row)]...), append(want, row...)
			}
		}
		nats := make([]float64, len(c.At))
		if err := f.Score(t.Context(), c.At, nats); err != nil {
			t.Fatal(err)
		}
		e := math.Max(relative(got, want), relative(nats, c.Score))
		if worst = math.Max(worst, e); e > 1e-9 {
			t.Errorf("case %d (%s): relative error %.1e", i, c.Shape, e)
		}
	}
	t.Logf("largest relative error %.1e", worst)
}
