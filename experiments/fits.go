package experiments

import (
	"context"
	"errors"
	"slices"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// A Taker takes a fit of a chain (a generate.Fitted) and the truth (a generate.Source), both of the chain's kind of row.
type Taker func(generation, node int, fit, truth any) error

// Fits hands the fits of some generations to take, in order: those that an earlier run kept, which ended as its seal says, or else (kept
// is nil) of the chain computed again, up to the last of them. A generation that the chain did not reach has none.
func (c *compiled[E]) Fits(ctx context.Context, key rng.Key, kept generate.Store, was results.Seal, generations []int, take Taker) error {
	d := *c
	d.Metrics, d.need, d.facts.Probe = []evaluate.Metric[E]{taking[E]{take, c.Truth[0]}}, evaluate.Needs{}, 0
	d.Chain.Measured = func(g int) bool { return slices.Contains(generations, g) }
	out := until{slices.Max(generations)}
	var err error
	if kept != nil {
		was.Generations = min(was.Generations, out.last+1)
		_, err = d.Again(ctx, key, kept, was, out)
	} else {
		_, err = d.Cell(ctx, key, nil, out)
	}
	if errors.Is(err, ErrStopped) {
		return nil
	}
	return err
}

// until ends a chain after a generation.
type until struct{ last int }

func (u until) Put(r results.Record) error {
	if r.Generation >= u.last {
		return ErrStopped
	}
	return nil
}

func (until) Attach(int, int, string, string, []byte) error { return nil }

// taking is a metric that hands the fit on.
type taking[E any] struct {
	take  Taker
	truth generate.Source[E]
}

func (taking[E]) Needs() evaluate.Needs        { return evaluate.Needs{} }
func (taking[E]) Can(generate.Fitted[E]) error { return nil }
func (taking[E]) Axes() []results.Axis         { return nil }
func (t taking[E]) Start(context.Context, evaluate.Real[E]) (evaluate.Gauge[E], error) {
	return t, nil
}

// Measure hands the fit on; the first and the last generation are measured too where nobody asked for them.
func (t taking[E]) Measure(_ context.Context, v evaluate.View[E], _ evaluate.Sink) error {
	return t.take(v.Generation, v.Node, v.Model, t.truth)
}
