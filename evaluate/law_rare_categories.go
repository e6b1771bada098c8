package evaluate

import (
	"context"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// RareCategoryLaws are the lines of support, support_loss and missing_mass in the limit of many rows and rare
// categories, for the plans of CountLaws where the exact chain costs too much: at least 1,000 rows, and 20 a generation.
// They lie within about 0.3 % of the exact chain where that can be computed.
type RareCategoryLaws struct{}

// Predict is the limit of every sum over living categories.
func (RareCategoryLaws) Predict(_ context.Context, r Real[generate.Histogram]) (lines []results.Prediction, err error) {
	c, p, ok := countPlanOf(r)
	if !ok || c.sampled != nil || c.Smoothing > 0 {
		return nil, nil
	}
	generations := r.Plan.Generations()
	if least := slices.Min(c.Rows()); least < 1000 || generations > least/20 {
		return nil, nil
	}
	sums := slices.DeleteFunc(slices.Concat(measuredSums(r, p)...), func(s categorySum) bool { return s.marks != marksLiving && s.marks != marksDead })
	if len(sums) == 0 || len(sums) > 64 {
		return nil, nil
	}
	all := classesOf(p, sums, false)
	for j, s := range sums {
		classes := classesIn(all, j)
		if float64(float64(len(classes))*float64(generations+1)) > chainWork/20 {
			continue
		}
		lines = append(lines, s.lines("Galton–Watson", galtonWatsonSource, s.limit(c.Steps, classes))...)
	}
	return lines, nil
}

// limit is E Σ weight(p_i)·1{category i lives, or is dead} by generation, in the limit of rare categories: the counts of
// each are Poisson given the counts before, so that a category of probability p is dead at generation g with probability
// exp(−p·deathRate(g)): under replace exp(−rows·p·(1 − f_g)), f_g the g-fold iterate of exp(x − 1) from 0 (the law behind
// the growth of test error with generations in Dohmatob et al. 2024, arXiv 2402.07043).
func (s categorySum) limit(steps []CountStep, classes []categoryClass) []float64 {
	out := make([]float64, len(steps))
	for g := range out {
		rate := deathRate(steps[:g+1])
		var sum num.Accumulator
		for _, c := range classes {
			x := num.Exp(-float64(rate * c.p))
			if s.marks == marksLiving {
				x = -num.Expm1(-float64(rate * c.p))
			}
			sum.Add(float64(float64(s.weighs.of(c.p)*c.categories) * x))
		}
		out[g] = sum.Sum()
	}
	return out
}

// deathRate is x such that a category of small probability p is dead with probability exp(−x·p) in the last of steps:
// a generating function taken back through the steps, with immigration of fresh real rows, as in Extinction.
func deathRate(steps []CountStep) (rate float64) {
	rows := CountChain{Steps: steps}.Rows()
	s := 0.0
	for g := len(steps) - 1; g > 0; g-- {
		step := steps[g]
		drawn := float64(step.Drawn)
		rate += float64((float64(drawn*step.Real) + float64(step.Fresh)) * (1 - s))
		next := num.Exp(float64(float64(drawn*(1-step.Real)) / float64(rows[g-1]) * (s - 1)))
		if step.Keep {
			next = float64(next * s)
		}
		s = next
	}
	return rate + float64(float64(rows[0])*(1-s))
}
