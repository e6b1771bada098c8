package rng

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// poissonMax is the largest mean; beyond it a draw may not fit into an int64.
const poissonMax = 0x1p61

// Poisson returns a Poisson variate, exact for any mean up to 2^61, in constant expected
// time. mean <= 0 or NaN gives 0; a mean above 2^61 is taken as 2^61.
func Poisson(r *rand.Rand, mean float64) int64 {
	switch {
	case !(mean > 0):
		return 0
	case mean < inversionMean:
		return poissonSearch(r, mean)
	}
	return poissonReject(r, min(mean, poissonMax))
}

// poissonSearch subtracts the probabilities of 0, 1, 2 ... from a uniform variate.
func poissonSearch(r *rand.Rand, mean float64) int64 {
	none := num.Exp(-mean)
	for {
		u, f := r.Float64(), none
		for k := range int64(111) { // as in binomialSearch
			if u < f {
				return k
			}
			u -= f
			f = float64(f * (mean / float64(k+1)))
		}
	}
}

// poissonReject is the transformed rejection method PTRS for mean >= 10 (W. Hoermann,
// Insurance: Mathematics and Economics 12, 1993), built around the mode as binomialReject is.
func poissonReject(r *rand.Rand, mean float64) int64 {
	mode := floorInt(mean)
	shift := mean - float64(mode)
	deviation := math.Sqrt(mean)
	b := 0.931 + float64(2.53*deviation)
	h := hat{
		scale:  1.1239 + 1.1328/(b-3.4),
		a:      -0.059 + float64(0.02483*b),
		b:      b,
		top:    0.9277 - 3.6224/(b-2),
		centre: shift + 0.43,
	}
	var near bracket
	for {
		offset, v, sure := h.propose(r)
		k := mode + offset
		if k < 0 {
			continue
		}
		if sure {
			return k
		}
		if near.rate == 0 {
			near.set(shift, 1/mean, 0, 1, 0)
			near.base, near.rest = near.rate/-12, 0
		}
		// The bracket stands on P(mean) by Stirling's formula: 1/sqrt(2 pi mean) and base.
		lo, hi := near.ratio(offset)
		w := float64(0.5 * num.Log(float64(v*v*(2*math.Pi*mean))))
		if w <= lo || !(w > hi) && num.Log(v) <= num.LogPoisson(k, mean) {
			return k
		}
	}
}
