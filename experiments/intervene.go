package experiments

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// sampled is a fit as the config samples it: every intervention that draws differently, in order.
func (c *compiled[E]) sampled(f generate.Fitted[E]) (src generate.Source[E], err error) {
	src = f
	for _, iv := range c.Interventions {
		s, ok := iv.(generate.Sampler[E])
		if !ok {
			continue
		}
		if src, err = s.Sampled(src); err != nil {
			return nil, fmt.Errorf("%s: %w", iv.Name(), err)
		}
	}
	return src, nil
}

// acting are the interventions that look at the rows of an origin in a generation.
func (c *compiled[E]) acting(o generate.Origin, g int) (acts []generate.Intervention[E]) {
	for _, iv := range c.Interventions {
		if _, draws := iv.(generate.Sampler[E]); draws {
			continue
		}
		real, _ := iv.(generate.Scoped)
		if o.Fit != nil || o.Truth && real != nil && real.Real(g) {
			acts = append(acts, iv)
		}
	}
	return acts
}

// accepted appends what the interventions leave of n draws of origin i or, where the config refills, of as many draws
// as it takes to have n, at most Refill times n.
func (w *drawing[E]) accepted(ctx context.Context, src generate.Source[E], i, n int, acts []generate.Intervention[E], key rng.Key) error {
	first := len(w.rows)
	drawn := 0
	for round, want := 0, n; ; round++ {
		begin := len(w.rows)
		if err := w.candidates(ctx, src, i, want, acts); err != nil {
			return err
		}
		drawn += want
		if round > 0 {
			key = key.Child("round", round)
		}
		if err := w.intervene(ctx, begin, w.draw.From[i], acts, key); err != nil {
			return err
		}
		have := w.Kind.Draws(w.rows[first:])
		if want = min(n-have, w.Refill*n-drawn); want <= 0 {
			return nil
		}
	}
}

// candidates appends as many draws as the interventions ask for to choose want of them.
func (w *drawing[E]) candidates(ctx context.Context, src generate.Source[E], i, want int, acts []generate.Intervention[E]) error {
	for _, iv := range acts {
		if o, ok := iv.(generate.Oversampler); ok {
			want = o.Candidates(want)
		}
	}
	o, begin := w.draw.From[i], len(w.rows)
	w.count(o, want)
	given, err := w.append(ctx, src, o, want)
	if w.need.Parts {
		w.note(part[E]{origin: i, source: src, n: want, rows: append([]E(nil), w.rows[begin:]...), given: given})
	}
	return err
}

// intervene runs interventions on the rows from rows[begin:], drops weight 0, and tells the trace.
func (w *drawing[E]) intervene(ctx context.Context, begin int, o generate.Origin, acts []generate.Intervention[E], key rng.Key) error {
	for i, iv := range acts {
		w.weigh(len(w.rows))
		weights, before := w.weights[begin:], w.Kind.Draws(w.rows[begin:])
		batch := generate.Batch[E]{Rows: w.rows[begin:], Weights: weights, Generation: w.at.Generation, Real: o.Truth,
			Rand: key.Child("intervention", i).Stream()}
		if o.Fit != nil {
			batch.Model = w.fits[*o.Fit]
		}
		if err := iv.Apply(ctx, batch); err != nil {
			return fmt.Errorf("%s: %w", iv.Name(), err)
		}
		kept := begin
		for j, weight := range weights {
			if weight == 0 {
				if w.Trace != nil {
					w.Trace.Dropped(w.at, begin+j, iv.Name(), weight)
				}
				continue
			}
			w.rows[kept], w.weights[kept] = w.rows[begin+j], weight
			kept++
		}
		w.rows, w.weights = w.rows[:kept], w.weights[:kept]
		w.realised.Dropped += int64(before - w.Kind.Draws(w.rows[begin:]))
	}
	return nil
}
