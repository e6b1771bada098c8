package rng

import (
	"math"
	"math/rand/v2"
)

// Multinomial spreads n draws over categories with probabilities proportional to p, and
// returns the counts in dst if it is long enough. The weights need not sum to 1 (their
// sum must be finite); categories with p[i] <= 0 or NaN cost nothing and get nothing,
// and the counts sum to n exactly unless no category has weight. dst must not share
// memory with p. Time grows with len(p) only: 1e13 draws cost what 10 do.
//
// Each category takes a binomial share of what is left, of probability p[i] over the
// weight of the rest. That weight is summed from the far end, where subtracting from 1
// would leave rounding noise for the last categories.
func Multinomial(r *rand.Rand, n int64, p []float64, dst []int64) []int64 {
	dst = sized(dst, len(p))
	// dst holds the bits of the weight from i on until category i is drawn.
	rest := 0.0
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] > 0 {
			rest += p[i]
		}
		dst[i] = int64(math.Float64bits(rest))
	}
	for i, w := range p {
		rest := math.Float64frombits(uint64(dst[i]))
		dst[i] = 0
		if n > 0 && w > 0 {
			dst[i] = Binomial(r, n, w/rest)
			n -= dst[i]
		}
	}
	return dst
}

// sized returns dst cut to n elements, or a new slice if it is shorter.
func sized(dst []int64, n int) []int64 {
	if cap(dst) < n {
		return make([]int64, n)
	}
	return dst[:n]
}
