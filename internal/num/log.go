package num

import "math"

// sqrtHalfBits are the bits of a number just below sqrt(1/2): subtracting them makes the
// exponent field count from there, so that a reduced argument lies in [sqrt(1/2), sqrt(2)).
const sqrtHalfBits = 0x3fe6a09e667f3bcd

// Log returns ln x within 1 ulp. Log(0) = -Inf, Log(x < 0) = NaN, Log(+Inf) = +Inf.
func Log(x float64) float64 {
	if !(x >= 0x1p-1022 && x <= math.MaxFloat64) {
		return logSpecial(x)
	}
	m, k := split(x)
	return logKernel(m-1, k, 0)
}

// logSpecial is Log outside the normal positive numbers.
func logSpecial(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	case x < 0x1p-1022: // subnormal: 2^54 makes it normal, exactly
		m, k := split(float64(x * 0x1p54))
		return logKernel(m-1, k-54, 0)
	}
	return x // +Inf or NaN
}

// split writes a normal x > 0 as m 2^k with m in [sqrt(1/2), sqrt(2)), exactly.
func split(x float64) (m, k float64) {
	b := math.Float64bits(x)
	e := int64(b-sqrtHalfBits) >> 52
	return math.Float64frombits(b - uint64(e)<<52), float64(e)
}

// logKernel returns k ln 2 + ln(1+f) + c for 1+f in [sqrt(1/2), sqrt(2)). With
// s = f/(2+f), ln(1+f) = 2 atanh s = f - (f^2/2 - s (f^2/2 + R(s^2))); the leading f is exact.
func logKernel(f, k, c float64) float64 {
	s := f / (2 + f)
	z := float64(s * s)
	w := float64(z * z)
	// Two chains of half the length: the latency of one long Horner chain would show.
	p := &logPoly
	even := p[0] + float64(w*(p[2]+float64(w*(p[4]+float64(w*p[6])))))
	odd := p[1] + float64(w*(p[3]+float64(w*(p[5]+float64(w*p[7])))))
	r := float64(z * (even + float64(z*odd)))
	h := float64(0.5 * f * f)
	return float64(k*ln2Hi) - ((h - (float64(s*(h+r)) + (float64(k*ln2Lo) + c))) - f)
}

// Log1p returns ln(1+x) within 1 ulp, also where 1+x would lose x. Log1p(-1) = -Inf,
// Log1p(x < -1) = NaN, Log1p(+Inf) = +Inf.
func Log1p(x float64) float64 {
	switch {
	case x > -0x1p-54 && x < 0x1p-54:
		return x // also keeps -0
	case x >= -0.29 && x <= 0.41:
		return logKernel(x, 0, 0)
	case !(x > -1 && x < 0x1p60):
		return Log(1 + x)
	}
	u := 1 + x
	lost := x - (u - 1) // what the rounding of u dropped, exact for x < 1
	if x > 1 {
		lost = 1 - (u - x)
	}
	m, k := split(u)
	return logKernel(m-1, k, lost/u)
}

// Log1pmx returns ln(1+x) - x, with full relative accuracy near 0, where it is -x^2/2
// and the plain difference would vanish. It is accurate to about 1e-15, relative, for
// |x| < 1/4 and to 1e-14 elsewhere.
func Log1pmx(x float64) float64 {
	if !(x > -0.2 && x < 0.25) {
		return Log1p(x) - x
	}
	// 2 atanh(s) - x = s (2 s^2 (1/3 + s^2/5 + ...) - x), since x - 2s = x s.
	s := x / (2 + x)
	z := float64(s * s)
	if z < 1e-6 {
		p := 1.0/3 + float64(z*(1.0/5+float64(z*(1.0/7))))
		return float64(s * (float64(2*z*p) - x))
	}
	p := 1.0/11 + float64(z*(1.0/13+float64(z*(1.0/15+float64(z*(1.0/17))))))
	p = 1.0/3 + float64(z*(1.0/5+float64(z*(1.0/7+float64(z*(1.0/9+float64(z*p)))))))
	return float64(s * (float64(2*z*p) - x))
}
