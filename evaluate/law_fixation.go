package evaluate

import (
	"context"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// FixationLaws are where collapsed and fixation go under replace at one size: one category is left in the end, and which one
// is a draw of the truth, because the share of every category is a martingale (Ewens 2004, Mathematical Population
// Genetics, §3.2).
type FixationLaws struct{}

// Predict is one point a series, at the last generation.
func (FixationLaws) Predict(_ context.Context, r Real[generate.Histogram]) (lines []results.Prediction, err error) {
	c, p, ok := countPlanOf(r)
	if !ok || c.sampled != nil || c.Smoothing > 0 {
		return nil, nil
	}
	if _, ok := replaced(r.Plan); !ok {
		return nil, nil
	}
	for _, s := range slices.Concat(measuredSums(r, p)...) {
		if s.marks != marksAlone {
			continue
		}
		var in num.Accumulator
		for i, x := range p {
			if s.in == nil || s.in[i] {
				in.Add(x)
			}
		}
		x := in.Sum()
		lines = append(lines, results.Prediction{Generation: r.Plan.Generations(), Series: s.series, Functional: "limit", Law: "fixation",
			Source: "fixation probability = true probability (Ewens 2004, §3.2)", X: x, Lo: x, Hi: x})
	}
	return lines, nil
}
