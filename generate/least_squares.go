package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"modelcollapse/internal/num"
)

// LeastSquares fits y = w·x without a constant: w minimises Σ (y − w·x)² + λ·n·|w|² over n rows, w = (X′X + λnI)⁻¹X′y. With
// λ = 0 that is ordinary least squares, of minimum norm where the inputs leave w undetermined (Gerstgrasser et al. 2024,
// arXiv 2404.01413; Dohmatob et al. 2024, arXiv 2402.07712). Rows may be weighted; n is then their weight.
//
// A fit labels with the noise that it is told of, not with one that it estimates. Rows are summed into normal equations, which
// lose twice the digits that the condition of the inputs costs; columns may be of any scale while they determine the weights.
type LeastSquares struct {
	Ridge      float64  `json:"ridge" default:"0" min:"0" doc:"λ a row: X′X + λ·n·I is inverted, n the rows; 0: ordinary least squares, of minimum norm where the inputs leave weights undetermined"`
	RidgeRule  string   `json:"ridge_rule" default:"fixed" enum:"fixed,adaptive" doc:"fixed: λ is ridge; adaptive: λ is ridge·rows^(−rate)"`
	Rate       float64  `json:"rate" default:"0.5" min:"0" doc:"exponent of the adaptive ridge"`
	LabelNoise *float64 `json:"label_noise" min:"0" doc:"standard deviation of the noise that a fit adds to labels that it draws; not given: the truth's; 0: none"`
	Anchor     float64  `json:"anchor" default:"0" min:"0" max:"1" doc:"share of the fit that the config's start names: weights are (1 − anchor)·fitted + anchor·start; without a start it does nothing"`

	inputs inputs
	noise  float64
}

// estimator is what of a model decides its weights.
type estimator struct {
	Ridge, Rate, Anchor float64 // Rate 0: a fixed ridge
}

// ridgeAt is λ at so many rows.
func (e estimator) ridgeAt(rows float64) float64 {
	if e.Rate == 0 || e.Ridge == 0 {
		return e.Ridge
	}
	return float64(e.Ridge * num.Exp(float64(-e.Rate*num.Log(rows))))
}

func (m LeastSquares) estimator() estimator {
	e := estimator{Ridge: m.Ridge, Anchor: m.Anchor}
	if m.RidgeRule == "adaptive" {
		e.Rate = m.Rate
	}
	return e
}

// Bind takes from the truth the law of its inputs and, unless label_noise is given, its noise.
func (m LeastSquares) Bind(truth Source[Labelled]) (Model[Labelled], error) {
	var err error
	if m.inputs, err = inputsOf("least_squares", truth); err != nil {
		return nil, err
	}
	t, known := truth.(interface{ Noise() float64 })
	switch {
	case m.LabelNoise != nil:
		m.noise = *m.LabelNoise
	case known:
		m.noise = t.Noise()
	default:
		return nil, fmt.Errorf("least_squares: %T has no noise of labels: give label_noise", truth)
	}
	for _, x := range []float64{m.Ridge, m.Rate, m.noise, m.Anchor, 1 - m.Anchor} {
		if !(x >= 0) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("least_squares: ridge %g, rate %g, label_noise %g, anchor %g: must be finite, at least 0, and anchor at most 1",
				m.Ridge, m.Rate, m.noise, m.Anchor)
		}
	}
	return m, nil
}

// Fit learns from rows, as FitStats learns from their sums.
func (m LeastSquares) Fit(ctx context.Context, t Task[Labelled]) (Fitted[Labelled], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Starts marks that a start acts, where there is an anchor.
func (LeastSquares) Starts() {}

// Fits is a Linear.
func (m LeastSquares) Fits() Fitted[Labelled] {
	return Linear{inputs: m.inputs, noise: m.noise, by: m.estimator()}
}

// Weighs is true: weights are sampling weights.
func (LeastSquares) Weighs() bool { return true }

// Empty is the sums of no rows.
func (m LeastSquares) Empty() Stats[Labelled] { return &Regression{dim: m.inputs.dim} }

// FitStats solves for the weights. Bits are the same on every platform.
//
// The anchor is that of a penalty in the metric of the design: w minimises |y − Xw|² + k·|X(w − start)|² where
// X′X(w − ŵ) + k·X′X(w − start) = 0, so w = (ŵ + k·start)/(1 + k), and anchor = k/(1 + k): elastic weight consolidation
// (Kirkpatrick et al. 2017, PNAS 114) with the Fisher information X′X/noise² of this model.
func (m LeastSquares) FitStats(_ context.Context, t Task[Labelled], st Stats[Labelled]) (Fitted[Labelled], error) {
	s := st.(*Regression)
	if s.bad != nil {
		return nil, fmt.Errorf("least_squares: %w", s.bad)
	}
	f := Linear{inputs: m.inputs, noise: m.noise, by: m.estimator()}
	if m.Ridge > 0 && s.weight > 0 {
		f.weights, f.rank = s.ridge(float64(f.by.ridgeAt(s.rows) * s.weight))
	} else {
		f.weights, f.rank = s.solution()
	}
	start, ok := t.Start.(interface{ Weights() []float64 })
	if m.Anchor == 0 || !ok {
		return f, nil
	}
	if len(start.Weights()) != f.dim {
		return nil, fmt.Errorf("least_squares: anchor: the start has %d weights, want %d", len(start.Weights()), f.dim)
	}
	for k, w := range start.Weights() {
		f.weights[k] = float64((1-m.Anchor)*f.weights[k]) + float64(m.Anchor*w)
	}
	return f, nil
}

// Restore reads what Linear.Save wrote.
func (m LeastSquares) Restore(r io.Reader) (Fitted[Labelled], error) {
	f := Linear{inputs: m.inputs, noise: m.noise, by: m.estimator()}
	var rank int64
	if err := binary.Read(r, binary.LittleEndian, &rank); err != nil {
		return nil, err
	}
	var err error
	if f.weights, err = readMany[float64](r); err != nil {
		return nil, err
	}
	if f.rank = int(rank); len(f.weights) != f.dim || rank < 0 || rank > int64(f.dim) {
		return nil, fmt.Errorf("least_squares: a stored fit of %d weights and rank %d, want %d inputs", len(f.weights), rank, f.dim)
	}
	return f, nil
}
