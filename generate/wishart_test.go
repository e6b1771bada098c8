package generate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// ksDistance is the two-sample Kolmogorov–Smirnov statistic times √(nm/(n+m)).
func ksDistance(x, y []float64) float64 {
	slices.Sort(x)
	slices.Sort(y)
	i, j, worst := 0, 0, 0.0
	for i < len(x) && j < len(y) {
		v := min(x[i], y[j])
		for i < len(x) && x[i] == v {
			i++
		}
		for j < len(y) && y[j] == v {
			j++
		}
		worst = max(worst, math.Abs(float64(i)/float64(len(x))-float64(j)/float64(len(y))))
	}
	n, m := float64(len(x)), float64(len(y))
	return worst * math.Sqrt(n*m/(n+m))
}

// functionals of a fit whose laws are compared.
func functionals(f JointNormal) map[string]float64 {
	c, d := f.Covariance(), f.Dim()
	return map[string]float64{"mean 0": f.mean[0], "mean last": f.mean[d-1], "trace": f.Trace(), "log det": f.LogDet(),
		"covariance 0 0": c[0], "covariance 0 last": c[d-1], "covariance last last": c[d*d-1], "rank": float64(f.Rank())}
}

// chainOf fits n draws generations times, by statistics or by rows.
func chainOf(t testing.TB, m MultivariateGaussian, truth JointNormal, n, generations int, byRows bool, key rng.Key) JointNormal {
	t.Helper()
	f := truth
	for g := range generations {
		r, s := key.Child("generation", g).Stream(), m.Empty()
		if byRows {
			rows, _ := f.Draw(t.Context(), nil, n, r)
			s.Add(Span[Vector]{Rows: rows, Weight: 1})
		} else if !f.DrawStats(s, n, r) {
			t.Fatal("DrawStats refused")
		}
		got, err := m.FitStats(t.Context(), Task[Vector]{}, s)
		if err != nil {
			t.Fatal(err)
		}
		f = got.(JointNormal)
	}
	return f
}

// Statistics drawn by Bartlett's decomposition have the law of statistics of rows: with more rows than columns, with
// fewer, for every shape, and from a singular truth.
func TestStatisticsHaveTheLawOfRows(t *testing.T) {
	singular := joint(t, [][]float64{{1, 2, 0}, {2, 4, 0}, {0, 0, 3}})
	for _, c := range []struct {
		name  string
		model MultivariateGaussian
		truth JointNormal
		n     int
	}{
		{"full", MultivariateGaussian{}, joint(t, skewed), 8},
		{"unbiased", MultivariateGaussian{Estimator: "unbiased"}, joint(t, skewed), 4},
		{"as many rows as columns", MultivariateGaussian{}, joint(t, skewed), 3},
		{"two rows", MultivariateGaussian{}, joint(t, skewed), 2},
		{"diagonal fit of a correlated truth", MultivariateGaussian{Covariance: "diagonal"}, joint(t, skewed), 6},
		{"spherical fit", MultivariateGaussian{Covariance: "spherical"}, joint(t, skewed), 6},
		{"singular truth", MultivariateGaussian{}, singular, 7},
	} {
		m, a, b := bound(t, c.model, c.truth), map[string][]float64{}, map[string][]float64{}
		for i := range 1500 {
			for name, x := range functionals(chainOf(t, m, c.truth, c.n, 2, false, rng.Root(1).Child("statistics", i))) {
				a[name] = append(a[name], x)
			}
			for name, x := range functionals(chainOf(t, m, c.truth, c.n, 2, true, rng.Root(1).Child("rows", i))) {
				b[name] = append(b[name], x)
			}
		}
		for name := range a {
			if d := ksDistance(a[name], b[name]); d > 2.3 { // p = 5e-5 each, 56 of them
				t.Errorf("%s: %s: Kolmogorov–Smirnov %.2f", c.name, name, d)
			}
		}
	}
}

// E trace = d(1−1/M)^n; E ln det = n(Σ ψ((M−i)/2) + d ln(2/M)); the trace of one fit has the variance of a sum of
// chi-squares.
func TestMomentsOfTheWishart(t *testing.T) {
	const d, n, generations, chains = 5, 12, 4, 4000
	truth := independent(make([]float64, d), 1)
	m := bound(t, MultivariateGaussian{}, truth)
	var trace, det []float64
	for i := range chains {
		f := chainOf(t, m, truth, n, generations, false, rng.Root(2).Child("chain", i))
		trace, det = append(trace, f.Trace()), append(det, f.LogDet())
	}
	step := float64(d) * math.Log(2.0/n)
	for i := 1; i <= d; i++ {
		step += num.Digamma(float64(n-i) / 2)
	}
	for _, c := range []struct {
		name  string
		x     []float64
		truth float64
	}{{"trace", trace, d * math.Pow(1-1.0/n, generations)}, {"log det", det, generations * step}} {
		mean, variance := num.Variance(c.x)
		if z := (mean - c.truth) / math.Sqrt(variance/chains); math.Abs(z) > 4 {
			t.Errorf("%s: %g, want %g, z = %.1f", c.name, mean, c.truth, z)
		}
	}
}

// A collapse so deep that the covariance itself would vanish keeps its logarithm, and its line.
func TestDeepCollapse(t *testing.T) {
	const d, n, generations = 4, 6, 400
	truth := independent(make([]float64, d), 1)
	m := bound(t, MultivariateGaussian{}, truth)
	f := chainOf(t, m, truth, n, generations, false, rng.Root(4))
	step := float64(d) * math.Log(2.0/n)
	for i := 1; i <= d; i++ {
		step += num.Digamma(float64(n-i) / 2)
	}
	spread := 0.0
	for i := 1; i <= d; i++ {
		spread += num.Trigamma(float64(n-i) / 2)
	}
	if z := (f.LogDet() - generations*step) / math.Sqrt(generations*spread); !(math.Abs(z) < 4) || f.Rank() != d {
		t.Errorf("log det %g, line %g, z = %.1f, rank %d", f.LogDet(), generations*step, z, f.Rank())
	}
}

// Fewer rows than columns: the rank is rows − 1 for ever, rows lie in the subspace, and accumulation does not leave it.
func TestSubspace(t *testing.T) {
	const d, n = 12, 5
	truth := independent(make([]float64, d), 1)
	m := bound(t, MultivariateGaussian{}, truth)
	for _, byRows := range []bool{false, true} {
		f, sum := truth, m.Empty()
		for g := range 20 {
			r, s := rng.Root(5).Child("generation", g).Stream(), m.Empty()
			if byRows {
				rows, _ := f.Draw(t.Context(), nil, n, r)
				s.Add(Span[Vector]{Rows: rows, Weight: 1})
			} else {
				f.DrawStats(s, n, r)
			}
			sum.Merge(s, 1)
			got, _ := m.FitStats(t.Context(), Task[Vector]{}, sum)
			f = got.(JointNormal)
			if f.Rank() != n-1 || f.Degenerate() != fmt.Sprintf("covariance of rank %d of %d", n-1, d) || !math.IsInf(f.LogDet(), -1) {
				t.Fatalf("by rows %v: generation %d: %s, rank %d", byRows, g, f.Degenerate(), f.Rank())
			}
		}
		rows, _ := f.Draw(t.Context(), nil, 3, rng.Root(6).Stream())
		nats := make([]float64, 4)
		rows = append(rows, make(Vector, d))
		rows[3][0] = 3
		if err := f.Score(t.Context(), rows, nats); err != nil || !math.IsInf(nats[0], 1) || !math.IsInf(nats[2], 1) || !math.IsInf(nats[3], -1) {
			t.Errorf("by rows %v: scores %v, %v", byRows, nats, err)
		}
	}
}

// One operation is a generation of a chain of 100, with the two figures that the published experiments take of it.
func BenchmarkMultivariate(b *testing.B) {
	for _, c := range []struct {
		d, n int
		grow bool
	}{{10, 100, false}, {10, 100, true}, {100, 1000, false}, {100, 1000, true}} {
		b.Run(fmt.Sprintf("d=%d,accumulate=%v", c.d, c.grow), func(b *testing.B) {
			truth := independent(make([]float64, c.d), 1)
			m, f, r := bound(b, MultivariateGaussian{}, truth), truth, rng.Root(1).Stream()
			pool := m.Empty()
			for g := 0; b.Loop(); g++ {
				if g%100 == 0 {
					f, pool = truth, m.Empty()
				}
				s := m.Empty()
				f.DrawStats(s, c.n, r)
				if c.grow {
					pool.Merge(s, 1)
				} else {
					pool = s
				}
				g, _ := m.FitStats(context.Background(), Task[Vector]{}, pool)
				f = g.(JointNormal)
				f.Trace()
				f.LogDet()
			}
		})
	}
}
