package experiments

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// ErrNothingLeft is an outcome, not a failure: every row of a block was dropped.
var ErrNothingLeft = errors.New("nothing survived the interventions")

// draw makes one block: each origin in turn.
func (x *cell[E]) draw(ctx context.Context, d generate.Draw, at generate.At, key rng.Key) (*block[E], error) {
	w := &drawing[E]{cell: x, block: &block[E]{}, draw: d, at: at, stream: key.Stream()}
	if into := x.shortcut(at, d); into != nil {
		m, _ := x.plan.Learner(at)
		w.drawn, w.stats = into, map[int]generate.Stats[E]{m: into}
	} else {
		w.rows = x.recycled()
	}
	left, chance := d.Rows, 1.0
	for i, o := range d.From {
		n := left
		if i < len(d.From)-1 {
			n = int(rng.Binomial(w.stream, int64(left), o.Chance()/chance))
		}
		left, chance = left-n, chance-o.Chance()
		if n == 0 {
			continue
		}
		if err := w.from(ctx, i, n, key.Child("origin", i)); err != nil {
			return nil, err
		}
	}
	if w.weights != nil {
		w.weigh(len(w.rows))
	}
	if w.drawn == nil && len(w.rows) == 0 {
		return nil, ErrNothingLeft
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
	stream *rand.Rand // of the block
}

// from appends n draws of origin i.
func (w *drawing[E]) from(ctx context.Context, i, n int, key rng.Key) error {
	o := w.draw.From[i]
	if o.Past != nil {
		w.realised.Past += int64(n)
		begin := len(w.rows)
		err := w.resample(o, n)
		w.note(part[E]{origin: i, n: n, rows: w.rows[begin:]})
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
		return w.accepted(ctx, src, i, n, acts, key)
	}
	w.count(o, n)
	begin := len(w.rows)
	given, err := w.append(ctx, src, o, n)
	w.note(part[E]{origin: i, source: src, n: n, rows: w.rows[begin:], given: given})
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

// note remembers a part where a metric asks.
func (w *drawing[E]) note(p part[E]) {
	if w.need.Parts {
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
		if !drawn {
			rows, err := src.Draw(ctx, nil, n, w.stream)
			if err != nil {
				return err
			}
			into.Add(generate.Span[E]{Rows: rows, Weight: 1})
			drawn = true
		}
	}
	if !drawn {
		return fmt.Errorf("%T cannot draw %T", src, into)
	}
	w.note(part[E]{origin: i, source: src, n: n, drawn: into})
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
