package experiments

import "modelcollapse/generate"

// shortcut says whose statistics are drawn instead of a block, when nobody will ever look at its rows.
func (c *compiled[E]) shortcut(at generate.At, d generate.Draw) (model int, ok bool) {
	model, ok = c.plan.Learner(at)
	if !ok || c.rows || c.plan.Rows(at) >= 0 {
		return 0, false
	}
	for _, o := range d.From { // all origins or none
		if len(c.acting(o, at.Generation)) > 0 || !c.drawsStats(o, d) {
			return 0, false
		}
	}
	return model, true
}

// drawsStats reports whether an origin can draw statistics without rows: of its own accord, or given those of one whole block.
func (c *compiled[E]) drawsStats(o generate.Origin, d generate.Draw) (ok bool) {
	var src any
	switch {
	case o.Truth && !c.deals[o.Source].finite:
		src = c.Truth[o.Source]
	case o.Fit != nil:
		src, _ = c.sampled(c.Models[c.plan.Steps[o.Fit.Generation].Lessons[o.Fit.Index].Model].Fits())
	}
	if d.Given == nil {
		_, ok = src.(generate.StatDrawer[E])
		return ok
	}
	_, ok = src.(generate.GivenStatDrawer[E])
	past := d.Given.Past
	return ok && len(past) == 1 && past[0].Hi == past[0].Lo+1 && c.plan.Count(past[0]) == d.Rows && c.untouched(past[0].First())
}

// untouched reports that no intervention drops or weighs rows of a block.
func (c *compiled[E]) untouched(at generate.At) bool {
	for _, o := range c.plan.Draw(at).From {
		if len(c.acting(o, at.Generation)) > 0 {
			return false
		}
	}
	return true
}

// givenByStats reports that every draw given other rows is made from their statistics, and that these are of the model
// that learns from the draw: then nobody needs the rows.
func (c *compiled[E]) givenByStats() bool {
	for g, s := range c.plan.Steps {
		for i, d := range s.Draws {
			if d.Given == nil {
				continue
			}
			at := generate.At{Generation: g, Index: i}
			learner, ok := c.shortcut(at, d)
			if !ok || d.Given.Past == nil {
				return false
			}
			if first, ok := c.plan.Learner(d.Given.Past[0].First()); !ok || first != learner {
				return false
			}
		}
	}
	return true
}
