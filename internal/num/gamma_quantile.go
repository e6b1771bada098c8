package num

import "math"

// GammaQuantile returns the x with GammaCDF(x, a) = p, as well as the distribution function determines it: to
// about 1e-13 relative, and 1e-15/a for a small a. It is 0 at p = 0, +Inf at p = 1, 0 where x would underflow, and NaN
// outside [0, 1] or for a that is not > 0 and finite.
func GammaQuantile(p, a float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || !(a > 0 && a <= math.MaxFloat64):
		return math.NaN()
	case p == 0:
		return 0
	case p == 1:
		return math.Inf(1)
	}
	y := gammaGuess(p, a)
	if y < -700 { // the guess is the series at 0, of which further terms do not matter here
		return Exp(y)
	}
	// Newton's method on ln x for the logarithm of the smaller tail, kept within a bracket.
	x := Exp(y)
	lo, hi := float64(x/2), float64(2*x)
	for gammaExcess(lo, a, p) > 0 {
		lo /= 16
	}
	for gammaExcess(hi, a, p) < 0 {
		hi = float64(16 * hi)
	}
	for range 100 {
		e := gammaExcess(x, a, p)
		if e > 0 {
			hi = x
		} else {
			lo = x
		}
		step := float64(x * Expm1(-e/gammaSlope(x, a, p)))
		if next := x + step; !(next >= lo && next <= hi) {
			step = float64(math.Sqrt(lo)*math.Sqrt(hi)) - x
		}
		x += step
		if math.Abs(step) <= float64(2e-16*x) {
			break
		}
	}
	return x
}

// gammaExcess is ln of the tail at x over the tail wanted, with the sign of x less the quantile.
func gammaExcess(x, a, p float64) float64 {
	if p <= 0.5 {
		return Log(GammaCDF(x, a)) - Log(p)
	}
	return Log(1-p) - Log(GammaSurvival(x, a)) // 1 - p is exact here
}

// gammaSlope is the derivative of gammaExcess by ln x.
func gammaSlope(x, a, p float64) float64 {
	density := float64(a * gammaPower(x, a))
	if p <= 0.5 {
		return density / GammaCDF(x, a)
	}
	return density / GammaSurvival(x, a)
}

// gammaGuess is ln x by the first term of the series at 0 where that is small, else by E. Wilson and M. Hilferty's
// cube root (Proc. Nat. Acad. Sci. 17, 1931).
func gammaGuess(p, a float64) float64 {
	first := (Log(p) + Lgamma(a+1)) / a
	root := 1 - 1/float64(9*a) + NormalQuantile(p)/float64(3*math.Sqrt(a))
	if a < 1 && first < -1 || !(root > 0.1) {
		return first
	}
	return Log(a) + float64(3*Log(root))
}
