package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// VectorLogVarianceRatio is ln(variance of a column of the fit / the truth's), or over that of generation 0's fit:
// log_variance_ratio is the mean over columns, log_variance_ratio.worst the smallest. A column in which both are 0 has
// none, and is left out.
type VectorLogVarianceRatio struct {
	Against string `json:"against" default:"truth" enum:"truth,generation_0" doc:"whose variances are the denominators: the truth's, or those of the same replicate's generation 0"`
}

func (m VectorLogVarianceRatio) own() bool { return m.Against == "generation_0" }

// Needs is the fit, and generation 0's where that is compared with.
func (m VectorLogVarianceRatio) Needs() Needs { return Needs{Baseline: m.own()} }

// Can asks for a fit that knows its covariance.
func (VectorLogVarianceRatio) Can(fits generate.Fitted[generate.Vector]) error {
	return knowsCovariance("log_variance_ratio", fits)
}

// Axes are the mean and the smallest log ratio, in nats.
func (m VectorLogVarianceRatio) Axes() []results.Axis {
	mean := logRatioAxis(m.own())
	worst := mean
	worst.Series, worst.Label = mean.Series+".worst", mean.Label+", worst column"
	worst.Role = ""
	mean.Label += ", mean of columns"
	return []results.Axis{mean, worst}
}

// Start fixes the denominators.
func (m VectorLogVarianceRatio) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, err := trueNormal(ctx, "log_variance_ratio", r)
	if err != nil {
		return nil, err
	}
	real := truth.Variances()
	measure := func(v View[generate.Vector], fit generate.JointNormal, to Sink) {
		of := real
		if b, ok := v.Baseline.(normalled); ok && m.own() {
			of = b.Normal().Variances()
		}
		mean, worst := meanAndLeast(fit.Variances(), of, logRatio)
		to.Put(logRatioSeries(m.own()), mean)
		to.Put(logRatioSeries(m.own())+".worst", worst)
	}
	return gaugeOfNormal(truth, measure), nil
}

// meanAndLeast are those of of(x_j, y_j) over the columns in which x and y are not both 0; NaN without any.
func meanAndLeast(x, y []float64, of func(x, y float64) float64) (mean, least float64) {
	n, least := 0.0, math.NaN()
	for j := range x {
		if x[j] == 0 && y[j] == 0 {
			continue
		}
		z := of(x[j], y[j])
		if mean, n = mean+z, n+1; n == 1 || z < least {
			least = z
		}
	}
	return mean / n, least
}

// VectorMeanDrift is the Euclidean distance of the fit's mean from the truth's, in units of the data, and
// mean_drift.squared its square.
type VectorMeanDrift struct{}

// Needs is nothing but the fit.
func (VectorMeanDrift) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its mean.
func (VectorMeanDrift) Can(fits generate.Fitted[generate.Vector]) error {
	return knowsCovariance("mean_drift", fits)
}

// Axes are the distance and its square.
func (VectorMeanDrift) Axes() []results.Axis {
	return []results.Axis{
		{Series: "mean_drift", Label: "distance of the mean from the true mean", Better: -1},
		{Series: "mean_drift.squared", Label: "squared error of the mean", Better: -1},
	}
}

// Start fixes the true mean.
func (VectorMeanDrift) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, err := trueNormal(ctx, "mean_drift", r)
	if err != nil {
		return nil, err
	}
	measure := func(_ View[generate.Vector], fit generate.JointNormal, to Sink) {
		squared := squaredDistance(fit.Mean(), truth.Mean())
		to.Put("mean_drift", math.Sqrt(squared))
		to.Put("mean_drift.squared", squared)
	}
	return gaugeOfNormal(truth, measure), nil
}

func squaredDistance(x, y []float64) (sum float64) {
	for j := range x {
		d := x[j] - y[j]
		sum += float64(d * d)
	}
	return sum
}
