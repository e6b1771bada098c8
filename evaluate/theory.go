package evaluate

import (
	"context"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// A Theory knows the law of some series of some experiments, which it recognises by r: plan, truth, models, interventions.
// Predict returns lines for what it covers and nothing else; its error is no failure but says what it does not cover of an
// experiment that it is otherwise about. Several theories may know one series: the first in the table of names is
// asked first, and a line of a series, node and functional is drawn once.
//
// Its doc comment names paper and equation, and what is this project's own; the lines carry a short name (Law) and the
// source. Functional is what the line predicts of the replicates: "mean", "mean of ln" (X is exp of it), "median"; "limit"
// is where the mean goes (one point, at the last generation; +Inf where it diverges), "trivial" the risk of a
// predictor that learned nothing, and "bound" a published bound on the mean (Lo … Hi; X is NaN).
type Theory[E any] interface {
	Predict(ctx context.Context, r Real[E]) ([]results.Prediction, error)
}

// Lines are the lines of all theories, each series, node and functional of the first that knows it, and what theories
// said that they do not cover.
func Lines[E any](ctx context.Context, all []Theory[E], r Real[E]) (lines []results.Prediction, uncovered []string) {
	type line struct {
		series, functional string
		node               int
	}
	owner := map[line]int{}
	for i, t := range all {
		predicted, why := t.Predict(ctx, r)
		if why != nil && !slices.Contains(uncovered, why.Error()) {
			uncovered = append(uncovered, why.Error())
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
	return lines, uncovered
}

// A law names the lines that it draws over the fits of a plan.
type law struct{ name, source string }

// point is a prediction for node 0 of one generation.
func (l law) point(g int, series, functional string, x float64) results.Prediction {
	return results.Prediction{Generation: g, Series: series, Functional: functional, Law: l.name, Source: l.source, X: x, Lo: x, Hi: x}
}

// line is of every fit of a plan: of(at) is what the functional of the series is predicted to be.
func (l law) line(p *generate.Plan, series, functional string, of func(at generate.At) float64) (line []results.Prediction) {
	for g, s := range p.Steps {
		for n := range s.Lessons {
			x := of(generate.At{Generation: g, Index: n})
			line = append(line, results.Prediction{Node: n, Generation: g, Series: series, Functional: functional,
				Law: l.name, Source: l.source, X: x, Lo: x, Hi: x})
		}
	}
	return line
}

// burst is how far, in relative terms, a law that takes the tokens of a text as independent may be off: words come in bursts,
// within lines and articles (1.3 % was the most seen on WikiText-2).
const burst = 0.02

// within says that lines are right to a share of their value: a test takes them as bounds.
func within(share float64, lines []results.Prediction) []results.Prediction {
	for i := range lines {
		p := &lines[i]
		off := float64(share * math.Abs(p.X))
		p.Lo, p.Hi = p.X-off, p.X+off
	}
	return lines
}
