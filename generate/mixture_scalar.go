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

// ScalarMixture is the truth Σ weights·N(mean, sd²) of scalars.
type ScalarMixture struct {
	Weights []float64 `json:"weights" doc:"of the components, scaled to sum to 1; empty: equal"`
	Means   []float64 `json:"means" default:"[-2, 2]" doc:"a number a component"`
	SDs     []float64 `json:"sds" default:"[1, 1]" min:"0" doc:"standard deviations, a number a component"`
}

// Open checks the numbers and scales the weights.
func (m ScalarMixture) Open(context.Context, *rand.Rand) (Source[float64], error) {
	w, err := shares(m.Weights, len(m.Means))
	if err != nil {
		return nil, fmt.Errorf("gaussian mixture: %w", err)
	}
	if len(m.SDs) != len(m.Means) {
		return nil, fmt.Errorf("gaussian mixture: %d sds for %d means", len(m.SDs), len(m.Means))
	}
	for i, sd := range m.SDs {
		if x := m.Means[i]; !(sd >= 0) || math.IsInf(sd, 1) || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("gaussian mixture: component %d has mean %g and sd %g: they must be finite, and sd at least 0", i, x, sd)
		}
	}
	m.Weights = w
	return m, nil
}

// Draw appends n independent rows.
func (m ScalarMixture) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	upTo := cumulated(m.Weights)
	dst = slices.Grow(dst, n)
	for range n {
		k := pick(upTo, r)
		dst = append(dst, m.Means[k]+float64(m.SDs[k]*rng.Normal(r)))
	}
	return dst, nil
}

// Moment2 is the mean and the variance.
func (m ScalarMixture) Moment2() (mean, variance float64) {
	for k, w := range m.Weights {
		mean += float64(w * m.Means[k])
	}
	for k, w := range m.Weights {
		d := m.Means[k] - mean
		variance += float64(w * (float64(m.SDs[k]*m.SDs[k]) + float64(d*d)))
	}
	return mean, variance
}

// CDF is P(X ≤ x).
func (m ScalarMixture) CDF(x float64) (p float64) {
	for k, w := range m.Weights {
		p += float64(w * num.NormalCDF(m.scaled(k, x)))
	}
	return p
}

// Survival is P(X > x), without cancellation in the upper tail.
func (m ScalarMixture) Survival(x float64) (p float64) {
	for k, w := range m.Weights {
		p += float64(w * num.NormalSurvival(m.scaled(k, x)))
	}
	return p
}

// scaled is (x − mean)/sd, and ±Inf of a point.
func (m ScalarMixture) scaled(k int, x float64) float64 {
	if d := x - m.Means[k]; m.SDs[k] > 0 || d == 0 {
		if d == 0 && m.SDs[k] == 0 {
			return math.Inf(1)
		}
		return d / m.SDs[k]
	}
	return math.Inf(int(math.Copysign(1, x-m.Means[k])))
}

// Support is all numbers.
func (m ScalarMixture) Support() (lo, hi float64, whole bool) {
	return math.Inf(-1), math.Inf(1), false
}

// Quantile is the smallest x with CDF(x) ≥ p, by bisection until no number lies between; NaN outside [0, 1].
func (m ScalarMixture) Quantile(p float64) float64 {
	if !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for k, w := range m.Weights {
		if z := num.NormalQuantile(p); w > 0 {
			x := m.Means[k]
			if m.SDs[k] > 0 {
				x += float64(m.SDs[k] * z)
			}
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	below := func(x float64) bool { return m.CDF(x) < p }
	if p > 0.5 {
		below = func(x float64) bool { return m.Survival(x) > 1-p }
	}
	if !below(lo) {
		return lo
	}
	for !math.IsInf(lo, 0) && !math.IsInf(hi, 0) {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if below(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi
}

// Score is the log density, +Inf at a component of sd 0.
func (m ScalarMixture) Score(_ context.Context, rows, nats []float64) error {
	logs := make([]float64, len(m.Weights))
	for i, x := range rows {
		for k, w := range m.Weights {
			if logs[k] = math.Inf(-1); w > 0 {
				logs[k] = num.Log(w) + logNormal(x-m.Means[k], m.SDs[k])
			}
		}
		nats[i] = logSumExp(logs)
	}
	return nil
}

// logNormal is the log density of N(0, sd²) at d.
func logNormal(d, sd float64) float64 {
	switch {
	case sd > 0:
		z := d / sd
		return -float64(0.5*float64(z*z)) - float64(0.5*num.Log(2*math.Pi)) - num.Log(sd)
	case d == 0:
		return math.Inf(1)
	}
	return math.Inf(-1)
}

// logSumExp is ln Σ e^x. It uses x up.
func logSumExp(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		if v > top || v != v {
			top = v
		}
	}
	if math.IsInf(top, 0) || top != top {
		return top
	}
	for i := range x {
		x[i] -= top
	}
	return top + num.Log(num.SumExp(x))
}

// Innovations of scalars are those of a Mixture of one column. A component of sd 0 says nothing.
func (m ScalarMixture) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	t := rosenblatt{dim: 1, z: func(row Vector, _ int, z []float64) {
		for k := range z {
			z[k] = (row[0] - m.Means[k]) / m.SDs[k]
		}
	}}
	for k, w := range m.Weights {
		if w > 0 && !(m.SDs[k] > float64(faint*math.Abs(m.Means[k]))) {
			return dst
		}
		t.logs = append(t.logs, num.Log(w))
	}
	rows := make([]Vector, len(o.Rows))
	for i := range rows {
		rows[i] = o.Rows[i : i+1]
	}
	return t.innovations(dst, rows)
}
