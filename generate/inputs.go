package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// inputs is the law of what labelled rows have as inputs: independent normals of mean 0, a column k = 1 … dim of variance
// k^(−exponent).
type inputs struct {
	dim      int
	exponent float64
	sd       []float64 // by column; nil: all 1
}

// An inputLaw (Source) says what law its inputs have, so that a fit can draw fresh ones.
type inputLaw interface{ inputLaw() inputs }

func newInputs(dim int, exponent float64) inputs {
	in := inputs{dim: dim, exponent: exponent}
	if exponent == 0 {
		return in
	}
	in.sd = make([]float64, dim)
	for k := range in.sd {
		in.sd[k] = num.Exp(float64(-0.5 * float64(exponent*num.Log(float64(k+1)))))
	}
	return in
}

// inputsOf asks a truth for the law of its inputs.
func inputsOf(model string, truth Source[Labelled]) (inputs, error) {
	if t, ok := truth.(inputLaw); ok {
		return t.inputLaw(), nil
	}
	return inputs{}, fmt.Errorf("%s: %T does not say what law its inputs have: use a truth that does, such as linear", model, truth)
}

// Dim is the number of inputs of a row.
func (in inputs) Dim() int { return in.dim }

// Isotropic reports inputs N(0, I).
func (in inputs) Isotropic() bool { return in.sd == nil }

// scaled writes x, in place, in the units of the columns.
func (in inputs) scaled(x []float64) {
	for k, sd := range in.sd {
		x[k] = float64(x[k] * sd)
	}
}

// SquaredLength is Σ variance_k·v_k², what v adds to the variance of a label.
func (in inputs) SquaredLength(v []float64) (total float64) {
	for k, x := range v {
		if in.sd != nil {
			x = float64(x * in.sd[k])
		}
		total += float64(x * x)
	}
	return total
}

// draw appends n rows with the labels that label gives their inputs, views of one new array.
func (in inputs) draw(ctx context.Context, dst []Labelled, n int, r *rand.Rand, label func(x []float64) float64) ([]Labelled, error) {
	flat := make([]float64, n*in.dim)
	dst = slices.Grow(dst, n)
	for i := range n {
		if i%1024 == 1023 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x := flat[i*in.dim : (i+1)*in.dim : (i+1)*in.dim]
		for k := range x {
			x[k] = rng.Normal(r)
		}
		in.scaled(x)
		dst = append(dst, Labelled{x, label(x)})
	}
	return dst, nil
}

// labelled appends the inputs of given rows with labels of their own; the inputs are shared.
func labelled(dst, given []Labelled, dim int, label func(x []float64) float64) ([]Labelled, error) {
	dst = slices.Grow(dst, len(given))
	for i, row := range given {
		if len(row.X) != dim {
			return nil, fmt.Errorf("given row %d has %d inputs, want %d", i, len(row.X), dim)
		}
		dst = append(dst, Labelled{row.X, label(row.X)})
	}
	return dst, nil
}

// gram is the factor of the Gram matrix X′X of n rows, Wishart with n degrees of freedom, by Bartlett's decomposition (see
// JointNormal.DrawStats); with n < dim rows only n rows of it exist.
func (in inputs) gram(n int, r *rand.Rand) *factor {
	f := newFactor(in.dim, false)
	for k := range min(n, in.dim) {
		row := f.row(k)
		row[0] = math.Sqrt(rng.ChiSquared(r, float64(n-k)))
		for j := 1; j < len(row); j++ {
			row[j] = rng.Normal(r)
		}
		if in.sd != nil {
			for j, sd := range in.sd[k:] {
				row[j] = float64(row[j] * sd)
			}
		}
	}
	return &f
}

// direction is a vector of a given length that points anywhere, drawn from r.
func direction(dim int, length float64, r *rand.Rand) []float64 {
	w, squares := make([]float64, dim), 0.0
	for squares == 0 {
		for k := range w {
			w[k] = rng.Normal(r)
			squares += float64(w[k] * w[k])
		}
	}
	by := length / math.Sqrt(squares)
	for k := range w {
		w[k] = float64(w[k] * by)
	}
	return w
}

// trueWeights are those given, or of a given length in a direction drawn once from the data's own stream, so that
// replicates share them.
func trueWeights(what string, dim int, given []float64, length float64, r *rand.Rand) ([]float64, error) {
	n := max(dim, len(given))
	switch {
	case n == 0:
		return nil, fmt.Errorf("%s: no inputs: give dim or weights", what)
	case len(given) > 0 && len(given) != n:
		return nil, fmt.Errorf("%s: dim is %d and weights has %d numbers: they must agree", what, dim, len(given))
	case !(length >= 0) || math.IsInf(length, 0):
		return nil, fmt.Errorf("%s: norm %g: must be a finite number, at least 0", what, length)
	case len(given) > 0:
		for k, w := range given {
			if math.IsNaN(w) || math.IsInf(w, 0) {
				return nil, fmt.Errorf("%s: weights[%d] is %g: must be finite", what, k, w)
			}
		}
		return slices.Clone(given), nil
	}
	return direction(n, length, r), nil
}
