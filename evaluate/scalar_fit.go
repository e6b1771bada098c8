package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// A momented fit or truth of scalars knows its mean and its variance.
type momented interface {
	Moment2() (mean, variance float64)
}

// knowsMoments refuses a fit that does not know its moments.
func knowsMoments(series string, fits generate.Fitted[float64]) error {
	if _, ok := fits.(momented); !ok {
		return fmt.Errorf("%s: %T does not know its mean and variance: use a model that does, such as gaussian", series, fits)
	}
	return nil
}

// trueMoments is the mean and the variance of the truth where it knows them, else those (divisor n) of all rows that
// it has to train on.
func trueMoments(series string, truth generate.Source[float64]) (mean, variance float64, err error) {
	switch t := truth.(type) {
	case momented:
		mean, variance = t.Moment2()
		return mean, variance, nil
	case generate.Finite[float64]:
		mean, squares := num.Mean(t.Rows()), num.Accumulator{}
		for _, x := range t.Rows() {
			squares.Add(float64((x - mean) * (x - mean)))
		}
		return mean, squares.Sum() / float64(len(t.Rows())), nil
	}
	return 0, 0, fmt.Errorf("%s: %T knows neither its moments nor its rows: use a truth such as gaussian", series, truth)
}

// A fitGauge measures a fit by a function.
type fitGauge[E any] func(ctx context.Context, v View[E], to Sink) error

// Measure is g.
func (g fitGauge[E]) Measure(ctx context.Context, v View[E], to Sink) error { return g(ctx, v, to) }

// gaugeOfMoments is a gauge that needs only the fit's mean and variance.
func gaugeOfMoments(of func(v View[float64], mean, variance float64, to Sink)) Gauge[float64] {
	return fitGauge[float64](func(_ context.Context, v View[float64], to Sink) error {
		m, ok := v.Model.(momented)
		if !ok {
			return fmt.Errorf("%T does not know its mean and variance", v.Model)
		}
		mean, variance := m.Moment2()
		of(v, mean, variance, to)
		return nil
	})
}

// logRatio is ln(a/b), also where a/b would overflow or vanish. NaN for 0/0.
func logRatio(a, b float64) float64 { return num.Log(a) - num.Log(b) }
