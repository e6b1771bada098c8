package generate

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/rng"
)

// Families of whole numbers share what follows: their rows are float64 like all scalars.

// countLimit is the largest mean of a count, so that counts are whole numbers of a float64 with room for their spread.
const countLimit = 1e15

// wholeOf is x as a count; false: it is none.
func wholeOf(x float64) (k int64, ok bool) {
	if !(x >= 0 && x < 0x1p62) || x != math.Floor(x) {
		return 0, false
	}
	return int64(x), true
}

// countScored writes the log probability of every row: −Inf of what is no count.
func countScored(rows, nats []float64, proper bool, log func(k int64) float64) error {
	return scored(rows, nats, proper, func(x float64) float64 {
		if k, ok := wholeOf(x); ok {
			return log(k)
		}
		return math.Inf(-1)
	})
}

// countCDF is the distribution function of counts at any x.
func countCDF(x float64, proper bool, cdf func(k int64) float64) float64 {
	switch {
	case !proper || math.IsNaN(x):
		return math.NaN()
	case x < 0:
		return 0
	case x >= 0x1p62:
		return 1
	}
	return cdf(int64(x))
}

// countQuantile is the least count k with cdf(k) ≥ p, sought from the mean outwards in steps that double, then by halving.
func countQuantile(p, mean, variance float64, cdf func(k int64) float64) float64 {
	switch {
	case !(p >= 0 && p <= 1) || math.IsNaN(variance):
		return math.NaN()
	case p == 0:
		return 0
	case p == 1 && variance > 0:
		return math.Inf(1)
	}
	lo, hi := int64(-1), int64(mean) // cdf(lo) < p ≤ cdf(hi) when both loops are done
	step := int64(math.Sqrt(variance)) + 1
	for cdf(hi) < p && hi < 1<<61 {
		lo, hi, step = hi, hi+step, 2*step
	}
	for step = int64(math.Sqrt(variance)) + 1; hi-step > lo && cdf(hi-step) >= p; step *= 2 {
		hi -= step
	}
	lo = max(lo, hi-step)
	for hi-lo > 1 {
		if mid := lo + (hi-lo)/2; cdf(mid) < p {
			lo = mid
		} else {
			hi = mid
		}
	}
	return float64(hi)
}

// poissonTotal draws a Poisson count as a float64. Above 2^60, where a float64 rounds to 256 and the standard deviation is
// 10^9, it is the normal with the same mean and variance: no sum of so many tells them apart.
func poissonTotal(r *rand.Rand, mean float64) float64 {
	if mean > 0x1p60 {
		return math.Floor(mean + float64(math.Sqrt(mean)*rng.Normal(r)))
	}
	return float64(rng.Poisson(r, mean))
}
