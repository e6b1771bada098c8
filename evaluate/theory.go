package evaluate

import (
	"context"

	"modelcollapse/results"
)

// A Theory knows the law of some series of some experiments, which it recognises by r: plan, truth, models, interventions.
// Predict returns lines for what it covers and nothing else: none is not an error. Several theories may know one series;
// the first in the table of names is asked first, and a line of a series, node and functional is drawn once.
//
// Its doc comment names paper and equation, and what is this project's own; the lines carry a short name (Law) and the
// source. Functional is what the line predicts of the replicates: "mean", "mean of ln" (X is exp of it), "median"; "limit"
// is where the mean goes (one point, at the last generation; +Inf where it diverges), "trivial" the risk of a
// predictor that learned nothing, and "bound" a published bound on the mean (Lo … Hi; X is NaN).
type Theory[E any] interface {
	Predict(ctx context.Context, r Real[E]) ([]results.Prediction, error)
}

// Lines are the lines of all theories, each series, node and functional of the first that knows it.
func Lines[E any](ctx context.Context, all []Theory[E], r Real[E]) (lines []results.Prediction, err error) {
	type line struct {
		series, functional string
		node               int
	}
	owner := map[line]int{}
	for i, t := range all {
		predicted, err := t.Predict(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, p := range predicted {
			at := line{p.Series, p.Functional, p.Node}
			if first, taken := owner[at]; taken && first != i {
				continue
			}
			owner[at] = i
			lines = append(lines, p)
		}
	}
	return lines, nil
}
