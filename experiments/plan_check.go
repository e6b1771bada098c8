package experiments

import (
	"fmt"

	"modelcollapse/generate"
)

// weights refuses weights that a model of counts cannot use.
func (c *compiled[E]) weights() error {
	for g, s := range c.plan.Steps {
		for n, l := range s.Lessons {
			m := c.Models[l.Model]
			if w, ok := m.(generate.Weigher); ok && w.Weighs() {
				continue
			}
			for _, sh := range l.Shares {
				if w := sh.Relative(); l.PerBlock || w != float64(int64(w)) {
					return c.ofWorkflow(fmt.Errorf("generation %d: node %d: %T counts rows and takes no fractional weights: weigh rows by whole numbers (per: row), or take a workflow that chooses rows instead: mix, fresh, refresh, balanced or incremental", g, n, m))
				}
			}
		}
	}
	return nil
}

// starts refuses to hand an earlier fit to models none of which makes anything of it. Among several one that does is
// enough: the others begin anew.
func (c *compiled[E]) starts() error {
	last := c.plan.Steps[c.Generations]
	for n, l := range last.Lessons {
		if l.Start == nil {
			continue
		}
		for _, m := range c.Models {
			if _, ok := m.(generate.Starter); ok {
				return nil
			}
		}
		return fmt.Errorf("start: node %d is handed an earlier fit, and %T makes nothing of it: leave out start, or take a model that begins at it or has an anchor", n, c.Models[l.Model])
	}
	return nil
}

// given refuses draws given other rows from what has no such draws.
func (c *compiled[E]) given() error {
	for g, s := range c.plan.Steps {
		for i, d := range s.Draws {
			if d.Given == nil {
				continue
			}
			for _, o := range d.From {
				src, err := c.origin(o)
				if err != nil {
					return fmt.Errorf("generation %d: draw %d: %w", g, i, err)
				}
				_, rows := src.(generate.Conditional[E])
				_, stats := src.(generate.GivenStatDrawer[E])
				if !rows && !stats {
					return fmt.Errorf("generation %d: draw %d: inputs: same: %T draws whole rows and has no inputs to be given: set inputs: fresh, or take labelled rows", g, i, src)
				}
			}
		}
	}
	return nil
}

// origin is what an origin will draw from, before there are fits: the truth, or a fit as the config samples it.
func (c *compiled[E]) origin(o generate.Origin) (generate.Source[E], error) {
	switch {
	case o.Truth:
		return c.Truth[o.Source], nil
	case o.Fit != nil:
		return c.sampled(c.Models[c.plan.Steps[o.Fit.Generation].Lessons[o.Fit.Index].Model].Fits())
	}
	return nil, nil
}
