package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// BetweenModes is the share of fresh rows that lie between the truth's labelled modes: those of which no mode is sure,
// because the largest posterior under the modes, taken as equally likely, is below Sure. It is our own reading of the
// entanglement of real data modes (Schaeffer et al., arXiv 2503.03150). Real rows lie between modes too: the value at
// generation 0 is the null, and between_modes.excess the difference from it. Rows that have no density under any mode do not count.
type BetweenModes struct {
	Sure float64 `json:"sure" default:"0.9" min:"0.5" max:"0.999999" doc:"the posterior from which a row belongs to a mode"`
}

// Needs are fresh rows.
func (BetweenModes) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (BetweenModes) Can(generate.Fitted[generate.Vector]) error { return nil }

// Axes are the share and its excess.
func (BetweenModes) Axes() []results.Axis {
	return []results.Axis{
		{Series: "between_modes", Label: "share of fresh rows between modes", Better: -1, Role: results.RoleModes},
		{Series: "between_modes.excess", Label: "share of fresh rows between modes, above generation 0", Better: -1},
	}
}

// A moded truth knows its modes, which are equally likely here.
type moded interface {
	Modes() []generate.Scorer[generate.Vector]
}

// Start asks the truth for its modes.
func (m BetweenModes) Start(_ context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	var modes []generate.Scorer[generate.Vector]
	if t, ok := r.Truth.(moded); ok {
		modes = t.Modes()
	}
	if len(modes) < 2 {
		return nil, fmt.Errorf("between_modes: %T has no labelled modes, or one, or no density: use a truth such as blobs, or moons with noise", r.Truth)
	}
	sure := m.Sure
	if sure == 0 {
		sure = 0.9
	}
	return &betweenModes{beginning{}, modes, sure}, nil
}

type betweenModes struct {
	beginning
	modes []generate.Scorer[generate.Vector]
	sure  float64
}

// Measure puts the share and its excess over generation 0.
func (g *betweenModes) Measure(ctx context.Context, v View[generate.Vector], to Sink) error {
	logs := make([][]float64, len(g.modes))
	for k, mode := range g.modes {
		logs[k] = make([]float64, len(v.Probe))
		if err := mode.Score(ctx, v.Probe, logs[k]); err != nil {
			return fmt.Errorf("between_modes: %w", err)
		}
	}
	between := 0
	for i := range v.Probe {
		top, total := logs[0][i], 0.0
		for _, l := range logs {
			top = max(top, l[i])
		}
		for _, l := range logs {
			total += num.Exp(l[i] - top)
		}
		if 1/total < g.sure { // not for NaN
			between++
		}
	}
	g.since(v.Generation, v.Node, to, "between_modes", float64(between)/float64(len(v.Probe)), "between_modes.excess")
	return nil
}
