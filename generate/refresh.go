package generate

import "fmt"

// Refresh draws every row of the last data set anew with a chance, and keeps it otherwise (partial refresh; token editing by
// Zhu et al. 2024, arXiv 2412.14689, who bound the error where the rate decays).
type Refresh struct {
	Rate Schedule `json:"rate" default:"0.1" min:"0" max:"1" doc:"chance that a row is drawn anew from the last fit: a number, a list (one a generation, from generation 1), or {start, factor, step}"`
}

// Over draws block 0 as a mixture of rows of the last data set, taken without replacement, and of the last fit's. Where the
// rows grow, what is new is drawn from the fit as block 1.
func (w Refresh) Over(rows Sizes, generations int) (Workflow, error) {
	if err := w.Rate.Check(generations); err != nil {
		return nil, fmt.Errorf("rate: %w", err)
	}
	drawn := false
	for g := 1; g <= generations; g++ {
		drawn = drawn || w.Rate.At(g) > 0 || rows(g) > rows(g-1)
	}
	if !drawn {
		return nil, fmt.Errorf("rate: 0 in every generation: nothing would be drawn from a fit")
	}
	return Steps(func(g int) Step { return w.step(rows, g) }), nil
}

func (w Refresh) step(rows Sizes, g int) Step {
	if g == 0 {
		return Step{[]Draw{drawOf(rows(0), parent(0))}, learn(block(0, 0))}
	}
	kept, drawn, rate := Origin{Past: []Blocks{block(g-1, 0)}}, parent(g), w.Rate.At(g)
	if g > 1 && rows(g-1) > rows(g-2) {
		kept.Past = append(kept.Past, block(g-1, 1))
	}
	from := []Origin{kept, drawn}
	switch from[0].Prob, from[1].Prob = 1-rate, rate; rate {
	case 0:
		from = []Origin{kept}
	case 1:
		from = []Origin{drawn}
	}
	s := Step{[]Draw{drawOf(min(rows(g), rows(g-1)), from...)}, learn(block(g, 0))}
	if more := rows(g) - rows(g-1); more > 0 {
		s.Draws, s.Lessons = append(s.Draws, drawOf(more, drawn)), learn(block(g, 0), block(g, 1))
	}
	return s
}
