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

// JointNormal is N(mean, covariance) of vectors: an opened truth, and what MultivariateGaussian fits. It keeps the
// covariance by its factor R, upper triangular, R′R = covariance, zero rows where it is singular: rows are drawn in
// its subspace, and a covariance of 0 is a point.
type JointNormal struct {
	mean   []float64
	factor factor
	ddof   float64
	shape  string // of a fit: "full", "diagonal" or "spherical"
}

// NewJointNormal decomposes a covariance given by its rows. It must be symmetric (to 1e-12 of the larger standard
// deviations) and positive semidefinite.
func NewJointNormal(mean []float64, covariance [][]float64) (JointNormal, error) {
	dim := len(mean)
	sum := make([]float64, 0, dim*dim)
	for i, row := range covariance {
		if len(row) != dim || len(covariance) != dim {
			return JointNormal{}, fmt.Errorf("multivariate normal: covariance row %d has %d numbers of %d rows, mean has %d", i, len(row), len(covariance), dim)
		}
		sum = append(sum, row...)
	}
	f := cholesky(sum, dim, 1, math.Inf(1))
	back := make([]float64, dim*dim)
	f.addGram(back, 1)
	for i := range dim {
		for j := range dim {
			sd := float64(math.Sqrt(math.Abs(sum[i*dim+i])) * math.Sqrt(math.Abs(sum[j*dim+j])))
			tolerance := float64(sd * (1e-12 + float64(float64(dim)*1e-13)))
			switch x := sum[i*dim+j]; {
			case !(math.Abs(x-sum[j*dim+i]) <= tolerance):
				return JointNormal{}, fmt.Errorf("multivariate normal: covariance is not symmetric: (%d, %d) is %g, (%d, %d) is %g", i, j, x, j, i, sum[j*dim+i])
			case j >= i && !(math.Abs(x-back[i*dim+j]) <= float64(100*tolerance)):
				return JointNormal{}, fmt.Errorf("multivariate normal: covariance is not positive semidefinite: its nearest factor gives %g for %g at (%d, %d)", back[i*dim+j], x, i, j)
			}
		}
	}
	return JointNormal{mean: slices.Clone(mean), factor: f}, nil
}

// independent columns of one variance.
func independent(mean []float64, variance float64) JointNormal {
	f := newFactor(len(mean), true)
	for k := range f.a {
		f.a[k] = math.Sqrt(variance)
	}
	return JointNormal{mean: slices.Clone(mean), factor: f}
}

// Normal is f: the normal that has its moments.
func (f JointNormal) Normal() JointNormal { return f }

// DDOF is what was subtracted from n in the divisor of the covariance: 0 (maximum likelihood, or a truth) or 1 (unbiased).
func (f JointNormal) DDOF() float64 { return f.ddof }

// Shape is what a fit assumes of the covariance: full, diagonal or spherical; "" for a truth.
func (f JointNormal) Shape() string { return f.shape }

// Spherical reports independent columns of one variance.
func (f JointNormal) Spherical() bool {
	for _, x := range f.factor.a {
		if x != f.factor.a[0] {
			return false
		}
	}
	return f.factor.diagonal
}

// Factor is a new upper triangular R, dim × dim row by row, with R′R = covariance.
func (f JointNormal) Factor() []float64 {
	dim := f.Dim()
	out := make([]float64, dim*dim)
	for k := range dim {
		copy(out[k*dim+k:], f.factor.row(k))
	}
	return out
}

// Dim is the number of columns.
func (f JointNormal) Dim() int { return len(f.mean) }

// Mean is the mean by column, not to be changed.
func (f JointNormal) Mean() []float64 { return f.mean }

// Variances are those of the columns.
func (f JointNormal) Variances() []float64 {
	v := make([]float64, f.Dim())
	f.factor.addSquares(v, 1)
	return v
}

// Covariance is computed anew, row by row in one array of dim × dim.
func (f JointNormal) Covariance() []float64 {
	dim := f.Dim()
	c := make([]float64, dim*dim)
	f.factor.addGram(c, 1)
	for i := range dim {
		for j := range i {
			c[i*dim+j] = c[j*dim+i]
		}
	}
	return c
}

// Trace is the sum of the variances.
func (f JointNormal) Trace() (t float64) {
	for k := range f.factor.dim {
		for _, x := range f.factor.row(k) {
			t += float64(x * x)
		}
	}
	return t
}

// LogDet is the logarithm of the determinant of the covariance, −Inf where it is singular; nats.
func (f JointNormal) LogDet() float64 {
	t := 0.0
	for k := range f.factor.dim {
		t += num.Log(math.Abs(f.factor.pivot(k)))
	}
	return float64(2 * t)
}

// Law is that of a family fitted by mean and variance, summed over columns, where the truth is normal: whatever the shape
// assumes of the covariance, it keeps the trace.
func (f JointNormal) Law(truth Source[Vector]) (Law, error) {
	t, ok := truth.(JointNormal)
	if !ok || t.Rank() == 0 {
		return nil, fmt.Errorf("a gaussian fitted to %T", truth)
	}
	return LocationScale{V0: t.Trace(), DDOF: f.ddof, Scale: 1}, nil
}

// Rank is that of the covariance.
func (f JointNormal) Rank() int { return f.factor.rank() }

// Degenerate reports a covariance that is singular or not finite.
func (f JointNormal) Degenerate() string {
	for k := range f.factor.dim {
		if p := f.factor.pivot(k); math.IsNaN(p) || math.IsInf(p, 0) || math.IsNaN(f.mean[k]) {
			return "covariance not finite"
		}
	}
	switch r := f.Rank(); {
	case r == f.factor.dim:
		return ""
	case r == 0:
		return "covariance 0"
	default:
		return fmt.Sprintf("covariance of rank %d of %d", r, f.factor.dim)
	}
}

// Draw appends n independent rows, views of one new array.
func (f JointNormal) Draw(ctx context.Context, dst []Vector, n int, r *rand.Rand) ([]Vector, error) {
	dim := f.Dim()
	flat := make([]float64, n*dim)
	dst = views(slices.Grow(dst, n), flat, n, dim)
	for i, row := range dst[len(dst)-n:] {
		if i%1024 == 1023 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.drawInto(row, 1, r)
	}
	return dst, nil
}

// drawInto writes mean + by × R′z.
func (f JointNormal) drawInto(row []float64, by float64, r *rand.Rand) {
	copy(row, f.mean)
	for k := range f.factor.dim {
		if from := f.factor.row(k); from[0] != 0 {
			addScaled(row[k:], from, float64(by*rng.Normal(r)))
		}
	}
}
