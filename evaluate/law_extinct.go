package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// ExtinctLaw is the probability that a count family is a point, by generation: generation 0 is the fit on n real rows, whose
// total is S_0, and generation g is g resamplings later.
//
// Poisson, learning from the last fit alone: S_0 is Poisson of nλ, and S_g given S_{g−1} Poisson of S_{g−1} (at sizes that
// change, of S_{g−1} n_g/n_{g−1}): Galton–Watson, critical at a constant size, so that P(S_g = 0) = exp(nλ(f_g − 1)) with
// f_0 = 0 and f_k = exp(f_{k−1} − 1) (Athreya and Ney 1972, Branching Processes, ch. I; of unigrams in the limit of rare ones,
// Suresh et al. 2024, arXiv 2412.17646).
//
// Bernoulli, under replace at one size: the number of ones is the Wright–Fisher chain of CountChain, which ends at 0 or n.
//
// Where everything is accumulated, generation 0 decides: a point stays one, and what is none never becomes one.
type ExtinctLaw struct{}

// Predict is the line of the series extinct, of the mean.
func (ExtinctLaw) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	if len(r.Fits) != 1 || len(r.Interventions) > 0 || !onlyTruth(r.Plan) {
		return nil, nil
	}
	if t, ok := r.Truth.(momented); ok {
		if _, variance := t.Moment2(); math.IsNaN(variance) {
			return nil, nil
		}
	}
	switch truth := r.Truth.(type) {
	case generate.Poisson:
		if _, ok := r.Fits[0].(generate.Poisson); ok {
			return poissonExtinct(r.Plan, truth.Mean), nil
		}
	case generate.Bernoulli:
		if _, ok := r.Fits[0].(generate.Bernoulli); ok {
			return bernoulliExtinct(r.Plan, truth.P), nil
		}
	}
	return nil, nil
}

// PoissonExtinct is P(S_g = 0) for a Poisson total of mean total at generation 0, g = len(steps) resamplings later; the steps
// have no real rows.
func PoissonExtinct(total float64, steps []Resampling) float64 {
	return num.Exp(float64(total * (Extinction(steps, 0) - 1)))
}

func poissonExtinct(p *generate.Plan, mean float64) []results.Prediction {
	const source = "P(S_g = 0) = exp(nλ(f_g − 1)), f_0 = 0, f_k = exp(f_{k−1} − 1) (Athreya and Ney 1972, ch. I)"
	total := float64(float64(p.Draw(generate.At{}).Rows) * mean)
	if _, ok := accumulated(p); ok {
		return extinctLine(p, "Poisson, accumulate", source, func(int) float64 { return num.Exp(-total) })
	}
	steps, ok := resamplings(p)
	if !ok {
		return nil
	}
	for _, s := range steps {
		if s.Real > 0 {
			return nil // rows drawn again are no thinning of their total
		}
	}
	return extinctLine(p, "Galton–Watson", source, func(g int) float64 { return PoissonExtinct(total, steps[:g]) })
}

// BernoulliExtinct is the probability that all of rows draws are alike, at generations 0 … generations of replace from a
// truth of chance p: the law of the chain's two ends. False: it would cost more than a line may.
func BernoulliExtinct(p float64, rows, generations int) (out []float64, ok bool) {
	c := CountChain{Steps: []CountStep{{Fresh: rows}}}
	for range generations {
		c.Steps = append(c.Steps, CountStep{Drawn: rows})
	}
	if rows < 1 || c.work(1, 1) > chainWork {
		return nil, false
	}
	c.Law(p, func(_ int, law []float64) { out = append(out, law[0]+law[rows]) })
	return out, true
}

func bernoulliExtinct(p *generate.Plan, chance float64) []results.Prediction {
	const source = "the count of ones is Binomial(n, count/n) of the one before (Ewens 2004, §3.2)"
	rows, ok := replaced(p)
	if !ok {
		all, grows := accumulated(p)
		if !grows {
			return nil
		}
		start, ok := BernoulliExtinct(chance, all[0], 0)
		if !ok {
			return nil
		}
		return extinctLine(p, "Bernoulli, accumulate", source, func(int) float64 { return start[0] })
	}
	line, ok := BernoulliExtinct(chance, rows, p.Generations())
	if !ok {
		return nil
	}
	return extinctLine(p, "Wright–Fisher", source, func(g int) float64 { return line[g] })
}

func extinctLine(p *generate.Plan, law, source string, of func(g int) float64) (line []results.Prediction) {
	for g := range p.Generations() + 1 {
		x := of(g)
		line = append(line, results.Prediction{Generation: g, Series: "extinct", Functional: "mean", Law: law, Source: source, X: x, Lo: x, Hi: x})
	}
	return line
}
