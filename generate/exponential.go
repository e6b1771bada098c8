package generate

import (
	"context"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Exponential is a waiting time: a truth, and what ByMean fits of its rows. V(μ) = μ², so v2 = 1 (Morris 1982, table 1: the
// gamma of shape 1). The sum of n rows is the mean times a gamma of shape n.
type Exponential struct {
	Mean   float64 `json:"mean" default:"1" min:"0"`
	anchor float64
}

func (Exponential) with(mean, anchor float64) Exponential { return Exponential{mean, anchor} }

// gamma is the same law.
func (f Exponential) gamma() Gamma { return Gamma{Shape: 1, Mean: f.Mean} }

// Draw appends n independent rows.
func (f Exponential) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	return drawn(dst, n, f.gamma().proper(), func() float64 { return float64(f.Mean * rng.Exponential(r)) }), nil
}

// DrawStats draws a gamma sum.
func (f Exponential) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	return f.gamma().DrawStats(into, n, r)
}

// Score is the log density, −Inf below 0. Of a point at 0 it is +Inf there.
func (f Exponential) Score(_ context.Context, rows, nats []float64) error {
	c := num.Log(f.Mean)
	return scored(rows, nats, f.gamma().proper(), func(x float64) float64 {
		switch {
		case f.Mean == 0:
			return pointLog(x, 0)
		case x < 0:
			return math.Inf(-1)
		}
		return -x/f.Mean - c
	})
}

// CDF is 1 − exp(−x/mean).
func (f Exponential) CDF(x float64) float64 {
	if !(f.Mean > 0 && x >= 0) {
		return f.gamma().CDF(x)
	}
	return -num.Expm1(-x / f.Mean)
}

// Quantile is −mean·ln(1 − p).
func (f Exponential) Quantile(p float64) float64 {
	if !(p >= 0 && p <= 1) || !(f.Mean > 0) {
		return f.gamma().Quantile(p)
	}
	return -float64(f.Mean * num.Log1p(-p))
}

// Support is 0 and above.
func (Exponential) Support() (lo, hi float64, whole bool) { return 0, math.Inf(1), false }

// Moment2 is the mean and its square; the variance of a negative or infinite mean is NaN.
func (f Exponential) Moment2() (mean, variance float64) { return f.gamma().Moment2() }

// Degenerate reports a mean of 0, or an impossible one.
func (f Exponential) Degenerate() string { return degenerate(f) }

// Law has v2 = 1.
func (f Exponential) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(Exponential)
	if !ok {
		return nil, notOf(f, truth)
	}
	return quadratic(float64(t.Mean*t.Mean), 1, f.anchor), nil
}

// Innovations of an exponential: the sum over the mean is a gamma of shape n.
func (f Exponential) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	return sumInnovation(dst, f, o, func(total float64) float64 { return num.GammaCDF(total/f.Mean, float64(o.N)) })
}

// Save writes the mean.
func (f Exponential) Save(w io.Writer) error { return saveMean(w, f.Mean) }
