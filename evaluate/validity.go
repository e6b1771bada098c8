package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Validity is the share of fresh rows that are right, of a truth that knows which are (generate.Judge, Labeller);
// validity.change is the difference from generation 0 of the same node. A row of text that the probe cut is left out.
// NaN of no rows.
type Validity[E any] struct{}

// Needs are fresh rows.
func (Validity[E]) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (Validity[E]) Can(generate.Fitted[E]) error { return nil }

// Axes are the share and its change.
func (Validity[E]) Axes() []results.Axis {
	return []results.Axis{
		{Series: "validity", Label: "share of fresh rows that are right", Better: 1},
		{Series: "validity.change", Label: "share of right fresh rows, less generation 0's", Better: 1},
	}
}

// Start asks the truth what is right.
func (Validity[E]) Start(_ context.Context, r Real[E]) (Gauge[E], error) {
	right, err := generate.JudgeOf(r.Truth)
	if err != nil {
		return nil, fmt.Errorf("validity: %w", err)
	}
	return validity[E]{beginning{}, right}, nil
}

type validity[E any] struct {
	beginning
	right func(E) bool
}

// Measure counts right rows.
func (g validity[E]) Measure(_ context.Context, v View[E], to Sink) error {
	rows := v.Probe
	if n := len(rows); n > 0 {
		if last, text := any(rows[n-1]).(generate.Tokens); text && (len(last) == 0 || last[len(last)-1] != generate.End) {
			rows = rows[:n-1]
		}
	}
	n := 0
	for _, row := range rows {
		if g.right(row) {
			n++
		}
	}
	g.since(v.Generation, v.Node, to, "validity", float64(n)/float64(len(rows)), "validity.change")
	return nil
}
