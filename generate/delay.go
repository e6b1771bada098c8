package generate

// Delay learns from rows that an older model wrote: what is crawled today was written several generations ago, by people
// alone at first. Delay 1 is replace; delay k is k chains of replace in turn, each k times slower.
type Delay struct {
	Generations int `json:"generations" default:"2" min:"1" doc:"age of the fit whose rows are learned from; the truth's as long as there is none so old"`
}

// Over draws from the fit of generation g − k, from the truth before there is one, and learns from that alone.
func (w Delay) Over(rows Sizes, _ int) (Workflow, error) {
	return Steps(func(g int) Step {
		from := Origin{Truth: true}
		if g >= w.Generations {
			from = Origin{Fit: &At{g - w.Generations, 0}}
		}
		return Step{[]Draw{drawOf(rows(g), from)}, learn(block(g, 0))}
	}), nil
}
