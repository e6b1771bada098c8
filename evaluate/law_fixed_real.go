package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// FixedReal is a plan that learns, from generation 1 on, from the same Fixed real rows, some or all of the First that
// generation 0 learned from, and from Synthetic rows drawn from the last fit (partially synthetic, in the words of Seddik
// et al. 2024, arXiv 2404.05090). No fixed rows is replace.
type FixedReal struct{ First, Fixed, Synthetic int }

// Drift is E Σ (q_g − q_0)² at generations 0 … generations, h the heterozygosity 1 − Σ p² of the truth. With all first rows
// fixed, α = Synthetic/(Fixed + Synthetic) and S = Σ q_0²: D_{g+1} = α²·(D_g·(1 − 1/Synthetic) + (1 − E S)/Synthetic),
// D_0 = 0, E S = 1 − h·(1 − 1/First) (Seddik et al., the recursion behind their bound). With some of them fixed the fixed
// rows' own distance from q_0 adds to it (our own).
func (l FixedReal) Drift(h float64, generations int) (out []float64) {
	alpha, first := l.alpha(), l.first(h)
	between := l.between(h)
	d, lean := 0.0, 0.0 // lean is E (fixed − q_0)·(q_g − q_0)
	for range generations + 1 {
		out = append(out, d)
		d = float64(l.own()*d) + l.driven(first, between, lean)
		lean = float64((1-alpha)*between) + float64(alpha*lean)
	}
	return out
}

// DriftLimit is where Drift goes: with all first rows fixed α²·(1 − E S)/Synthetic / (1 − α²·(1 − 1/Synthetic)).
func (l FixedReal) DriftLimit(h float64) float64 {
	return l.driven(l.first(h), l.between(h), l.between(h)) / (1 - l.own())
}

// alpha is the synthetic share of what later generations learn from.
func (l FixedReal) alpha() float64 { return float64(l.Synthetic) / float64(l.Fixed+l.Synthetic) }

// first is E 1 − Σ q_0².
func (l FixedReal) first(h float64) float64 { return float64(h * (1 - 1/float64(l.First))) }

// between is E Σ (fixed − q_0)².
func (l FixedReal) between(h float64) float64 {
	if l.Fixed == 0 {
		return 0
	}
	return float64(h * (1/float64(l.Fixed) - 1/float64(l.First)))
}

// own is the factor of the drift before.
func (l FixedReal) own() float64 {
	alpha := l.alpha()
	return float64(float64(alpha*alpha) * (1 - 1/float64(l.Synthetic)))
}

// driven is what the drift before does not give.
func (l FixedReal) driven(first, between, lean float64) float64 {
	alpha := l.alpha()
	real := 1 - alpha
	return float64(float64(alpha*alpha)*first)/float64(l.Synthetic) + float64(float64(real*real)*between) + float64(2*float64(float64(alpha*real)*lean))
}

// DriftLaws are the exact lines of drift: with fixed real rows, and under replace and accumulate, where it is what
// heterozygosity loses.
type DriftLaws struct{}

// Predict is the line and, with fixed real rows, its limit.
func (DriftLaws) Predict(_ context.Context, r Real[generate.Histogram]) ([]results.Prediction, error) {
	p, err := truthOf(r)
	if err != nil || !unsmoothed(r.Fits) || len(r.Interventions) > 0 {
		return nil, nil
	}
	h, last := gini(p), 0
	if r.Plan != nil {
		last = r.Plan.Generations()
	}
	if l, ok := fixedReal(r.Plan); ok {
		const law, source = "fixed real rows", "recursion behind the bound of Seddik et al. 2024, arXiv 2404.05090"
		line := lineOf("drift", law, source, l.Drift(h, last))
		if x := l.DriftLimit(h); l.Fixed > 0 {
			line = append(line, results.Prediction{Generation: last, Series: "drift", Functional: "limit", Law: law, Source: source, X: x, Lo: x, Hi: x})
		}
		return line, nil
	}
	if steps, ok := countSteps(r.Plan, false); ok {
		return driftOf(steps, h), nil
	}
	return nil, nil
}

// driftOf is E H_0 − E H_g where every fit has the mean of the one before.
func driftOf(steps []CountStep, h float64) []results.Prediction {
	c := CountChain{Steps: steps}
	if c.mutates() {
		return nil
	}
	var x []float64
	for g, m := range c.Rows() {
		drawn := float64(steps[g].Drawn + steps[g].Fresh)
		h = float64(h * (1 - drawn/float64(m)/float64(m)))
		x = append(x, h)
	}
	first := x[0]
	for g := range x {
		x[g] = first - x[g]
	}
	return lineOf("drift", "lost heterozygosity", "E Σ (q − q_0)² = E H_0 − E H of a martingale", x)
}

// fixedReal reads a plan of FixedReal; false: another.
func fixedReal(p *generate.Plan) (l FixedReal, ok bool) {
	if p == nil || !onlyTruth(p) {
		return l, false
	}
	l.First = p.Draw(generate.At{}).Rows
	for g := 1; g <= p.Generations(); g++ {
		blocks, ok := lone(p, g)
		if !ok {
			return l, false
		}
		now := FixedReal{First: l.First}
		for _, at := range blocks {
			d := p.Draw(at)
			switch {
			case at.Generation == 0 && fixedBlock(d, at) && now.Fixed == 0:
				now.Fixed = d.Rows
			case at.Generation == g && d.Given == nil && len(d.From) == 1 && d.From[0].Fit != nil && *d.From[0].Fit == generate.At{Generation: g - 1}:
				now.Synthetic += d.Rows
			default:
				return l, false
			}
		}
		if g > 1 && now != l || now.Synthetic == 0 || now.Fixed == 0 {
			return l, false
		}
		l = now
	}
	return l, true
}

// fixedBlock reports that d, a draw of generation 0, is the rows that generation 0 learned from, or some of them.
func fixedBlock(d generate.Draw, at generate.At) bool {
	if at.Index == 0 {
		return true
	}
	return d.Given == nil && len(d.From) == 1 && len(d.From[0].Past) == 1 && !d.From[0].Replacement &&
		d.From[0].Past[0] == generate.Blocks{Lo: 0, Hi: 1, Index: 0}
}
