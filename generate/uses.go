package generate

import (
	"cmp"
	"slices"
)

// What a plan is asked about a block (until when, by whom, how many rows) is worked out over ranges of generations: to go
// through every block of every range would take the square of the generations where data accumulate.

// lasts are generations by index and generation of a block or a fit, each + 1; 0: none.
type lasts [][]int32

// at is that of one; −1: none.
func (l lasts) at(at At) int {
	if at.Index >= len(l) || at.Generation >= len(l[at.Index]) {
		return -1
	}
	return int(l[at.Index][at.Generation]) - 1
}

// raise makes that of one at least g.
func (l *lasts) raise(at At, g int) {
	for len(*l) <= at.Index {
		*l = append(*l, nil)
	}
	of := (*l)[at.Index]
	for len(of) <= at.Generation {
		of = append(of, 0)
	}
	of[at.Generation], (*l)[at.Index] = max(of[at.Generation], int32(g)+1), of
}

// uses are ranges of blocks that are needed until some generation; settle answers for every block of them.
type uses struct {
	ranges []use
	until  lasts
}

type use struct {
	Blocks
	until int
}

func (u *uses) add(b Blocks, until int) {
	if n := len(u.ranges) - 1; n >= 0 {
		if old := u.ranges[n]; old.Index == b.Index && b.Lo <= old.Lo && old.Hi <= b.Hi && old.until <= until {
			u.ranges[n] = use{b, until} // what accumulates, and several nodes that learn from the same
			return
		}
	}
	u.ranges = append(u.ranges, use{b, until})
}

// settle gives every block its latest use: ranges in the order of their ends, latest first, and each block is filled once.
func (u *uses) settle(generations int) {
	all, earlier := u.ranges, func(a, b use) int { return cmp.Compare(a.until, b.until) }
	if !slices.IsSortedFunc(all, earlier) {
		all = slices.Clone(all)
		slices.SortStableFunc(all, earlier)
	}
	u.until = nil
	var next [][]int32 // by index and generation: where the first block may be that is not filled yet
	for _, r := range slices.Backward(all) {
		for len(u.until) <= r.Index {
			u.until, next = append(u.until, nil), append(next, nil)
		}
		if u.until[r.Index] == nil {
			u.until[r.Index], next[r.Index] = make([]int32, generations), make([]int32, generations+1)
			for g := range next[r.Index] {
				next[r.Index][g] = int32(g)
			}
		}
		empty := next[r.Index]
		for g := first(empty, r.Lo); g < r.Hi; g = first(empty, g) {
			u.until[r.Index][g] = int32(r.until) + 1
			empty[g] = int32(g + 1)
		}
	}
}

// first follows next from g to a block that is not filled, and shortens the way for whoever comes after.
func first(next []int32, g int) int {
	end := g
	for int(next[end]) != end {
		end = int(next[end])
	}
	for int(next[g]) != end && g != end {
		g, next[g] = int(next[g]), int32(end)
	}
	return end
}

// last is the last generation that needs a block; −1: none.
func (u *uses) last(at At) int { return u.until.at(at) }

// sizes are running sums over generations of one index: how many there are before a generation, with how many rows.
type sizes struct{ blocks, rows []int }

// sized are those of an index.
func (p *Plan) sized(index int) *sizes {
	for len(p.sizes) <= index {
		p.sizes = append(p.sizes, sizes{blocks: []int{0}, rows: []int{0}})
	}
	return &p.sizes[index]
}

// reach says that there are no further blocks before generation g.
func (s *sizes) reach(g int) {
	for n := len(s.rows); n <= g; n++ {
		s.blocks, s.rows = append(s.blocks, s.blocks[n-1]), append(s.rows, s.rows[n-1])
	}
}

func (s *sizes) add(g, rows int) {
	s.reach(g)
	s.blocks, s.rows = append(s.blocks, s.blocks[g]+1), append(s.rows, s.rows[g]+rows)
}

// count is the rows of a range.
func (s *sizes) count(b Blocks) int {
	at := func(g int) int { return s.rows[min(g, len(s.rows)-1)] }
	return at(b.Hi) - at(b.Lo)
}

// lacks is the first generation of a range that has no such block.
func (s *sizes) lacks(b Blocks) (generation int, ok bool) {
	s.reach(b.Hi)
	if s.blocks[b.Hi]-s.blocks[b.Lo] == b.Hi-b.Lo {
		return 0, false
	}
	for generation = b.Lo; s.blocks[generation+1] > s.blocks[generation]; generation++ {
	}
	return generation, true
}
