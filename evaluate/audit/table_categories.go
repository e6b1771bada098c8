package audit

import (
	"cmp"
	"slices"
)

// countCodes counts a column of categories on both sides.
func (c *column) countCodes(side []Side) (s counted) {
	var all [3][]int32
	for k := range all {
		all[k] = make([]int32, c.kinds)
	}
	for i, k := range c.code[:len(side)] {
		all[side[i]][k]++
	}
	for k := range all {
		for _, n := range all[k] {
			s.n[k] += int(n)
		}
	}
	s.counts = [2][]int32{all[Reference], all[Candidate]}
	apart := 0.0
	for code, a := range all[Reference] {
		b := all[Candidate][code]
		p, q := s.share(0, a), s.share(1, b)
		if apart += max(0, p-q); a > 0 {
			s.rare = append(s.rare, int32(code))
		}
	}
	s.gap = apart
	slices.SortStableFunc(s.rare, func(x, y int32) int { return cmp.Compare(all[Reference][x], all[Reference][y]) })
	return s
}

// share is a count as that of its side, 0 the reference.
func (s *counted) share(side int, n int32) float64 {
	return float64(n) / float64(s.n[[2]Side{Reference, Candidate}[side]])
}

// rarest is how many of s.rare make the rarest decile of the reference's mass, ties of the last one with it; all of them where
// that is everything.
func (s *counted) rarest() int {
	mass, n := 0, 0
	for n < len(s.rare) {
		k := s.counts[0][s.rare[n]]
		if n > 0 && 10*mass >= s.n[Reference] && k > s.counts[0][s.rare[n-1]] {
			break
		}
		mass += int(k)
		n++
	}
	return n
}

// categoryTail is the loss of the rarest decile of the reference's mass; NaN where one category is all.
func (s *counted) categoryTail() float64 {
	var o overlap
	if len(s.rare) > 1 {
		for _, k := range s.rare[:s.rarest()] {
			o.add(s.share(0, s.counts[0][k]), s.share(1, s.counts[1][k]))
		}
	}
	return o.loss()
}

// lost is how many categories, and how many of the rarest decile, the reference has, and the candidate lacks of them.
func (s *counted) lost() (all, rare [2]int) {
	few := s.rarest()
	for i, k := range s.rare {
		gone := 0
		if s.counts[1][k] == 0 {
			gone = 1
		}
		all[0], all[1] = all[0]+1, all[1]+gone
		if i < few {
			rare[0], rare[1] = rare[0]+1, rare[1]+gone
		}
	}
	return all, rare
}

// categoryDeciles adds the overlap of every decile of the reference's mass by rarity: a category belongs where the middle of
// its mass lies.
func (s *counted) categoryDeciles(to *[deciles]overlap) {
	below := 0
	for _, k := range s.rare {
		n := int(s.counts[0][k])
		d := min(deciles-1, (2*below+n)*deciles/(2*s.n[Reference]))
		to[d].add(s.share(0, s.counts[0][k]), s.share(1, s.counts[1][k]))
		below += n
	}
}
