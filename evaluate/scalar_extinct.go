package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Extinct is 1 once the fit is a point, so that all its rows are alike for ever: a Poisson or negative binomial of mean 0, a
// Bernoulli of chance 0 or 1, a variance of 0. Its mean over replicates is the probability of total collapse by that
// generation. NaN for a fit without a variance.
type Extinct struct{}

// Needs is nothing but the fit.
func (Extinct) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its variance.
func (Extinct) Can(fits generate.Fitted[float64]) error { return knowsMoments("extinct", fits) }

// Axes is the share of fits that are points.
func (Extinct) Axes() []results.Axis {
	return []results.Axis{{Series: "extinct", Label: "share of replicates whose fit is a point", Better: -1}}
}

// Start has nothing to fix.
func (Extinct) Start(context.Context, Real[float64]) (Gauge[float64], error) {
	return gaugeOfMoments(func(_ View[float64], _, variance float64, to Sink) {
		switch {
		case math.IsNaN(variance):
			to.Put("extinct", math.NaN())
		case variance == 0:
			to.Put("extinct", 1)
		default:
			to.Put("extinct", 0)
		}
	}), nil
}
