package evaluate

import (
	"math"
	"slices"
)

// faintest is the mass of a state below which it is not followed: there are fewer than 10^7 of them, so what is left
// out of a law is below 1e-18.
const faintest = 1e-25

// binomials are the laws of Binomial(n, p) for one n and many p, each by ratios from its mode, so that a probability
// costs two products. A law ends where it falls below 1e-19 of its mode, and adds to 1 but for rounding.
type binomials struct {
	n        int
	up, down []float64 // P(k+1)/P(k) and P(k−1)/P(k) at even odds
	p        []float64 // reused
}

func newBinomials(n int) *binomials {
	b := &binomials{n: n, up: make([]float64, n+1), down: make([]float64, n+1), p: make([]float64, n+1)}
	for k := range n + 1 {
		b.up[k] = float64(n-k) / float64(k+1)
		b.down[k] = float64(k) / float64(n-k+1)
	}
	return b
}

// law is Binomial(n, p) from lo on; it is overwritten by the next.
func (b *binomials) law(p float64) (lo int, law []float64) {
	switch {
	case !(p > 0) || b.n == 0:
		b.p[0] = 1
		return 0, b.p[:1]
	case p >= 1:
		b.p[b.n] = 1
		return b.n, b.p[b.n:]
	}
	mode := min(b.n, int(math.Floor(float64(float64(b.n+1)*p))))
	odds, inverse := p/(1-p), (1-p)/p
	b.p[mode] = 1
	total, hi := 1.0, mode
	for x := 1.0; hi < b.n; hi++ {
		if x = float64(x * float64(odds*b.up[hi])); x < 1e-19 {
			break
		}
		b.p[hi+1] = x
		total += x
	}
	lo = mode
	for x := 1.0; lo > 0; lo-- {
		if x = float64(x * float64(inverse*b.down[lo])); x < 1e-19 {
			break
		}
		b.p[lo-1] = x
		total += x
	}
	law = b.p[lo : hi+1]
	for k := range law {
		law[k] /= total
	}
	return lo, law
}

// addTo adds x times law to the beginning of to.
func addTo(to, law []float64, x float64) {
	to = to[:len(law)]
	for k, y := range law {
		to[k] += float64(x * y)
	}
}

// at is the probability of k.
func (b band) at(k int) float64 {
	if k -= b.lo; k < 0 || k >= len(b.p) {
		return 0
	}
	return b.p[k]
}

// plus is the law of a sum of b and an independent other.
func (b band) plus(other band) band {
	out := band{b.lo + other.lo, make([]float64, len(b.p)+len(other.p)-1)}
	for k, x := range b.p {
		if x != 0 {
			addTo(out.p[k:], other.p, x)
		}
	}
	return out
}

// trimmed is law without what is too faint at both ends.
func trimmed(law []float64) band {
	lo, hi := 0, len(law)
	for lo < hi && math.Abs(law[lo]) <= faintest {
		lo++
	}
	for hi > lo && math.Abs(law[hi-1]) <= faintest {
		hi--
	}
	return band{lo, slices.Clip(law[lo:hi])}
}

// hull is the states that any of laws reaches.
func hull(laws []band) (lo, hi int) {
	lo = math.MaxInt
	for _, l := range laws {
		if len(l.p) > 0 {
			lo, hi = min(lo, l.lo), max(hi, l.lo+len(l.p))
		}
	}
	return lo, hi
}

func anyAt(laws []band, k int) bool {
	for _, l := range laws {
		if math.Abs(l.at(k)) > faintest {
			return true
		}
	}
	return false
}
