package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// ModelPerplexity is exp of the mean negative log likelihood that a generation's own model gives to held-out real
// rows, a unit (a token of text, a row of anything else): +Inf as soon as one row cannot be drawn, as under unsmoothed
// n-grams, and reported as that. Of densities it is exp of nats a row, and may lie below 1.
type ModelPerplexity[E any] struct{}

// Needs are held-out rows.
func (ModelPerplexity[E]) Needs() Needs { return Needs{HeldOut: true} }

// Can refuses a model without a likelihood.
func (ModelPerplexity[E]) Can(fits generate.Fitted[E]) error {
	if u, ok := fits.(generate.Unscored); ok {
		return fmt.Errorf("model_perplexity: %T has no likelihood: %s", fits, u.Unscored())
	}
	if _, ok := fits.(generate.Scorer[E]); !ok {
		return fmt.Errorf("model_perplexity: %T has no likelihood: use a model that scores rows, or data_perplexity", fits)
	}
	return nil
}

// Axes is the perplexity.
func (ModelPerplexity[E]) Axes() []results.Axis {
	return []results.Axis{{Series: "model_perplexity", Label: "model perplexity of held-out data (per unit)", Log: true, Better: -1, Role: results.RoleRisk}}
}

// Start takes the kind's units.
func (ModelPerplexity[E]) Start(_ context.Context, r Real[E]) (Gauge[E], error) {
	return modelPerplexity[E]{r.Kind}, nil
}

type modelPerplexity[E any] struct{ kind generate.Kind[E] }

// Measure scores the held-out rows.
func (g modelPerplexity[E]) Measure(ctx context.Context, v View[E], to Sink) error {
	s, ok := v.Model.(generate.Scorer[E])
	if !ok {
		return fmt.Errorf("model_perplexity: %T has no likelihood", v.Model)
	}
	nats := make([]float64, len(v.HeldOut))
	if err := s.Score(ctx, v.HeldOut, nats); err != nil {
		return fmt.Errorf("model_perplexity: %w", err)
	}
	to.Put("model_perplexity", num.Exp(-num.SumCompensated(nats)/float64(g.kind.UnitsOf(v.HeldOut))))
	return nil
}
