package generate

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// VectorSelfCorrection is SelfCorrection for vectors: T(x) = μ₀ + A(x − μ), A = Σ^−½(Σ^½ Σ₀ Σ^½)^½ Σ^−½ (Olkin and
// Pukelsheim 1982). Where Σ is singular, A acts in its subspace. Unless all columns are independent it uses gonum's
// eigenvectors: the same bits on one GOARCH and GOAMD64, within 1e-9 elsewhere.
type VectorSelfCorrection struct {
	Gamma float64 `json:"gamma" default:"1" min:"0" doc:"strength γ: 0 corrects nothing, and the larger, the closer rows come to the truth's"`

	truth JointNormal
}

// Name is self_correction.
func (VectorSelfCorrection) Name() string { return "self_correction" }

// Apply is never called: VectorSelfCorrection is a Sampler.
func (c VectorSelfCorrection) Apply(context.Context, Batch[Vector]) error { return notApplied(c) }

// Bind takes the truth's moments.
func (c VectorSelfCorrection) Bind(truth Source[Vector]) (_ Intervention[Vector], err error) {
	var ok bool
	if c.truth, ok = truth.(JointNormal); !ok {
		err = fmt.Errorf("the transport map to %T is not known: use a normal truth, such as multivariate_gaussian", truth)
	}
	return c, err
}

// Sampled is a normal of mean (μ + γμ₀)/(1 + γ) and covariance BΣB, B = (I + γA)/(1 + γ).
func (c VectorSelfCorrection) Sampled(from Source[Vector]) (Source[Vector], error) {
	f, ok := from.(JointNormal)
	switch {
	case !ok:
		return nil, fmt.Errorf("the transport map from %T is not known: use a normal model, such as multivariate_gaussian", from)
	case f.Dim() == 0 || c.Gamma == 0 || !f.finite(): // no columns: asked before the run
		return f, nil
	case f.Dim() != c.truth.Dim():
		return nil, fmt.Errorf("%d columns, the truth has %d", f.Dim(), c.truth.Dim())
	}
	one := SelfCorrection{Gamma: c.Gamma}
	mean := make([]float64, f.Dim())
	for j := range mean {
		mean[j] = one.towards(f.mean[j], c.truth.mean[j])
	}
	out := JointNormal{mean: mean, ddof: f.ddof, shape: f.shape}
	if f.factor.diagonal && c.truth.factor.diagonal {
		out.factor = newFactor(f.Dim(), true)
		for k, sd := range f.factor.a {
			if sd != 0 {
				out.factor.a[k] = one.towards(math.Abs(sd), math.Abs(c.truth.factor.a[k]))
			}
		}
		return out, nil
	}
	b, err := c.correction(f)
	if err != nil {
		return nil, err
	}
	out.factor = transformed(f.factor, b)
	return out, nil
}

// correction is B, symmetric.
func (c VectorSelfCorrection) correction(f JointNormal) (*mat.SymDense, error) {
	dim := f.Dim()
	half, inverse, err := roots(mat.NewSymDense(dim, f.Covariance()))
	if err != nil {
		return nil, err
	}
	var inner, a mat.Dense
	inner.Mul(half, mat.NewSymDense(dim, c.truth.Covariance()))
	inner.Mul(&inner, half)
	middle, _, err := roots(symmetric(&inner))
	if err != nil {
		return nil, err
	}
	a.Mul(inverse, middle)
	a.Mul(&a, inverse)
	b := symmetric(&a)
	for i := range dim {
		for j := i; j < dim; j++ {
			x := float64(b.At(i, j) * c.Gamma)
			if i == j {
				x++
			}
			b.SetSym(i, j, x/(1+c.Gamma))
		}
	}
	return b, nil
}

// symmetric is the mean of a and its transpose.
func symmetric(a *mat.Dense) *mat.SymDense {
	dim, _ := a.Dims()
	s := mat.NewSymDense(dim, nil)
	for i := range dim {
		for j := i; j < dim; j++ {
			s.SetSym(i, j, (a.At(i, j)+a.At(j, i))/2)
		}
	}
	return s
}

// roots are the square root of a positive semidefinite matrix and the inverse of that in its subspace.
func roots(s *mat.SymDense) (root, inverse *mat.Dense, err error) {
	dim := s.SymmetricDim()
	var eigen mat.EigenSym
	if !eigen.Factorize(s, true) {
		return nil, nil, fmt.Errorf("the eigenvalues of a covariance of %d columns were not found", dim)
	}
	values := eigen.Values(nil)
	var vectors, left mat.Dense
	eigen.VectorsTo(&vectors)
	scaled := func(by func(x float64) float64) *mat.Dense {
		left.CloneFrom(&vectors)
		for j, x := range values {
			f := 0.0
			if x > float64(float64(float64(dim)*noise)*values[dim-1]) {
				f = by(math.Sqrt(x))
			}
			for i := range dim {
				left.Set(i, j, float64(left.At(i, j)*f))
			}
		}
		var out mat.Dense
		out.Mul(&left, vectors.T())
		return &out
	}
	return scaled(func(x float64) float64 { return x }), scaled(func(x float64) float64 { return 1 / x }), nil
}

// finite reports that mean and covariance are.
func (f JointNormal) finite() bool {
	for k := range f.factor.dim {
		if x := f.factor.pivot(k) + f.mean[k]; math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// transformed is the factor of B R′R B.
func transformed(r factor, b *mat.SymDense) factor {
	dim := r.dim
	moved := make([]float64, dim*dim) // R B
	for k := range dim {
		for j, x := range r.row(k) {
			if x != 0 {
				for i := range dim {
					moved[k*dim+i] += float64(x * b.At(k+j, i))
				}
			}
		}
	}
	sum := make([]float64, dim*dim)
	for k := range dim {
		row := moved[k*dim : (k+1)*dim]
		for i, x := range row {
			addScaled(sum[i*dim:(i+1)*dim], row, x)
		}
	}
	return cholesky(sum, dim, 1, float64(r.rank()))
}
