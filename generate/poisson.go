package generate

import (
	"context"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Poisson is a Poisson count: a truth, and what ByMean fits of its rows. V(μ) = μ, so v2 = 0 (Morris 1982, table 1). The sum
// of n rows is Poisson of n times the mean, so that replace at a constant size is a critical Galton–Watson process of
// the total: it dies out for certain, at a mean of 0.
type Poisson struct {
	Mean   float64 `json:"mean" default:"4" min:"0" max:"1000000000000"`
	anchor float64
}

func (f Poisson) proper() bool { return f.Mean >= 0 && f.Mean <= countLimit }

func (Poisson) with(mean, anchor float64) Poisson { return Poisson{mean, anchor} }

// Draw appends n independent rows.
func (f Poisson) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	return drawn(dst, n, f.proper(), func() float64 { return float64(rng.Poisson(r, f.Mean)) }), nil
}

// DrawStats draws a Poisson sum.
func (f Poisson) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	return drawnTotal(into, n, f.proper(), func() float64 { return poissonTotal(r, float64(float64(n)*f.Mean)) })
}

// Score is the log probability: −Inf of what is no count.
func (f Poisson) Score(_ context.Context, rows, nats []float64) error {
	return countScored(rows, nats, f.proper(), func(k int64) float64 { return num.LogPoisson(k, f.Mean) })
}

// CDF is P(row ≤ x).
func (f Poisson) CDF(x float64) float64 {
	return countCDF(x, f.proper(), func(k int64) float64 { return num.PoissonCDF(k, f.Mean) })
}

// Quantile is the least count whose CDF reaches p.
func (f Poisson) Quantile(p float64) float64 {
	mean, variance := f.Moment2()
	return countQuantile(p, mean, variance, func(k int64) float64 { return num.PoissonCDF(k, f.Mean) })
}

// Support is the counts from 0 on.
func (Poisson) Support() (lo, hi float64, whole bool) { return 0, math.Inf(1), true }

// Moment2 is the mean twice; the variance of a negative or too large mean (above 10^15) is NaN.
func (f Poisson) Moment2() (mean, variance float64) {
	if !f.proper() {
		return f.Mean, math.NaN()
	}
	return f.Mean, f.Mean
}

// Degenerate reports a mean of 0, or an impossible one.
func (f Poisson) Degenerate() string { return degenerate(f) }

// Law has v2 = 0.
func (f Poisson) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(Poisson)
	if !ok {
		return nil, notOf(f, truth)
	}
	return quadratic(t.Mean, 0, f.anchor), nil
}

// Innovations of a Poisson: the sum is Poisson.
func (f Poisson) Innovations(dst []Innovation, o Outcome[float64], u *rand.Rand) []Innovation {
	mean := float64(float64(o.N) * f.Mean)
	return countInnovation(dst, f, o, u, func(k int64) (below, at float64) {
		return num.PoissonCDF(k-1, mean), num.Exp(num.LogPoisson(k, mean))
	})
}

// Save writes the mean.
func (f Poisson) Save(w io.Writer) error { return saveMean(w, f.Mean) }
