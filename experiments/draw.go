package experiments

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// draw makes one block: each origin in turn, and again for what interventions drop, where the config refills.
func (x *cell[E]) draw(ctx context.Context, d generate.Draw, at generate.At, key rng.Key) (*block[E], error) {
	w := &x.making
	*w = drawing[E]{cell: x, block: &block[E]{}, draw: d, at: at, key: key, stream: x.dice.Set(key)}
	if m, ok := x.shortcuts[at]; ok {
		w.drawn = x.Models[m].(generate.Incremental[E]).Empty()
		w.summarised(m, w.drawn)
	} else {
		w.rows = x.recycled()
	}
	if err := w.fill(ctx); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(w.weights, func(x float64) bool { return x != 1 }) {
		w.weights = nil
	}
	if w.weights != nil {
		w.weigh(len(w.rows))
	}
	return w.block, nil
}

// weigh gives rows that have no weight yet the weight 1.
func (b *block[E]) weigh(rows int) {
	for len(b.weights) < rows {
		b.weights = append(b.weights, 1)
	}
}

// A drawing is a block in the making.
type drawing[E any] struct {
	*cell[E]
	*block[E]
	draw   generate.Draw
	at     generate.At
	key    rng.Key    // of the block
	stream *rand.Rand // the key's
}

// round appends want draws of the origins by their chances, and what interventions leave of them.
func (w *drawing[E]) round(ctx context.Context, round, want int) error {
	left, chance := want, 1.0
	for i, o := range w.draw.From {
		n := left
		if i < len(w.draw.From)-1 {
			n = int(rng.Binomial(w.stream, int64(left), o.Chance()/chance))
		}
		left, chance = left-n, chance-o.Chance()
		if n == 0 {
			continue
		}
		if err := w.from(ctx, i, n, round); err != nil {
			return err
		}
	}
	return nil
}

// from appends n draws of origin i.
func (w *drawing[E]) from(ctx context.Context, i, n, round int) error {
	o := w.draw.From[i]
	if o.Past != nil {
		w.realised.Past += int64(n)
		begin := len(w.rows)
		err := w.resample(o, n)
		w.note(round, part[E]{origin: i, n: n, asked: n, rows: w.rows[begin:]})
		return err
	}
	src, err := w.source(o)
	if err != nil {
		return err
	}
	if w.drawn != nil {
		w.count(o, n)
		return w.statistics(ctx, src, i, n)
	}
	if acts := w.acting(o, w.at.Generation); len(acts) > 0 {
		return w.accepted(ctx, src, i, n, round, acts)
	}
	w.count(o, n)
	begin := len(w.rows)
	given, err := w.append(ctx, src, o, n)
	w.note(round, part[E]{origin: i, source: src, n: n, asked: n, rows: w.rows[begin:], given: given})
	return err
}

// source is what an origin draws from: the truth, or a fit as the config samples it.
func (x *cell[E]) source(o generate.Origin) (generate.Source[E], error) {
	if o.Truth {
		return x.deals[o.Source].source, nil
	}
	return x.sampled(x.fits[*o.Fit])
}

// count puts n draws of an origin on record.
func (w *drawing[E]) count(o generate.Origin, n int) {
	if o.Truth {
		w.realised.Real += int64(n)
	} else {
		w.realised.Synthetic += int64(n)
	}
}

// note remembers a part of the first round where a metric asks: how many draws a later one has depends on what became
// of the first, so that given their number they are no independent draws.
func (w *drawing[E]) note(round int, p part[E]) {
	if w.need.Parts && round == 0 && w.measured(w.at.Generation) {
		w.parts = append(w.parts, p)
	}
}

// statistics draws what the model needs of n rows, without the rows; with them, where their source knows another family's
// statistics alone.
func (w *drawing[E]) statistics(ctx context.Context, src generate.Source[E], i, n int) error {
	m, _ := w.plan.Learner(w.at)
	into, apart := w.drawn, w.need.Parts && len(w.draw.From) > 1
	model := w.Models[m].(generate.Incremental[E])
	if apart {
		into = model.Empty()
	}
	drawn := false
	if w.draw.Given != nil {
		given := w.statsOf(model, m, w.draw.Given.Past[0].First())
		drawn = src.(generate.GivenStatDrawer[E]).DrawStatsGiven(into, given, n, w.stream)
	} else {
		drawn = src.(generate.StatDrawer[E]).DrawStats(into, n, w.stream)
	}
	switch {
	case !drawn && w.draw.Given != nil:
		return fmt.Errorf("%T cannot draw %T", src, into)
	case !drawn: // statistics of another family: its rows are made for a moment
		rows, err := src.Draw(ctx, w.recycled(), n, w.stream)
		if err != nil {
			return err
		}
		into.Add(generate.Span[E]{Rows: rows, Weight: 1})
		clear(rows) // as in forget
		w.spare = append(w.spare, rows)
	}
	w.note(0, part[E]{origin: i, source: src, n: n, asked: n, drawn: into})
	if apart {
		w.drawn.Merge(into, 1)
	}
	return nil
}

// append draws n rows of an origin; given are the rows that they were drawn given.
func (w *drawing[E]) append(ctx context.Context, src generate.Source[E], o generate.Origin, n int) (given []E, err error) {
	switch {
	case w.draw.Given != nil:
		return w.appendGiven(ctx, src, *w.draw.Given, n)
	case o.Truth:
		w.rows, err = w.deals[o.Source].draw(ctx, w.rows, n, w.draw.Reserve(o.Source), w.at, w.stream)
	default:
		w.rows, err = src.Draw(ctx, w.rows, n, w.stream)
	}
	return nil, err
}

func (w *drawing[E]) appendGiven(ctx context.Context, src generate.Source[E], from generate.Origin, n int) (given []E, err error) {
	cond, ok := src.(generate.Conditional[E])
	if !ok {
		return nil, fmt.Errorf("%T cannot draw given other rows", src)
	}
	if from.Truth {
		if given, err = w.deals[from.Source].draw(ctx, nil, n, n, w.at, w.stream); err != nil {
			return nil, err
		}
	}
	for _, bs := range from.Past {
		for past := range bs.Each {
			given = append(given, w.blocks[past].rows...)
		}
	}
	if len(given) < n {
		return nil, fmt.Errorf("%d rows to be given for %d draws", len(given), n)
	}
	given = given[:n:n]
	w.rows, err = cond.DrawGiven(ctx, w.rows, given, w.stream)
	return given, err
}
