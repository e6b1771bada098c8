package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// SampledCategories is the law of categories under replace at one size where all that interventions do is to draw from
// a fit in another way: temperature and truncation (heat death: Marchi et al. 2024, arXiv 2404.02325), or the choice of
// one candidate of several (curation: Ferbach et al. 2024, arXiv 2407.09499). It is the recursion p ← f(p) for rows without
// end, f the shares that are drawn of what was learned; it is said where every category is expected a thousand times in the
// real rows, and for what death does not make jump: heterozygosity, entropy and total variation. Two categories have an
// exact chain at any number of rows: CountLaws.
type SampledCategories struct{}

// Predict recognises known categories, replace and interventions that are samplers.
func (SampledCategories) Predict(_ context.Context, r Real[generate.Histogram]) ([]results.Prediction, error) {
	truth, ok := r.Truth.(generate.Frequencies)
	rows, replaces := replaced(r.Plan)
	if !ok || !replaces || len(r.Interventions) == 0 || !unsmoothed(r.Fits) {
		return nil, nil
	}
	draw := drawnShares(r.Interventions)
	if draw == nil {
		return nil, nil
	}
	return manyDraws(truth.P, rows, r.Plan.Generations(), draw)
}

// A drawing is the shares that are drawn of shares that were learned.
type drawing func(p []float64) ([]float64, error)

// drawnShares is what interventions make of shares; nil: not all of them are samplers.
func drawnShares(all []generate.Intervention[generate.Histogram]) drawing {
	var samplers []generate.Sampler[generate.Histogram]
	for _, iv := range all {
		s, ok := iv.(generate.Sampler[generate.Histogram])
		if !ok {
			return nil
		}
		samplers = append(samplers, s)
	}
	return func(p []float64) (_ []float64, err error) {
		var src generate.Source[generate.Histogram] = generate.Frequencies{P: p}
		for _, s := range samplers {
			if src, err = s.Sampled(src); err != nil {
				return nil, err
			}
		}
		d, ok := src.(generate.Distribution)
		if !ok {
			return nil, fmt.Errorf("%T does not know its probabilities", src)
		}
		return d.Probabilities(), nil
	}
}

// A share is a function of shares q, beside the true ones.
type share struct {
	series string
	of     func(p, q []float64) float64
}

func shares() []share {
	return []share{
		{"heterozygosity", func(_, q []float64) float64 { return gini(q) }},
		{"entropy", func(_, q []float64) float64 { return num.Entropy(q) }},
		{"tv", func(p, q []float64) float64 {
			var sum num.Accumulator
			for i, x := range q {
				sum.Add(max(0, p[i]-x))
			}
			return sum.Sum()
		}},
	}
}

// manyDraws follows p ← f(p).
func manyDraws(p []float64, rows, generations int, draw drawing) (lines []results.Prediction, err error) {
	for _, x := range p {
		if x > 0 && float64(x*float64(rows)) < 1000 {
			return nil, nil
		}
	}
	const source = "p ← what is drawn of p (Marchi et al. 2024, arXiv 2404.02325; Ferbach et al. 2024, arXiv 2407.09499)"
	w := law{"rows → ∞", source}
	q := p
	for g := range generations + 1 {
		for _, s := range shares() {
			lines = append(lines, w.point(g, s.series, "mean", s.of(p, q)))
		}
		if q, err = draw(q); err != nil {
			return nil, err
		}
	}
	return lines, nil
}
