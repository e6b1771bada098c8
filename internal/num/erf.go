package num

import "math"

// Erf returns the error function, to about 1e-15 relative.
func Erf(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 1:
		return 1 - erfcPositive(x)
	case x < -1:
		return erfcPositive(-x) - 1
	}
	return erfSmall(x)
}

// Erfc returns 1 - Erf(x), to about 1e-15 relative also where it is tiny; it underflows
// above 27.2.
func Erfc(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 0.5:
		return erfcPositive(x)
	case x < -1:
		return 2 - erfcPositive(-x)
	}
	return 1 - erfSmall(x)
}

// erfSmall is Erf for |x| <= 1.
func erfSmall(x float64) float64 {
	z := float64(x * x)
	p := 0.0
	for i := len(erfPoly) - 1; i >= 0; i-- {
		p = erfPoly[i] + float64(z*p)
	}
	return float64(x * p)
}

// erfcPositive is Erfc for x >= 1/2.
func erfcPositive(x float64) float64 {
	if x > 28 {
		return 0
	}
	return float64(expSquare(x, 1) * Erfcx(x))
}

// expSquare returns exp(-h x^2) for h = 1 or 1/2 and |x| < 1e8: x^2 is split into an
// exact part and a rest, since rounding it would cost x^2 ulps of the result.
func expSquare(x, h float64) float64 {
	a := float64(math.Floor(float64(x*0x1p20)+0.5) * 0x1p-20) // so that a^2 is exact for |x| < 64
	rest := float64((x - a) * (x + a))
	return float64(Exp(float64(-h*a*a)) * Exp(float64(-h*rest)))
}

// Erfcx returns exp(x^2) Erfc(x) for x >= 0, to about 1e-15 relative; NaN for x < 0.
func Erfcx(x float64) float64 {
	if !(x >= 0) {
		return math.NaN()
	}
	t := 1.0
	if x < 1e17 {
		t = (x - 3) / (x + 3)
	}
	// Clenshaw's recurrence: stable where the powers of t would cancel.
	b1, b2 := 0.0, 0.0
	for i := len(erfcxCheb) - 1; i > 0; i-- {
		b1, b2 = float64(2*t*b1)-b2+erfcxCheb[i], b1
	}
	return (float64(t*b1) - b2 + erfcxCheb[0]) / (x + 3)
}
