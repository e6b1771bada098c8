package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// ParetoReplace is the tail index under replace, and ours: ln(row/scale) is exponential, so that the index of n rows is the true
// one times n over a gamma of shape n, and its logarithm a random walk over generations:
//
//	E ln index_g − ln index = Σ_{i ≤ g} [ln n_i − ψ(n_i)],   Var = Σ ψ1(n_i).
//
// Each step is near 1/(2n) above 0: the tail thins out for certain.
type ParetoReplace struct{}

// Predict draws tail_index ("mean of ln").
func (ParetoReplace) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	truth, ok := r.Truth.(generate.Pareto)
	if !ok || len(r.Fits) != 1 {
		return nil, nil
	}
	if f, ok := r.Fits[0].(generate.Pareto); !ok || f.Scale != truth.Scale {
		return nil, nil
	}
	if len(r.Interventions) > 0 {
		return nil, fmt.Errorf("tail index: the intervention %s has no declared effect on the law", r.Interventions[0].Name())
	}
	rows, ok := newest(r.Plan)
	if !ok {
		return nil, fmt.Errorf("tail index: a law is known under replace alone")
	}
	lines := make([]float64, len(rows))
	ln := num.Log(truth.Index)
	for g, n := range rows {
		ln += num.Log(float64(n)) - num.Digamma(float64(n))
		lines[g] = num.Exp(ln)
	}
	w := law{"product of gammas", "ours: each index is the last times n over a gamma of shape n"}
	return w.line(r.Plan, "tail_index", "mean of ln", func(at generate.At) float64 { return lines[at.Generation] }), nil
}
