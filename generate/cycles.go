package generate

import (
	"fmt"
	"math"
)

// The data cycles of Briesch et al. 2023 (arXiv 2311.16822) beside full synthetic, which is Replace. What of a cycle is real
// after generation 0 is what is left of generation 0; for new real rows see Mix and Fresh.

// BalancedCycle learns from equal parts of all generations so far, as many rows in all as rows and growth say.
type BalancedCycle struct{}

// Over draws a whole generation as block 0 and, as block 1+h, the part of generation h, without replacement. What does not
// divide goes to the oldest, a row each.
func (BalancedCycle) Over(rows Sizes, generations int) (Workflow, error) {
	for g := 1; g <= generations; g++ {
		if rows(g) <= g {
			return nil, fmt.Errorf("rows: %d rows of generation %d have no equal parts of %d generations: more rows, or fewer generations", rows(g), g, g+1)
		}
		for h := range g {
			if part(rows(g), g, h) > rows(h) {
				return nil, fmt.Errorf("growth: generation %d wants %d rows of generation %d, which has %d", g, part(rows(g), g, h), h, rows(h))
			}
		}
	}
	return Steps(func(g int) Step {
		s := Step{[]Draw{drawOf(rows(g), parent(g))}, learn(block(0, 0))}
		if g == 0 {
			return s
		}
		s.Lessons = []Lesson{{}}
		for h := range g + 1 {
			s.Draws = append(s.Draws, drawOf(part(rows(g), g, h), Origin{Past: []Blocks{block(h, 0)}}))
			s.Lessons[0].Shares = append(s.Lessons[0].Shares, Share{Blocks: block(g, 1+h)})
		}
		return s
	}), nil
}

// part is how many of n rows are of generation h, where generations 0 … g have equal parts.
func part(n, g, h int) int {
	if h < n%(g+1) {
		return n/(g+1) + 1
	}
	return n / (g + 1)
}

// newRows is a share of n rows, or an error where it is not even one.
func newRows(share float64, n, g int) (int, error) {
	if k := int(math.Round(float64(share * float64(n)))); k > 0 {
		return k, nil
	}
	return 0, fmt.Errorf("share: %.4g of %d rows in generation %d is no row: nothing would be drawn from a fit", share, n, g)
}

// IncrementalCycle renews a share of the data set in every generation and keeps the rest of it.
type IncrementalCycle struct {
	Share Schedule `json:"share" default:"0.5" min:"0" max:"1" doc:"part of the data set that is drawn anew from the last fit: a number, a list (one a generation, from generation 1), or {start, factor, step}"`
}

// Over draws the new rows as block 0 and, of the last data set without replacement, those that stay as block 1.
func (w IncrementalCycle) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Share.Check(generations); err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	fresh := make([]int, generations+1)
	fresh[0] = rows(0)
	for g := 1; g <= generations; g++ {
		var err error
		if fresh[g], err = newRows(w.Share.At(g), rows(g), g); err != nil {
			return nil, err
		}
		if keep := rows(g) - fresh[g]; keep > rows(g-1) {
			return nil, fmt.Errorf("growth: generation %d would keep %d rows of the %d before it: a larger share, or less growth", g, keep, rows(g-1))
		}
	}
	return Steps(func(g int) Step {
		s := Step{[]Draw{drawOf(fresh[g], parent(g))}, learn(block(g, 0))}
		if keep := rows(g) - fresh[g]; keep > 0 {
			past := []Blocks{block(g-1, 0)}
			if fresh[g-1] < rows(g-1) {
				past = append(past, block(g-1, 1))
			}
			s.Draws, s.Lessons = append(s.Draws, drawOf(keep, Origin{Past: past})), learn(block(g, 0), block(g, 1))
		}
		return s
	}), nil
}

// ExpandingCycle adds a share of the first rows in every generation and keeps everything.
type ExpandingCycle struct {
	Share Schedule `json:"share" default:"0.5" min:"0" max:"1" doc:"rows that a generation adds, drawn from the last fit, relative to those that rows and growth say: a number, a list (one a generation, from generation 1), or {start, factor, step}"`
}

// Over learns from all blocks so far, those after generation 0 being smaller.
func (w ExpandingCycle) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Share.Check(generations); err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	size := make([]int, generations+1)
	size[0] = rows(0)
	for g := 1; g <= generations; g++ {
		var err error
		if size[g], err = newRows(w.Share.At(g), rows(g), g); err != nil {
			return nil, err
		}
	}
	return Accumulate{}.Over(func(g int) int { return size[min(g, generations)] }, generations)
}
