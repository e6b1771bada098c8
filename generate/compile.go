package generate

import (
	"fmt"
	"math"
)

// A Plan is a workflow over generations 0 … len(Steps)−1, checked, with the last use of everything in it.
type Plan struct {
	Steps []Step
	rows  uses    // last generation that needs the rows of a block
	given uses    // last generation that draws given the rows of a block
	block uses    // last generation that needs a block, if only its statistics
	who   []uses  // a model each: last generation that learns from a block
	fits  lasts   // last generation that needs a fit
	sizes []sizes // an index of blocks each

	givenByStats bool // draws given a block need only its statistics
}

// Compile checks generations 0 … generations of w. byStats says that a model needs only the statistics of a block.
func Compile(w Workflow, generations int, byStats func(model int) bool) (*Plan, error) {
	if generations < 1 {
		return nil, fmt.Errorf("generations: %d: there must be at least 1 after generation 0", generations)
	}
	p := &Plan{Steps: make([]Step, 0, generations+1)}
	for g := range generations + 1 {
		s := w.Step(g)
		p.Steps = append(p.Steps, s)
		if len(s.Lessons) == 0 {
			return nil, fmt.Errorf("generation %d: nobody learns", g)
		}
		for i, d := range s.Draws {
			if err := p.checkDraw(g, i, d); err != nil {
				return nil, fmt.Errorf("generation %d: draw %d: %w", g, i, err)
			}
			p.sized(i).add(g, d.Rows)
		}
		for n, l := range s.Lessons {
			if err := p.checkLesson(g, l, byStats(l.Model)); err != nil {
				return nil, fmt.Errorf("generation %d: node %d: %w", g, n, err)
			}
		}
	}
	p.settle()
	return p, nil
}

// settle answers every question about a block once.
func (p *Plan) settle() {
	for i := range p.sizes {
		p.sizes[i].reach(len(p.Steps))
	}
	for _, u := range []*uses{&p.rows, &p.given, &p.block} {
		u.settle(len(p.Steps))
	}
	for m := range p.who {
		p.who[m].settle(len(p.Steps))
	}
}

func (p *Plan) checkDraw(g, i int, d Draw) error {
	if d.Rows < 1 || len(d.From) == 0 {
		return fmt.Errorf("%d rows from %d origins", d.Rows, len(d.From))
	}
	total := 0.0
	for _, o := range d.From {
		total += o.Chance()
		if err := p.checkOrigin(g, i, d.Rows, o, &p.rows); err != nil {
			return err
		}
	}
	if total < 1-1e-12 || total > 1+1e-12 {
		return fmt.Errorf("chances add to %g", total)
	}
	if d.Given != nil {
		return p.checkGiven(g, i, d)
	}
	return nil
}

// checkGiven: rows are given one by one, so they stand for one origin of as many rows.
func (p *Plan) checkGiven(g, i int, d Draw) error {
	if len(d.From) != 1 || d.From[0].Past != nil || d.Given.Fit != nil {
		return fmt.Errorf("given rows (inputs: same) want one origin that draws, and are real or past ones: no block that is mixed draw by draw")
	}
	have := d.Rows
	if d.Given.Past != nil {
		have = 0
		for _, b := range d.Given.Past {
			have += p.Count(b)
		}
	}
	if err := p.checkOrigin(g, i, 0, *d.Given, &p.given); err != nil || have >= d.Rows {
		return err
	}
	return fmt.Errorf("%d rows given for %d draws: inputs: same has no more inputs than generation 0 has rows", have, d.Rows)
}

// checkOrigin notes in needed whose rows a past origin needs.
func (p *Plan) checkOrigin(g, draw, rows int, o Origin, needed *uses) error {
	cases := 0
	for _, is := range []bool{o.Truth, o.Fit != nil, o.Past != nil} {
		if is {
			cases++
		}
	}
	if cases != 1 || o.Prob < 0 || o.Prob > 1 {
		return fmt.Errorf("an origin with %d cases and chance %g", cases, o.Prob)
	}
	if o.Fit != nil {
		return p.useFit(g, *o.Fit)
	}
	have := 0
	for _, b := range o.Past {
		if err := p.useBlocks(g, draw, b, needed); err != nil {
			return err
		}
		have += p.Count(b)
	}
	if most := atMost(rows, o.Chance()); o.Past != nil && !o.Replacement && have < most {
		return fmt.Errorf("%d rows without replacement from %d", most, have)
	}
	return nil
}

func (p *Plan) checkLesson(g int, l Lesson, byStats bool) error {
	if len(l.Shares) == 0 {
		return fmt.Errorf("nothing to learn from")
	}
	if l.Model < 0 {
		return fmt.Errorf("model %d", l.Model)
	}
	for _, s := range l.Shares {
		if !(s.Weight >= 0) || math.IsInf(s.Weight, 0) {
			return fmt.Errorf("weight %g", s.Weight)
		}
		var needed *uses
		if !byStats {
			needed = &p.rows
		}
		if err := p.useBlocks(g, len(p.Steps[g].Draws), s.Blocks, needed); err != nil {
			return err
		}
		for len(p.who) <= l.Model {
			p.who = append(p.who, uses{})
		}
		p.who[l.Model].add(s.Blocks, g)
	}
	if l.Start != nil {
		return p.useFit(g, *l.Start)
	}
	return nil
}

// useBlocks notes that generation g uses b, and in rows, unless it is nil, that it needs the rows; of its own generation
// only draws before the given one exist.
func (p *Plan) useBlocks(g, draw int, b Blocks, rows *uses) error {
	if b.Lo < 0 || b.Lo >= b.Hi || b.Hi > g+1 || b.Index < 0 {
		return fmt.Errorf("blocks %d of generations [%d, %d) do not exist yet", b.Index, b.Lo, b.Hi)
	}
	if b.Hi == g+1 && b.Index >= draw {
		return fmt.Errorf("no block %d in generation %d", b.Index, g)
	}
	if lacking, ok := p.sized(b.Index).lacks(b); ok {
		return fmt.Errorf("no block %d in generation %d", b.Index, lacking)
	}
	p.block.add(b, g)
	if rows != nil {
		rows.add(b, g)
	}
	return nil
}

func (p *Plan) useFit(g int, at At) error {
	if at.Generation < 0 || at.Generation >= g || at.Index < 0 || at.Index >= len(p.Steps[at.Generation].Lessons) {
		return fmt.Errorf("fit %d of generation %d does not exist yet", at.Index, at.Generation)
	}
	p.fits.raise(at, g)
	return nil
}

// Check reports a source or a model that a chain with so many of them lacks.
func (p *Plan) Check(sources, models int) error {
	for g, s := range p.Steps {
		for i, d := range s.Draws {
			for _, o := range d.From {
				if o.Truth && (o.Source < 0 || o.Source >= sources) {
					return fmt.Errorf("generation %d: draw %d: source %d of %d", g, i, o.Source, sources)
				}
			}
		}
		for n, l := range s.Lessons {
			if l.Model < 0 || l.Model >= models {
				return fmt.Errorf("generation %d: node %d: model %d of %d", g, n, l.Model, models)
			}
		}
	}
	return nil
}
