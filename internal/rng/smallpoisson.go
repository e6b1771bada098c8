package rng

import (
	"math"
	"math/rand/v2"
	"sync"

	"modelcollapse/internal/num"
)

// The rates of the table: rateLow (1 + j/64) 2^e, j = 0 … 63, e = 0, 1, 2 …, up to 40, so that what a rate falls short of
// one above it is below 1/64 of it. From 44 on P(X = 0) is below 2^-64.
const (
	rateLow   = 0.25
	rateShift = 52 - 6
	rateCount = 7*64 + 16
)

// A rateTable draws Poisson counts of one rate.
type rateTable struct {
	rate  float64
	first [256]uint8 // the count to begin at, by the first 8 bits of a uniform number
	end   []uint32   // the first half of P(X ≤ k) in units of 2^-64, less one; the last is all ones
	rest  []uint32   // the other half
}

// halves are 32 bits of a stream at a time.
type halves struct {
	r     *rand.Rand
	bits  uint64
	spare bool
}

func (h *halves) next() uint32 {
	if h.spare = !h.spare; h.spare {
		h.bits = h.r.Uint64()
		return uint32(h.bits >> 32)
	}
	return uint32(h.bits)
}

// smallPoisson is the table: the same numbers whenever they are computed.
var smallPoisson = sync.OnceValue(func() []rateTable {
	all := make([]rateTable, rateCount)
	base := math.Float64bits(rateLow) >> rateShift
	for c := range all {
		all[c].fill(math.Float64frombits((base + uint64(c)) << rateShift))
	}
	return all
})

// rateClass is the largest rate of the table that is not above rate; −1: there is none. Beyond the table it goes on.
func rateClass(rate float64) int {
	if rate < rateLow {
		return -1
	}
	return int(math.Float64bits(rate)>>rateShift) - int(math.Float64bits(rateLow)>>rateShift)
}

// shortfall is what the table's rate lacks of rate; 0 beyond the table.
func shortfall(rate float64) float64 {
	c := rateClass(rate)
	switch {
	case c < 0:
		return rate
	case c >= rateCount:
		return 0
	}
	b := math.Float64bits(rate)
	return rate - math.Float64frombits(b>>rateShift<<rateShift)
}

func (t *rateTable) fill(rate float64) {
	t.rate = rate
	p := num.Exp(-rate)
	for k, sum := 1.0, p; sum < 1 && sum+p > sum; k++ { // at most 110 counts, up to what rounding tells from 1
		t.until(uint64(float64(sum*0x1p64)) - 1)
		p = float64(p * (rate / k))
		sum += p
	}
	t.until(1<<64 - 1)
	k := 0
	for b := range t.first {
		for t.end[k] < uint32(b)<<24 {
			k++
		}
		t.first[b] = uint8(k)
	}
}

func (t *rateTable) until(end uint64) {
	t.end, t.rest = append(t.end, uint32(end>>32)), append(t.rest, uint32(end))
}

// draw is the count of a uniform number of 64 bits, of which the second half is drawn only where it matters.
func (t *rateTable) draw(h *halves) int64 {
	u := h.next()
	k := int(t.first[u>>24])
	for u > t.end[k] {
		k++
	}
	if u == t.end[k] {
		return t.exact(k, u, h.next())
	}
	return int64(k)
}

// exact goes on from a count that u, the first half, does not tell from the next.
func (t *rateTable) exact(k int, u, rest uint32) int64 {
	for u == t.end[k] && rest > t.rest[k] {
		k++
	}
	return int64(k)
}
