package num

import "math"

// GammaCDF returns the regularised lower incomplete gamma function P(a, x): the
// distribution function of a Gamma(a) variable of scale 1, to about 1e-13 relative.
// a must be > 0 and finite, else NaN. Time grows with the square root of a.
func GammaCDF(x, a float64) float64 {
	switch {
	case !(a > 0 && a <= math.MaxFloat64) || x != x:
		return math.NaN()
	case x <= 0:
		return 0
	case x > math.MaxFloat64:
		return 1
	case x > a+1:
		return 1 - float64(gammaPower(x, a)*gammaFraction(x, a))
	}
	return float64(gammaPower(x, a) * gammaSeries(x, a))
}

// GammaSurvival returns 1 - GammaCDF(x, a) without cancellation in the upper tail.
func GammaSurvival(x, a float64) float64 {
	switch {
	case !(a > 0 && a <= math.MaxFloat64) || x != x:
		return math.NaN()
	case x <= 0:
		return 1
	case x > math.MaxFloat64:
		return 0
	case x > a+1:
		return float64(gammaPower(x, a) * gammaFraction(x, a))
	}
	return 1 - float64(gammaPower(x, a)*gammaSeries(x, a))
}

// gammaPower returns x^a e^-x / Gamma(a+1).
func gammaPower(x, a float64) float64 { return Exp(-LogStirling(a) - Deviance(a, x)) }

// gammaSeries returns 1 + x/(a+1) + x^2/((a+1)(a+2)) + ...
func gammaSeries(x, a float64) float64 {
	sum, term := 1.0, 1.0
	for n := range steps(a) {
		term = float64(term * (x / (a + 1 + float64(n))))
		sum += term
		if term <= float64(1e-17*sum) {
			break
		}
	}
	return sum
}

// gammaFraction is the continued fraction of the upper function for x > a+1 after the
// power factor (Abramowitz and Stegun 6.5.31, contracted to its even part).
func gammaFraction(x, a float64) float64 {
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	f := d
	for i := 1; i < steps(a); i++ {
		n := float64(i)
		term := float64(-n * (n - a))
		b += 2
		d = float64(term*d) + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + term/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		delta := float64(d * c)
		f = float64(f * delta)
		if math.Abs(delta-1) <= 5e-16 {
			break
		}
	}
	return float64(a * f)
}

// ChiSquaredCDF returns P(X <= x) for a chi-square variable with k > 0 degrees of freedom.
func ChiSquaredCDF(x, k float64) float64 { return GammaCDF(x/2, k/2) }

// ChiSquaredSurvival returns P(X > x), the p-value of a chi-square statistic x with k > 0
// degrees of freedom.
func ChiSquaredSurvival(x, k float64) float64 { return GammaSurvival(x/2, k/2) }
