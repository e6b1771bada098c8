package experiments

import (
	"context"
	"fmt"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// measured reports whether metrics look at generation g; at the first and the last they always do.
func (c *compiled[E]) measured(g int) bool {
	return c.Measured == nil || c.Measured(g) || g == 0 || g == c.Generations
}

// measure puts every metric of every node on record, and why a fit is degenerate.
func (x *cell[E]) measure(ctx context.Context, g int, key rng.Key, rec *results.Record) error {
	measured := x.measured(g)
	var parts []evaluate.Part[E]
	if measured && x.need.Parts {
		var err error
		if parts, err = x.outcomes(ctx, g, key); err != nil {
			return err
		}
	}
	for n, l := range x.plan.Steps[g].Lessons {
		if measured {
			if err := x.node(ctx, l, n, parts, key, rec); err != nil {
				return fmt.Errorf("node %d: %w", n, err)
			}
		}
		if d, ok := x.fits[generate.At{Generation: g, Index: n}].(generate.Degenerate); ok { // some know only once they were drawn from
			if why := d.Degenerate(); why != "" {
				rec.Note = note(rec.Note, n, why)
			}
		}
	}
	return nil
}

// node puts every metric of one node on record, and keeps what later metrics need.
func (x *cell[E]) node(ctx context.Context, l generate.Lesson, n int, parts []evaluate.Part[E], key rng.Key, rec *results.Record) error {
	v, err := x.view(ctx, l, generate.At{Generation: rec.Generation, Index: n}, key)
	if err != nil {
		return err
	}
	v.Parts = parts
	var sink evaluate.Sink = sink[E]{x, rec, n}
	for _, m := range x.gauges {
		if err := m.Measure(ctx, v, sink); err != nil {
			return err
		}
	}
	if x.attachErr != nil {
		return x.attachErr
	}
	if err := x.keep(rec.Generation, n, v); err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	return nil
}

// view is what gauges may look at of one node; key is the generation's.
func (x *cell[E]) view(ctx context.Context, l generate.Lesson, at generate.At, key rng.Key) (v evaluate.View[E], err error) {
	v = evaluate.View[E]{Generation: at.Generation, Node: at.Index, Model: x.fits[at], HeldOut: x.held, Key: key}
	if x.need.Baseline {
		v.Baseline = x.fits[generate.At{Index: at.Index}]
	}
	if x.need.Rows {
		v.Train = x.sample(x.Kind, l)
	}
	if p := x.pools[at.Index]; p != nil {
		v.Stats = p.sum
	}
	if k, ok := v.Model.(keptRows[E]); ok {
		v.Probe = k.rows[:min(len(k.rows), x.facts.Probe)]
	} else if x.facts.Probe > 0 {
		if v.Probe, err = x.probe(ctx, v.Model, key.Child("probe", at.Index).Child("units", x.facts.Probe)); err != nil {
			return v, fmt.Errorf("probe: %w", err)
		}
	}
	return v, nil
}

func note(old string, node int, why string) string {
	if node > 0 {
		why = fmt.Sprintf("node %d: %s", node, why)
	}
	if old == "" {
		return why
	}
	return old + "; " + why
}

// sink writes into a record, and hands attachments on.
type sink[E any] struct {
	x    *cell[E]
	rec  *results.Record
	node int
}

func (s sink[E]) Put(series string, value float64) {
	s.rec.Values = append(s.rec.Values, results.Value{Node: s.node, Series: series, X: value})
}

func (s sink[E]) Attach(name, mediaType string, content []byte) {
	if err := s.x.out.Attach(s.rec.Generation, s.node, name, mediaType, content); s.x.attachErr == nil {
		s.x.attachErr = err
	}
}
