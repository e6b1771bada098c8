package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// An Unsmoothed model (Fitted) says whether it gives unseen events probability 0, as maximum likelihood does: only then
// do types die for good, and only then have survival and support a line. Categories need not say it.
type Unsmoothed interface{ Unsmoothed() bool }

// unsmoothed reports that every model is; fits are asked, never drawn from.
func unsmoothed[E any](fits []generate.Fitted[E]) bool {
	for _, f := range fits {
		switch f := any(f).(type) {
		case Unsmoothed:
			if !f.Unsmoothed() {
				return false
			}
		case generate.Frequencies: // shares of counts
		default:
			return false
		}
	}
	return len(fits) > 0
}

// RareSurvival is the share of the types that are rare in the real training data (1 … MaxCount times) that occur in
// fresh rows of the model. For an unsmoothed model under replace, or with a share of real rows drawn again from the
// real training data, the Galton–Watson law predicts it.
type RareSurvival struct {
	MaxCount int `json:"max_count" default:"5" min:"1" doc:"types that occur up to this many times in the real training data are rare"`
}

// Needs are the real training rows and a probe.
func (RareSurvival) Needs() Needs { return Needs{Real: true, Probe: true} }

// Can is nil: every model can be drawn from.
func (RareSurvival) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes is survival, in [0, 1].
func (m RareSurvival) Axes() []results.Axis {
	label := fmt.Sprintf("survival of types with 1–%d real occurrences", m.MaxCount)
	return []results.Axis{{Series: "rare_survival", Label: label, Better: 1, Zero: 1}}
}

// Start finds the rare types.
func (m RareSurvival) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	if m.MaxCount < 1 {
		return nil, fmt.Errorf("max_count: %d: must be at least 1", m.MaxCount)
	}
	real := countSample(r.Train)
	limit := int64(m.MaxCount)
	g := &rareSurvival{rare: where(real.count, func(c int64) bool { return c > 0 && c <= limit })}
	count := make([]int64, len(g.rare))
	for i, w := range g.rare {
		count[i] = real.of(w)
	}
	g.classes = countClasses(count)
	g.probe = float64(r.Probe) / float64(tokensOf(r.Train))
	if unsmoothed(r.Fits) {
		g.steps, g.applies = resamplings(r.Plan)
	}
	return g, nil
}

type rareSurvival struct {
	rare    []uint32
	classes []countClass
	probe   float64 // its tokens over those of the real training data
	steps   []Resampling
	applies bool // the plan and the model have the law
}

// Measure puts the share that survives; NaN when no type is rare.
func (g *rareSurvival) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	seen, alive := countWords(v.Probe), 0
	for _, w := range g.rare {
		if seen.of(w) > 0 {
			alive++
		}
	}
	to.Put("rare_survival", float64(alive)/float64(len(g.rare)))
	return nil
}

// Predict is the Galton–Watson line.
func (g *rareSurvival) Predict() ([]results.Prediction, error) {
	if !g.applies || len(g.rare) == 0 || !(g.probe > 0) {
		return nil, nil
	}
	sizes := growth(g.steps)
	return galtonWatson("rare_survival", g.steps, func(at int) float64 {
		return survivors(g.classes, Extinction(g.steps[:at], g.probe/sizes[at])) / float64(len(g.rare))
	}), nil
}

// galtonWatson is a line over all generations.
func galtonWatson(series string, steps []Resampling, of func(g int) float64) []results.Prediction {
	x := make([]float64, len(steps)+1)
	for g := range x {
		x[g] = of(g)
	}
	return within(burst, lineOf(series, "Galton–Watson", galtonWatsonSource, x))
}

const galtonWatsonSource = "Galton–Watson with Poisson offspring (bounds: Suresh et al. 2024, arXiv 2412.17646, theorem 1)"
