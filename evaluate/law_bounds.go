package evaluate

import (
	"context"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// BoundLaws are published bounds under replace at one size, as lines of functional "bound", Lo … Hi: those of Suresh et
// al. on how many rare categories live (support_loss, missing_mass, support over categories that are all rare enough for
// the upper one to say something), and those of Seddik et al. on collapsed with two categories. The exact lines lie between.
type BoundLaws struct{}

// Predict bounds every sum.
func (BoundLaws) Predict(_ context.Context, r Real[generate.Histogram]) (lines []results.Prediction, err error) {
	c, p, ok := countPlanOf(r)
	if !ok || c.sampled != nil || c.Smoothing > 0 {
		return nil, nil
	}
	rows, ok := replaced(r.Plan)
	if !ok {
		return nil, nil
	}
	for _, s := range slices.Concat(measuredSums(r, p)...) {
		switch {
		case (s.marks == marksLiving || s.marks == marksDead) && s.rareEnough(p, rows):
			classes := classesIn(classesOf(p, []categorySum{s}, false), 0)
			lines = append(lines, boundLine(s, r.Plan, "Suresh et al.", "Suresh et al. 2024, arXiv 2412.17646, theorem 1",
				func(g int) (lo, hi float64) { return s.bounds(classes, rows, g) })...)
		case s.series == "collapsed" && len(p) == 2 && p[0] > 0 && p[1] > 0:
			lines = append(lines, boundLine(s, r.Plan, "Seddik et al.", "Seddik et al. 2024, arXiv 2404.05090", func(g int) (lo, hi float64) {
				lo, hi = SeddikBounds(p[1], rows, g)
				return math.Max(0, 1-hi), 1 - lo
			})...)
		}
	}
	return lines, nil
}

// rareEnough reports that the upper bound is below 1 at generation 0 for the most probable category of s.
func (s categorySum) rareEnough(p []float64, rows int) bool {
	most := 0.0
	for i, x := range p {
		if s.in == nil || s.in[i] {
			most = max(most, x)
		}
	}
	_, hi := SureshBounds(most, rows, 0)
	return most > 0 && hi < 1
}

// bounds are those of a sum over living or dead categories.
func (s categorySum) bounds(classes []categoryClass, rows, g int) (lo, hi float64) {
	var low, high num.Accumulator
	for _, k := range classes {
		l, h := SureshBounds(k.p, rows, g)
		if s.marks == marksDead {
			l, h = 1-h, 1-l
		}
		weight := float64(s.weighs.of(k.p) * k.categories)
		low.Add(float64(weight * l))
		high.Add(float64(weight * h))
	}
	return low.Sum(), high.Sum()
}

// boundLine is base + factor·[lo, hi] at every generation.
func boundLine(s categorySum, p *generate.Plan, law, source string, of func(g int) (lo, hi float64)) (line []results.Prediction) {
	for g := range p.Generations() + 1 {
		lo, hi := of(g)
		lo, hi = s.base+float64(s.factor*lo), s.base+float64(s.factor*hi)
		line = append(line, results.Prediction{Generation: g, Series: s.series, Functional: "bound", Law: law, Source: source,
			X: math.NaN(), Lo: min(lo, hi), Hi: max(lo, hi)})
	}
	return line
}
