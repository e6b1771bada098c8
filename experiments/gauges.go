package experiments

import (
	"context"
	"fmt"
	"strings"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// startGauges starts every metric for this cell. Block 0 of generation 0 is drawn again for those that need it:
// it is a pure function of plan and key, so a restart finds the same.
func (x *cell[E]) startGauges(ctx context.Context) error {
	real, err := x.real(ctx)
	if err != nil {
		return err
	}
	for _, m := range x.Metrics {
		g, err := m.Start(ctx, real)
		if err != nil {
			return fmt.Errorf("metric: %w", err)
		}
		x.gauges = append(x.gauges, g)
	}
	return x.recall()
}

// real is what gauges and theories may know of the chain before it runs.
func (x *cell[E]) real(ctx context.Context) (evaluate.Real[E], error) {
	real := evaluate.Real[E]{Kind: x.Kind, HeldOut: x.held, Tune: x.deals[0].tune, Truth: x.Truth[0], Plan: x.plan,
		Models: x.Models, Metrics: x.Metrics, Interventions: x.Interventions, Refill: x.Refill, Probe: x.facts.Probe, Key: x.key.Child("metric", 0)}
	for _, m := range x.Models {
		real.Fits = append(real.Fits, m.Fits())
	}
	if o, ok := x.out.(interface{ Replicate() int }); ok {
		real.Replicate = o.Replicate()
	}
	if x.need.Real {
		b, err := x.draw(ctx, x.plan.Draw(generate.At{}), generate.At{}, x.key.Child("generation", 0).Child("draw", 0))
		if err != nil {
			return real, fmt.Errorf("generation 0: draw 0: %w", err)
		}
		real.Train = generate.Sample[E]{{Rows: b.rows, Weight: 1}}
	}
	return real, nil
}

// recall hands gauges that compare with generation 0 its record, when the chain goes on after it.
func (x *cell[E]) recall() error {
	if x.next == 0 {
		return nil
	}
	out, ok := x.out.(interface {
		Recorded(g int) (results.Record, bool)
	})
	if !ok {
		return nil
	}
	first, ok := out.Recorded(0)
	if !ok {
		return fmt.Errorf("the record of generation 0 is missing: delete the cell's folder to start it anew")
	}
	for _, g := range x.gauges {
		if r, ok := g.(evaluate.Recaller); ok {
			r.Recall(first.Values)
		}
	}
	return nil
}

// Starts starts the gauges of one replicate, and forgets them.
func (c *compiled[E]) Starts(ctx context.Context, key rng.Key) (err error) {
	x := &cell[E]{compiled: c, state: newState[E](), key: key}
	if x.held, err = c.heldOut(ctx, key); err != nil {
		return err
	}
	return x.startGauges(ctx)
}

// Predict asks the theories for the series that are measured and, where no intervention does what only a theory can know
// of, the gauges.
func (c *compiled[E]) Predict(ctx context.Context, key rng.Key) (all []results.Prediction, uncovered []string, err error) {
	x := &cell[E]{compiled: c, state: newState[E](), key: key}
	if x.held, err = c.heldOut(ctx, key); err != nil {
		return nil, nil, err
	}
	real, err := x.real(ctx)
	if err != nil {
		return nil, nil, err
	}
	lines, uncovered := evaluate.Lines(ctx, c.Laws, real)
	for _, p := range lines {
		if c.puts(p.Series) {
			all = append(all, p)
		}
	}
	if len(c.Interventions) > 0 {
		return all, uncovered, nil
	}
	if err := x.startGauges(ctx); err != nil {
		return nil, nil, err
	}
	for _, g := range x.gauges {
		p, ok := g.(evaluate.Predictor)
		if !ok {
			continue
		}
		lines, err := p.Predict()
		if err != nil {
			return nil, nil, fmt.Errorf("prediction: %w", err)
		}
		all = append(all, lines...)
	}
	return all, uncovered, nil
}

// puts reports whether a metric of the chain puts a series.
func (c *compiled[E]) puts(series string) bool {
	for _, a := range c.Axes() {
		family, many := strings.CutSuffix(a.Series, "*")
		if a.Series == series || many && strings.HasPrefix(series, family) {
			return true
		}
	}
	return false
}
