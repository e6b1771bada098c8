package generate

import "fmt"

// Augment learns from the same real rows for ever and from the last fit's rows (the synthetic augmentation loop of
// Alemohammad et al. 2023, arXiv 2307.01850).
type Augment struct {
	Real       int        `json:"real" default:"0" min:"0" doc:"how many of generation 0's real rows every later generation learns from again, chosen once; 0: all"`
	Synthetic  int        `json:"synthetic" default:"0" min:"0" doc:"rows drawn from the last fit in every generation; 0: as many as rows and growth say"`
	RealWeight RealWeight `json:"real_weight" default:"0" min:"0" max:"1" doc:"weight of the real rows as a whole, the synthetic ones weighing the rest: a number below 1, or golden; 0: rows count alike"`
}

// Validate reports a weight outside [0, 1).
func (w Augment) Validate() error { return w.RealWeight.Check() }

// Over learns from block 0 of every generation and, again and again, block 0 of generation 0: or block 1, where it is only
// some of them. Generation 0 learns from all its real rows.
func (w Augment) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Validate(); err != nil {
		return nil, err
	}
	if w.Real > rows(0) {
		return nil, fmt.Errorf("real: %d: generation 0 has only %d rows to keep", w.Real, rows(0))
	}
	if w.Synthetic > 0 && !rows.constant(generations) {
		return nil, fmt.Errorf("synthetic: %d: a fixed number leaves nothing to grow: leave it out, or growth", w.Synthetic)
	}
	return Steps(func(g int) Step { return w.step(rows, g) }), nil
}

func (w Augment) step(rows Sizes, g int) Step {
	reals, real := rows(0), block(0, 0)
	some := w.Real > 0 && w.Real < reals
	if some {
		reals, real = w.Real, block(0, 1)
	}
	if g == 0 {
		s := Step{[]Draw{drawOf(rows(0), parent(0))}, learn(block(0, 0))}
		if some {
			s.Draws = append(s.Draws, drawOf(reals, Origin{Past: []Blocks{block(0, 0)}}))
		}
		return s
	}
	synthetic := rowsOr(w.Synthetic, rows(g))
	return Step{[]Draw{drawOf(synthetic, parent(g))}, w.RealWeight.blended(block(g, 0), synthetic, real, reals)}
}
