package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// LabelledTrivial is what a predictor that learned nothing would have, weights of 0, in any experiment with a truth that knows its
// weights: the risk is their own squared length, and every second label is right.
type LabelledTrivial struct{}

// Predict looks at the truth alone.
func (LabelledTrivial) Predict(_ context.Context, r Real[generate.Labelled]) (all []results.Prediction, err error) {
	truth, ok := r.Truth.(regressor)
	if !ok || r.Plan == nil {
		return nil, nil
	}
	point := func(series string, x float64) {
		all = append(all, results.Prediction{Generation: r.Plan.Generations(), Series: series, Functional: "trivial", Law: "weights of 0",
			Source: "by definition", X: x, Lo: x, Hi: x})
	}
	size := truth.SquaredLength(truth.Weights())
	switch t := r.Truth.(type) {
	case generate.Linear:
		point("risk", size)
		point("test_error", size+square(t.Noise()))
	case generate.Logistic:
		point("risk", size)
		point("accuracy", 0.5)
		point("accuracy.labels", 0.5)
	case generate.HalfSpace:
		point("accuracy", 0.5)
		point("accuracy.labels", 0.5)
	}
	return all, nil
}
