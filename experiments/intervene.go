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

// fill draws the rows of a block and, where interventions dropped some and the config refills, again as many as are
// missing, at most Refill times the block's rows in all.
func (w *drawing[E]) fill(ctx context.Context) error {
	rows := w.draw.Rows
	for drawn, round, want := 0, 0, rows; want > 0; round++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.round(ctx, round, want); err != nil {
			return err
		}
		if !w.refills(w.draw, w.at.Generation) {
			return nil
		}
		drawn += want
		want = min(rows-w.Kind.Draws(w.rows), w.Refill*rows-drawn)
	}
	if have := w.Kind.Draws(w.rows); have < rows {
		w.short = fmt.Sprintf("draw %d: %d of %d rows after %d times as many draws", w.at.Index, have, rows, w.Refill)
	}
	return nil
}

// refills reports whether what is dropped of a draw is drawn again. Rows of a finite source are dealt once, so what is
// dropped of those stays away.
func (c *compiled[E]) refills(d generate.Draw, g int) bool {
	acts, dealt := false, false
	for _, o := range d.From {
		acts = acts || len(c.acting(o, g)) > 0
		dealt = dealt || o.Truth && c.deals[o.Source].finite
	}
	return acts && !dealt && c.Refill > 0
}

// accepted appends what the interventions leave of n draws of origin i, at most n.
func (w *drawing[E]) accepted(ctx context.Context, src generate.Source[E], i, n, round int, acts []generate.Intervention[E]) error {
	begin, key := len(w.rows), w.key.Child("origin", i)
	if round > 0 {
		key = key.Child("round", round)
	}
	if err := w.candidates(ctx, src, i, n, round, acts); err != nil {
		return err
	}
	if err := w.intervene(ctx, begin, w.draw.From[i], acts, key); err != nil {
		return err
	}
	return w.cut(begin, n, key)
}

// cut leaves n draws of the rows from begin on, where interventions left more: the first, or of rows that count draws
// any, without replacement.
func (w *drawing[E]) cut(begin, n int, key rng.Key) error {
	rows := w.rows[begin:]
	over := w.Kind.Draws(rows) - n
	if over <= 0 {
		return nil
	}
	w.realised.Dropped += int64(over)
	if w.Kind.Resample == nil {
		w.rows, w.weights = w.rows[:begin+n], w.weights[:begin+n]
		return nil
	}
	for _, x := range w.weights[begin:] {
		if x != 1 {
			return fmt.Errorf("%d draws of weighed %s rows are left over: they cannot be drawn from", over, w.Kind.Name)
		}
	}
	from := generate.Sample[E]{{Rows: append([]E(nil), rows...), Weight: 1}}
	w.rows = w.Kind.Resample(w.rows[:begin], from, n, false, key.Child("cut", 0).Stream())
	w.weights = w.weights[:begin]
	w.weigh(len(w.rows))
	return nil
}

// candidates appends as many draws as the interventions ask for to choose n of them.
func (w *drawing[E]) candidates(ctx context.Context, src generate.Source[E], i, n, round int, acts []generate.Intervention[E]) error {
	want := n
	for _, iv := range acts {
		if o, ok := iv.(generate.Oversampler); ok {
			want = o.Candidates(want)
		}
	}
	o, begin := w.draw.From[i], len(w.rows)
	w.count(o, want)
	given, err := w.append(ctx, src, o, want)
	if w.need.Parts && round == 0 {
		w.note(round, part[E]{origin: i, source: src, n: want, asked: n, rows: append([]E(nil), w.rows[begin:]...), copied: true, given: given})
	}
	return err
}

// intervene runs interventions on the rows from rows[begin:], drops weight 0, tells the trace, and remembers who
// dropped the last of them.
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
		after := w.Kind.Draws(w.rows[begin:])
		if w.realised.Dropped += int64(before - after); before > 0 && after == 0 {
			w.emptied = iv.Name()
		}
	}
	return nil
}
