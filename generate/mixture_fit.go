package generate

import (
	"context"
	"fmt"
	"math"
)

// GaussianMixture fits a mixture of normals of vectors by EM (Dempster, Laird and Rubin 1977), from k-means++ (Arthur and
// Vassilvitskii 2007) and Lloyd's iterations, or from the fit that it is handed (start: a warm start).
//
// EM ends when the mean log likelihood of a row, in nats, changes by less than Tolerance from one iteration to the next,
// as in scikit-learn, whose reg_covar is Regularisation.
type GaussianMixture struct {
	Components     int     `json:"components" default:"2" min:"1" max:"1000" doc:"normals"`
	Covariance     string  `json:"covariance" default:"full" enum:"full,diagonal,spherical" doc:"full; diagonal: columns are independent within a component; spherical: and have one variance"`
	Tolerance      float64 `json:"tolerance" default:"1e-5" min:"0" doc:"EM ends when the mean log likelihood of a row changes by less, in nats"`
	MaxIterations  int     `json:"max_iterations" default:"2000" min:"1" max:"1000000" doc:"of EM, from each start"`
	Regularisation float64 `json:"regularisation" default:"1e-6" min:"0" doc:"added to every variance of every component, in squared units of the data; 0: a component may become singular"`
	Restarts       int     `json:"restarts" default:"1" min:"1" max:"1000" doc:"random starts, of which the likeliest is kept"`
	dim            int
}

// Bind takes the number of columns from the truth.
func (m GaussianMixture) Bind(truth Source[Vector]) (Model[Vector], error) {
	if m.dim = columnsOf(truth); m.dim < 1 {
		return nil, fmt.Errorf("gaussian mixture: %T does not say how many columns there are", truth)
	}
	return m, nil
}

// Starts marks that an earlier fit is where a fit begins.
func (GaussianMixture) Starts() {}

// Fits is a Mixture.
func (m GaussianMixture) Fits() Fitted[Vector] { return Mixture{} }

// Weighs is true: weights are sampling weights.
func (GaussianMixture) Weighs() bool { return true }

// Fit runs EM. Too few rows, and components that are singular or not finite, are results (Mixture.Degenerate); EM ends there.
func (m GaussianMixture) Fit(ctx context.Context, t Task[Vector]) (Fitted[Vector], error) {
	e, err := newEM(m, t.Train)
	if err != nil {
		return nil, fmt.Errorf("gaussian mixture: %w", err)
	}
	if e.n == 0 {
		return e.nothing(), nil
	}
	if start, ok := t.Start.(Mixture); ok && e.startAt(start) {
		if err := e.run(ctx, t.Progress); err != nil {
			return nil, err
		}
		return e.mixture(), nil
	}
	var best Mixture
	for i := range max(1, m.Restarts) {
		e.startAnew(t.Rand)
		if err := e.run(ctx, t.Progress); err != nil {
			return nil, err
		}
		if next := e.mixture(); i == 0 || next.betterThan(best) {
			best = next
		}
	}
	return best, nil
}

// betterThan says which of two fits of the same rows is kept: one that is not degenerate, then the likelier.
func (m Mixture) betterThan(other Mixture) bool {
	if (m.why == "") != (other.why == "") {
		return m.why == ""
	}
	return m.bound > other.bound
}

// nothing is the fit of no rows.
func (e *em) nothing() Mixture {
	m := Mixture{why: "no rows"}
	for range e.parts {
		mean := make([]float64, e.dim)
		for j := range mean {
			mean[j] = math.NaN()
		}
		m.weights = append(m.weights, 1/float64(e.parts))
		m.parts = append(m.parts, JointNormal{mean: mean, factor: undefined(e.dim, e.shape != "full"), shape: e.shape})
	}
	return m
}

// mixture is where EM is.
func (e *em) mixture() Mixture {
	m := Mixture{weights: append([]float64(nil), e.weights...), iterations: e.iterations, bound: e.bound, why: e.why}
	if m.why == "" && e.n < e.parts {
		m.why = fmt.Sprintf("%d rows for %d components", e.n, e.parts)
	}
	for k := range e.parts {
		if m.why == "" && m.weights[k] == 0 {
			m.why = fmt.Sprintf("component %d is empty", k)
		}
		m.parts = append(m.parts, JointNormal{mean: append([]float64(nil), e.means(k)...), factor: e.factorOf(k), shape: e.shape})
	}
	return m
}
