package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/results"
)

// LivingTypesTrain is how many different words the training data of a generation hold: the real data at generation 0.
// It is about data, not about fresh rows of a model: under accumulate it cannot fall. For an unsmoothed model under
// replace, or with a share of real rows drawn again from the real training data, the Galton–Watson law predicts it.
type LivingTypesTrain struct{}

// Needs are the real training rows, and the statistics of what each generation learned from, or else its rows.
func (LivingTypesTrain) Needs() Needs { return Needs{Real: true, Stats: true} }

// Can is nil: every model learns from rows.
func (LivingTypesTrain) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes is the number of types.
func (LivingTypesTrain) Axes() []results.Axis {
	return []results.Axis{{Series: "living_types_train", Label: "living types in the training data", Better: 1}}
}

// Start counts the real words.
func (LivingTypesTrain) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	g := &livingTypes{classes: countClasses(countSample(r.Train).count)}
	if unsmoothed(r.Fits) {
		g.steps, g.applies = resamplings(r.Plan)
	}
	return g, nil
}

type livingTypes struct {
	classes []countClass
	steps   []Resampling
	applies bool // the plan and the model have the law
}

// Measure counts the types of the training data.
func (g *livingTypes) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	switch s := v.Stats.(type) {
	case *ngram.Counts:
		n := s.Types()
		if s.UnigramCount(generate.Unknown) > 0 {
			n++
		}
		to.Put("living_types_train", float64(n))
	case nil:
		to.Put("living_types_train", float64(countSample(v.Train).types()))
	default:
		return fmt.Errorf("living_types_train: %T does not count words: set execution: rows", s)
	}
	return nil
}

// Predict is the Galton–Watson line.
func (g *livingTypes) Predict() ([]results.Prediction, error) {
	if !g.applies {
		return nil, nil
	}
	return galtonWatson("living_types_train", g.steps, func(at int) float64 {
		return survivors(g.classes, Extinction(g.steps[:at], 0))
	}), nil
}
