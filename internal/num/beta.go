package num

import "math"

// tiny keeps a continued fraction from dividing by zero (W. Lentz's method).
const tiny = 0x1p-900

// steps bounds series and continued fractions: both need a few times the square root of
// their largest parameter.
func steps(a float64) int { return 500 + int(float64(20*math.Sqrt(math.Min(a, 1e14)))) }

// BetaCDF returns the regularised incomplete beta function I_x(a, b): the distribution
// function of a Beta(a, b) variable, to about 1e-13 relative. Parameters must be > 0 and
// finite, else NaN; x is clamped to [0, 1].
func BetaCDF(x, a, b float64) float64 {
	if !(a > 0 && b > 0 && a+b <= math.MaxFloat64) || x != x {
		return math.NaN()
	}
	return betaBoth(x, 1-x, a, b)
}

// betaBoth is I_x(a, b) given both x and y = 1 - x, so that neither loses its digits.
func betaBoth(x, y, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case y <= 0:
		return 1
	case x > (a+1)/(a+b+2): // here the fraction of the mirrored function converges fast
		upper := float64(betaPower(y, x, b, a) * betaFraction(y, x, b, a))
		if upper < 0.9 || x > 0.99 {
			return 1 - upper
		} // else the difference would lose digits that a slower fraction keeps
	}
	return float64(betaPower(x, y, a, b) * betaFraction(x, y, a, b))
}

// betaPower returns x^a y^b / (a B(a, b)) with y = 1-x, written with deviances so that
// large parameters keep their digits.
func betaPower(x, y, a, b float64) float64 {
	n := a + b
	e := LogStirling(n) - LogStirling(a) - LogStirling(b)
	e -= Deviance(a, float64(n*x)) + Deviance(b, float64(n*y))
	return float64(Exp(e) * (b / n))
}

// betaFraction is the continued fraction of I_x(a, b) after its power factor for
// x <= (a+1)/(a+b+2), in the contracted form whose terms are positive while n < b
// (A. DiDonato and A. Morris, ACM TOMS 18, 1992, eq. 9): nothing cancels for x near 1.
func betaFraction(x, y, a, b float64) float64 {
	lambda := float64(a*y) - float64(b*x) // a - (a+b) x
	f := float64(a / (a + 1) * (lambda + 1))
	c, d := f, 0.0
	for m := range steps(math.Max(a, b)) {
		n := float64(m + 1)
		w := a + n + n
		alpha := float64((a + n - 1) / (w - 1) * ((a + b + n - 1) / (w - 1)) * n * (b - n) * x * x)
		beta := n + float64(n*(b-n)*x)/(w-1) + float64((a+n)/(w+1)*(lambda+1+float64(n*(1+y))))
		d = beta + float64(alpha*d)
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = beta + alpha/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		delta := float64(c * d)
		f = float64(f * delta)
		if math.Abs(delta-1) <= 5e-16 {
			break
		}
	}
	return a / f
}
