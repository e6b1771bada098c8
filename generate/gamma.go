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

// Gamma is a gamma distribution by its shape and its mean: a truth, and what ByMean fits of its rows when Shape is known.
// V(μ) = μ²/k for shape k, so v2 = 1/k (Morris 1982, table 1). The sum of n rows has n times the shape and the mean.
type Gamma struct {
	Shape  float64 `json:"shape" default:"2" min:"0" max:"1000000000" doc:"above 0; the scale is mean/shape"`
	Mean   float64 `json:"mean" default:"1" min:"0"`
	anchor float64
}

// Validate refuses a truth without a shape.
func (f Gamma) Validate() error { return known("shape", f.Shape) }

// known refuses a parameter that must be positive.
func known(name string, x float64) error {
	if !(x > 0) {
		return fmt.Errorf("%s: %g: must be above 0", name, x)
	}
	return nil
}

func (f Gamma) proper() bool { return f.Shape > 0 && f.Mean >= 0 && f.Mean <= math.MaxFloat64 }

func (f Gamma) with(mean, anchor float64) Gamma { return Gamma{f.Shape, mean, anchor} }

// Draw appends n independent rows.
func (f Gamma) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	scale := f.Mean / f.Shape
	return drawn(dst, n, f.proper(), func() float64 { return float64(scale * rng.Gamma(r, f.Shape)) }), nil
}

// DrawStats draws a gamma sum.
func (f Gamma) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	return drawnTotal(into, n, f.proper(), func() float64 {
		return float64(f.Mean / f.Shape * rng.Gamma(r, float64(float64(n)*f.Shape)))
	})
}

// Score is the log density, −Inf below 0; at 0 it is what the density tends to. Of a point at 0 it is +Inf there.
func (f Gamma) Score(_ context.Context, rows, nats []float64) error {
	return scored(rows, nats, f.proper(), func(x float64) float64 {
		switch {
		case f.Mean == 0:
			return pointLog(x, 0)
		case x < 0 || x == 0 && f.Shape > 1 || x > math.MaxFloat64:
			return math.Inf(-1)
		case x == 0 && f.Shape < 1:
			return math.Inf(1)
		case x == 0:
			return -num.Log(f.Mean)
		}
		// Γ's power, exponential and factorial as one deviance keep their digits at any shape (Loader 2000).
		return num.Log(f.Shape) - num.Log(x) - num.LogStirling(f.Shape) - num.Deviance(f.Shape, float64(x/f.Mean*f.Shape))
	})
}

// CDF is the regularised incomplete gamma function.
func (f Gamma) CDF(x float64) float64 {
	switch {
	case !f.proper() || math.IsNaN(x):
		return math.NaN()
	case x < 0:
		return 0
	case f.Mean == 0:
		return 1
	}
	return num.GammaCDF(float64(x/f.Mean*f.Shape), f.Shape)
}

// Quantile is the inverse of CDF.
func (f Gamma) Quantile(p float64) float64 {
	switch {
	case !f.proper() || !(p >= 0 && p <= 1):
		return math.NaN()
	case f.Mean == 0:
		return 0
	}
	return float64(num.GammaQuantile(p, f.Shape) * (f.Mean / f.Shape))
}

// Support is 0 and above.
func (Gamma) Support() (lo, hi float64, whole bool) { return 0, math.Inf(1), false }

// Moment2 is the mean and μ²/k; the variance of a negative or infinite mean is NaN.
func (f Gamma) Moment2() (mean, variance float64) {
	if !f.proper() {
		return f.Mean, math.NaN()
	}
	return f.Mean, float64(f.Mean * (f.Mean / f.Shape))
}

// Degenerate reports a mean of 0, or an impossible one.
func (f Gamma) Degenerate() string { return degenerate(f) }

// Law has v2 = 1/k.
func (f Gamma) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(Gamma)
	if !ok || t.Shape != f.Shape {
		return nil, notOf(f, truth)
	}
	_, v0 := t.Moment2()
	return quadratic(v0, 1/f.Shape, f.anchor), nil
}

// Innovations of a gamma: the sum over the scale is a gamma of n times the shape.
func (f Gamma) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	return sumInnovation(dst, f, o, func(total float64) float64 {
		return num.GammaCDF(float64(total/f.Mean*f.Shape), float64(float64(o.N)*f.Shape))
	})
}

// Save writes the mean.
func (f Gamma) Save(w io.Writer) error { return saveMean(w, f.Mean) }

// GammaMean fits the mean of a gamma of known shape.
type GammaMean struct {
	Shape float64 `json:"shape" default:"0" min:"0" max:"1000000000" doc:"known shape; 0: the truth's, which must be a gamma"`
	ByMean[Gamma]
}

// Bind takes the shape from the truth unless it was given.
func (m GammaMean) Bind(truth Source[float64]) (Model[float64], error) {
	if t, ok := truth.(Gamma); ok && m.Shape == 0 {
		m.Shape = t.Shape
	}
	if !(m.Shape > 0) {
		return nil, fmt.Errorf("shape: %T has no shape to be known: give one above 0", truth)
	}
	m.known.Shape = m.Shape
	return m.ByMean.Bind(truth)
}
