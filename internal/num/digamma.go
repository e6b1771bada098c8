package num

import "math"

// Digamma returns the derivative of ln Gamma at x > 0, to about 1e-15 (absolute near its
// zero 1.4616, relative elsewhere). Digamma(0) = -Inf; x < 0 gives NaN.
// The mean of the logarithm of a chi-square variable with k degrees of freedom is
// Digamma(k/2) + ln 2.
func Digamma(x float64) float64 {
	switch {
	case !(x >= 0):
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	shift := 0.0
	for ; x < 10; x++ {
		shift += 1 / x
	}
	y := 1 / x
	z := float64(y * y)
	p := 0.0
	for i := len(digammaPoly) - 1; i >= 0; i-- {
		p = digammaPoly[i] + float64(z*p)
	}
	return Log(x) - (float64(0.5*y) + float64(z*p)) - shift
}

// Trigamma returns the second derivative of ln Gamma at x > 0, to about 1e-15 relative:
// the variance of the logarithm of a Gamma(x) variable. Trigamma(0) = +Inf; x < 0 gives NaN.
func Trigamma(x float64) float64 {
	switch {
	case !(x >= 0):
		return math.NaN()
	case x == 0:
		return math.Inf(1)
	}
	shift := 0.0
	for ; x < 10; x++ {
		shift += 1 / float64(x*x)
	}
	y := 1 / x
	z := float64(y * y)
	p := 0.0
	for i := len(trigammaPoly) - 1; i >= 0; i-- {
		p = trigammaPoly[i] + float64(z*p)
	}
	return shift + (y + float64(z*(0.5+float64(y*p))))
}
