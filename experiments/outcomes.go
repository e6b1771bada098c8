package experiments

import (
	"context"
	"fmt"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
)

// outcomes are the draws of generation g by block and origin, each with what the model that learns from the block makes of
// that part alone.
func (x *cell[E]) outcomes(ctx context.Context, g int) (all []evaluate.Part[E], err error) {
	for i, d := range x.plan.Steps[g].Draws {
		at := generate.At{Generation: g, Index: i}
		b := x.blocks[at]
		if b == nil {
			continue
		}
		m := max(0, x.learnerOf(at))
		inc, merges := x.Models[m].(generate.Incremental[E])
		for _, p := range b.parts {
			part := evaluate.Part[E]{Block: at, Origin: p.origin, Source: p.source}
			part.N, part.Rows, part.Stats = p.n, p.rows, p.drawn
			if merges {
				if part.Stats == nil {
					part.Stats = summary(inc, p.rows)
				}
				if part.Given = summary(inc, p.given); d.Given != nil && part.Given == nil {
					part.Given = x.statsOf(inc, m, d.Given.Past[0].First())
				}
				part.Pool = x.poolOf(inc, m, d.From[p.origin])
				if p.source != nil {
					t := generate.Task[E]{Generation: g, Node: i, Rand: x.key.Child("part", i).Deferred(), Progress: silent}
					if part.Fit, err = inc.FitStats(ctx, t, part.Stats); err != nil {
						return nil, fmt.Errorf("draw %d: %w", i, err)
					}
				}
			}
			all = append(all, part)
		}
	}
	return all, nil
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

// summary is the statistics of rows; nil of none.
func summary[E any](m generate.Incremental[E], rows []E) generate.Stats[E] {
	if rows == nil {
		return nil
	}
	s := m.Empty()
	s.Add(generate.Span[E]{Rows: rows, Weight: 1})
	return s
}

// poolOf is the statistics of the rows that an origin draws again; nil where it draws new ones.
func (x *cell[E]) poolOf(m generate.Incremental[E], model int, o generate.Origin) generate.Stats[E] {
	if o.Past == nil {
		return nil
	}
	pool := m.Empty()
	for _, bs := range o.Past {
		for past := range bs.Each {
			pool.Merge(x.statsOf(m, model, past), 1)
		}
	}
	return pool
}
