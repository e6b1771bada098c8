package evaluate

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// VectorW2 is the Wasserstein-2 distance between the truth and the fit, both taken as normals by their moments:
// w2.squared = |mean − true mean|² + tr A + tr B − 2 tr (A^½ B A^½)^½ for the covariances A and B, in squared units of
// the data (Olkin and Pukelsheim 1982). It uses gonum's singular values: the same bits on one GOARCH and
// GOAMD64, within 1e-9 elsewhere.
type VectorW2 struct{}

// Needs is nothing but the fit.
func (VectorW2) Needs() Needs { return Needs{} }

// Can asks for a fit that knows its moments.
func (VectorW2) Can(fits generate.Fitted[generate.Vector]) error { return knowsCovariance("w2", fits) }

// Axes is the squared distance.
func (VectorW2) Axes() []results.Axis { return []results.Axis{w2Axis} }

// Start fixes the truth's moments.
func (VectorW2) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	truth, err := trueNormal(ctx, "w2", r)
	if err != nil {
		return nil, err
	}
	return gaugeOfNormal(truth, func(_ View[generate.Vector], fit generate.JointNormal, to Sink) {
		to.Put("w2.squared", NormalW2Squared(truth, fit))
	}), nil
}

// NormalW2Squared is W₂² of two normals of one dimension. With factors A = R′R and B = S′S the last trace is the sum of
// the singular values of R S′, which needs no root of a nearly singular matrix. It is NaN where a moment is not finite.
func NormalW2Squared(p, q generate.JointNormal) float64 {
	dim := p.Dim()
	a, b := p.Factor(), q.Factor()
	traces := p.Trace() + q.Trace()
	far := squaredDistance(p.Mean(), q.Mean())
	if x := traces + far; math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN()
	}
	var product mat.Dense
	product.Mul(mat.NewDense(dim, dim, a), mat.NewDense(dim, dim, b).T())
	var svd mat.SVD
	if !svd.Factorize(&product, mat.SVDNone) {
		return math.NaN()
	}
	common := 0.0
	for _, x := range svd.Values(nil) {
		common += x
	}
	return far + max(0, traces-float64(2*common))
}
