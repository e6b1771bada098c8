package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// A weighted fit or truth of labelled rows knows its weights.
type weighted interface{ Weights() []float64 }

// knowsWeights refuses a fit that does not know its weights.
func knowsWeights(series string, fits generate.Fitted[generate.Labelled]) error {
	if _, ok := fits.(weighted); !ok {
		return fmt.Errorf("%s: %T does not know its weights: use a model that does, such as least_squares", series, fits)
	}
	return nil
}

// A regressor (truth) measures how far weights are apart by the labels that they give: Σ variance_k·v_k² over its inputs.
type regressor interface {
	weighted
	SquaredLength(v []float64) float64
}

// Risk is the squared distance of the fit's weights w to the truth's, E (w·x − w*·x)² over fresh inputs x: the expected
// squared error of the noiseless label, ‖w − w*‖² where inputs are N(0, I) (Gerstgrasser et al. 2024, arXiv 2404.01413).
type Risk struct{}

// Needs is nothing but the fit.
func (Risk) Needs() Needs { return Needs{} }

// Can asks for a fit whose weights have a length: those of a half-space have none.
func (Risk) Can(fits generate.Fitted[generate.Labelled]) error {
	if _, ok := fits.(generate.HalfSpace); ok {
		return fmt.Errorf("risk: the weights of %T have a direction and no length: use accuracy", fits)
	}
	return knowsWeights("risk", fits)
}

// Axes is the risk.
func (Risk) Axes() []results.Axis {
	return []results.Axis{{Series: "risk", Label: "squared error of the noiseless label", Better: -1, Role: results.RoleRisk}}
}

// Start fixes the truth.
func (Risk) Start(_ context.Context, r Real[generate.Labelled]) (Gauge[generate.Labelled], error) {
	return riskGauge("risk", r, 0)
}

// TestError is the expected squared error of a fresh real label, the risk plus the true noise's variance.
type TestError struct{}

// Needs is nothing but the fit.
func (TestError) Needs() Needs { return Needs{} }

// Can asks for a fit of least squares.
func (TestError) Can(fits generate.Fitted[generate.Labelled]) error {
	if _, ok := fits.(generate.Linear); !ok {
		return fmt.Errorf("test_error: %T does not predict a label by weights·x: use least_squares, or measure accuracy", fits)
	}
	return nil
}

// Axes is the error.
func (TestError) Axes() []results.Axis {
	return []results.Axis{{Series: "test_error", Label: "squared error of a real label", Better: -1, Role: results.RoleRisk}}
}

// Start fixes the truth and its noise.
func (TestError) Start(_ context.Context, r Real[generate.Labelled]) (Gauge[generate.Labelled], error) {
	truth, ok := r.Truth.(generate.Linear)
	if !ok {
		return nil, fmt.Errorf("test_error: %T has no noise that is known: use a truth such as linear", r.Truth)
	}
	return riskGauge("test_error", r, float64(truth.Noise()*truth.Noise()))
}

// riskGauge puts the risk plus noise.
func riskGauge(series string, r Real[generate.Labelled], noise float64) (Gauge[generate.Labelled], error) {
	truth, ok := r.Truth.(regressor)
	if !ok {
		return nil, fmt.Errorf("%s: %T does not know its weights: use a truth that does, such as linear", series, r.Truth)
	}
	real := truth.Weights()
	return fitGauge[generate.Labelled](func(_ context.Context, v View[generate.Labelled], to Sink) error {
		fit, ok := v.Model.(weighted)
		if !ok {
			return knowsWeights(series, v.Model)
		}
		w := fit.Weights()
		if len(w) != len(real) {
			return fmt.Errorf("%s: the model has %d weights, the truth %d", series, len(w), len(real))
		}
		apart := make([]float64, len(w))
		for k := range apart {
			apart[k] = w[k] - real[k]
		}
		to.Put(series, truth.SquaredLength(apart)+noise)
		return nil
	}), nil
}
