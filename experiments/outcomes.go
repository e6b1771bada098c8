package experiments

import (
	"context"
	"fmt"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// outcomes are the draws of generation g by block and origin, with what the model that learns from the block needs of
// each and makes of it alone. What was remembered for them is forgotten.
func (x *cell[E]) outcomes(ctx context.Context, g int, key rng.Key) (all []evaluate.Part[E], err error) {
	for i, d := range x.plan.Steps[g].Draws {
		at := generate.At{Generation: g, Index: i}
		b := x.blocks[at]
		if b == nil {
			continue
		}
		m := max(0, x.learnerOf(at))
		inc, merges := x.Models[m].(generate.Incremental[E])
		for k, p := range b.parts {
			part := evaluate.Part[E]{Block: at, Origin: p.origin, Asked: p.asked, Source: p.source}
			part.N, part.Rows, part.Stats = p.n, p.rows, p.drawn
			if merges {
				x.summarise(&part, b, p, d, inc, m)
				if part.Fit, err = x.refit(ctx, part, inc, key.Child("draw", i), k); err != nil {
					return nil, fmt.Errorf("draw %d: %w", i, err)
				}
			}
			all = append(all, part)
		}
		b.parts = nil
	}
	return all, nil
}

// summarise fills in the statistics of a part, of the rows that it was given, and of those that it was drawn from again.
func (x *cell[E]) summarise(part *evaluate.Part[E], b *block[E], p part[E], d generate.Draw, inc generate.Incremental[E], m int) {
	if part.Stats == nil {
		if part.Stats = b.summary(m); part.Stats == nil || len(b.parts) > 1 || p.copied {
			part.Stats = summary(inc, p.rows)
		}
	}
	if part.Given = summary(inc, p.given); d.Given != nil && part.Given == nil {
		part.Given = x.statsOf(inc, m, d.Given.Past[0].First())
	}
	if _, knows := inc.Empty().(generate.Subsampler[E]); knows && d.From[p.origin].Past != nil {
		part.Pool = x.poolOf(inc, m, d.From[p.origin])
	}
}

// refit is what a model makes of a part alone, where the source judges it.
func (x *cell[E]) refit(ctx context.Context, p evaluate.Part[E], inc generate.Incremental[E], key rng.Key, k int) (generate.Fitted[E], error) {
	_, judges := p.Source.(generate.Innovator[E])
	if _, blind := p.Source.(generate.Fitless); !judges || blind {
		return nil, nil
	}
	t := generate.Task[E]{Generation: p.Block.Generation, Rand: new(rng.Deferred).Set(key, "part", k), Progress: silent}
	return inc.FitStats(ctx, t, p.Stats)
}

// learnerOf is the model that learns from a block, the first of several; −1: nobody does.
func (x *cell[E]) learnerOf(at generate.At) int {
	if m, ok := x.plan.Learner(at); ok {
		return m
	}
	for _, l := range x.plan.Steps[at.Generation].Lessons {
		for b := range l.Each {
			if b == at {
				return l.Model
			}
		}
	}
	return -1
}

// summary is the statistics of rows that weigh alike; nil of none.
func summary[E any](m generate.Incremental[E], rows []E) generate.Stats[E] {
	if rows == nil {
		return nil
	}
	s := m.Empty()
	s.Add(generate.Span[E]{Rows: rows, Weight: 1})
	return s
}

// poolOf is the statistics of the rows that an origin draws again, which are drawn whatever they weigh.
func (x *cell[E]) poolOf(m generate.Incremental[E], model int, o generate.Origin) generate.Stats[E] {
	pool := m.Empty()
	for _, bs := range o.Past {
		for past := range bs.Each {
			if b := x.blocks[past]; b.weights != nil {
				pool.Merge(summary(m, b.rows), 1)
				continue
			}
			pool.Merge(x.statsOf(m, model, past), 1)
		}
	}
	return pool
}
