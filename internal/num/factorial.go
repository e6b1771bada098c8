package num

import "math"

// LogFactorial returns ln n!, exactly rounded up to 20!, within 1e-15 relative above.
// A negative n gives NaN.
func LogFactorial(n int64) float64 {
	switch {
	case n < 0:
		return math.NaN()
	case n < int64(len(logFactorialTable)):
		return logFactorialTable[n]
	}
	return Lgamma(float64(n) + 1)
}

// LogChoose returns the logarithm of the binomial coefficient n over k, to about 1e-15
// of itself even where ln n! has lost all digits of the difference. It is -Inf outside
// 0 <= k <= n.
func LogChoose(n, k int64) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	k = min(k, n-k)
	if k == 0 {
		return 0
	}
	if n < 60 {
		return Log(choose(n, k))
	}
	x, y, z := float64(n), float64(k), float64(n-k)
	return float64(y*Log(x/y)) - float64(z*Log1p(-y/x)) + (LogStirling(x) - LogStirling(y) - LogStirling(z))
}

// choose returns n over k, exact while it stays below 2^53 (n < 57).
func choose(n, k int64) float64 {
	c := 1.0
	for i := int64(1); i <= k; i++ {
		c = float64(c*float64(n-k+i)) / float64(i)
	}
	return c
}

// LogStirling returns ln Gamma(x+1) - (x ln x - x) for x >= 0: 0 at 0, and
// ln(2 pi x)/2 + 1/(12x) - ... for large x. With Deviance it writes the logarithm of any
// binomial, Poisson or hypergeometric probability as a sum of small terms (C. Loader,
// Fast and accurate computation of binomial probabilities, 2000). x < 0 gives NaN.
func LogStirling(x float64) float64 {
	switch {
	case x == 0:
		return 0
	case !(x > 0):
		return math.NaN()
	}
	if x < 16 && x != math.Floor(x) {
		if x < 10 {
			return Lgamma(x+1) - float64(x*(Log(x)-1))
		}
		return halfLog2Pi + float64(0.5*Log(x)) + stirlingSeries(x)
	}
	return halfLog2Pi + float64(0.5*Log(x)) + StirlingRemainder(x)
}

// StirlingRemainder returns LogStirling(x) - ln(2 pi x)/2 for a whole number x >= 1: it
// is about 1/(12x). Other arguments below 10 are not its domain and give a wrong value.
func StirlingRemainder(x float64) float64 {
	if x < 16 {
		return stirlingTable[int(x)&15]
	}
	return stirlingSeries(x)
}

// Deviance returns x ln(x/mu) - x + mu >= 0, half the Poisson deviance of x under mean
// mu, with full relative accuracy where x is near mu. Deviance(0, mu) = mu; mu = 0 with
// x > 0 gives +Inf.
func Deviance(x, mu float64) float64 {
	if x == 0 {
		return mu
	}
	t := (mu - x) / x
	if t > -0.5 && t < 1 {
		return float64(-x * Log1pmx(t))
	}
	return float64(x*Log(x/mu)) - (x - mu)
}
