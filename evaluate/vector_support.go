package evaluate

import (
	"context"
	"fmt"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// OutsideSupport is the share of fresh rows where the truth has next to no density: less than at all but the Quantile of its own rows
// that lie farthest out (so that of fresh real rows about Quantile do). It answers the appearance of hallucinated data (Schaeffer
// et al., arXiv 2503.03150) where the support has no sharp edge. The value at generation 0 is the null, and
// outside_support.excess the difference from it.
type OutsideSupport struct {
	Quantile float64 `json:"quantile" default:"1e-4" min:"1e-6" max:"0.5" doc:"share of real rows that lie outside"`
	Rows     int     `json:"rows" default:"100000" min:"100" max:"10000000" doc:"fresh real rows that fix the edge"`
}

// Needs are fresh rows.
func (OutsideSupport) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (OutsideSupport) Can(generate.Fitted[generate.Vector]) error { return nil }

// Axes are the share and its excess.
func (OutsideSupport) Axes() []results.Axis {
	return []results.Axis{
		{Series: "outside_support", Label: "share of fresh rows outside the support", Better: -1, Role: results.RoleHallucination},
		{Series: "outside_support.excess", Label: "share of fresh rows outside the support, above generation 0", Better: -1},
	}
}

// Start finds the edge.
func (m OutsideSupport) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, ok := r.Truth.(generate.Scorer[generate.Vector])
	if !ok {
		return nil, fmt.Errorf("outside_support: %T does not know its density: use a truth such as blobs or moons", r.Truth)
	}
	n, q := m.Rows, m.Quantile
	if n == 0 {
		n, q = 100_000, 1e-4
	}
	rows, err := r.Truth.Draw(ctx, nil, n, r.Key.Child("outside_support", 0).Stream())
	if err != nil {
		return nil, fmt.Errorf("outside_support: %w", err)
	}
	nats := make([]float64, n)
	if err := truth.Score(ctx, rows, nats); err != nil {
		return nil, fmt.Errorf("outside_support: %w", err)
	}
	slices.Sort(nats)
	return &outsideSupport{beginning{}, truth, nats[min(n-1, int(q*float64(n)))]}, nil
}

type outsideSupport struct {
	beginning
	truth generate.Scorer[generate.Vector]
	edge  float64 // log density, nats
}

// Measure puts the share and its excess over generation 0. A row that is not finite lies outside.
func (g *outsideSupport) Measure(ctx context.Context, v View[generate.Vector], to Sink) error {
	nats := make([]float64, len(v.Probe))
	if err := g.truth.Score(ctx, v.Probe, nats); err != nil {
		return fmt.Errorf("outside_support: %w", err)
	}
	outside := 0
	for _, x := range nats {
		if !(x >= g.edge) {
			outside++
		}
	}
	g.since(v.Generation, v.Node, to, "outside_support", float64(outside)/float64(len(v.Probe)), "outside_support.excess")
	return nil
}
