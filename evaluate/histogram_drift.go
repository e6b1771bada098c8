package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// Drift is Σ (q − q_0)², the squared Euclidean distance of a fit from that of generation 0 of the same node.
type Drift struct{ exactNeeds }

// Needs is the fit of generation 0.
func (Drift) Needs() Needs { return Needs{Baseline: true} }

// Axes is the distance.
func (Drift) Axes() []results.Axis {
	return []results.Axis{{Series: "drift", Label: "squared distance from the first fit", Better: -1}}
}

// Start finds the truth.
func (Drift) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("drift: %w", err)
	}
	return &exactGauge{p: p, measure: func(v View[generate.Histogram], q []float64, to Sink) error {
		first, ok := v.Baseline.(generate.Distribution)
		if !ok || len(first.Probabilities()) != len(q) {
			return fmt.Errorf("drift: the fit of generation 0, %T, does not know the probabilities of %d categories", v.Baseline, len(q))
		}
		var sum num.Accumulator
		for i, x := range first.Probabilities() {
			d := q[i] - x
			sum.Add(float64(d * d))
		}
		to.Put("drift", sum.Sum())
		return nil
	}}, nil
}
