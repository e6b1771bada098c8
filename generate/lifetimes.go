package generate

// Generations is the number of generations after generation 0.
func (p *Plan) Generations() int { return len(p.Steps) - 1 }

// Draw is the draw that makes a block.
func (p *Plan) Draw(at At) Draw { return p.Steps[at.Generation].Draws[at.Index] }

// Count is the planned number of draws of b.
func (p *Plan) Count(b Blocks) int {
	if b.Index >= len(p.sizes) {
		return 0
	}
	return p.sizes[b.Index].count(b)
}

// Rows, Given, Block and Fit are the last generations that need the rows of a block, draw given it, need its statistics, a
// fit; −1: none. To be given a block takes its rows, unless GivenByStats was called.
func (p *Plan) Rows(at At) int {
	if p.givenByStats {
		return p.rows.last(at)
	}
	return max(p.rows.last(at), p.given.last(at))
}
func (p *Plan) Given(at At) int { return p.given.last(at) }
func (p *Plan) Block(at At) int { return p.block.last(at) }
func (p *Plan) Fit(at At) int   { return p.fits.at(at) }

// GivenByStats says that whoever draws given a block needs only its statistics.
func (p *Plan) GivenByStats() { p.givenByStats = true }

// Learner is the model that alone learns from a block.
func (p *Plan) Learner(at At) (model int, ok bool) {
	for m := range p.who {
		if p.who[m].last(at) < 0 {
			continue
		}
		if ok {
			return 0, false
		}
		model, ok = m, true
	}
	return model, ok
}

// Hold keeps a fit until a generation.
func (p *Plan) Hold(fit At, until int) { p.fits.raise(fit, until) }

// PinFits keeps what a fit was learned from for as long as the fit lives, so that a checkpoint need not hold fits.
func (p *Plan) PinFits() {
	for g := len(p.Steps) - 1; g >= 0; g-- {
		for n, l := range p.Steps[g].Lessons {
			until := max(p.Fit(At{g, n}), g)
			for _, s := range l.Shares {
				p.block.add(s.Blocks, until)
				p.rows.add(s.Blocks, until)
			}
			if l.Start != nil {
				p.Hold(*l.Start, until)
			}
		}
	}
	p.settle()
}
