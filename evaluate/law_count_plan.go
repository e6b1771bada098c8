package evaluate

import (
	"slices"

	"modelcollapse/generate"
)

// A countPlan is the chain of a plan, and how its fits are drawn from.
type countPlan struct {
	CountChain
	sampled func(index int) func(q float64) float64 // nil: honestly
}

// of is the chain of one category.
func (c countPlan) of(index int) CountChain {
	chain := c.CountChain
	if c.sampled != nil {
		chain.Sampled = c.sampled(index)
	}
	return chain
}

// mutates reports that categories must be followed one by one.
func (c countPlan) mutates() bool { return c.sampled != nil || c.CountChain.mutates() }

// countPlanOf reads an experiment whose counts are a chain, and its true probabilities; false: another.
func countPlanOf(r Real[generate.Histogram]) (c countPlan, p []float64, ok bool) {
	if p, err := truthOf(r); err == nil && len(r.Fits) > 0 {
		if c.Smoothing, ok = smoothingOf(r.Fits[0]); !ok {
			return c, nil, false
		}
		c.Categories = len(p)
		if c.Steps, ok = countSteps(r.Plan, c.Smoothing > 0); !ok {
			return c, nil, false
		}
		c.sampled, ok = samplingOf(r, len(p))
		return c, p, ok
	}
	return c, nil, false
}

// smoothingOf is what a model of categories adds to every count; false: it is another model.
func smoothingOf(fits generate.Fitted[generate.Histogram]) (alpha float64, ok bool) {
	switch f := fits.(type) {
	case generate.Frequencies:
		return 0, true
	case interface{ Smoothing() float64 }:
		return f.Smoothing(), true
	}
	return 0, false
}

// samplingOf is how the interventions make a category be drawn, by its index: nil without any; false where they look
// at rows, or where there are more than two categories, so that it does not follow from the category's own count.
func samplingOf(r Real[generate.Histogram], categories int) (of func(index int) func(q float64) float64, ok bool) {
	if len(r.Interventions) == 0 {
		return nil, true
	}
	if categories != 2 {
		return nil, false
	}
	draw := drawnShares(r.Interventions)
	if draw == nil {
		return nil, false
	}
	sampled := func(first float64) []float64 {
		q, err := draw([]float64{first, 1 - first})
		if err != nil || len(q) != 2 {
			return nil
		}
		return q
	}
	if sampled(.5) == nil {
		return nil, false
	}
	return func(index int) func(q float64) float64 {
		return func(q float64) float64 {
			if index == 1 {
				return sampled(1 - q)[1]
			}
			return sampled(q)[0]
		}
	}, true
}

// countSteps reads a plan whose every lesson is rows drawn in its own generation, from the truth or from the last fit,
// and perhaps all that the lesson before learned from; false: another plan. exact asks that every row weighs 1.
func countSteps(p *generate.Plan, exact bool) (steps []CountStep, ok bool) {
	if p == nil || !onlyTruth(p) {
		return nil, false
	}
	var before []generate.At
	for g := range p.Steps {
		blocks, ok := lone(p, g)
		if l := p.Steps[g].Lessons[0]; !ok || exact && (l.PerBlock || l.Shares[0].Relative() != 1) {
			return nil, false
		}
		s, fresh := CountStep{}, blocks
		if g > 0 && len(blocks) >= len(before) && slices.Equal(blocks[:len(before)], before) {
			s.Keep, fresh = true, blocks[len(before):]
		}
		for i, at := range fresh {
			if at.Generation != g || i > 0 && at.Index <= fresh[i-1].Index || !s.add(p.Draw(at), g) {
				return nil, false
			}
		}
		steps, before = append(steps, s), blocks
	}
	return steps, true
}

// add adds the rows of d, a draw of generation g, to s; false: they come from elsewhere, or by another chance than
// those that are drawn already.
func (s *CountStep) add(d generate.Draw, g int) bool {
	if d.Given != nil {
		return false
	}
	real := 0.0
	for _, o := range d.From {
		switch {
		case o.Truth && o.Source == 0:
			real += o.Chance()
		case o.Fit == nil || *o.Fit != generate.At{Generation: g - 1}:
			return false
		}
	}
	if len(d.From) == 1 && real > 0 {
		s.Fresh += d.Rows
		return true
	}
	if s.Drawn > 0 && s.Real != real {
		return false
	}
	s.Drawn, s.Real = s.Drawn+d.Rows, real
	return true
}
