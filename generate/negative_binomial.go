package generate

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// NegativeBinomial is the number of successes before the Failures-th failure: a truth, and what ByMean fits of its rows when
// Failures is known. V(μ) = μ + μ²/r for r failures, which need not be a whole number, so v2 = 1/r (Morris 1982, table 1).
// A row is Poisson of a gamma mean, and the sum of n rows is of the same kind with n·r failures.
type NegativeBinomial struct {
	Failures float64 `json:"failures" default:"3" min:"0" doc:"number of failures that end the count, above 0, whole or not; small: heavier tails"`
	Mean     float64 `json:"mean" default:"4" min:"0" max:"1000000000000"`
	anchor   float64
}

// Validate refuses a truth without failures.
func (f NegativeBinomial) Validate() error { return known("failures", f.Failures) }

func (f NegativeBinomial) proper() bool {
	return f.Failures > 0 && f.Mean >= 0 && f.Mean <= countLimit && f.Mean/f.Failures <= countLimit
}

func (f NegativeBinomial) with(mean, anchor float64) NegativeBinomial {
	return NegativeBinomial{f.Failures, mean, anchor}
}

// sum draws the sum of n rows.
func (f NegativeBinomial) sum(r *rand.Rand, n float64) float64 {
	return poissonTotal(r, float64(rng.Gamma(r, float64(n*f.Failures))*(f.Mean/f.Failures)))
}

// Draw appends n independent rows.
func (f NegativeBinomial) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	return drawn(dst, n, f.proper(), func() float64 { return f.sum(r, 1) }), nil
}

// DrawStats draws a negative binomial sum.
func (f NegativeBinomial) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	return drawnTotal(into, n, f.proper(), func() float64 { return f.sum(r, float64(n)) })
}

// Score is the log probability: −Inf of what is no count.
func (f NegativeBinomial) Score(_ context.Context, rows, nats []float64) error {
	return countScored(rows, nats, f.proper(), func(k int64) float64 { return num.LogNegativeBinomial(k, f.Failures, f.Mean) })
}

func (f NegativeBinomial) upTo(k int64) float64 {
	return num.NegativeBinomialCDF(k, f.Failures, f.Mean)
}

// CDF is P(row ≤ x).
func (f NegativeBinomial) CDF(x float64) float64 { return countCDF(x, f.proper(), f.upTo) }

// Quantile is the least count whose CDF reaches p.
func (f NegativeBinomial) Quantile(p float64) float64 {
	mean, variance := f.Moment2()
	return countQuantile(p, mean, variance, f.upTo)
}

// Support is the counts from 0 on.
func (NegativeBinomial) Support() (lo, hi float64, whole bool) { return 0, math.Inf(1), true }

// Moment2 is the mean and μ + μ²/r; the variance of a negative or too large mean (above 10^15, or that many failures'
// worth) is NaN.
func (f NegativeBinomial) Moment2() (mean, variance float64) {
	if !f.proper() {
		return f.Mean, math.NaN()
	}
	return f.Mean, f.Mean + float64(f.Mean*(f.Mean/f.Failures))
}

// Degenerate reports a mean of 0, or an impossible one.
func (f NegativeBinomial) Degenerate() string { return degenerate(f) }

// Law has v2 = 1/r.
func (f NegativeBinomial) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(NegativeBinomial)
	if !ok || t.Failures != f.Failures {
		return nil, notOf(f, truth)
	}
	_, v0 := t.Moment2()
	return quadratic(v0, 1/f.Failures, f.anchor), nil
}

// Innovations of a negative binomial: the sum is negative binomial.
func (f NegativeBinomial) Innovations(dst []Innovation, o Outcome[float64], u *rand.Rand) []Innovation {
	n := float64(o.N)
	of := NegativeBinomial{Failures: float64(n * f.Failures), Mean: float64(n * f.Mean)}
	return countInnovation(dst, f, o, u, func(k int64) (below, at float64) {
		return of.upTo(k - 1), num.Exp(num.LogNegativeBinomial(k, of.Failures, of.Mean))
	})
}

// Save writes the mean.
func (f NegativeBinomial) Save(w io.Writer) error { return saveMean(w, f.Mean) }

// NegativeBinomialMean fits the mean of a negative binomial of a known number of failures.
type NegativeBinomialMean struct {
	Failures float64 `json:"failures" default:"0" min:"0" doc:"known number of failures; 0: the truth's, which must be a negative_binomial"`
	ByMean[NegativeBinomial]
}

// Bind takes the number of failures from the truth unless it was given.
func (m NegativeBinomialMean) Bind(truth Source[float64]) (Model[float64], error) {
	if t, ok := truth.(NegativeBinomial); ok && m.Failures == 0 {
		m.Failures = t.Failures
	}
	if !(m.Failures > 0) {
		return nil, fmt.Errorf("failures: %T has no number of failures to be known: give one above 0", truth)
	}
	m.known.Failures = m.Failures
	return m.ByMean.Bind(truth)
}
