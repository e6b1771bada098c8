package generate

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
)

// NoisyLabels is the truth of classification with wrong labels: x normal N(0, I), y the sign of weights·x (−1 or 1), wrong
// with chance error (Feng et al. 2024, arXiv 2406.07515).
type NoisyLabels struct {
	Dim     int       `json:"dim" default:"0" min:"0" max:"10000" doc:"inputs of a row; 0: as many as weights has"`
	Error   float64   `json:"error" default:"0.1" min:"0" max:"1" doc:"chance that a label is wrong"`
	Weights []float64 `json:"weights" doc:"a number an input, of which the direction counts; empty: drawn once from the data's stream, so that replicates share them"`
}

// Open draws the weights.
func (m NoisyLabels) Open(_ context.Context, r *rand.Rand) (Source[Labelled], error) {
	w, err := trueWeights("noisy_labels", m.Dim, m.Weights, 1, r)
	if err != nil {
		return nil, err
	}
	if !(m.Error >= 0 && m.Error <= 1) {
		return nil, fmt.Errorf("noisy_labels: error %g: must lie in [0, 1]", m.Error)
	}
	return HalfSpace{newInputs(len(w), 0), w, m.Error}, nil
}

// HalfSpace labels inputs by the side of a plane through 0 on which they lie, 1 where w·x ≥ 0, else −1, wrong with a given
// chance: an opened truth, and what PlugInClassifier fits.
type HalfSpace struct {
	inputs
	weights []float64
	wrong   float64
}

// inputLaw is the law of its inputs.
func (f HalfSpace) inputLaw() inputs { return f.inputs }

// Weights are w, of which only the direction counts; not to be changed.
func (f HalfSpace) Weights() []float64 { return f.weights }

// Wrong is the chance of a wrong label.
func (f HalfSpace) Wrong() float64 { return f.wrong }

// TrueLabel is 1 where w·x ≥ 0, else −1.
func (f HalfSpace) TrueLabel(x []float64) float64 {
	if dot(f.weights, x) >= 0 {
		return 1
	}
	return -1
}

func (f HalfSpace) label(r *rand.Rand) func(x []float64) float64 {
	return func(x []float64) float64 {
		y := f.TrueLabel(x)
		if f.wrong > 0 && r.Float64() < f.wrong {
			return -y
		}
		return y
	}
}

// Draw appends n independent rows with inputs of their own, views of one new array.
func (f HalfSpace) Draw(ctx context.Context, dst []Labelled, n int, r *rand.Rand) ([]Labelled, error) {
	return f.inputs.draw(ctx, dst, n, r, f.label(r))
}

// DrawGiven labels the inputs of given rows anew.
func (f HalfSpace) DrawGiven(_ context.Context, dst, given []Labelled, r *rand.Rand) ([]Labelled, error) {
	return labelled(dst, given, f.dim, f.label(r))
}

// Degenerate reports weights without a direction.
func (f HalfSpace) Degenerate() string {
	squares := dot(f.weights, f.weights)
	switch {
	case math.IsNaN(squares) || math.IsInf(squares, 0):
		return "weights not finite"
	case squares == 0:
		return "weights 0"
	}
	return ""
}

// Save writes the weights.
func (f HalfSpace) Save(w io.Writer) error { return writeMany(w, f.weights) }
