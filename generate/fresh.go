package generate

import "fmt"

// Fresh learns from real rows never seen before and from the last fit's rows (the fresh data loop of Alemohammad et al. 2023,
// arXiv 2307.01850; He et al. 2025, arXiv 2502.18049, for the weight). Unlike Mix it has a number of its own for either.
type Fresh struct {
	Real       int        `json:"real" default:"0" min:"0" doc:"new real rows in every generation from 1 on; 0: as many as rows and growth say"`
	Synthetic  int        `json:"synthetic" default:"0" min:"0" doc:"rows drawn from the last fit in every generation; 0: as many as rows and growth say"`
	RealWeight RealWeight `json:"real_weight" default:"0" min:"0" max:"1" doc:"weight of the real rows as a whole, the synthetic ones weighing the rest: a number below 1, or golden, the best one for a mean; 0: rows count alike"`
}

// Validate reports a weight outside [0, 1).
func (w Fresh) Validate() error { return w.RealWeight.Check() }

// Over draws synthetic rows as block 0 and real ones as block 1. Generation 0 learns from its real rows alone, so that a
// loop over n real and n synthetic rows starts from n rows, or from 2n where rows says so and real is n.
func (w Fresh) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Validate(); err != nil {
		return nil, err
	}
	if w.Synthetic > 0 && w.Real > 0 && !rows.constant(generations) {
		return nil, fmt.Errorf("real: %d and synthetic: %d: fixed numbers leave nothing to grow: leave one out, or growth", w.Real, w.Synthetic)
	}
	return Steps(func(g int) Step {
		if g == 0 {
			return Step{[]Draw{drawOf(rows(0), parent(0))}, learn(block(0, 0))}
		}
		real, synthetic := rowsOr(w.Real, rows(g)), rowsOr(w.Synthetic, rows(g))
		return Step{[]Draw{drawOf(synthetic, parent(g)), drawOf(real, Origin{Truth: true})},
			w.RealWeight.blended(block(g, 0), synthetic, block(g, 1), real)}
	}), nil
}
