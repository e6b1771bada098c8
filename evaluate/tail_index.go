package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TailIndex is the index of a fit whose tail is a power, P(row > x) ~ x^−index, averaged over replicates as logarithms: it
// grows as the tail thins out.
type TailIndex struct{}

// An indexed fit knows its tail index.
type indexed interface{ TailIndex() float64 }

// Needs is nothing but the fit.
func (TailIndex) Needs() Needs { return Needs{} }

// Can asks for a fit with a tail index.
func (TailIndex) Can(fits generate.Fitted[float64]) error {
	if _, ok := fits.(indexed); !ok {
		return fmt.Errorf("tail_index: %T has no tail index: use a model that does, such as pareto", fits)
	}
	return nil
}

// Axes is the index.
func (TailIndex) Axes() []results.Axis {
	return []results.Axis{{Series: "tail_index", Label: "tail index of the fit", Log: true}}
}

// Start keeps nothing.
func (TailIndex) Start(context.Context, Real[float64]) (Gauge[float64], error) {
	return fitGauge[float64](func(_ context.Context, v View[float64], to Sink) error {
		f, ok := v.Model.(indexed)
		if !ok {
			return fmt.Errorf("%T has no tail index", v.Model)
		}
		to.Put("tail_index", f.TailIndex())
		return nil
	}), nil
}
