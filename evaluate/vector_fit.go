package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
)

// A normalled fit or truth of vectors knows the normal that has its mean and its covariance.
type normalled interface{ Normal() generate.JointNormal }

// knowsCovariance refuses a fit that does not know its moments.
func knowsCovariance(series string, fits generate.Fitted[generate.Vector]) error {
	if _, ok := fits.(normalled); !ok {
		return fmt.Errorf("%s: %T does not know its mean and covariance: use a model that does, such as multivariate_gaussian", series, fits)
	}
	return nil
}

// trueNormal is the truth as a normal: of the moments that it knows, or of those (divisor n) of all rows that it has to
// train on.
func trueNormal(ctx context.Context, series string, r Real[generate.Vector]) (generate.JointNormal, error) {
	switch t := r.Truth.(type) {
	case normalled:
		return t.Normal(), nil
	case generate.Finite[generate.Vector]:
		task := generate.Task[generate.Vector]{Train: generate.Sample[generate.Vector]{{Rows: t.Rows(), Weight: 1}}}
		f, err := generate.MultivariateGaussian{}.Fit(ctx, task)
		if err != nil {
			return generate.JointNormal{}, fmt.Errorf("%s: truth: %w", series, err)
		}
		return f.(generate.JointNormal), nil
	}
	return generate.JointNormal{}, fmt.Errorf("%s: %T knows neither its moments nor its rows: use a truth such as multivariate_gaussian", series, r.Truth)
}

// gaugeOfNormal is a gauge that needs only the moments of a fit, of as many columns as the truth.
func gaugeOfNormal(truth generate.JointNormal, of func(v View[generate.Vector], fit generate.JointNormal, to Sink)) Gauge[generate.Vector] {
	return fitGauge[generate.Vector](func(_ context.Context, v View[generate.Vector], to Sink) error {
		known, ok := v.Model.(normalled)
		if !ok {
			return knowsCovariance("covariance", v.Model)
		}
		fit := known.Normal()
		if fit.Dim() != truth.Dim() {
			return fmt.Errorf("the model has %d columns, the truth %d", fit.Dim(), truth.Dim())
		}
		of(v, fit, to)
		return nil
	})
}
