package rng

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// Gamma returns a gamma variate of the given shape and scale 1 (mean and variance equal
// to shape), exact for any shape from 1e-300 to 1e300: a value too small for a float64 is
// 0 (frequent for shapes below 0.002: use LogGamma there). Shape 0 gives 0, +Inf gives
// +Inf, negative or NaN gives NaN.
func Gamma(r *rand.Rand, shape float64) float64 {
	switch {
	case !(shape >= 0):
		return math.NaN()
	case shape == 0 || shape > math.MaxFloat64:
		return shape
	case shape < 1:
		return num.Exp(LogGamma(r, shape))
	}
	return gammaAboveOne(r, shape)
}

// LogGamma returns the logarithm of a gamma variate of the given shape, which does not
// underflow however small the shape. Shape 0 gives -Inf, +Inf gives +Inf, negative or
// NaN gives NaN.
func LogGamma(r *rand.Rand, shape float64) float64 {
	switch {
	case !(shape >= 0):
		return math.NaN()
	case shape == 0:
		return math.Inf(-1)
	case shape > math.MaxFloat64:
		return shape
	case shape < 1:
		// G(shape) = G(shape+1) U^(1/shape), and -ln U is exponential.
		g := gammaAboveOne(r, shape+1)
		return num.Log(g) - Exponential(r)/shape
	}
	return num.Log(gammaAboveOne(r, shape))
}

// gammaAboveOne is the method of Marsaglia and Tsang (ACM TOMS 26, 2000) for shape >= 1:
// d (1 + c X)^3 for a normal X, accepted with a probability above 0.95. The exact test
// needs d (1 - v + ln v); written as a deviance it keeps its digits for d = 1e13, where
// 1 - v + ln v would be all rounding.
func gammaAboveOne(r *rand.Rand, shape float64) float64 {
	d := shape - 1.0/3
	c := 1 / math.Sqrt(float64(9*d))
	for {
		x := Normal(r)
		t := float64(c * x)
		if t <= -1 {
			continue
		}
		u := r.Float64()
		s := float64(x * x)
		v := float64((1 + t) * (1 + t) * (1 + t))
		if u < 1-float64(0.0331*s*s) {
			return float64(d * v)
		}
		// 1 - v + ln v = -(e - ln(1+e)) with e = v - 1 = t (3 + t (3 + t))
		e := float64(t * (3 + float64(t*(3+t))))
		if num.Log(u) < float64(0.5*s)+float64(d*num.Log1pmx(e)) {
			return float64(d * v)
		}
	}
}

// ChiSquared returns a chi-square variate with k degrees of freedom, not necessarily
// whole (mean k, variance 2k). k = 0 gives 0, negative or NaN gives NaN.
func ChiSquared(r *rand.Rand, k float64) float64 {
	return float64(2 * Gamma(r, float64(0.5*k)))
}

// Beta returns a beta variate in [0, 1] of mean a/(a+b). Where only one of a and b is 0
// the law is a point at 0 (a = 0) or 1 (b = 0); both 0, both +Inf, negative or NaN
// parameters give NaN.
func Beta(r *rand.Rand, a, b float64) float64 {
	if a < 1 || b < 1 {
		// The logarithms of both gammas are finite even where the gammas underflow.
		d := LogGamma(r, b) - LogGamma(r, a)
		return 1 / (1 + num.Exp(d))
	}
	x, y := Gamma(r, a), Gamma(r, b)
	switch {
	case x > math.MaxFloat64 && y <= math.MaxFloat64:
		return 1
	case y > math.MaxFloat64:
		return x / y
	}
	return x / (x + y)
}
