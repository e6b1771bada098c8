package rng

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// countMax bounds each count of an urn, so that their sum fits into an int64.
const countMax = 1 << 61

// Hypergeometric returns how many good things are among draws taken without replacement
// from good + bad, exact for any counts up to 2^61 (larger ones are cut there), in
// constant expected time. Negative counts are taken as 0, draws as at most good + bad.
func Hypergeometric(r *rand.Rand, good, bad, draws int64) int64 {
	good = max(0, min(good, countMax))
	bad = max(0, min(bad, countMax))
	total := good + bad
	draws = max(0, min(draws, total))
	// The mirrored laws leave good and draws both at most half of the total.
	switch {
	case draws > total-draws:
		return good - hypergeometricHalf(r, good, bad, total-draws)
	default:
		return hypergeometricHalf(r, good, bad, draws)
	}
}

// hypergeometricHalf draws for draws <= total/2.
func hypergeometricHalf(r *rand.Rand, good, bad, draws int64) int64 {
	if good > bad {
		return draws - hypergeometricHalf(r, bad, good, draws)
	}
	// The law is symmetric in good and draws: both are a marked part of the total.
	t := table{marked: max(good, draws), draws: min(good, draws), total: good + bad}
	if t.draws == 0 {
		return 0
	}
	if t.mean() < inversionMean {
		return t.search(r)
	}
	return t.reject(r)
}

// A table is a hypergeometric law with draws <= marked <= total/2: support 0 ... draws.
type table struct{ marked, draws, total int64 }

// mean returns the mean of the law.
func (t table) mean() float64 {
	return float64(float64(t.draws) * (float64(t.marked) / float64(t.total)))
}

// search subtracts the probabilities of 0, 1, 2 ... from a uniform variate.
func (t table) search(r *rand.Rand) int64 {
	none := t.none()
	for {
		u, f := r.Float64(), none
		for k := range min(t.draws, 110) + 1 { // as in binomialSearch
			if u < f {
				return k
			}
			u -= f
			up := float64(float64(t.marked-k) * float64(t.draws-k))
			down := float64(float64(k+1) * float64(t.total-t.marked-t.draws+k+1))
			f = float64(f * (up / down))
		}
	}
}

// none returns the probability of 0.
func (t table) none() float64 {
	if t.draws > 12 {
		return num.Exp(num.LogHypergeometric(0, t.marked, t.total-t.marked, t.draws))
	}
	up, down := 1.0, 1.0 // at most 12 factors below 2^62 each
	for i := range t.draws {
		up = float64(up * float64(t.total-t.marked-i))
		down = float64(down * float64(t.total-i))
	}
	return up / down
}

// reject is the ratio of uniforms with a table mountain that covers every such law
// (E. Stadlober, J. Comp. Appl. Math. 31, 1990: HRUA), around the mode as in
// binomialReject: about 1.4 rounds a draw, most of them without a logarithm.
func (t table) reject(r *rand.Rand) int64 {
	const ( // 2 sqrt(2/e) and 3 - 2 sqrt(3/e)
		slope  = 1.7155277699214135
		offset = 0.8989161620588988
	)
	n, k, d := float64(t.total), float64(t.marked), float64(t.draws)
	mean := t.mean()
	variance := float64(mean * ((n - k) / n) * ((n - d) / (n - 1)))
	width := float64(slope*math.Sqrt(variance+0.5)) + offset
	mode := int64(float64((d+1)*(k+1)) / (n + 2))
	shift := mean - float64(mode)
	centre := shift + 0.5
	var near bracket
	near.set(shift, n/k, n/float64(t.total-t.marked), 1/d, 1/float64(t.total-t.draws))
	for {
		x := 1 - r.Float64() // never 0
		y := r.Float64() - 0.5
		from := floorInt(centre + float64(width*(y/x)))
		i := mode + from
		if i < 0 || i > t.draws {
			continue
		}
		// x - 1/x <= 2 ln x <= x (4-x) - 3 on (0, 1]
		lo, hi := near.ratio(from)
		if float64(x*(4-x))-3 <= lo {
			return i
		}
		if float64(x*(x-hi)) >= 1 {
			continue
		}
		l := float64(2 * num.Log(x))
		if l <= lo || !(l > hi) && l <= t.ratio(i, mode) {
			return i
		}
	}
}

// ratio returns ln of P(i)/P(mode).
func (t table) ratio(i, mode int64) float64 {
	c := t.cells()
	a, p := c.log(t, i)
	b, q := c.log(t, mode)
	return (b - a) + float64(0.5*num.Log(q/p))
}

// cells are the expected counts of the four cells of the 2 x 2 table.
type cells [4]float64

// cells returns the expected counts: drawn or not, marked or not.
func (t table) cells() cells {
	n := float64(t.total)
	k, d := float64(t.marked)/n, float64(t.draws)
	l, e := float64(t.total-t.marked)/n, float64(t.total-t.draws)
	return cells{float64(k * d), float64(l * d), float64(k * e), float64(l * e)}
}

// log returns s and p with -ln P(i) = s + ln(p)/2 up to a constant: deviances of the
// four cells, and what Stirling's formula leaves of their factorials. p is relative to
// the expected counts, so that it cannot overflow.
func (c cells) log(t table, i int64) (s, p float64) {
	counts := [4]int64{i, t.draws - i, t.marked - i, t.total - t.marked - t.draws + i}
	p = 1
	for j, n := range counts {
		x := float64(n)
		y, rest := stirling(x)
		s += num.Deviance(x, c[j]) + rest
		p = float64(p * (y / c[j]))
	}
	return s, p
}

// MultivariateHypergeometric draws n things without replacement from an urn with urn[i]
// things of kind i and returns how many of each kind came out, in dst if it is long
// enough. Negative counts are taken as 0, n as at most the contents. The contents must
// stay below 2^61. Time grows with len(urn) only.
func MultivariateHypergeometric(r *rand.Rand, urn []int64, n int64, dst []int64) []int64 {
	dst = sized(dst, len(urn))
	var total int64
	for _, c := range urn {
		total += max(0, c)
	}
	n = max(0, min(n, total))
	for i, c := range urn {
		c = max(0, c)
		total -= c
		dst[i] = 0
		if c > 0 && n > 0 {
			dst[i] = Hypergeometric(r, c, total, n)
			n -= dst[i]
		}
	}
	return dst
}
