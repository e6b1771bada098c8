package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// RegressionAccumulate is LeastSquaresLaw.AccumulateFresh, with a size of its own in every generation: ordinary least squares
// under accumulate with fresh inputs. Our own.
type RegressionAccumulate struct{}

// Predict reads the plan.
func (RegressionAccumulate) Predict(_ context.Context, r Real[generate.Labelled]) ([]results.Prediction, error) {
	e, about, _ := regressionOf(r)
	if !about || e.given() {
		return nil, nil
	}
	rows, ok := e.pooledRows()
	if !ok {
		return nil, nil
	}
	if ridge, _ := e.fits[0].Estimator(1); ridge > 0 {
		return nil, fmt.Errorf("least squares: a ridge over rows that accumulate")
	}
	if float64(rows[0]) <= e.dim+tame {
		return nil, fmt.Errorf("least squares: %d rows of %g inputs accumulate: the risk has no variance", rows[0], e.dim)
	}
	real, drawn := e.truth.Noise(), e.fits[0].Noise()
	line := riskLine{law: "least squares, accumulate", source: "noise²·Σ dim/(t·(t·rows−dim−1)), our own", limit: math.NaN(),
		x: accumulatedRisk(e.dim, rows, square(real), square(drawn))}
	if slices.Max(rows) == slices.Min(rows) {
		line.limit = LeastSquaresLaw{int(e.dim), rows[0], real, drawn}.AccumulateFreshLimit()
	}
	return e.lines(line), nil
}

// pooledRows is the rows of every generation's one block, where a generation learns from all so far and each is drawn from
// the last fit with inputs of its own.
func (e regression) pooledRows() (rows []int, ok bool) {
	if !onlyTruth(e.plan) {
		return nil, false
	}
	for g, s := range e.plan.Steps {
		blocks, ok := lone(e.plan, g)
		if !ok || len(blocks) != g+1 || len(s.Draws) != 1 {
			return nil, false
		}
		for i, at := range blocks {
			if at != (generate.At{Generation: i}) {
				return nil, false
			}
		}
		d := s.Draws[0]
		if g > 0 && (d.Given != nil || len(d.From) != 1 || d.From[0].Fit == nil || *d.From[0].Fit != generate.At{Generation: g - 1}) {
			return nil, false
		}
		rows = append(rows, d.Rows)
	}
	return rows, true
}

// RegressionSame is the law of ordinary least squares under any workflow whose blocks all have the inputs of generation 0's
// (inputs: same): a fit is then the weighted mean of its blocks' own fits, so that the linear oracle knows its risk, in units
// of that of one block. With fewer rows than inputs, N(0, I), that is the risk in the inputs' span, and what lies outside of it
// is lost once: (1 − rows/dim)·norm². Under replace it is LeastSquaresLaw.Replace or MinimumNormLaw.Same, under accumulate
// LeastSquaresLaw.AccumulateSame (Gerstgrasser et al. 2024, arXiv 2404.01413, theorem 2).
type RegressionSame struct{}

// Predict runs the oracle, which covers one node.
func (RegressionSame) Predict(_ context.Context, r Real[generate.Labelled]) ([]results.Prediction, error) {
	e, about, _ := regressionOf(r)
	if !about || !e.given() {
		return nil, nil
	}
	rows, ok := e.sameInputs()
	if !ok {
		return nil, fmt.Errorf("least squares: not every block is drawn from one fit given all of generation 0's inputs")
	}
	var laws []generate.Law
	for _, f := range e.fits {
		law, err := f.LawOver(e.truth, rows)
		if err != nil {
			return nil, err
		}
		laws = append(laws, law)
	}
	moments, err := Linear(e.plan, laws)
	if err != nil {
		return nil, err
	}
	lost := 0.0
	if n := float64(rows); n < e.dim {
		lost = float64((1 - n/e.dim) * e.norm2)
	}
	line := riskLine{law: "least squares, the same inputs", limit: math.NaN(),
		source: "the mean of the blocks' own fits, by the linear oracle (Gerstgrasser et al. 2024, arXiv 2404.01413, theorem 2)"}
	for g := range e.plan.Steps {
		line.x = append(line.x, lost+moments[generate.At{Generation: g}].Var)
	}
	return e.lines(e.sameLimit(line, rows, lost)), nil
}

// sameInputs reports that after generation 0's one real block every block is drawn from one fit given all of that block.
func (e regression) sameInputs() (rows int, ok bool) {
	if !onlyTruth(e.plan) || len(e.plan.Steps[0].Draws) != 1 {
		return 0, false
	}
	rows = e.plan.Steps[0].Draws[0].Rows
	for g, s := range e.plan.Steps {
		if len(s.Lessons) != 1 {
			return 0, false
		}
		for _, d := range s.Draws {
			if g > 0 && (d.Given == nil || len(d.Given.Past) != 1 || d.Given.Past[0] != generate.Blocks{Lo: 0, Hi: 1} || d.Rows != rows ||
				len(d.From) != 1 || d.From[0].Fit == nil) {
				return 0, false
			}
		}
	}
	return rows, true
}

// sameLimit adds the limits of replace and of accumulate.
func (e regression) sameLimit(l riskLine, rows int, lost float64) riskLine {
	newest, everything := true, true
	for g := range e.plan.Steps {
		blocks, ok := lone(e.plan, g)
		newest = newest && ok && len(blocks) == 1 && blocks[0] == generate.At{Generation: g}
		everything = everything && ok && len(blocks) == g+1
	}
	n, real, drawn := float64(rows), square(e.truth.Noise()), square(e.fits[0].Noise())
	unit := inverse(min(n, e.dim), max(n, e.dim))
	switch {
	case !newest && !everything:
	case drawn == 0:
		l.limit = l.x[0]
	case newest:
		l.limit = math.Inf(1)
	default:
		l.limit = lost + float64(unit*(real+float64(drawn*(math.Pi*math.Pi/6-1))))
	}
	return l
}
