package evaluate

import (
	"context"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// AncestorLaws are the exact lines of support, support_loss, missing_mass, test_error, collapsed and fixation under replace
// at one size by Ancestors, where CountLaws cost too much.
type AncestorLaws struct{}

// Predict follows the ancestors.
func (AncestorLaws) Predict(_ context.Context, r Real[generate.Histogram]) (lines []results.Prediction, err error) {
	c, p, ok := countPlanOf(r)
	if !ok || c.sampled != nil || c.Smoothing > 0 {
		return nil, nil
	}
	rows, ok := replaced(r.Plan)
	sums := slices.DeleteFunc(slices.Concat(measuredSums(r, p)...), func(s categorySum) bool { return s.marks == marksOther })
	if !ok || len(sums) == 0 || c.work(len(sums), len(sums)) <= chainWork {
		return nil, nil
	}
	return ancestorLines(rows, r.Plan.Generations(), p, sums), nil
}

// ancestorLines are the lines of sums that mark categories; none where they cost too much.
func ancestorLines(rows, generations int, p []float64, sums []categorySum) (lines []results.Prediction) {
	m, width := float64(rows), float64(4*math.Sqrt(float64(rows)))
	if float64(m*width) > chainWork/10 {
		return nil
	}
	classes := classesOf(p, sums, false)
	if float64(float64(len(classes)*len(sums))*float64(width*float64(2*math.Sqrt(float64(generations+1))))) > chainWork/10 {
		return nil
	}
	x := make([][]float64, len(sums))
	NewAncestors(rows).Laws(generations, func(_ int, law band) {
		for j, s := range sums {
			x[j] = append(x[j], s.ancestral(classes, j, law))
		}
	})
	for j, s := range sums {
		lines = append(lines, s.lines("ancestors", "exact occupancy chain of ancestors (the coalescent; Ewens 2004, chapter 10)", x[j])...)
	}
	return lines
}

// ancestral is the expectation of sum j under the law of the ancestors.
func (s categorySum) ancestral(classes []categoryClass, j int, law band) float64 {
	var sum num.Accumulator
	for _, k := range classes {
		if !k.has(j) {
			continue
		}
		x := 0.0
		switch s.marks {
		case marksAlone:
			x = law.power(k.p)
		case marksDead:
			x = law.power(1 - k.p)
		case marksLiving:
			x = 1 - law.power(1-k.p)
		}
		sum.Add(float64(float64(s.weighs.of(k.p)*k.categories) * x))
	}
	return sum.Sum()
}
