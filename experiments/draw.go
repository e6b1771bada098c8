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
		if err := x.from(ctx, b, d, o, n, at, r, key); err != nil {
			return nil, err
		}
	}
	return b, nil
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
		b.rows = x.resample(b.rows, o, n, at, r)
		return nil
	}
	if b.drawn != nil {
		if !src.(generate.StatDrawer[E]).DrawStats(b.drawn, n, r) {
			return fmt.Errorf("%T cannot draw %T", src, b.drawn)
		}
		return nil
	}
	begin := len(b.rows)
	switch {
	case o.Truth:
		b.rows, err = x.deals[o.Source].draw(ctx, b.rows, n, at, r)
	case d.Given != nil:
		b.rows, err = x.drawGiven(ctx, src, *d.Given, b.rows, n, at, r)
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
		if given, err = x.deals[from.Source].draw(ctx, nil, n, at, r); err != nil {
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
		for len(b.weights) < len(b.rows) {
			b.weights = append(b.weights, 1)
		}
		w := b.weights[begin:]
		batch := generate.Batch[E]{Rows: b.rows[begin:], Weights: w, Model: m, Rand: key.Child("intervention", i).Stream()}
		if err := iv.Apply(ctx, batch); err != nil {
			return fmt.Errorf("%s: %w", iv.Name(), err)
		}
		kept := begin
		for j, weight := range w {
			if weight == 0 {
				b.realised.Dropped++
				if x.Trace != nil {
					x.Trace.Dropped(at, begin+j, iv.Name(), weight)
				}
				continue
			}
			b.rows[kept], b.weights[kept] = b.rows[begin+j], weight
			kept++
		}
		b.rows, b.weights = b.rows[:kept], b.weights[:kept]
	}
	if len(b.rows) == 0 {
		return ErrNothingLeft
	}
	return nil
}

// resample appends n draws of o.Past.
func (x *cell[E]) resample(dst []E, o generate.Origin, n int, at generate.At, r *rand.Rand) []E {
	var from generate.Sample[E]
	var where []generate.At
	total := 0
	for _, bs := range o.Past {
		for past := range bs.Each {
			rows := x.blocks[past].rows
			from, where, total = append(from, generate.Span[E]{Rows: rows, Weight: 1}), append(where, past), total+len(rows)
		}
	}
	if x.Kind.Resample != nil {
		return x.Kind.Resample(dst, from, n, o.Replacement, r)
	}
	for _, i := range choose(total, n, o.Replacement, r) {
		for k, sp := range from {
			if i < len(sp.Rows) {
				if x.Trace != nil {
					x.Trace.Parent(at, len(dst), where[k], i)
				}
				dst = append(dst, sp.Rows[i])
				break
			}
			i -= len(sp.Rows)
		}
	}
	return dst
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
