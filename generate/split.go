package generate

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A Cut is how much of a finite corpus is kept from training, in shares of its rows.
// Embedded in a source, it is part of that source's config.
type Cut struct {
	HeldOut float64 `json:"heldout" default:"0.1" min:"0" max:"1" doc:"share of the rows that no model ever trains on"`
	Tune    float64 `json:"tune" default:"0" min:"0" max:"1" doc:"share of the rows kept for tuning a scorer, apart from both others"`
	Tail    bool    `json:"-"` // the last rows are held out, instead of groups dealt at random
}

// Check reports shares that are no shares, or that leave nothing to train on.
func (c Cut) Check() error {
	for _, s := range []struct {
		name  string
		share float64
	}{{"heldout", c.HeldOut}, {"tune", c.Tune}} {
		if !(s.share >= 0 && s.share <= 1) {
			return fmt.Errorf("%s: %g: must lie in [0, 1]", s.name, s.share)
		}
	}
	if c.HeldOut+c.Tune >= 1 {
		return fmt.Errorf("heldout %g and tune %g leave nothing to train on", c.HeldOut, c.Tune)
	}
	return nil
}

// Parts is a corpus that was split: three slices without a common row.
type Parts[E any] struct{ Train, HeldOut, Tune []E }

// Split deals whole groups of rows in a random order: to HeldOut until it has at least ⌈c.HeldOut · rows⌉, then to
// Tune until it has at least ⌈c.Tune · rows⌉, the rest to Train. The rows of a group stay in order and, within a part,
// together. group is one id a row (any numbers; equal ids need not be neighbours); nil: every row is a group.
//
// With c.Tail the last ⌈c.HeldOut · rows⌉ rows are held out as they stand, even if that cuts a group, and the groups
// of the others are dealt as above.
//
// The result is a pure function of the arguments and the stream, on every platform.
func Split[E any](rows []E, group []uint32, c Cut, r *rand.Rand) (Parts[E], error) {
	if err := c.Check(); err != nil {
		return Parts[E]{}, err
	}
	if group != nil && len(group) != len(rows) {
		return Parts[E]{}, fmt.Errorf("split: %d rows with %d group ids", len(rows), len(group))
	}
	total := len(rows)
	held, tune := quota(c.HeldOut, total), quota(c.Tune, total)
	p := Parts[E]{}
	if c.Tail {
		p.HeldOut = rows[total-held:]
		rows, held = rows[:total-held], 0
	}
	d := groupsOf(group, len(rows))
	for _, g := range permutation(d.groups(), r) {
		to := &p.Train
		switch {
		case held > 0:
			to = &p.HeldOut
			held -= d.size(g)
		case tune > 0:
			to = &p.Tune
			tune -= d.size(g)
		}
		for _, i := range d.rows(g) {
			*to = append(*to, rows[i])
		}
	}
	if len(p.Train) == 0 {
		return Parts[E]{}, fmt.Errorf("split: heldout %g and tune %g, dealt in whole groups, leave nothing to train on: %d rows in %d groups",
			c.HeldOut, c.Tune, total, d.groups())
	}
	return p, nil
}

// quota is ⌈share · n⌉; a share such as 0.07 is meant in decimal, so 0.07 · 100 asks for 7 and not for 8.
func quota(share float64, n int) int {
	return min(n, int(math.Ceil(float64(share*float64(n))-1e-9)))
}

// A dealing is the rows of each group, groups in order of their first row.
type dealing struct {
	row   []int // by group, in order
	start []int // of each group in row; one more at the end
}

func (d dealing) groups() int      { return len(d.start) - 1 }
func (d dealing) size(g int) int   { return d.start[g+1] - d.start[g] }
func (d dealing) rows(g int) []int { return d.row[d.start[g]:d.start[g+1]] }

// groupsOf sorts n rows by group, by counting.
func groupsOf(group []uint32, n int) dealing {
	d := dealing{row: make([]int, n), start: make([]int, 1, n+1)}
	if group == nil {
		for i := range n {
			d.row[i], d.start = i, append(d.start, i+1)
		}
		return d
	}
	number := map[uint32]int{} // by id; looked up, never ranged over
	of := make([]int, n)
	for i := range n {
		g, known := number[group[i]]
		if !known {
			g = len(number)
			number[group[i]] = g
			d.start = append(d.start, 0)
		}
		of[i] = g
		d.start[g+1]++
	}
	for g := range d.groups() {
		d.start[g+1] += d.start[g]
	}
	next := append([]int(nil), d.start...)
	for i, g := range of {
		d.row[next[g]] = i
		next[g]++
	}
	return d
}

// permutation is a uniform permutation of 0 … n−1 (Fisher–Yates). rand.Perm gives other values where int has 32 bits.
func permutation(n int, r *rand.Rand) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := int(r.Uint32N(uint32(i + 1)))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
