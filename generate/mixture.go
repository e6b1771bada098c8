package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Mixture is a finite mixture of normals of vectors: an opened truth (Blobs), and what GaussianMixture fits.
type Mixture struct {
	weights    []float64 // sum to 1
	parts      []JointNormal
	iterations int     // of EM; 0 of a truth
	bound      float64 // mean log likelihood of a row that EM ended with, nats
	why        string  // it is degenerate
}

// NewMixture is Σ weights·parts. Weights are scaled to sum to 1; there must be as many as parts, none below 0, and the
// parts of equally many columns.
func NewMixture(weights []float64, parts []JointNormal) (Mixture, error) {
	scaled, err := shares(weights, len(parts))
	if err != nil {
		return Mixture{}, fmt.Errorf("mixture: %w", err)
	}
	for i, p := range parts {
		if p.Dim() != parts[0].Dim() {
			return Mixture{}, fmt.Errorf("mixture: component %d has %d columns, component 0 has %d", i, p.Dim(), parts[0].Dim())
		}
	}
	return Mixture{weights: scaled, parts: slices.Clone(parts)}, nil
}

// shares scales n weights to sum to 1; none given: equal ones.
func shares(weights []float64, n int) ([]float64, error) {
	if n == 0 {
		return nil, fmt.Errorf("no components")
	}
	if len(weights) == 0 {
		weights = slices.Repeat([]float64{1}, n)
	}
	if len(weights) != n {
		return nil, fmt.Errorf("%d weights for %d components", len(weights), n)
	}
	total := 0.0
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return nil, fmt.Errorf("weight %d is %g: it must be a finite number of at least 0", i, w)
		}
		total += w
	}
	if !(total > 0) || math.IsInf(total, 1) {
		return nil, fmt.Errorf("weights sum to %g", total)
	}
	scaled := make([]float64, n)
	for i, w := range weights {
		scaled[i] = w / total
	}
	return scaled, nil
}

// Dim is the number of columns.
func (m Mixture) Dim() int {
	if len(m.parts) == 0 {
		return 0
	}
	return m.parts[0].Dim()
}

// Components are the weights, which sum to 1, and the normals; neither is to be changed.
func (m Mixture) Components() (weights []float64, parts []JointNormal) { return m.weights, m.parts }

// Modes are the components, for metrics that ask which of the truth's modes a row belongs to.
func (m Mixture) Modes() (modes []Scorer[Vector]) {
	for _, p := range m.parts {
		modes = append(modes, p)
	}
	return modes
}

// Iterations of EM that the fit took, and the mean log likelihood of a row that it ended with, in nats, before its last step.
func (m Mixture) Iterations() (n int, bound float64) { return m.iterations, m.bound }

// Normal has the mean and the covariance of m: Σ w (Σ_k + (μ_k − μ)(μ_k − μ)′).
func (m Mixture) Normal() JointNormal {
	dim := m.Dim()
	mean, sum, d := make([]float64, dim), make([]float64, dim*dim), make([]float64, dim)
	for k, p := range m.parts {
		addScaled(mean, p.mean, m.weights[k])
	}
	for k, p := range m.parts {
		p.factor.addGram(sum, m.weights[k])
		for j := range d {
			d[j] = p.mean[j] - mean[j]
		}
		for j, x := range d {
			addScaled(sum[j*dim+j:(j+1)*dim], d[j:], float64(m.weights[k]*x))
		}
	}
	return JointNormal{mean: mean, factor: cholesky(sum, dim, 1, math.Inf(1))}
}

// Marginal is the law of column j.
func (m Mixture) Marginal(j int) ScalarMixture {
	s := ScalarMixture{Weights: m.weights}
	for _, p := range m.parts {
		s.Means, s.SDs = append(s.Means, p.mean[j]), append(s.SDs, math.Sqrt(p.Variances()[j]))
	}
	return s
}

// Quantile of column j.
func (m Mixture) Quantile(j int, p float64) float64 { return m.Marginal(j).Quantile(p) }

// Draw appends n independent rows, views of one new array: the component first, then its normal.
func (m Mixture) Draw(ctx context.Context, dst []Vector, n int, r *rand.Rand) ([]Vector, error) {
	dim := m.Dim()
	upTo := cumulated(m.weights)
	dst = views(slices.Grow(dst, n), make([]float64, n*dim), n, dim)
	for i, row := range dst[len(dst)-n:] {
		if i%1024 == 1023 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		m.parts[pick(upTo, r)].drawInto(row, 1, r)
	}
	return dst, nil
}

// cumulated sums of weights.
func cumulated(weights []float64) []float64 {
	upTo, total := make([]float64, len(weights)), 0.0
	for k, w := range weights {
		total += w
		upTo[k] = total
	}
	return upTo
}

// pick is a category by cumulated weights, the last of which is their sum; one of weight 0 is never picked.
func pick(upTo []float64, r *rand.Rand) int {
	last := len(upTo) - 1
	u := float64(r.Float64() * upTo[last])
	for last > 0 && upTo[last-1] == upTo[last] {
		last--
	}
	if last < 16 {
		for k, x := range upTo[:last] {
			if u < x {
				return k
			}
		}
		return last
	}
	k, found := slices.BinarySearch(upTo[:last], u)
	for found && k < last && upTo[k] == u {
		k++
	}
	return k
}

// Degenerate says what went wrong with a fit: too few rows, or components that are singular or not finite.
func (m Mixture) Degenerate() string {
	if m.why != "" {
		return m.why
	}
	for k, p := range m.parts {
		if why := p.Degenerate(); why != "" && m.weights[k] > 0 {
			return fmt.Sprintf("component %d: %s", k, why)
		}
	}
	return ""
}
