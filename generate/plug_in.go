package generate

import (
	"context"
	"fmt"
	"io"
)

// PlugInClassifier classifies by the sign of ŵ·x, ŵ the mean of y·x over its rows: Bayes' rule for two normal classes of one
// covariance I with the difference of their means plugged in (Feng et al. 2024, arXiv 2406.07515).
type PlugInClassifier struct {
	LabelError float64 `json:"label_error" default:"0" min:"0" max:"1" doc:"chance that a label which the fit draws is not the one it would give"`
	inputs     inputs
}

// Bind takes the law of its inputs from the truth.
func (m PlugInClassifier) Bind(truth Source[Labelled]) (_ Model[Labelled], err error) {
	if !(m.LabelError >= 0 && m.LabelError <= 1) {
		return nil, fmt.Errorf("plug_in_classifier: label_error %g: must lie in [0, 1]", m.LabelError)
	}
	switch truth.(type) {
	case Logistic, Linear:
		return nil, fmt.Errorf("plug_in_classifier: labels of %T are not −1 and 1: use a truth such as noisy_labels", truth)
	}
	m.inputs, err = inputsOf("plug_in_classifier", truth)
	return m, err
}

// Fit learns from rows, as FitStats learns from their sum.
func (m PlugInClassifier) Fit(ctx context.Context, t Task[Labelled]) (Fitted[Labelled], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Fits is a HalfSpace.
func (m PlugInClassifier) Fits() Fitted[Labelled] {
	return HalfSpace{inputs: m.inputs, wrong: m.LabelError}
}

// Weighs is true: weights are sampling weights.
func (PlugInClassifier) Weighs() bool { return true }

// Empty is the sum of no rows.
func (m PlugInClassifier) Empty() Stats[Labelled] {
	return &signedSum{sum: make([]float64, m.inputs.dim)}
}

// FitStats divides by the weight of the rows. No rows give weights of 0.
func (m PlugInClassifier) FitStats(_ context.Context, _ Task[Labelled], st Stats[Labelled]) (Fitted[Labelled], error) {
	s := st.(*signedSum)
	if s.bad != nil {
		return nil, fmt.Errorf("plug_in_classifier: %w", s.bad)
	}
	f := HalfSpace{m.inputs, make([]float64, m.inputs.dim), m.LabelError}
	if s.weight > 0 {
		for k, x := range s.sum {
			f.weights[k] = x / s.weight
		}
	}
	return f, nil
}

// Restore reads what HalfSpace.Save wrote.
func (m PlugInClassifier) Restore(r io.Reader) (Fitted[Labelled], error) {
	w, err := readMany[float64](r)
	if err == nil && len(w) != m.inputs.dim {
		err = fmt.Errorf("plug_in_classifier: a stored fit of %d weights, want %d", len(w), m.inputs.dim)
	}
	if err != nil {
		return nil, err
	}
	return HalfSpace{m.inputs, w, m.LabelError}, nil
}

// A signedSum is Σ y·x of labelled rows, their weight and number.
type signedSum struct {
	sum          []float64
	weight, rows float64
	bad          error // of a row that has not as many inputs
}

// Rows is the plain number of rows.
func (s *signedSum) Rows() float64 { return s.rows }

// Add adds the rows of a span.
func (s *signedSum) Add(sp Span[Labelled]) {
	t := &signedSum{sum: make([]float64, len(s.sum)), rows: float64(len(sp.Rows))}
	for i, row := range sp.Rows {
		if len(row.X) != len(s.sum) {
			s.bad = fmt.Errorf("row %d has %d inputs, want %d", i, len(row.X), len(s.sum))
			return
		}
		w := 1.0
		if sp.Weights != nil {
			w = sp.Weights[i]
		}
		if w != 0 {
			addScaled(t.sum, row.X, float64(w*row.Y))
			t.weight += w
		}
	}
	s.Merge(t, sp.Weight)
}

// Merge adds other, each row weighing weight.
func (s *signedSum) Merge(other Stats[Labelled], weight float64) {
	t := other.(*signedSum)
	if s.bad == nil {
		s.bad = t.bad
	}
	s.rows += t.rows
	s.weight += float64(t.weight * weight)
	addScaled(s.sum, t.sum, weight)
}
