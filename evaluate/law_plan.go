package evaluate

import (
	"slices"

	"modelcollapse/generate"
)

// lone is the plan's one lesson a generation, of one model without a start and with plain weights; false: another plan.
func lone(p *generate.Plan, g int) (blocks []generate.At, ok bool) {
	if p == nil || len(p.Steps[g].Lessons) != 1 {
		return nil, false
	}
	l := p.Steps[g].Lessons[0]
	weight := l.Shares[0].Relative()
	for at, w := range l.Each {
		if w != weight {
			return nil, false
		}
		blocks = append(blocks, at)
	}
	return blocks, l.Start == nil && l.Model == 0 && (!l.PerBlock || len(blocks) == 1)
}

// onlyTruth reports that generation 0 learns from block 0 alone, all of it from source 0.
func onlyTruth(p *generate.Plan) bool {
	blocks, ok := lone(p, 0)
	if !ok || len(blocks) != 1 || blocks[0] != (generate.At{}) {
		return false
	}
	d := p.Draw(blocks[0])
	return d.Given == nil && len(d.From) == 1 && d.From[0].Truth && d.From[0].Source == 0
}

// resamplings reads a plan whose every generation learns from rows of the last fit and, perhaps, rows drawn again from
// those of generation 0: steps[g−1] leads to generation g. Any other plan is false, one with fresh or fixed real
// rows among them: those obey other laws.
func resamplings(p *generate.Plan) (steps []Resampling, ok bool) {
	if p == nil || !onlyTruth(p) {
		return nil, false
	}
	learned := float64(p.Draw(generate.At{}).Rows)
	real := learned
	for g := 1; g <= p.Generations(); g++ {
		blocks, ok := lone(p, g)
		if !ok {
			return nil, false
		}
		s, rows := Resampling{}, 0.0
		for _, at := range blocks {
			if at.Generation != g || !s.draw(p.Draw(at), g) {
				return nil, false
			}
			rows += float64(p.Draw(at).Rows)
		}
		s.Synthetic, s.Real = s.Synthetic/learned, s.Real/real
		if s.Real > 1 && !s.Replacement {
			return nil, false
		}
		steps, learned = append(steps, s), rows
	}
	return steps, true
}

// draw adds the rows of d, a draw of generation g, to s, in rows.
func (s *Resampling) draw(d generate.Draw, g int) bool {
	if d.Given != nil {
		return false
	}
	for _, o := range d.From {
		rows := float64(float64(d.Rows) * o.Chance())
		switch {
		case o.Fit != nil && *o.Fit == generate.At{Generation: g - 1}:
			s.Synthetic += rows
		case slices.Equal(o.Past, []generate.Blocks{{Lo: 0, Hi: 1, Index: 0}}):
			if s.Real > 0 && s.Replacement != o.Replacement {
				return false
			}
			s.Real, s.Replacement = s.Real+rows, o.Replacement
		default:
			return false
		}
	}
	return true
}

// accumulated is the rows of every generation's new block under a plan that learns from all blocks so far, each drawn
// from the last fit; false: another plan.
func accumulated(p *generate.Plan) (rows []int, ok bool) {
	if p == nil || !onlyTruth(p) {
		return nil, false
	}
	for g := range p.Steps {
		blocks, ok := lone(p, g)
		if !ok || len(blocks) != g+1 {
			return nil, false
		}
		for i, at := range blocks {
			if at != (generate.At{Generation: i}) {
				return nil, false
			}
		}
		d := p.Draw(generate.At{Generation: g})
		if g > 0 && (d.Given != nil || len(d.From) != 1 || d.From[0].Fit == nil || *d.From[0].Fit != generate.At{Generation: g - 1}) {
			return nil, false
		}
		rows = append(rows, d.Rows)
	}
	return rows, true
}

// replaced is the rows of every generation under replace at one size; false: another plan.
func replaced(p *generate.Plan) (rows int, ok bool) {
	all, real, ok := mixture(p)
	if !ok {
		return 0, false
	}
	for g, m := range all {
		if m != all[0] || g > 0 && real[g] > 0 {
			return 0, false
		}
	}
	return all[0], true
}

// newest is the rows of every generation under a plan whose generation g learns from rows of the last fit alone, as replace
// does; false: another plan.
func newest(p *generate.Plan) (rows []int, ok bool) {
	rows, real, ok := mixture(p)
	for g := range rows {
		ok = ok && (g == 0 || real[g] == 0)
	}
	return rows, ok
}

// mixture is the rows and the chance of a fresh real draw of every generation, under a plan whose generation g learns
// from one block drawn row by row from the truth or from the last fit; false: another plan. Chance 0 is replace.
func mixture(p *generate.Plan) (rows []int, real []float64, ok bool) {
	if p == nil || !onlyTruth(p) {
		return nil, nil, false
	}
	for g := range p.Steps {
		blocks, ok := lone(p, g)
		if !ok || len(blocks) != 1 || blocks[0].Generation != g {
			return nil, nil, false
		}
		d, chance := p.Draw(blocks[0]), 0.0
		for _, o := range d.From {
			switch {
			case o.Truth && o.Source == 0:
				chance += o.Chance()
			case o.Fit == nil || *o.Fit != generate.At{Generation: g - 1}:
				return nil, nil, false
			}
		}
		if d.Given != nil {
			return nil, nil, false
		}
		rows, real = append(rows, d.Rows), append(real, chance)
	}
	return rows, real, true
}
