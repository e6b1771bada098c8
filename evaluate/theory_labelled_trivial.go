package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TrivialLabelled is what weights of 0 would have, in any experiment with a truth that knows its weights: the risk is the
// squared length of those, and every second label is right.
type TrivialLabelled struct{}

// Predict looks at the truth alone.
func (TrivialLabelled) Predict(_ context.Context, r Real[generate.Labelled]) (all []results.Prediction, _ error) {
	truth, ok := r.Truth.(regressor)
	if !ok {
		return nil, nil
	}
	point := func(series string, x float64) { all = append(all, trivially(series, x, "weights of 0")) }
	size := truth.SquaredLength(truth.Weights())
	if t, ok := r.Truth.(generate.Linear); ok {
		point("risk", size)
		point("test_error", size+square(t.Noise()))
		return all, nil
	}
	if _, ok := r.Truth.(generate.Logistic); ok {
		point("risk", size)
	}
	point("accuracy", 0.5)
	point("accuracy.labels", 0.5)
	return all, nil
}
