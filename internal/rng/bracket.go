package rng

import "math"

// A bracket encloses ln P(k)/P(mode) of a count between two polynomials in k, so that a
// rejection method need not know it better to accept or to refuse almost every proposal.
//
// Stirling's formula turns -ln P(k) into a sum over cells of expected counts m and counts
// m + s d, with d = k - mean and s = 1 or -1 (Poisson: one cell; binomial: successes and
// failures; hypergeometric: the four of the table):
//
//	m ((1+t) ln(1+t) - t) + ln(1+t)/2 + 1/(12 m (1+t)) - z,  t = s d/m, 0 < z < 1/(360 (m(1+t))^3)
//
// Taylor's series of the three up to t^4, t^2 and t are the polynomial. While |t| <= 1/2 in
// every cell, the rest of a cell is below m|t|^5/10 + |t|^3/3 + t^2/(6m) + 1/(45m^3) in absolute
// value: geometric series of ratio 1/2 at most, and z because Stirling's series envelops its sum.
type bracket struct {
	shift      float64 // mean - mode
	rate       float64 // 1/m of the smallest cell
	poly       [4]float64
	cubes      float64 // sum of 1/m^3
	base, rest float64 // polynomial and bound of the rest to compare with: those of the mode
}

// set makes k the bracket of the law with cells of expected counts 1/(a c), 1/(a d),
// 1/(b c), 1/(b d), the first being the smallest; s is 1 in the outer two and -1 in the
// inner two. A 0 removes cells. shift is mean - mode.
func (k *bracket) set(shift, a, b, c, d float64) {
	a2, b2, c2, d2 := float64(a*a), float64(b*b), float64(c*c), float64(d*d)
	signed := float64((a2 - b2) * (c2 - d2)) // sum of s/m^2
	k.shift, k.rate = shift, float64(a*c)
	k.cubes = float64((float64(a2*a) + float64(b2*b)) * (float64(c2*c) + float64(d2*d)))
	k.poly[0] = float64(0.5*(a-b)*(c-d)) - float64(signed*(1.0/12))
	k.poly[1] = float64(0.5*(a+b)*(c+d)) - float64(0.25*(a2+b2)*(c2+d2))
	k.poly[2] = float64(signed * (-1.0 / 6))
	k.poly[3] = float64(k.cubes * (1.0 / 12))
	k.base, k.rest = 0, 0
	lo, hi := k.ratio(0)
	k.base, k.rest = float64(-0.5*(lo+hi)), float64(0.5*(hi-lo))
}

// ratio returns lo <= ln P(mode+offset)/P(mode) <= hi; infinite bounds where the series
// may not converge.
func (k *bracket) ratio(offset int64) (lo, hi float64) {
	d := float64(offset) - k.shift
	x := math.Abs(d)
	t := float64(x * k.rate)
	if !(t <= 0.5) {
		return math.Inf(-1), math.Inf(1)
	}
	z := float64(d * d)
	f := k.base - (float64(d*k.poly[0]) + float64(z*(k.poly[1]+(float64(d*k.poly[2])+float64(z*k.poly[3])))))
	rest := (1.0/45 + float64(z*(1.0/6))) + float64(float64(z*x)*(1.0/3+float64(0.1*t*x)))
	// Last, what rounding takes: from the expected counts (2^-48 of them) and from f.
	rest = (float64(k.cubes*rest) + k.rest) + (0x1p-40 + float64(0x1p-46*x))
	return f - rest, f + rest
}
