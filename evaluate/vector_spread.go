package evaluate

import (
	"context"
	"modelcollapse/generate"
	"modelcollapse/results"
)

// Trace is the trace of the fit's covariance over the number of columns, the mean of their variances, in squared units
// of the data; trace.ratio is that over the truth's.
type Trace struct{}

// Needs is nothing but the fit.
func (Trace) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its covariance.
func (Trace) Can(fits generate.Fitted[generate.Vector]) error { return knowsCovariance("trace", fits) }

// Axes are the trace and its ratio.
func (Trace) Axes() []results.Axis {
	return []results.Axis{
		{Series: "trace", Label: "trace of the covariance / dim", Better: 1},
		{Series: "trace.ratio", Label: "trace of the covariance, ratio to the truth", Better: 1, Zero: 1, Role: results.RoleVariance},
	}
}

// Start fixes the truth's.
func (Trace) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, err := trueNormal(ctx, "trace", r)
	if err != nil {
		return nil, err
	}
	real, dim := truth.Trace(), float64(truth.Dim())
	measure := func(_ View[generate.Vector], fit generate.JointNormal, to Sink) {
		t := fit.Trace()
		to.Put("trace", t/dim)
		to.Put("trace.ratio", t/real)
	}
	return gaugeOfNormal(truth, measure), nil
}

// LogDet is the logarithm of the determinant of the fit's covariance, in nats: −Inf once it is singular. log_det.ratio
// is that less the truth's.
type LogDet struct{}

// Needs is nothing but the fit.
func (LogDet) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its covariance.
func (LogDet) Can(fits generate.Fitted[generate.Vector]) error {
	return knowsCovariance("log_det", fits)
}

// Axes are the log determinant and its ratio.
func (LogDet) Axes() []results.Axis {
	return []results.Axis{
		{Series: "log_det", Label: "ln det of the covariance (nats)", Better: 1},
		{Series: "log_det.ratio", Label: "ln det ratio to the truth (nats)", Better: 1},
	}
}

// Start fixes the truth's.
func (LogDet) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, err := trueNormal(ctx, "log_det", r)
	if err != nil {
		return nil, err
	}
	real := truth.LogDet()
	measure := func(_ View[generate.Vector], fit generate.JointNormal, to Sink) {
		x := fit.LogDet()
		to.Put("log_det", x)
		to.Put("log_det.ratio", x-real)
	}
	return gaugeOfNormal(truth, measure), nil
}
