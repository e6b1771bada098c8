package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
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
		{Series: "trace.ratio", Label: "trace of the covariance, ratio to the truth", Better: 1, Zero: 1},
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
	return gaugeOfNormal(truth, measure, func() []results.Prediction {
		l, _, ok := vectorPlan(r)
		if !ok {
			return nil
		}
		return append(l.line("trace", "mean", func(g int) float64 { return float64(real/dim) * l.variance(g) }),
			l.line("trace.ratio", "mean", l.variance)...)
	}), nil
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

// Start fixes the truth's. Under replace E ln det = ln det Σ + (g+1)·(Σ_{i=1…d} ψ((M−i)/2) + d·ln(2/divisor)): a Wishart
// determinant is a product of independent chi-squares (Anderson 2003, theorem 7.5.3).
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
	return gaugeOfNormal(truth, measure, func() []results.Prediction {
		l, shape, ok := vectorPlan(r)
		if !ok || !l.replace || shape == "spherical" && !truth.Spherical() {
			return nil
		}
		start := real
		if shape == "diagonal" { // such a fit never sees the correlations
			start = 0
			for _, v := range truth.Variances() {
				start += num.Log(v)
			}
		}
		step := l.logDetStep(shape)
		if math.IsInf(start, 0) || math.IsInf(step, 0) || math.IsNaN(step) {
			return nil
		}
		at := func(g int) float64 { return start + float64(float64(g+1)*step) }
		return append(l.line("log_det", "mean", at), l.line("log_det.ratio", "mean", func(g int) float64 { return at(g) - real })...)
	}), nil
}

// logDetStep is what a generation of replace adds to E ln det; not finite where a fit of so few rows is singular.
func (l normalPlan) logDetStep(shape string) (step float64) {
	m, divisor := float64(l.rows), float64(l.rows)
	if l.unbiased {
		divisor--
	}
	for i := range l.dim {
		half := (m - float64(i+1)) / 2
		switch shape {
		case "diagonal":
			half = (m - 1) / 2
		case "spherical": // one variance of dim·(M−1) degrees of freedom
			return float64(float64(l.dim) * (num.Digamma(float64(float64(l.dim)*(m-1))/2) - num.Log(float64(float64(l.dim)*divisor)/2)))
		}
		if half <= 0 {
			return math.Inf(-1)
		}
		step += num.Digamma(half) - num.Log(divisor/2)
	}
	return step
}
