package evaluate

import (
	"context"
	"fmt"
	"slices"

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

// truthOf is the truth's probabilities.
func truthOf(r Real[generate.Histogram]) ([]float64, error) {
	d, ok := r.Truth.(generate.Distribution)
	if !ok {
		return nil, fmt.Errorf("%T does not know its probabilities: use a truth of categories, such as zipf", r.Truth)
	}
	return d.Probabilities(), nil
}

// one is a gauge of one series of p and q to which dead categories give nothing, so that of sees the living ones alone.
func one(r Real[generate.Histogram], series string, of func(p, q []float64) float64) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", series, err)
	}
	living := &livingTruth{p: p}
	return &exactGauge{p: p, measure: func(v View[generate.Histogram], q []float64, to Sink) error {
		to.Put(series, of(living.of(v.Model, q)))
		return nil
	}}, nil
}

// ofShares is a gauge of one series of the living categories' probabilities alone, or of all where the fit does not tell.
func ofShares(r Real[generate.Histogram], series string, of func(q []float64) float64) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", series, err)
	}
	return &exactGauge{p: p, measure: func(v View[generate.Histogram], q []float64, to Sink) error {
		if f, ok := v.Model.(livingFit); ok {
			_, q = f.Living()
		}
		to.Put(series, of(q))
		return nil
	}}, nil
}

// A livingFit tells its categories of positive probability, by rising index, and these probabilities.
type livingFit interface {
	Living() (at []int32, share []float64)
}

// whole is a gauge of one series of p and q over all categories.
func whole(r Real[generate.Histogram], series string, of func(p, q []float64) float64) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", series, err)
	}
	return &exactGauge{p: p, measure: func(_ View[generate.Histogram], q []float64, to Sink) error {
		to.Put(series, of(p, q))
		return nil
	}}, nil
}

// livingTruth is the true probabilities of the categories that a fit can draw.
type livingTruth struct {
	p    []float64
	at   []int32   // of the last fit
	have []float64 // p there
}

// of are the true and the fitted probabilities of the living categories, or of all where the fit does not tell.
func (l *livingTruth) of(fit generate.Fitted[generate.Histogram], q []float64) (truth, fitted []float64) {
	f, ok := fit.(livingFit)
	if !ok {
		return l.p, q
	}
	at, share := f.Living()
	if len(at) == 0 {
		return nil, nil
	}
	if len(at) != len(l.at) || &at[0] != &l.at[0] {
		l.at, l.have = at, slices.Grow(l.have[:0], len(at))[:len(at)]
		for k, i := range at {
			l.have[k] = l.p[i]
		}
	}
	return l.have, share
}

// lineOf is a line over generations 0, 1, … of node 0.
func lineOf(series, law, source string, x []float64) (line []results.Prediction) {
	for g, v := range x {
		line = append(line, results.Prediction{Generation: g, Series: series, Functional: "mean", Law: law, Source: source,
			X: v, Lo: v, Hi: v})
	}
	return line
}

func affine(x []float64, a, b float64) []float64 {
	for i := range x {
		x[i] = a + float64(b*x[i])
	}
	return x
}
