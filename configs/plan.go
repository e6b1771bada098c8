package configs

import "fmt"

// Growth says how the rows of a generation grow.
type Growth struct {
	Rule string  `json:"rule" default:"constant" enum:"constant,linear,power,geometric" doc:"Rows of generation g: rows times 1, 1 + rate·g, (g+1)^rate or rate^g."`
	Rate float64 `json:"rate" default:"1" doc:"Of the rule."`
}

// Turns says which of model and models is fitted when.
type Turns struct {
	By    string `json:"by" default:"generation" enum:"generation,node" doc:"Whether an architecture belongs to a generation or to a node of a network."`
	Order []int  `json:"order" min:"0" doc:"Numbers of architectures, 0 being model and 1 the first of models; repeated from the start. Empty: each in turn."`
}

// Order is the number of the architecture (0: Model, i: Models[i−1]) of generation or node i mod its length.
func (c Config) Order() []int {
	if len(c.Turns.Order) > 0 {
		return c.Turns.Order
	}
	order := make([]int, len(c.Models)+1)
	for i := range order {
		order[i] = i
	}
	return order
}

func (c Config) validateTurns() error {
	for _, i := range c.Turns.Order {
		if i > len(c.Models) {
			return fmt.Errorf("turns.order names architecture %d, and there are 0 (model) to %d (of models)", i, len(c.Models))
		}
	}
	if c.Turns.By == "generation" && len(c.Turns.Order) > 1 && len(c.Turns.Order) > c.Generations+1 {
		return fmt.Errorf("turns.order has %d entries for %d generations", len(c.Turns.Order), c.Generations+1)
	}
	return nil
}
