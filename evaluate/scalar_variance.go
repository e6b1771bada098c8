package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Variance is the variance of the fit, in squared units of the data, by the divisor of the model's estimator.
//
// Under replace a normal's variance is a product of independent chi-squares: close to log-normal, with a mean that
// hardly any replicate comes near. So the default axis is logarithmic, replicates are averaged as logs, and the line is
// exp E ln var. On a linear axis the band is a mean and the line is E var, which has a closed form under accumulate too.
type Variance struct {
	Axis string `json:"axis" default:"log" enum:"log,linear" doc:"how replicates are averaged: log: as logs, under the line exp E ln var (replace); linear: as they are, under the line E var (replace, accumulate)"`
}

func (m Variance) log() bool { return m.Axis != "linear" }

// Needs is nothing but the fit.
func (Variance) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its variance.
func (Variance) Can(fits generate.Fitted[float64]) error { return knowsMoments("variance", fits) }

// Axes is the variance.
func (m Variance) Axes() []results.Axis {
	return []results.Axis{{Series: "variance", Label: "variance of the fit", Log: m.log(), Better: 1, Role: results.RoleVariance}}
}

// Start keeps nothing.
func (Variance) Start(context.Context, Real[float64]) (Gauge[float64], error) {
	return gaugeOfMoments(func(_ View[float64], _, variance float64, to Sink) { to.Put("variance", variance) }), nil
}

// LogVarianceRatio is ln(variance of the fit / variance of the truth) or, as log_variance_ratio.since, over that of generation 0's fit:
// twice the nats of spread that were won or lost. The truth's variance is its own where it knows it, else that (divisor n) of
// all its training rows. 0/0 is NaN.
type LogVarianceRatio struct {
	Against string `json:"against" default:"truth" enum:"truth,generation_0" doc:"whose variance is the denominator: the truth's, or that of the same replicate's generation 0"`
}

func (m LogVarianceRatio) own() bool { return m.Against == "generation_0" }

// Needs is the fit, and generation 0's where that is compared with.
func (m LogVarianceRatio) Needs() Needs { return Needs{Baseline: m.own()} }

// Can asks for a fit that knows its variance.
func (LogVarianceRatio) Can(fits generate.Fitted[float64]) error {
	return knowsMoments("log_variance_ratio", fits)
}

// Axes is the log ratio, in nats.
func (m LogVarianceRatio) Axes() []results.Axis { return []results.Axis{logRatioAxis(m.own())} }

// logRatioSeries are two names for two quantities.
func logRatioSeries(own bool) string {
	if own {
		return "log_variance_ratio.since"
	}
	return "log_variance_ratio"
}

func logRatioAxis(own bool) results.Axis {
	label := "ln variance ratio to the truth (nats)"
	if own {
		label = "ln variance ratio to generation 0 (nats)"
	}
	return results.Axis{Series: logRatioSeries(own), Label: label, Better: 1, Role: results.RoleLogVariance}
}

// Start fixes the denominator.
func (m LogVarianceRatio) Start(_ context.Context, r Real[float64]) (Gauge[float64], error) {
	_, real, err := trueMoments("log_variance_ratio", r.Truth)
	if err != nil && !m.own() {
		return nil, err
	}
	return gaugeOfMoments(func(v View[float64], _, variance float64, to Sink) {
		of := real
		if b, ok := v.Baseline.(momented); ok && m.own() {
			_, of = b.Moment2()
		}
		to.Put(logRatioSeries(m.own()), logRatio(variance, of))
	}), nil
}
