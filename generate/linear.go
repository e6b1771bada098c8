package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// LinearLabels is the truth of linear regression: x normal with mean 0, y = w·x + noise·ε with ε standard normal.
type LinearLabels struct {
	Dim      int       `json:"dim" default:"0" min:"0" max:"10000" doc:"inputs of a row; 0: as many as weights has"`
	Noise    float64   `json:"noise" default:"1" min:"0" doc:"standard deviation of a label about weights·x"`
	Weights  []float64 `json:"weights" doc:"a number an input; empty: drawn once from the data's stream, so that replicates share them"`
	Norm     float64   `json:"norm" default:"1" min:"0" doc:"length of the weights that are drawn"`
	Spectrum float64   `json:"spectrum" default:"0" min:"0" doc:"input k has variance k^(−spectrum); 0: all inputs have variance 1"`
}

// Open draws the weights.
func (m LinearLabels) Open(_ context.Context, r *rand.Rand) (Source[Labelled], error) {
	w, err := trueWeights("linear", m.Dim, m.Weights, m.Norm, r)
	if err != nil {
		return nil, err
	}
	if !(m.Noise >= 0) || math.IsInf(m.Noise, 0) || !(m.Spectrum >= 0) || math.IsInf(m.Spectrum, 0) {
		return nil, fmt.Errorf("linear: noise %g, spectrum %g: must be finite, at least 0", m.Noise, m.Spectrum)
	}
	return Linear{inputs: newInputs(len(w), m.Spectrum), weights: w, noise: m.Noise, rank: len(w)}, nil
}

// Linear labels inputs by y = w·x + noise·ε: an opened truth, and what LeastSquares fits. A fit draws its inputs from the
// truth's law (a fresh design) unless they are given.
type Linear struct {
	inputs
	weights []float64
	noise   float64 // standard deviation of a label
	rank    int     // of the inputs that the weights were learned from
	by      estimator
}

// inputLaw is the law of its inputs.
func (f Linear) inputLaw() inputs { return f.inputs }

// Weights are w, not to be changed.
func (f Linear) Weights() []float64 { return f.weights }

// Noise is the standard deviation of a label about w·x.
func (f Linear) Noise() float64 { return f.noise }

// Estimator is how a fit was made: its ridge at so many rows (see LeastSquares), and the share of its start that an anchor
// keeps. Both are 0 of ordinary least squares, and of a truth.
func (f Linear) Estimator(rows float64) (ridge, anchor float64) {
	return f.by.ridgeAt(rows), f.by.Anchor
}

// label is w·x + noise·ε.
func (f Linear) label(r *rand.Rand) func(x []float64) float64 {
	return func(x []float64) float64 {
		y := dot(f.weights, x)
		if f.noise != 0 {
			y += float64(f.noise * rng.Normal(r))
		}
		return y
	}
}

// Draw appends n independent rows with inputs of their own, views of one new array.
func (f Linear) Draw(ctx context.Context, dst []Labelled, n int, r *rand.Rand) ([]Labelled, error) {
	return f.inputs.draw(ctx, dst, n, r, f.label(r))
}

// DrawGiven labels the inputs of given rows anew.
func (f Linear) DrawGiven(_ context.Context, dst, given []Labelled, r *rand.Rand) ([]Labelled, error) {
	return labelled(dst, given, f.dim, f.label(r))
}

// Expected is the label of x without noise, w·x.
func (f Linear) Expected(x []float64) float64 { return dot(f.weights, x) }

// Score is the log density of y given x, in nats. Without noise it is +Inf at w·x and −Inf elsewhere.
func (f Linear) Score(_ context.Context, rows []Labelled, nats []float64) error {
	c := num.Log(f.noise) + float64(0.5*num.Log(2*math.Pi))
	for i, row := range rows {
		if len(row.X) != f.dim {
			return fmt.Errorf("linear: row %d has %d inputs, want %d", i, len(row.X), f.dim)
		}
		e := row.Y - dot(f.weights, row.X)
		switch {
		case f.noise > 0:
			e /= f.noise
			nats[i] = -float64(0.5*float64(e*e)) - c
		case e == 0:
			nats[i] = math.Inf(1)
		case math.IsNaN(e):
			nats[i] = math.NaN()
		default:
			nats[i] = math.Inf(-1)
		}
	}
	return nil
}

// Degenerate reports weights that are not finite, or that inputs of too low a rank left undetermined.
func (f Linear) Degenerate() string {
	for _, w := range f.weights {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return "weights not finite"
		}
	}
	if f.rank < f.dim {
		return fmt.Sprintf("inputs of rank %d of %d", f.rank, f.dim)
	}
	return ""
}

// Save writes the rank and the weights.
func (f Linear) Save(w io.Writer) error {
	if err := binary.Write(w, binary.LittleEndian, int64(f.rank)); err != nil {
		return err
	}
	return writeMany(w, f.weights)
}

// dot is Σ x[i]·y[i] in four interleaved sums, so that additions need not wait for each other.
func dot(x, y []float64) float64 {
	var a, b, c, d float64
	y = y[:len(x)]
	i := 0
	for ; i+4 <= len(x); i += 4 {
		p, q := x[i:i+4:i+4], y[i:i+4:i+4]
		a += float64(p[0] * q[0])
		b += float64(p[1] * q[1])
		c += float64(p[2] * q[2])
		d += float64(p[3] * q[3])
	}
	for ; i < len(x); i++ {
		a += float64(x[i] * y[i])
	}
	return (a + b) + (c + d)
}
