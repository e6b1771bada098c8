package generate

import (
	"fmt"
	"math"
	"slices"
)

// Weighted learns from everything so far, with a weight by generation.
type Weighted struct {
	By      string    `json:"by" default:"inverse_generation" enum:"inverse_generation,given,golden_ratio,decay" doc:"weight of generation h: inverse_generation: 1/(h+1); given: weights; golden_ratio: the newest weighs 0.618 of the whole, all before it 0.382 with their own proportions; decay: factor^(g−h) in generation g"`
	Weights []float64 `json:"weights" min:"0" max:"1000000000" doc:"given: a weight a generation, the first of generation 0; 0 leaves a generation out"`
	Factor  float64   `json:"factor" default:"0.5" min:"0" max:"1" doc:"decay: what a generation loses with every one that follows; 1 is accumulate"`
	Per     string    `json:"per" default:"row" enum:"row,block" doc:"whether a weight is that of each row of a generation or of all its rows together; the same where all generations have equally many"`
}

// Validate reports settings that contradict each other.
func (w Weighted) Validate() error {
	switch {
	case (w.By == "given") != (len(w.Weights) > 0):
		return fmt.Errorf("weights: belong to by: given, and are needed there; by is %s with %d weights", w.By, len(w.Weights))
	case w.By == "golden_ratio" && w.Per != "block":
		return fmt.Errorf("per: %s: golden_ratio weighs whole generations: write per: block", w.Per)
	case w.By == "decay" && !(w.Factor > 0 && w.Factor <= 1):
		return fmt.Errorf("factor: %g: must be above 0, where nothing but the newest rows would be left (replace), and at most 1", w.Factor)
	}
	for h, x := range w.Weights {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("weights[%d]: %g: must be at least 0 and finite", h, x)
		}
	}
	return nil
}

// Over learns from blocks 0 … g. Generation 0 has but its own rows, whatever they weigh.
func (w Weighted) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Validate(); err != nil {
		return nil, err
	}
	if w.By == "given" {
		if err := w.covers(generations); err != nil {
			return nil, err
		}
	}
	return Steps(func(g int) Step {
		s := Step{[]Draw{drawOf(rows(g), parent(g))}, learn(block(0, 0))}
		if g > 0 {
			s.Lessons = []Lesson{weighed(w.Per == "block", w.shares(g)...)}
		}
		return s
	}), nil
}

// covers reports weights that end before the run, or leave a generation nothing to learn from.
func (w Weighted) covers(generations int) error {
	if len(w.Weights) <= generations {
		return fmt.Errorf("weights: %d of them for generations 0 to %d: give %d", len(w.Weights), generations, generations+1)
	}
	if w.Weights[0] == 0 && w.Weights[1] == 0 {
		return fmt.Errorf("weights: those of generations 0 and 1 are 0: generation 1 has nothing to learn from")
	}
	if slices.Max(w.Weights[1:generations+1]) == 0 {
		return fmt.Errorf("weights: those of all generations but 0 are 0: nothing would be learned from a fit")
	}
	return nil
}

// shares are blocks 0 … g with their weights, 0 where nothing is left of one.
func (w Weighted) shares(g int) []Share {
	shares := make([]Share, g+1)
	left := 1.0 // of the whole (golden_ratio), or of one generation's weight (decay)
	for h := g; h >= 0; h-- {
		shares[h] = Share{Blocks: block(h, 0)}
		switch w.By {
		case "given":
			shares[h].Weight = w.Weights[h]
		case "decay":
			shares[h].Weight, left = left, float64(left*w.Factor)
		case "golden_ratio":
			if shares[h].Weight = left; h > 0 {
				shares[h].Weight, left = float64(left*(math.Phi-1)), float64(left*(2-math.Phi))
			}
		default:
			shares[h].Weight = 1 / float64(h+1)
		}
	}
	return shares
}
