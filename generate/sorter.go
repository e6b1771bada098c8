package generate

import (
	"cmp"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A sorter orders columns of equally many rows, and knows their normal scores, in memory that it keeps.
type sorter struct {
	pairs, other []sortPair
	out          []int32
	quantile     []float64 // the normal's at i/(2n), i = 0 … 2n; NaN: not asked for yet
}

type sortPair struct {
	key uint64
	row int32
}

const (
	digitBits = 11
	fewRows   = 1 << 11 // below, comparing is faster than counting
)

// order are the rows by rising x, of equal ones the first first, NaN last. It is overwritten by the next call.
func (s *sorter) order(x []float64) []int32 {
	if cap(s.pairs) < len(x) {
		s.pairs, s.other, s.out = make([]sortPair, len(x)), make([]sortPair, len(x)), make([]int32, len(x))
	}
	s.pairs, s.other, s.out = s.pairs[:len(x)], s.other[:len(x)], s.out[:len(x)]
	for i, v := range x {
		s.pairs[i] = sortPair{sortKey(v), int32(i)}
	}
	if len(x) < fewRows {
		slices.SortFunc(s.pairs, func(a, b sortPair) int {
			if a.key != b.key {
				return cmp.Compare(a.key, b.key)
			}
			return cmp.Compare(a.row, b.row)
		})
	} else {
		s.count()
	}
	for k, p := range s.pairs {
		s.out[k] = p.row
	}
	return s.out
}

// count sorts by one digit after the other, the lowest first.
func (s *sorter) count() {
	for shift := 0; shift < 64; shift += digitBits {
		var start [1 << digitBits]int
		digit := func(p sortPair) uint64 { return p.key >> shift & (1<<digitBits - 1) }
		for _, p := range s.pairs {
			start[digit(p)]++
		}
		if start[digit(s.pairs[0])] == len(s.pairs) {
			continue // all have the same
		}
		at := 0
		for d, n := range start {
			start[d], at = at, at+n
		}
		for _, p := range s.pairs {
			d := digit(p)
			s.other[start[d]] = p
			start[d]++
		}
		s.pairs, s.other = s.other, s.pairs
	}
}

// sortKey orders as numbers do, zeros alike and NaN last.
func sortKey(x float64) uint64 {
	b := math.Float64bits(x)
	switch {
	case x == 0:
		return 1 << 63 // −0 too
	case x != x:
		return math.MaxUint64
	case b>>63 == 1:
		return ^b
	}
	return b | 1<<63
}

// score is the normal's quantile at i/(2n), 0 < i < 2n; columns without ties ask for the same ones.
func (s *sorter) score(i, n int) float64 {
	if len(s.quantile) != 2*n+1 {
		s.quantile = make([]float64, 2*n+1)
		for k := range s.quantile {
			s.quantile[k] = math.NaN()
		}
	}
	if math.IsNaN(s.quantile[i]) {
		s.quantile[i] = num.NormalQuantile(float64(i) / float64(2*n))
	}
	return s.quantile[i]
}
