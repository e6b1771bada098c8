package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// LogisticLabels is the truth of logistic regression: x normal N(0, I), y 1 with chance σ(w·x) and 0 else,
// σ(t) = 1/(1 + e^(−t)).
type LogisticLabels struct {
	Dim     int       `json:"dim" default:"0" min:"0" max:"10000" doc:"inputs of a row; 0: as many as weights has"`
	Weights []float64 `json:"weights" doc:"a number an input; empty: drawn once from the data's stream, so that replicates share them"`
	Norm    float64   `json:"norm" default:"1" min:"0" doc:"length of the weights that are drawn"`
}

// Open draws the weights.
func (m LogisticLabels) Open(_ context.Context, r *rand.Rand) (Source[Labelled], error) {
	w, err := trueWeights("logistic", m.Dim, m.Weights, m.Norm, r)
	if err != nil {
		return nil, err
	}
	return Logistic{inputs: newInputs(len(w), 0), weights: w}, nil
}

// Logistic labels inputs 1 with chance σ(w·x), else 0: an opened truth, and what LogisticRegression fits.
type Logistic struct {
	inputs
	weights []float64
	ridge   float64 // λ of its model
	flaw    flaw
}

// inputLaw is the law of its inputs.
func (f Logistic) inputLaw() inputs { return f.inputs }

// Weights are w, not to be changed.
func (f Logistic) Weights() []float64 { return f.weights }

// Ridge is λ of the model that fitted it; 0: maximum likelihood, or a truth.
func (f Logistic) Ridge() float64 { return f.ridge }

// TrueLabel is the likelier label: 1 where w·x ≥ 0, else 0.
func (f Logistic) TrueLabel(x []float64) float64 {
	if dot(f.weights, x) >= 0 {
		return 1
	}
	return 0
}

// Chance of label 1.
func (f Logistic) Chance(x []float64) float64 { return sigma(dot(f.weights, x)) }

func (f Logistic) label(r *rand.Rand) func(x []float64) float64 {
	return func(x []float64) float64 {
		if r.Float64() < f.Chance(x) {
			return 1
		}
		return 0
	}
}

// Draw appends n independent rows with inputs of their own, views of one new array.
func (f Logistic) Draw(ctx context.Context, dst []Labelled, n int, r *rand.Rand) ([]Labelled, error) {
	return f.inputs.draw(ctx, dst, n, r, f.label(r))
}

// DrawGiven labels the inputs of given rows anew.
func (f Logistic) DrawGiven(_ context.Context, dst, given []Labelled, r *rand.Rand) ([]Labelled, error) {
	return labelled(dst, given, f.dim, f.label(r))
}

// Score is the log probability of y given x, in nats; −Inf for a label that is neither 0 nor 1.
func (f Logistic) Score(_ context.Context, rows []Labelled, nats []float64) error {
	for i, row := range rows {
		if len(row.X) != f.dim {
			return fmt.Errorf("logistic: row %d has %d inputs, want %d", i, len(row.X), f.dim)
		}
		switch t := dot(f.weights, row.X); row.Y {
		case 1:
			nats[i] = -lnOnePlusExp(-t)
		case 0:
			nats[i] = -lnOnePlusExp(t)
		default:
			nats[i] = math.Inf(-1)
		}
	}
	return nil
}

// Innovations of labels, which need rows: z_i = Φ⁻¹ of the randomised transform of label i given its input are independent
// and standard normal, so that Σ z/√n, and Σ b·z/|b| with b = w·x less its mean, are too, and independent of each other: the
// level of the labels, and how steeply they follow w·x.
func (f Logistic) Innovations(dst []Innovation, o Outcome[Labelled], u *rand.Rand) []Innovation {
	n := len(o.Rows)
	if n < 2 || n != o.N {
		return dst
	}
	t, z, mean, sum := make([]float64, n), make([]float64, n), 0.0, 0.0
	for i, row := range o.Rows {
		t[i] = dot(f.weights, row.X)
		mean += t[i] / float64(n)
		below, at := 0.0, sigma(-t[i])
		if row.Y == 1 {
			below, at = at, sigma(t[i])
		}
		z[i] = num.NormalQuantile(min(max(Randomised(below, at, u), 0x1p-60), 1-0x1p-53))
		sum += z[i]
	}
	steep, squares := 0.0, 0.0
	for i, b := range t {
		b -= mean
		steep += float64(b * z[i])
		squares += float64(b * b)
	}
	dst = append(dst, Innovation{"level", num.NormalCDF(sum / math.Sqrt(float64(n)))})
	if squares > 0 && !math.IsInf(squares, 0) {
		dst = append(dst, Innovation{"slope", num.NormalCDF(steep / math.Sqrt(squares))})
	}
	return dst
}

// sigma is 1/(1 + e^(−t)), small values to their own digits.
func sigma(t float64) float64 {
	if t >= 0 {
		return 1 / (1 + num.Exp(-t))
	}
	e := num.Exp(t)
	return e / (1 + e)
}

// lnOnePlusExp is ln(1 + e^t).
func lnOnePlusExp(t float64) float64 { return max(t, 0) + num.Log1p(num.Exp(-math.Abs(t))) }
