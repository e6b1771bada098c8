package experiments

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// ErrNothingLeft is an outcome, not a failure: every row of a block was dropped.
var ErrNothingLeft = errors.New("nothing survived the interventions")

// draw makes one block: each origin in turn, interventions on what a model drew.
func (x *cell[E]) draw(ctx context.Context, d generate.Draw, at generate.At, key rng.Key) (*block[E], error) {
	r, b := key.Stream(), &block[E]{}
	left, chance := d.Rows, 1.0
	if into := x.shortcut(at, d); into != nil {
		m, _ := x.plan.Learner(at)
		b.drawn = into
		b.stats = map[int]generate.Stats[E]{m: into}
	} else {
		b.rows = x.recycled()
	}
	for i, o := range d.From {
		n := left
		if i < len(d.From)-1 {
			n = int(rng.Binomial(r, int64(left), o.Chance()/chance))
		}
		left, chance = left-n, chance-o.Chance()
		if n == 0 {
			continue
		}
		if err := x.from(ctx, b, d, o, n, at, r, key.Child("origin", i)); err != nil {
			return nil, err
		}
	}
	if b.weights != nil {
		b.weigh(len(b.rows))
	}
	if b.drawn == nil && len(b.rows) == 0 {
		return nil, ErrNothingLeft
	}
	return b, nil
}

// weigh gives rows that have no weight yet the weight 1.
func (b *block[E]) weigh(rows int) {
	for len(b.weights) < rows {
		b.weights = append(b.weights, 1)
	}
}

// from appends n draws of one origin to b.
func (x *cell[E]) from(ctx context.Context, b *block[E], d generate.Draw, o generate.Origin, n int, at generate.At, r *rand.Rand, key rng.Key) (err error) {
	var src generate.Source[E]
	switch {
	case o.Truth:
		src, b.realised.Real = x.deals[o.Source].source, b.realised.Real+int64(n)
	case o.Fit != nil:
		src, b.realised.Synthetic = x.fits[*o.Fit], b.realised.Synthetic+int64(n)
	default:
		b.realised.Past += int64(n)
		return x.resample(b, o, n, at, r)
	}
	if b.drawn != nil {
		if !src.(generate.StatDrawer[E]).DrawStats(b.drawn, n, r) {
			return fmt.Errorf("%T cannot draw %T", src, b.drawn)
		}
		return nil
	}
	begin := len(b.rows)
	switch {
	case d.Given != nil:
		b.rows, err = x.drawGiven(ctx, src, *d.Given, b.rows, n, at, r)
	case o.Truth:
		b.rows, err = x.deals[o.Source].draw(ctx, b.rows, n, d.Reserve(o.Source), at, r)
	default:
		b.rows, err = src.Draw(ctx, b.rows, n, r)
	}
	if err != nil || o.Fit == nil || len(x.Interventions) == 0 {
		return err
	}
	return x.intervene(ctx, b, begin, x.fits[*o.Fit], at, key)
}

func (x *cell[E]) drawGiven(ctx context.Context, src generate.Source[E], from generate.Origin, dst []E, n int, at generate.At, r *rand.Rand) ([]E, error) {
	cond, ok := src.(generate.Conditional[E])
	if !ok {
		return nil, fmt.Errorf("%T cannot draw given other rows", src)
	}
	var given []E
	if from.Truth {
		var err error
		if given, err = x.deals[from.Source].draw(ctx, nil, n, n, at, r); err != nil {
			return nil, err
		}
	}
	for _, bs := range from.Past {
		for past := range bs.Each {
			given = append(given, x.blocks[past].rows...)
		}
	}
	if len(given) < n {
		return nil, fmt.Errorf("%d rows to be given for %d draws", len(given), n)
	}
	return cond.DrawGiven(ctx, dst, given[:n:n], r)
}

// intervene runs every intervention on the rows from b.rows[begin:], drops weight 0, and tells the trace.
func (x *cell[E]) intervene(ctx context.Context, b *block[E], begin int, m generate.Fitted[E], at generate.At, key rng.Key) error {
	for i, iv := range x.Interventions {
		b.weigh(len(b.rows))
		w, before := b.weights[begin:], x.Kind.Draws(b.rows[begin:])
		batch := generate.Batch[E]{Rows: b.rows[begin:], Weights: w, Model: m, Rand: key.Child("intervention", i).Stream()}
		if err := iv.Apply(ctx, batch); err != nil {
			return fmt.Errorf("%s: %w", iv.Name(), err)
		}
		kept := begin
		for j, weight := range w {
			if weight == 0 {
				if x.Trace != nil {
					x.Trace.Dropped(at, begin+j, iv.Name(), weight)
				}
				continue
			}
			b.rows[kept], b.weights[kept] = b.rows[begin+j], weight
			kept++
		}
		b.rows, b.weights = b.rows[:kept], b.weights[:kept]
		b.realised.Dropped += int64(before - x.Kind.Draws(b.rows[begin:]))
	}
	return nil
}

// resample appends n draws of o.Past, each with the weight that it has there.
func (x *cell[E]) resample(b *block[E], o generate.Origin, n int, at generate.At, r *rand.Rand) error {
	var from generate.Sample[E]
	var where []generate.At
	ends, total, weighted := []int(nil), 0, false
	for _, bs := range o.Past {
		for past := range bs.Each {
			p := x.blocks[past]
			from, where = append(from, generate.Span[E]{Rows: p.rows, Weight: 1, Weights: p.weights}), append(where, past)
			total, weighted = total+x.Kind.Draws(p.rows), weighted || p.weights != nil
			ends = append(ends, total)
		}
	}
	switch {
	case total == 0 || !o.Replacement && total < n:
		return fmt.Errorf("%w: %d rows are left to draw %d from", ErrNothingLeft, total, n)
	case x.Kind.Resample != nil && weighted:
		return fmt.Errorf("%s rows with weights cannot be drawn again", x.Kind.Name)
	case x.Kind.Resample != nil:
		b.rows = x.Kind.Resample(b.rows, from, n, o.Replacement, r)
		return nil
	}
	for _, i := range choose(total, n, o.Replacement, r) {
		k, _ := slices.BinarySearch(ends, i+1)
		i -= ends[k] - len(from[k].Rows)
		if x.Trace != nil {
			x.Trace.Parent(at, len(b.rows), where[k], i)
		}
		if b.rows = append(b.rows, from[k].Rows[i]); weighted {
			b.weigh(len(b.rows) - 1)
			b.weights = append(b.weights, from[k].At(i))
		}
	}
	return nil
}

// choose picks n of total indices, in rising order without replacement (selection sampling, Knuth's algorithm S).
func choose(total, n int, replacement bool, r *rand.Rand) []int {
	picked := make([]int, 0, n)
	if replacement {
		for range n {
			picked = append(picked, int(r.Int64N(int64(total))))
		}
		return picked
	}
	for i := 0; i < total && len(picked) < n; i++ {
		if r.Int64N(int64(total-i)) < int64(n-len(picked)) {
			picked = append(picked, i)
		}
	}
	return picked
}
