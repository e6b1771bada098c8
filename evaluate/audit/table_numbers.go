package audit

import "slices"

// counted is what a split counts of one column, both sides by Side.
type counted struct {
	n [3]int // cells with a value; of categories all

	gap    float64    // of numbers: the largest distance of the distribution functions; of categories: total variation
	cuts   []cut      // of numbers
	counts [2][]int32 // of categories, reference and candidate
	rare   []int32    // of categories: codes that the reference has, by rising count
}

// A cut is a place in the reference's order: how many of each side lie below and up to the value of its k-th number.
type cut struct{ below, upTo [3]int }

// tailShare is that of a tail, in tailBins bins of equal reference mass, as tail_loss has it.
const (
	tailShare = 0.01
	tailBins  = 5
	deciles   = 10
)

// cutsOf are the reference's positions at which n sorted numbers are cut: bins of the lower tail from outside, of the upper
// one, then the inner ends of the outer nine deciles of depth, lower and upper. A position 0 at an end cuts nothing off.
func cutsOf(n int) (at []int) {
	for i := range tailBins {
		at = append(at, int(float64(tailShare*float64((i+1)*n))/tailBins))
	}
	for i := range tailBins {
		at = append(at, n-1-at[i])
	}
	for d := 1; d < deciles; d++ {
		at = append(at, d*n/(2*deciles))
	}
	for d := 1; d < deciles; d++ {
		at = append(at, n-1-d*n/(2*deciles))
	}
	return at
}

// count counts a column of numbers on both sides, in one walk along its order.
func (c *column) count(side []Side) (s counted) {
	for i, x := range c.x[:len(side)] {
		if x == x {
			s.n[side[i]]++
		}
	}
	n := s.n
	if n[Reference] == 0 || n[Candidate] == 0 {
		return s
	}
	at := cutsOf(n[Reference])
	order := upTo(0, len(at))
	slices.SortFunc(order, func(a, b int) int { return at[a] - at[b] })
	s.cuts = make([]cut, len(at))
	largest, next := int64(0), 0
	var seen, before [3]int
	for i := 0; i < len(c.order); {
		before = seen
		for v := c.x[c.order[i]]; i < len(c.order) && c.x[c.order[i]] == v; i++ {
			seen[side[c.order[i]]]++
		}
		for ; next < len(order) && at[order[next]] < seen[Reference]; next++ {
			s.cuts[order[next]] = cut{before, seen}
		}
		apart := int64(seen[Reference])*int64(n[Candidate]) - int64(seen[Candidate])*int64(n[Reference])
		largest = max(largest, apart, -apart)
	}
	s.gap = float64(largest) / (float64(n[Reference]) * float64(n[Candidate]))
	return s
}

// Where the cuts of tails and deciles begin among cutsOf.
const (
	lowTail, highTail = 0, tailBins
	lowDecile         = 2 * tailBins
	highDecile        = lowDecile + deciles - 1
)

// beyond is the share of both sides below cut k, or above it if it is one of the upper end.
func (s *counted) beyond(k int, upper bool) (p, q float64) {
	n, c := s.n, s.cuts[k]
	if upper {
		return float64(n[Reference]-c.upTo[Reference]) / float64(n[Reference]), float64(n[Candidate]-c.upTo[Candidate]) / float64(n[Candidate])
	}
	return float64(c.below[Reference]) / float64(n[Reference]), float64(c.below[Candidate]) / float64(n[Candidate])
}

// numberTail is the loss of both 1 % tails, in bins; NaN where rows are too few to have them, or one value is all.
func (s *counted) numberTail() float64 {
	var o overlap
	if s.cuts != nil {
		at := cutsOf(s.n[Reference])
		for _, from := range []int{lowTail, highTail} {
			p0, q0 := 0.0, 0.0
			for i := range tailBins {
				if at[lowTail+i] == 0 {
					continue
				}
				p, q := s.beyond(from+i, from == highTail)
				o.add(p-p0, q-q0)
				p0, q0 = p, q
			}
		}
	}
	return o.loss()
}

// numberDeciles adds the overlap of every decile of depth, the outermost first: the outer ones of both ends, the last what is left.
func (s *counted) numberDeciles(to *[deciles]overlap) {
	if s.cuts == nil {
		return
	}
	rest := [2]float64{1, 1}
	for _, from := range []int{lowDecile, highDecile} {
		p0, q0 := 0.0, 0.0
		for d := range deciles - 1 {
			p, q := s.beyond(from+d, from == highDecile)
			to[d].add(p-p0, q-q0)
			p0, q0 = p, q
		}
		rest[0], rest[1] = rest[0]-p0, rest[1]-q0
	}
	to[deciles-1].add(max(0, rest[0]), max(0, rest[1]))
}

// An overlap is Σ min(p, q) and Σ p of bins.
type overlap struct{ kept, mass float64 }

func (o *overlap) add(p, q float64) {
	o.kept += min(p, q)
	o.mass += p
}

// loss is 1 − Σ min(p, q) / Σ p; NaN without mass.
func (o overlap) loss() float64 { return 1 - min(1, o.kept/o.mass) }
