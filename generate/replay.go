package generate

import "fmt"

// Replay learns from the newest rows and puts a weight on the real ones as a whole (experience replay: Rolnick et al.
// 2019, arXiv 1811.11682; with a quadratic penalty towards generation 0, as in elastic weight consolidation, a mean
// obeys the same recursion). It is Augment with all real rows and that weight.
type Replay struct {
	Weight float64 `json:"weight" default:"0.1" min:"0" max:"1" doc:"weight of generation 0's rows as a whole, below 1; the newest rows weigh the rest. 0: they are forgotten, as under replace"`
}

// Validate reports a weight outside [0, 1).
func (w Replay) Validate() error {
	if w.Weight >= 0 && w.Weight < 1 {
		return nil
	}
	return fmt.Errorf("weight: %g: must be at least 0, and below 1, where nothing would be learned from a fit", w.Weight)
}

// Over learns from block 0 of generation 0 with the weight, and block 0 of g with the rest.
func (w Replay) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Validate(); err != nil {
		return nil, err
	}
	if w.Weight == 0 {
		return Replace{}.Over(rows, generations)
	}
	return Augment{RealWeight: Weighing(w.Weight)}.Over(rows, generations)
}
