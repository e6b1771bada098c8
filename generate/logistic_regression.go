package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// LogisticRegression maximises Σ [y·ln σ(w·x) + (1 − y)·ln σ(−w·x)] − λ·n·|w|²/2 over n rows, without a constant, by Newton's
// method (iteratively reweighted least squares) from 0, or from the start that the config names. Rows may be weighted; n is
// then their weight. Bits are the same on every platform.
type LogisticRegression struct {
	Ridge  float64 `json:"ridge" default:"0" min:"0" doc:"λ a row: a penalty of λ·n·|w|²/2, n the rows; 0: maximum likelihood, which has no maximum where a plane separates the labels"`
	inputs inputs
}

// A flaw says why a fit is degenerate.
type flaw int64

const (
	sound flaw = iota
	noRows
	separable
	singular
	restless
)

func (f flaw) String() string {
	return [...]string{"", "no rows", "separable labels: the likelihood has no maximum", "Hessian of too low a rank", "no maximum in 100 steps"}[f]
}

// Degenerate reports weights that are not finite, or that the rows do not determine.
func (f Logistic) Degenerate() string {
	for _, w := range f.weights {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return "weights not finite"
		}
	}
	return f.flaw.String()
}

// Bind takes the law of its inputs from the truth.
func (m LogisticRegression) Bind(truth Source[Labelled]) (_ Model[Labelled], err error) {
	if !(m.Ridge >= 0) || math.IsInf(m.Ridge, 0) {
		return nil, fmt.Errorf("logistic_regression: ridge %g: must be finite, at least 0", m.Ridge)
	}
	switch truth.(type) {
	case HalfSpace, Linear:
		return nil, fmt.Errorf("logistic_regression: labels of %T are not 0 and 1: use a truth such as logistic", truth)
	}
	m.inputs, err = inputsOf("logistic_regression", truth)
	return m, err
}

// Starts marks that an earlier fit is where a fit begins.
func (LogisticRegression) Starts() {}

// Fits is a Logistic.
func (m LogisticRegression) Fits() Fitted[Labelled] {
	return Logistic{inputs: m.inputs, ridge: m.Ridge}
}

// Weighs is true: weights are sampling weights.
func (LogisticRegression) Weighs() bool { return true }

// Save writes the flaw and the weights.
func (f Logistic) Save(w io.Writer) error {
	if err := binary.Write(w, binary.LittleEndian, int64(f.flaw)); err != nil {
		return err
	}
	return writeMany(w, f.weights)
}

// Restore reads what Logistic.Save wrote.
func (m LogisticRegression) Restore(r io.Reader) (Fitted[Labelled], error) {
	f := Logistic{inputs: m.inputs, ridge: m.Ridge}
	if err := binary.Read(r, binary.LittleEndian, &f.flaw); err != nil {
		return nil, err
	}
	var err error
	if f.weights, err = readMany[float64](r); err != nil {
		return nil, err
	}
	if len(f.weights) != f.dim || f.flaw < sound || f.flaw > restless {
		return nil, fmt.Errorf("logistic_regression: a stored fit of %d weights and flaw %d, want %d inputs", len(f.weights), f.flaw, f.dim)
	}
	return f, nil
}

// Fit climbs the likelihood. Labels lie in [0, 1].
func (m LogisticRegression) Fit(ctx context.Context, t Task[Labelled]) (Fitted[Labelled], error) {
	for _, sp := range t.Train {
		for i, row := range sp.Rows {
			if len(row.X) != m.inputs.dim || !(row.Y >= 0 && row.Y <= 1) {
				return nil, fmt.Errorf("logistic_regression: row %d has %d inputs and label %g: want %d inputs and a label in [0, 1]", i, len(row.X), row.Y, m.inputs.dim)
			}
		}
	}
	c := climb{train: t.Train, ridge: m.Ridge, w: make([]float64, m.inputs.dim)}
	if s, ok := t.Start.(Logistic); ok && len(s.weights) == m.inputs.dim && s.Degenerate() == "" {
		copy(c.w, s.weights)
	}
	err := c.up(ctx)
	return Logistic{m.inputs, c.w, m.Ridge, c.flaw}, err
}
