package rng

import (
	"math"
	"math/rand/v2"
	"sync"

	"modelcollapse/internal/num"
)

// The rates of the tables: rateLow (1 + j/64) 2^e, j = 0 … 63, e = 0 … 6, so that what a rate falls short of one above it is
// below 1/64 of it; and rateStep, 2 rateStep and 4 rateStep, whose sums are all multiples of rateStep below rateEnd.
const (
	rateLow   = 0.25
	rateShift = 52 - 6
	rateCount = 7 * 64
	rateStep  = 32
	rateEnd   = 8 * rateStep
)

// poissonTables draw Poisson counts.
type poissonTables struct {
	rates []rateTable
	step  [3]rateTable
}

// A rateTable draws Poisson counts of one rate.
type rateTable struct {
	rate  float64
	base  int         // counts below have less than 2^-64
	first [256]uint8  // the count above base to begin at, by the first 8 bits of a uniform number
	end   [256]uint16 // the first 16 bits of P(X ≤ base + k) in units of 2^-64, less one; the last is all ones
	rest  []uint64    // the other 48, as many as there are counts
}

// quarters are 16 bits of a stream at a time, of which the last few are not used.
type quarters struct {
	r    *rand.Rand
	left int
	bits [32]uint16
}

func (q *quarters) next() uint16 {
	if q.left == 0 {
		q.more()
	}
	q.left--
	return q.bits[q.left&31]
}

//go:noinline
func (q *quarters) more() {
	for i := 0; i < len(q.bits); i += 4 {
		u := q.r.Uint64()
		q.bits[i], q.bits[i+1], q.bits[i+2], q.bits[i+3] = uint16(u), uint16(u>>16), uint16(u>>32), uint16(u>>48)
	}
	q.left = len(q.bits)
}

// smallPoisson are the tables: the same numbers whenever they are computed.
var smallPoisson = sync.OnceValue(func() *poissonTables {
	t := &poissonTables{rates: make([]rateTable, rateCount)}
	base := math.Float64bits(rateLow) >> rateShift
	for c := range t.rates {
		t.rates[c].fill(math.Float64frombits((base + uint64(c)) << rateShift))
	}
	for i := range t.step {
		t.step[i].fill(float64(int(rateStep) << i))
	}
	return t
})

// steps draws a count of the multiples of rateStep in rate, and returns what is left of it. A rate from rateEnd on, which a
// category has by chance alone, is drawn whole.
func (t *poissonTables) steps(rate float64, q *quarters) (k int64, left float64) {
	if rate >= rateEnd {
		return Poisson(q.r, rate), 0
	}
	n := int(rate / rateStep)
	for i := range t.step {
		if n>>i&1 == 1 {
			k += t.step[i].draw(q)
		}
	}
	return k, rate - float64(rateStep*float64(n)) // exact
}

// rateClass is the table of the largest rate that is not above rate, which is below rateStep; −1: there is none.
func rateClass(rate float64) int {
	if rate < rateLow {
		return -1
	}
	return int(math.Float64bits(rate)>>rateShift) - int(math.Float64bits(rateLow)>>rateShift)
}

// shortfall is what the rates of the tables that rate is drawn from lack of it.
func shortfall(rate float64) float64 {
	if rate >= rateEnd {
		return 0
	}
	if rate >= rateStep {
		rate -= float64(rateStep * math.Floor(rate/rateStep))
	}
	if rate < rateLow {
		return rate
	}
	return rate - math.Float64frombits(math.Float64bits(rate)>>rateShift<<rateShift)
}

func (t *rateTable) fill(rate float64) {
	t.rate = rate
	p := num.Exp(-rate)
	for k, sum := 1.0, p; sum < 1 && (sum+p > sum || k < rate); k++ { // at most 200 counts, up to what rounding tells from 1
		if end := uint64(float64(sum * 0x1p64)); end > 0 {
			t.until(end - 1)
		} else {
			t.base++
		}
		p = float64(p * (rate / k))
		sum += p
	}
	t.until(1<<64 - 1)
	k := 0
	for b := range t.first {
		for t.end[k] < uint16(b)<<8 {
			k++
		}
		t.first[b] = uint8(k)
	}
}

func (t *rateTable) until(end uint64) {
	t.end[len(t.rest)] = uint16(end >> 48)
	t.rest = append(t.rest, end<<16>>16)
}

// draw is the count of a uniform number of 64 bits, of which only the first 16 are drawn where they tell it.
func (t *rateTable) draw(q *quarters) int64 {
	u := q.next()
	if k := t.first[u>>8]; u < t.end[k] {
		return int64(t.base + int(k))
	}
	return t.search(u, q)
}

// search is draw for the few numbers whose first 8 bits do not tell the count.
func (t *rateTable) search(u uint16, q *quarters) int64 {
	k := int(t.first[u>>8])
	for u > t.end[k] {
		k++
	}
	if u == t.end[k] {
		for rest := q.r.Uint64() >> 16; u == t.end[k] && rest > t.rest[k]; {
			k++
		}
	}
	return int64(t.base + k)
}
