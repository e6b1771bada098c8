package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// Accuracy is the chance that the fit's label of a fresh input N(0, I) is the true one: 1 − θ/π, θ the angle between the
// weights of the fit and of the truth, exactly. accuracy.labels is the chance that it is the label that a real row has,
// whose noise nobody can foresee. Weights of 0 guess: 1/2.
type Accuracy struct{}

// Needs is nothing but the fit.
func (Accuracy) Needs() Needs { return Needs{} }

// Can asks for a classifier.
func (Accuracy) Can(fits generate.Fitted[generate.Labelled]) error {
	switch fits.(type) {
	case generate.Logistic, generate.HalfSpace:
		return nil
	}
	return fmt.Errorf("accuracy: %T is no classifier: use a model that is, such as logistic_regression", fits)
}

// Axes are the two chances.
func (Accuracy) Axes() []results.Axis {
	return []results.Axis{
		{Series: "accuracy", Label: "accuracy (true labels)", Better: 1},
		{Series: "accuracy.labels", Label: "accuracy (labels of real rows)", Better: 1},
	}
}

// Start fixes the truth.
func (Accuracy) Start(_ context.Context, r Real[generate.Labelled]) (Gauge[generate.Labelled], error) {
	var real []float64
	var labels func(b bend) float64
	switch t := r.Truth.(type) {
	case generate.HalfSpace:
		real = t.Weights()
		labels = func(b bend) float64 {
			right := 1 - b.angle/math.Pi
			return float64((1-t.Wrong())*right) + float64(t.Wrong()*(1-right))
		}
	case generate.Logistic:
		real = t.Weights()
		length := math.Sqrt(t.SquaredLength(real))
		labels = func(b bend) float64 { return logisticAccuracy(length, b) }
	default:
		return nil, fmt.Errorf("accuracy: %T has no classes: use a truth that has, such as logistic", r.Truth)
	}
	return fitGauge[generate.Labelled](func(_ context.Context, v View[generate.Labelled], to Sink) error {
		fit, ok := v.Model.(weighted)
		if !ok || len(fit.Weights()) != len(real) {
			return fmt.Errorf("accuracy: %T has not the %d weights of the truth", v.Model, len(real))
		}
		b := between(fit.Weights(), real)
		to.Put("accuracy", 1-b.angle/math.Pi)
		to.Put("accuracy.labels", labels(b))
		return nil
	}), nil
}
