package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// SampledCategories is the law of categories under replace at one size where all that interventions do is to draw from
// a fit in another way: temperature and truncation (heat death: Marchi et al. 2024, arXiv 2404.02325), or the choice of
// one candidate of several (curation: Ferbach et al. 2024, arXiv 2407.09499).
//
// With two categories the count of the first is a Markov chain whose step from a is Binomial(rows, f(a/rows)), f the
// share that is drawn of what was learned: exact for any number of rows. With more there is the recursion p ← f(p) for
// rows without end; it is said where every category is expected a thousand times in the real rows, and for what death
// does not make jump: heterozygosity, entropy and total variation.
type SampledCategories struct{}

// chainStates bounds the fits that are asked what is drawn of them.
const chainStates = 4000

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
	if len(truth.P) == 2 {
		return twoCategories(truth.P, rows, r.Plan.Generations(), draw)
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
		return src.(generate.Distribution).Probabilities(), nil
	}
}

// A share is a function of shares q, beside the true ones.
type share struct {
	series string
	smooth bool // does not jump where a category dies
	of     func(p, q []float64) float64
}

func shares() []share {
	return []share{
		{"heterozygosity", true, func(_, q []float64) float64 { return gini(q) }},
		{"entropy", true, func(_, q []float64) float64 {
			return sumOf(q, func(i int) float64 { return plogp(q[i]) })
		}},
		{"tv", true, func(p, q []float64) float64 {
			return sumOf(q, func(i int) float64 { return max(0, p[i]-q[i]) })
		}},
		{"support", false, func(_, q []float64) float64 {
			return sumOf(q, func(i int) float64 { return living(q[i]) })
		}},
		{"missing_mass", false, func(p, q []float64) float64 {
			return sumOf(q, func(i int) float64 { return float64(p[i] * (1 - living(q[i]))) })
		}},
	}
}

func sumOf(q []float64, of func(i int) float64) float64 {
	var sum num.Accumulator
	for i := range q {
		sum.Add(of(i))
	}
	return sum.Sum()
}

func living(q float64) float64 {
	if q > 0 {
		return 1
	}
	return 0
}

// twoCategories follows the exact chain of the first category's count; none where it costs too much.
func twoCategories(p []float64, rows, generations int, draw drawing) ([]results.Prediction, error) {
	if _, cheap := countChain(rows, generations, 1); !cheap || rows > chainStates {
		return nil, nil
	}
	c := &CountChain{rows: rows, step: make([]band, rows+1)}
	states := make([][]float64, rows+1)
	for a := range states {
		first := float64(a) / float64(rows)
		states[a] = []float64{first, float64(rows-a) / float64(rows)}
		q, err := draw(states[a])
		if err != nil {
			return nil, err
		}
		c.step[a] = binomialBand(rows, q[0])
	}
	w := law{"exact chain of two categories", "binomial steps of what is drawn (ours)"}
	counts := make([]float64, rows+1)
	c.Fit(counts, p[0], 1)
	var lines []results.Prediction
	c.follow(counts, func(g int, counts []float64) {
		for _, s := range shares() {
			x := expectation(counts, func(a int) float64 { return s.of(p, states[a]) })
			lines = append(lines, w.point(g, s.series, "mean", x))
		}
	}, generations)
	return lines, nil
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
			if s.smooth {
				lines = append(lines, w.point(g, s.series, "mean", s.of(p, q)))
			}
		}
		if q, err = draw(q); err != nil {
			return nil, err
		}
	}
	return lines, nil
}
