package generate

import (
	"context"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Bernoulli is 1 with chance P and 0 otherwise: a truth, and what ByMean fits of its rows. V(μ) = μ(1 − μ), so v2 = −1
// (Morris 1982, Ann. Statist. 10, table 1). The sum of n rows is binomial; P of 0 or 1 is a point, which replace cannot leave.
type Bernoulli struct {
	P      float64 `json:"p" default:"0.5" min:"0" max:"1" doc:"chance of a 1"`
	anchor float64
}

func (f Bernoulli) proper() bool { return f.P >= 0 && f.P <= 1 }

func (Bernoulli) with(mean, anchor float64) Bernoulli { return Bernoulli{mean, anchor} }

// Draw appends n independent rows.
func (f Bernoulli) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	return drawn(dst, n, f.proper(), func() float64 { return float64(rng.Binomial(r, 1, f.P)) }), nil
}

// DrawStats draws a binomial sum.
func (f Bernoulli) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	return drawnTotal(into, n, f.proper(), func() float64 { return float64(rng.Binomial(r, int64(n), f.P)) })
}

// Score is the log probability: −Inf of what is neither 0 nor 1.
func (f Bernoulli) Score(_ context.Context, rows, nats []float64) error {
	return countScored(rows, nats, f.proper(), func(k int64) float64 { return num.LogBinomial(k, 1, f.P) })
}

// CDF is P(row ≤ x).
func (f Bernoulli) CDF(x float64) float64 {
	return countCDF(x, f.proper(), func(k int64) float64 {
		if k == 0 {
			return 1 - f.P
		}
		return 1
	})
}

// Quantile is the least of 0 and 1 whose CDF reaches p.
func (f Bernoulli) Quantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !f.proper():
		return math.NaN()
	case p == 0 || f.CDF(0) >= p:
		return 0
	}
	return 1
}

// Support is 0 and 1.
func (Bernoulli) Support() (lo, hi float64, whole bool) { return 0, 1, true }

// Moment2 is P and P(1 − P); the variance of an impossible P is NaN.
func (f Bernoulli) Moment2() (mean, variance float64) {
	if !f.proper() {
		return f.P, math.NaN()
	}
	return f.P, float64(f.P * (1 - f.P))
}

// Degenerate reports a point, or an impossible P.
func (f Bernoulli) Degenerate() string { return degenerate(f) }

// Law has v2 = −1.
func (f Bernoulli) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(Bernoulli)
	if !ok {
		return nil, notOf(f, truth)
	}
	_, v0 := t.Moment2()
	return quadratic(v0, -1, f.anchor), nil
}

// Innovations of a Bernoulli: the sum is binomial.
func (f Bernoulli) Innovations(dst []Innovation, o Outcome[float64], u *rand.Rand) []Innovation {
	n := int64(o.N)
	return countInnovation(dst, f, o, u, func(k int64) (below, at float64) {
		return num.BinomialCDF(k-1, n, f.P), num.Exp(num.LogBinomial(k, n, f.P))
	})
}

// Save writes P.
func (f Bernoulli) Save(w io.Writer) error { return saveMean(w, f.P) }
