package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// MedianUniversality is the squared error of a normal's mean that is learned as a median (GaussianMedian), for many rows: with
// Var θ_0 = (π/2)·variance/rows of the first fit, Var θ_g = Var θ_0·Σ_{i ≤ g+1} 1/i² where rows accumulate, and
// (g + 1)·Var θ_0 under replace, as for any regular estimator (Dey and Donoho 2024, arXiv 2410.22812). Under replace
// the factor is exact, since a median moves with its rows; the rest has a relative error of the order of 1/rows.
type MedianUniversality struct{}

// Predict is the line of mean_drift.squared, and that of mean_drift, which is 0 by symmetry.
func (MedianUniversality) Predict(_ context.Context, r Real[float64]) (lines []results.Prediction, err error) {
	truth, ok := r.Truth.(generate.Normal)
	if !ok || len(r.Fits) != 1 || len(r.Interventions) > 0 {
		return nil, nil
	}
	fit, ok := r.Fits[0].(generate.MedianNormal)
	if !ok || fit.Variance != truth.Variance {
		return nil, nil
	}
	rows, replaces := replaced(r.Plan)
	law, factor := "universality, replace", func(g int) float64 { return float64(g + 1) }
	if !replaces {
		all, ok := accumulated(r.Plan)
		if !ok {
			return nil, nil
		}
		for _, n := range all {
			if n != all[0] {
				return nil, nil
			}
		}
		rows, law, factor = all[0], "universality, accumulate", inverseSquares
	}
	const source = "Var θ_g = (π/2)(variance/rows)·Σ 1/i², or ·(g + 1) (Dey and Donoho 2024, arXiv 2410.22812)"
	first := float64(math.Pi / 2 * truth.Variance / float64(rows))
	for g := range r.Plan.Generations() + 1 {
		x := float64(first * factor(g))
		lines = append(lines,
			results.Prediction{Generation: g, Series: "mean_drift", Functional: "mean", Law: law, Source: source},
			results.Prediction{Generation: g, Series: "mean_drift.squared", Functional: "mean", Law: law, Source: source, X: x, Lo: x, Hi: x})
	}
	return within(8/float64(rows), lines), nil // the limit for many rows; 3 % too high for 201
}

// inverseSquares is Σ_{i ≤ g+1} 1/i², which tends to π²/6.
func inverseSquares(g int) (sum float64) {
	for i := g + 1; i >= 1; i-- {
		sum += 1 / float64(float64(i)*float64(i))
	}
	return sum
}
