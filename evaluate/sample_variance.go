package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// SampleVariance is the variance (divisor n − 1) of the probe and, as sample_variance.mean, its mean, of any model of scalars: for
// a fit that does not know its own. Unlike those of a fit they have the sampling error of the probe.
type SampleVariance struct{}

// Needs are fresh rows.
func (SampleVariance) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (SampleVariance) Can(generate.Fitted[float64]) error { return nil }

// Axes are the variance and the mean.
func (SampleVariance) Axes() []results.Axis {
	return []results.Axis{
		{Series: "sample_variance", Label: "variance of fresh rows", Log: true, Better: 1, Role: results.RoleVariance},
		{Series: "sample_variance.mean", Label: "mean of fresh rows"},
	}
}

// Start keeps nothing.
func (SampleVariance) Start(context.Context, Real[float64]) (Gauge[float64], error) {
	return fitGauge[float64](func(_ context.Context, v View[float64], to Sink) error {
		mean, variance := num.Variance(v.Probe)
		to.Put("sample_variance", variance)
		to.Put("sample_variance.mean", mean)
		return nil
	}), nil
}
