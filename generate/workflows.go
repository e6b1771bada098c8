package generate

import (
	"fmt"
	"slices"
)

// A Rule is a workflow as a config states it: given the draws of every generation and how many generations follow,
// it is a Workflow. To add one: a struct, its Over, one line in the table of names.
type Rule interface {
	Over(rows Sizes, generations int) (Workflow, error)
}

// Sizes is how many rows generation g draws.
type Sizes func(g int) int

// Constant is the same number in every generation.
func Constant(rows int) Sizes { return func(int) int { return rows } }

// constant reports whether every generation draws as many as generation 0.
func (s Sizes) constant(generations int) bool {
	for g := 1; g <= generations; g++ {
		if s(g) != s(0) {
			return false
		}
	}
	return true
}

// rowsOr is n, or if that is 0 the rows that a workflow was given.
func rowsOr(n, rows int) int {
	if n == 0 {
		return rows
	}
	return n
}

// Steps is a workflow as a function.
type Steps func(g int) Step

// Step is s(g).
func (s Steps) Step(g int) Step { return s(g) }

// parent is where the rows of generation g come from: the truth, then the last fit.
func parent(g int) Origin {
	if g == 0 {
		return Origin{Truth: true}
	}
	return Origin{Fit: &At{g - 1, 0}}
}

func drawOf(rows int, from ...Origin) Draw { return Draw{Rows: rows, From: from} }

// learn is a lesson of one node from blocks whose rows all weigh alike.
func learn(blocks ...Blocks) []Lesson {
	l := Lesson{}
	for _, b := range blocks {
		l.Shares = append(l.Shares, Share{Blocks: b})
	}
	return []Lesson{l}
}

// weighed is a lesson from shares with weights, of which 0 leaves a share out. One block alone has no weight, so that a
// model of counts can learn from it.
func weighed(perBlock bool, shares ...Share) Lesson {
	kept := slices.DeleteFunc(shares, func(s Share) bool { return s.Weight == 0 })
	if len(kept) == 1 && kept[0].Hi == kept[0].Lo+1 {
		return Lesson{Shares: []Share{{Blocks: kept[0].Blocks}}}
	}
	return Lesson{Shares: kept, PerBlock: perBlock}
}

// block is the single block i of generation g.
func block(g, i int) Blocks { return Blocks{g, g + 1, i} }

// Replace learns from the newest rows alone (Shumailov et al. 2024, "no original data").
type Replace struct{}

// Over learns from what it draws.
func (Replace) Over(rows Sizes, _ int) (Workflow, error) {
	return Steps(func(g int) Step {
		return Step{[]Draw{drawOf(rows(g), parent(g))}, learn(block(g, 0))}
	}), nil
}

// Accumulate learns from everything so far (Gerstgrasser et al. 2024).
type Accumulate struct{}

// Over learns from all blocks so far.
func (Accumulate) Over(rows Sizes, _ int) (Workflow, error) {
	return Steps(func(g int) Step {
		return Step{[]Draw{drawOf(rows(g), parent(g))}, learn(Blocks{0, g + 1, 0})}
	}), nil
}

// AccumulateSubsample keeps everything and learns from a fixed number of rows of it (Kazdan et al. 2024).
type AccumulateSubsample struct {
	Budget      int  `json:"budget" default:"0" min:"0" doc:"rows learned from in every generation; 0: as many as generation 0"`
	Replacement bool `json:"replacement" default:"false" doc:"draw the budget with replacement"`
}

// Over learns from a sample of all blocks so far; generation 0 learns from its own rows.
func (w AccumulateSubsample) Over(rows Sizes, _ int) (Workflow, error) {
	budget := w.Budget
	if budget == 0 {
		budget = rows(0)
	}
	if have := rows(0) + rows(1); !w.Replacement && budget > have {
		return nil, fmt.Errorf("budget %d: generation 1 has only %d rows to take without replacement", budget, have)
	}
	return Steps(func(g int) Step {
		if g == 0 {
			return Step{[]Draw{drawOf(rows(0), parent(0))}, learn(block(0, 0))}
		}
		pool := Origin{Past: []Blocks{{0, g + 1, 0}}, Replacement: w.Replacement}
		return Step{[]Draw{drawOf(rows(g), parent(g)), drawOf(budget, pool)}, learn(block(g, 1))}
	}), nil
}

// Window learns from the newest generations of rows.
type Window struct {
	Generations int `json:"generations" default:"3" min:"1" doc:"how many generations of rows, the newest among them"`
}

// Over learns from blocks g−k+1 … g.
func (w Window) Over(rows Sizes, _ int) (Workflow, error) {
	return Steps(func(g int) Step {
		return Step{[]Draw{drawOf(rows(g), parent(g))}, learn(Blocks{max(0, g-w.Generations+1), g + 1, 0})}
	}), nil
}
