package num

import "math"

// NormalCDF returns the standard normal distribution function, to about 1e-15 relative
// also in the lower tail (down to 2e-308 at x = -37.5).
func NormalCDF(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < -0.7:
		return normalTail(-x)
	case x > 0.7:
		return 1 - normalTail(x)
	}
	return 0.5 + float64(0.5*erfSmall(float64(x*inverseSqrt2)))
}

// NormalSurvival returns 1 - NormalCDF(x) without cancellation in the upper tail.
func NormalSurvival(x float64) float64 { return NormalCDF(-x) }

// normalTail returns P(Z > x) for x > 0.
func normalTail(x float64) float64 {
	if x > 39 {
		return 0
	}
	return float64(0.5 * expSquare(x, 0.5) * Erfcx(float64(x*inverseSqrt2)))
}

// LogNormalTail returns ln P(Z > x) for x >= 0 (nats), also where the probability itself
// underflows; NaN for x < 0.
func LogNormalTail(x float64) float64 {
	if !(x >= 0) {
		return math.NaN()
	}
	return Log(float64(0.5*Erfcx(float64(x*inverseSqrt2)))) - float64(0.5*x*x)
}

// NormalQuantile returns the x with NormalCDF(x) = p, to about 1e-15 relative.
// It is -Inf at 0, +Inf at 1 and NaN outside [0, 1].
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	case p > 0.25 && p < 0.75:
		return normalMiddle(p - 0.5)
	case p > 0.5:
		return normalUpper(1 - p) // 1 - p is exact here
	}
	return -normalUpper(p)
}

// normalMiddle solves erf(x/sqrt 2)/2 = y for |y| < 1/4 by Newton's method.
func normalMiddle(y float64) float64 {
	x := float64(y * sqrt2Pi)
	for range 6 {
		slope := Exp(float64(-0.5*x*x)) / sqrt2Pi
		step := (float64(0.5*erfSmall(float64(x*inverseSqrt2))) - y) / slope
		// Halley's correction: the second derivative over the first is -x.
		step = step / (1 + float64(0.5*x*step))
		x -= step
		if math.Abs(step) <= float64(1e-11*math.Abs(x)) {
			break
		}
	}
	return x
}

// normalUpper solves ln P(Z > x) = ln q for q <= 1/4 by Newton's method: the logarithm
// of the tail is nearly a parabola, so a few steps do.
func normalUpper(q float64) float64 {
	target := Log(q)
	x := math.Sqrt(float64(-2 * target))
	for range 12 {
		mills := float64(sqrtHalfPi * Erfcx(float64(x*inverseSqrt2))) // tail over density
		step := float64((LogNormalTail(x) - target) * mills)
		x += step
		if math.Abs(step) <= float64(1e-9*x) {
			break
		}
	}
	return x
}
