package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// LogisticUniversality is what large samples make of logistic regression by maximum likelihood, as of any regular family
// (Dey and Donoho 2024, arXiv 2410.22812): E risk of generation 0 is tr I⁻¹/rows, I Fisher's information of one row, times
// Σ_{i≤g+1} 1/i² under accumulate and times g + 1 under replace, for fresh inputs and for the same alike. The line's band is
// relative, (g+1)·dim/rows to either side: the order of what is left out.
type LogisticUniversality struct{}

// Predict reads the plan.
func (LogisticUniversality) Predict(_ context.Context, r Real[generate.Labelled]) (all []results.Prediction, err error) {
	truth, ok := r.Truth.(generate.Logistic)
	if !ok || r.Plan == nil || len(r.Fits) != 1 {
		return nil, nil
	}
	fit, ok := r.Fits[0].(generate.Logistic)
	switch {
	case !ok:
		return nil, nil
	case fit.Ridge() > 0:
		return nil, fmt.Errorf("logistic regression with a ridge has no law here")
	case len(r.Interventions) > 0:
		return nil, fmt.Errorf("logistic regression: the intervention %s has no declared effect on the law", r.Interventions[0].Name())
	}
	rows, replace, ok := universal(r.Plan)
	dim, w := float64(truth.Dim()), truth.Weights()
	if !ok || float64(rows) <= dim {
		return nil, fmt.Errorf("logistic regression has a law for large samples under replace and accumulate at one size")
	}
	first := LogisticRisk(truth.Dim(), math.Sqrt(truth.SquaredLength(w))) / float64(rows)
	law, source := "large samples, accumulate", "tr I⁻¹/rows·Σ 1/i² (Dey and Donoho 2024, arXiv 2410.22812)"
	if replace {
		law, source = "large samples, replace", "tr I⁻¹/rows·(g+1) (Dey and Donoho 2024, arXiv 2410.22812)"
	}
	sum, last := 0.0, r.Plan.Generations()
	point := func(g int, functional string, x, within float64) {
		all = append(all, results.Prediction{Generation: g, Series: "risk", Functional: functional, Law: law, Source: source, X: x, Lo: x - within, Hi: x + within})
	}
	for g := range last + 1 {
		if i := float64(g + 1); replace {
			sum = i
		} else {
			sum += 1 / float64(i*i)
		}
		x := float64(first * sum)
		point(g, "mean", x, float64(x*float64(float64(g+1)*dim/float64(rows))))
	}
	limit := float64(first * math.Pi * math.Pi / 6)
	if replace {
		limit = math.Inf(1)
	}
	point(last, "limit", limit, 0)
	return all, nil
}

// LogisticRisk is tr I⁻¹ of logistic regression in dim inputs N(0, I) with true weights of a length: with u standard normal
// and p = σ(length·u), I is E p(1 − p)u² along the weights and E p(1 − p) across.
func LogisticRisk(dim int, length float64) float64 {
	moment := func(power float64) float64 {
		half := integral(func(u float64) float64 {
			e := num.Exp(-float64(length * u))
			x := num.Exp(-float64(0.5*float64(u*u))) / math.Sqrt(2*math.Pi) * e / float64((1+e)*(1+e))
			if power == 2 {
				x = float64(x * float64(u*u))
			}
			return x
		}, 0, min(10, 700/max(length, 1)), 200)
		return float64(2 * half)
	}
	return 1/moment(2) + float64(dim-1)/moment(0)
}

// universal reports replace or accumulate at one size, from rows with fresh inputs or those of generation 0, whatever a fit starts
// from: the maximum of a likelihood does not remember.
func universal(p *generate.Plan) (rows int, replace, ok bool) {
	rows, replace = p.Draw(generate.At{}).Rows, true
	accumulate := true
	for g, s := range p.Steps {
		if len(s.Lessons) != 1 || len(s.Draws) != 1 || s.Draws[0].Rows != rows || len(s.Draws[0].From) != 1 {
			return 0, false, false
		}
		from := s.Draws[0].From[0]
		if real := from.Truth && from.Source == 0; real != (g == 0) || g > 0 && (from.Fit == nil || *from.Fit != generate.At{Generation: g - 1}) {
			return 0, false, false
		}
		var blocks []generate.At
		for at, w := range s.Lessons[0].Each {
			if w != s.Lessons[0].Shares[0].Relative() || at.Index != 0 {
				return 0, false, false
			}
			blocks = append(blocks, at)
		}
		replace = replace && len(blocks) == 1 && blocks[0].Generation == g
		accumulate = accumulate && len(blocks) == g+1
	}
	return rows, replace, replace || accumulate
}
