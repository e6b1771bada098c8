package rng

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// inversionMean is the mean below which counts are drawn by sequential search: above it
// the hats of the rejection methods are proven to cover.
const inversionMean = 10

// Binomial returns the number of successes in n trials of probability p, exact for any
// n up to 2^62 and any p, in constant expected time. n <= 0, p <= 0 or p NaN gives 0;
// p >= 1 gives n.
func Binomial(r *rand.Rand, n int64, p float64) int64 {
	switch {
	case n <= 0 || !(p > 0):
		return 0
	case p >= 1:
		return n
	case p > 0.5:
		return n - binomialLow(r, n, 1-p) // 1 - p is exact here
	}
	return binomialLow(r, n, p)
}

// binomialLow draws for n > 0 and 0 < p <= 1/2.
func binomialLow(r *rand.Rand, n int64, p float64) int64 {
	if float64(float64(n)*p) < inversionMean {
		return binomialSearch(r, n, p)
	}
	return binomialReject(r, n, p)
}

// binomialSearch subtracts the probabilities of 0, 1, 2 ... from a uniform variate.
func binomialSearch(r *rand.Rand, n int64, p float64) int64 {
	none := num.Exp(float64(float64(n) * num.Log1p(-p)))
	odds := p / (1 - p)
	for {
		u, f := r.Float64(), none
		// Mean 10 puts less than 1e-60 beyond 110; rounding may leave u > 0 there.
		for k := range min(n, 110) + 1 {
			if u < f {
				return k
			}
			u -= f
			f = float64(f * odds * (float64(n-k) / float64(k+1)))
		}
	}
}

// binomialReject is the transformed rejection method BTRS for n p >= 10, p <= 1/2
// (W. Hoermann, J. Stat. Comp. Sim. 46, 1993): four draws in five need no logarithm, and
// nearly all others only one. The variate is built as a whole offset from the mode, so
// that no n is too large.
func binomialReject(r *rand.Rand, n int64, p float64) int64 {
	mean := float64(float64(n) * p)
	mode := int64(mean + p)
	h := newHat(math.Sqrt(float64(mean*(1-p))), p)
	shift := mean - float64(mode)
	h.centre = shift + 0.5
	var near bracket
	for {
		offset, v, sure := h.propose(r)
		k := mode + offset
		if k < 0 || k > n {
			continue
		}
		if sure {
			return k
		}
		if near.rate == 0 {
			near.set(shift, 1/mean, 1/float64(float64(n)*(1-p)), 1, 0)
		}
		v = num.Log(v)
		lo, hi := near.ratio(offset)
		if v <= lo || !(v > hi) && v <= binomialRatio(n, p, k, mode) {
			return k
		}
	}
}

// hat is the table mountain shared by the binomial and the Poisson method.
type hat struct{ a, b, top, scale, centre float64 }

// newHat returns the hat of a binomial (success probability p) or Poisson (p = 0) law
// of the given standard deviation.
func newHat(deviation, p float64) hat {
	b := 1.15 + float64(2.53*deviation)
	return hat{
		a:     -0.0873 + float64(0.0248*b) + float64(0.01*p),
		b:     b,
		top:   0.92 - 4.2/b,
		scale: float64((2.83 + 5.1/b) * deviation),
	}
}

// propose draws an offset from the mode and the height v to hold against the probability
// there (Poisson) or its ratio to that at the mode (binomial); sure: accept unseen.
func (h *hat) propose(r *rand.Rand) (offset int64, v float64, sure bool) {
	u := r.Float64() - 0.5
	v = r.Float64()
	edge := 0.5 - math.Abs(u)
	if edge == 0 {
		return math.MinInt64 / 2, math.Inf(1), false // never accepted
	}
	x := float64((2*h.a/edge+h.b)*u) + h.centre
	offset = floorInt(x)
	if edge >= 0.07 && v <= h.top {
		return offset, v, true
	}
	return offset, float64(v * (h.scale / (h.a/float64(edge*edge) + h.b))), false
}

// floorInt is the floor of x held within +-2^61, where the conversion to an integer is
// the same on every platform.
func floorInt(x float64) int64 {
	if !(x < 0x1p61) {
		return 1 << 61
	}
	if x < -0x1p61 {
		return -1 << 61
	}
	i := int64(x)
	if float64(i) > x {
		i--
	}
	return i
}

// binomialRatio returns ln of P(k)/P(mode). Both are sums of deviances from the mean:
// their size is the square of the distance in standard deviations, whatever n is.
func binomialRatio(n int64, p float64, k, mode int64) float64 {
	t := float64(n)
	np, nq := float64(t*p), float64(t*(1-p))
	a, b := float64(k), float64(n-k)
	c, d := float64(mode), float64(n-mode)
	e := num.Deviance(c, np) + num.Deviance(d, nq) - num.Deviance(a, np) - num.Deviance(b, nq)
	a, ra := stirling(a)
	b, rb := stirling(b)
	c, rc := stirling(c)
	d, rd := stirling(d)
	return e + (rc + rd - ra - rb) + float64(0.5*num.Log(float64((c/a)*(d/b))))
}

// stirling splits num.LogStirling(x) of a whole number into ln(2 pi y)/2 + rest, so that
// several logarithms become one; y = x but at 0, where LogStirling is 0.
func stirling(x float64) (y, rest float64) {
	if x == 0 {
		return 1 / (2 * math.Pi), 0
	}
	return x, num.StirlingRemainder(x)
}
