package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// The metrics of histograms are exact: they look at the model's own probabilities q and the truth's p, so they draw
// no probe and carry no sampling noise of their own. A tail loss of theirs is smaller than one of fresh rows.

// exactNeeds is what they share: a model that knows its probabilities, and nothing else.
type exactNeeds struct{}

// Needs is nothing but the model.
func (exactNeeds) Needs() Needs { return Needs{} }

// Can refuses a model that does not know its probabilities.
func (exactNeeds) Can(fits generate.Fitted[generate.Histogram]) error {
	if _, ok := fits.(generate.Distribution); !ok {
		return fmt.Errorf("%T does not know its probabilities: use a model of categories, such as categorical", fits)
	}
	return nil
}

// exactGauge puts functions of q.
type exactGauge struct {
	measure func(v View[generate.Histogram], q []float64, to Sink) error
	predict func() []results.Prediction // the law of an unsmoothed model; nil: none
	p       []float64
}

// Measure hands the model's probabilities on.
func (g *exactGauge) Measure(_ context.Context, v View[generate.Histogram], to Sink) error {
	d, ok := v.Model.(generate.Distribution)
	if !ok {
		return fmt.Errorf("%T does not know its probabilities", v.Model)
	}
	q := d.Probabilities()
	if len(q) != len(g.p) {
		return fmt.Errorf("the model has %d categories, the truth %d", len(q), len(g.p))
	}
	return g.measure(v, q, to)
}

// Predict is the law.
func (g *exactGauge) Predict() ([]results.Prediction, error) {
	if g.predict == nil {
		return nil, nil
	}
	return g.predict(), nil
}

// truthOf is the truth's probabilities.
func truthOf(r Real[generate.Histogram]) ([]float64, error) {
	d, ok := r.Truth.(generate.Distribution)
	if !ok {
		return nil, fmt.Errorf("%T does not know its probabilities: use a truth of categories, such as zipf", r.Truth)
	}
	return d.Probabilities(), nil
}

// one is a gauge of one series of p and q.
func one(r Real[generate.Histogram], series string, of func(p, q []float64) float64,
	law func(p []float64) []results.Prediction) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", series, err)
	}
	g := &exactGauge{p: p, measure: func(_ View[generate.Histogram], q []float64, to Sink) error {
		to.Put(series, of(p, q))
		return nil
	}}
	if law != nil {
		g.lawful(r, func() []results.Prediction { return law(p) })
	}
	return g, nil
}

// lawful gives g a law, if the models of r are unsmoothed.
func (g *exactGauge) lawful(r Real[generate.Histogram], law func() []results.Prediction) {
	if unsmoothed(r.Fits) {
		g.predict = law
	}
}

const chainSource = "exact chain of binomial counts (Wright–Fisher; Ewens 2004, §3.2)"

// lineOf is a line over generations 0, 1, … of node 0.
func lineOf(series, law, source string, x []float64) (line []results.Prediction) {
	for g, v := range x {
		line = append(line, results.Prediction{Generation: g, Series: series, Functional: "mean", Law: law, Source: source,
			X: v, Lo: v, Hi: v})
	}
	return line
}

// chainCommon is the line a + b·E Σ weight(p_i) f(count_i) under replace at one size; none under another plan or
// where the chain costs too much.
func chainCommon(r Real[generate.Histogram], series string, classes []categoryClass, a, b float64, weight func(p float64) float64,
	f func(count, rows int) float64) []results.Prediction {
	rows, ok := replaced(r.Plan)
	if !ok {
		return nil
	}
	c, ok := countChain(rows, r.Plan.Generations()+len(classes)/max(rows, 1), 1)
	if !ok {
		return nil
	}
	x := c.common(classes, r.Plan.Generations(), weight, func(k int) float64 { return f(k, rows) })
	return lineOf(series, "binomial counts", chainSource, affine(x, a, b))
}

// livingLine is the line a + b·E Σ weight(p_i)·1{category i lives} under replace: of the exact chain or, where that
// costs too much, of its limit for many rows (at least 1000, and 20 a generation) and rare categories.
func livingLine(r Real[generate.Histogram], series string, classes []categoryClass, a, b float64,
	weight func(p float64) float64) []results.Prediction {
	if line := chainCommon(r, series, classes, a, b, weight, func(count, _ int) float64 { return min(1, float64(count)) }); line != nil {
		return line
	}
	rows, ok := replaced(r.Plan)
	if !ok {
		return nil
	}
	generations := r.Plan.Generations()
	if rows < 1000 || generations > rows/20 || float64(len(classes))*float64(generations+1) > chainWork/20 {
		return nil
	}
	return lineOf(series, "Galton–Watson", galtonWatsonSource, affine(livingLimit(classes, rows, generations, weight), a, b))
}

// chainEach is chainCommon for a function that depends on the category's own probability too.
func chainEach(r Real[generate.Histogram], series string, classes []categoryClass, a, b float64, f func(p, q float64) float64) []results.Prediction {
	rows, ok := replaced(r.Plan)
	if !ok {
		return nil
	}
	c, ok := countChain(rows, r.Plan.Generations(), len(classes))
	if !ok {
		return nil
	}
	x := c.each(classes, r.Plan.Generations(), func(p float64, k int) float64 { return f(p, float64(k)/float64(rows)) })
	return lineOf(series, "binomial counts", chainSource, affine(x, a, b))
}

func affine(x []float64, a, b float64) []float64 {
	for i := range x {
		x[i] = a + float64(b*x[i])
	}
	return x
}

func everyCategory(int) bool     { return true }
func equally(float64) float64    { return 1 }
func byItself(p float64) float64 { return p }
