package experiments

import (
	"fmt"

	"modelcollapse/generate"
)

// interventions asks every intervention about every model, and the plan whether what it drops can be drawn again.
func (c *compiled[E]) interventions() error {
	for i, m := range c.Models {
		if _, err := c.sampled(m.Fits()); err != nil {
			return fmt.Errorf("model %d: interventions: %w", i, err)
		}
		for _, iv := range c.Interventions {
			if err := suits(iv, m); err != nil {
				return fmt.Errorf("model %d: interventions: %s: %w", i, iv.Name(), err)
			}
		}
	}
	for g, s := range c.plan.Steps {
		for i, d := range s.Draws {
			if err := c.redraws(d, g); err != nil {
				return fmt.Errorf("generation %d: draw %d: %w", g, i, err)
			}
		}
	}
	return nil
}

// suits asks an intervention about a model.
func suits[E any](iv generate.Intervention[E], m generate.Model[E]) error {
	if d, ok := iv.(generate.Demanding[E]); ok {
		if err := d.Can(m.Fits()); err != nil {
			return err
		}
	}
	w, weighs := iv.(generate.Weigher)
	if !weighs || !w.Weighs() {
		return nil
	}
	if takes, ok := m.(generate.Weigher); !ok || !takes.Weighs() {
		return fmt.Errorf("%T counts rows and takes no fractional weights: drop rows instead", m)
	}
	return nil
}

// redraws refuses what cannot be drawn again, or more of than the plan says.
func (c *compiled[E]) redraws(d generate.Draw, g int) error {
	acts, more, finite, past := false, c.Refill > 0, false, false
	for _, o := range d.From {
		for _, iv := range c.acting(o, g) {
			_, over := iv.(generate.Oversampler)
			acts, more = true, more || over
		}
		finite = finite || o.Truth && c.deals[o.Source].finite
		past = past || o.Past != nil && !o.Replacement
	}
	switch {
	case !acts || !more:
		return nil
	case d.Given != nil:
		return fmt.Errorf("rows that are drawn given other rows cannot be drawn again: set inputs: fresh, or leave out refill " +
			"and interventions that choose among candidates")
	case len(d.From) > 1 && c.Refill > 0 && (finite || past):
		return fmt.Errorf("refill: a mixture with rows that are dealt once cannot be drawn again: mix exact counts " +
			"(real.per: count), or leave out refill")
	}
	return nil
}
