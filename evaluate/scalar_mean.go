package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// MeanDrift is the mean of the fit less the truth's, in units of the data, and mean_drift.squared its square. The
// drift itself averages to 0 over replicates however far each of them walks: how far is in the square.
// The truth's mean is its own where it knows it, else that of all its training rows.
type MeanDrift struct{}

// Needs is nothing but the fit.
func (MeanDrift) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its mean.
func (MeanDrift) Can(fits generate.Fitted[float64]) error { return knowsMoments("mean_drift", fits) }

// Axes are the drift and its square.
func (MeanDrift) Axes() []results.Axis {
	return []results.Axis{
		{Series: "mean_drift", Label: "mean of the fit − true mean"},
		{Series: "mean_drift.squared", Label: "squared error of the mean", Better: -1},
	}
}

// Start fixes the true mean.
func (MeanDrift) Start(_ context.Context, r Real[float64]) (Gauge[float64], error) {
	real, _, err := trueMoments("mean_drift", r.Truth)
	if err != nil {
		return nil, err
	}
	return gaugeOfMoments(func(_ View[float64], mean, _ float64, to Sink) {
		d := mean - real
		to.Put("mean_drift", d)
		to.Put("mean_drift.squared", float64(d*d))
	}), nil
}
