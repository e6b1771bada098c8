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

// measured reports whether metrics look at generation g; at the first and the last they always do.
func (c *compiled[E]) measured(g int) bool {
	return c.Measured == nil || c.Measured(g) || g == 0 || g == c.Generations
}

// measure puts every metric of every node on record, and why a fit is degenerate.
func (x *cell[E]) measure(ctx context.Context, g int, key rng.Key, rec *results.Record) error {
	measured := x.measured(g)
	var parts []evaluate.Part[E]
	if measured && x.need.Parts {
		var err error
		if parts, err = x.outcomes(ctx, g, key); err != nil {
			return err
		}
	}
	for n, l := range x.plan.Steps[g].Lessons {
		at := generate.At{Generation: g, Index: n}
		if d, ok := x.fits[at].(generate.Degenerate); ok {
			if why := d.Degenerate(); why != "" {
				rec.Note = note(rec.Note, n, why)
			}
		}
		if !measured {
			continue
		}
		v := evaluate.View[E]{Generation: g, Node: n, Model: x.fits[at], HeldOut: x.held, Parts: parts, Key: key}
		if x.need.Baseline {
			v.Baseline = x.fits[generate.At{Index: n}]
		}
		if x.need.Rows {
			v.Train = x.sample(x.Kind, l)
		}
		if p := x.pools[n]; p != nil {
			v.Stats = p.sum
		}
		var err error
		if x.facts.Probe > 0 {
			if v.Probe, err = x.probe(ctx, v.Model, key.Child("probe", n).Child("units", x.facts.Probe)); err != nil {
				return fmt.Errorf("node %d: probe: %w", n, err)
			}
		}
		var sink evaluate.Sink = sink[E]{x, rec, n}
		for _, m := range x.gauges {
			if err := m.Measure(ctx, v, sink); err != nil {
				return fmt.Errorf("node %d: %w", n, err)
			}
		}
		if x.attachErr != nil {
			return x.attachErr
		}
		if err := x.keep(g, n, v); err != nil {
			return fmt.Errorf("node %d: keep: %w", n, err)
		}
	}
	return nil
}

func note(old string, node int, why string) string {
	if node > 0 {
		why = fmt.Sprintf("node %d: %s", node, why)
	}
	if old == "" {
		return why
	}
	return old + "; " + why
}

// probe draws whole rows of a fit until they have at least facts.Probe units, and cuts the last one.
// The number of rows asked for at a time follows from what was drawn, so it is the same wherever it runs.
func (x *cell[E]) probe(ctx context.Context, f generate.Fitted[E], key rng.Key) (rows []E, err error) {
	r, want := key.Stream(), x.facts.Probe
	if x.Kind.Units == nil {
		return f.Draw(ctx, nil, want, r)
	}
	perRow := max(1, float64(x.facts.Units)/float64(max(1, x.facts.Rows)))
	have := 0
	for have < want {
		from := len(rows)
		n := int(float64(want-have)/perRow) + 1
		if rows, err = f.Draw(ctx, rows, n, r); err != nil {
			return nil, err
		}
		drawn := x.Kind.UnitsOf(rows[from:])
		if drawn == 0 {
			return nil, fmt.Errorf("%d rows of no tokens", n)
		}
		perRow, have = max(1, float64(drawn)/float64(n)), have+drawn
	}
	return cut(x.Kind, rows, have, want), nil
}

// cut drops whole rows from the end, then cuts the last one, until want of have units are left.
func cut[E any](k generate.Kind[E], rows []E, have, want int) []E {
	for have > want {
		last := len(rows) - 1
		units := k.Units(rows[last])
		if over := have - want; over < units {
			rows[last] = k.Cut(rows[last], units-over)
			return rows
		}
		rows, have = rows[:last], have-units
	}
	return rows
}

// sink writes into a record, and hands attachments on.
type sink[E any] struct {
	x    *cell[E]
	rec  *results.Record
	node int
}

func (s sink[E]) Put(series string, value float64) {
	s.rec.Values = append(s.rec.Values, results.Value{Node: s.node, Series: series, X: value})
}

func (s sink[E]) Attach(name, mediaType string, content []byte) {
	if err := s.x.out.Attach(s.rec.Generation, s.node, name, mediaType, content); s.x.attachErr == nil {
		s.x.attachErr = err
	}
}
