package evaluate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// TailLoss is the share of the truth's tails that the model no longer covers:
//
//	tail_loss = 1 − ∫_A min(p, q) / ∫_A p, in [0, 1], A = below the truth's 1 % quantile or above its 99 % quantile
//
// by density: p the truth's normal density and q the fit's, integrated exactly between the points where they cross; it
// carries no sampling noise. By bins: 5 bins of equal true probability a tail, q the shares of fresh rows (the
// probe) in them; its value at generation 0 holds the noise of the probe too. tail_loss.excess is the difference from
// generation 0 of the same node. A truth without spread has no tails: NaN.
type TailLoss struct {
	By string `json:"by" default:"density" enum:"density,bins" doc:"density: truth and fit are normals, exactly; bins: 5 bins of equal true probability a tail, by fresh rows of any model"`
}

// tailShare is the true probability of one tail, tailBins the bins that it is cut into.
const (
	tailShare = 0.01
	tailBins  = 5
)

func (m TailLoss) bins() bool { return m.By == "bins" }

// Needs are fresh rows for bins, and nothing but the fit for densities.
func (m TailLoss) Needs() Needs { return Needs{Probe: m.bins()} }

// Can asks for a normal fit where densities are compared.
func (m TailLoss) Can(fits generate.Fitted[float64]) error {
	if _, ok := fits.(generate.Normal); !ok && !m.bins() {
		return fmt.Errorf("tail_loss: %T has no density that is known here: set by: bins", fits)
	}
	return nil
}

// Axes are the loss and its excess.
func (m TailLoss) Axes() []results.Axis {
	how := "by density"
	if m.bins() {
		how = "in fresh rows"
	}
	return []results.Axis{
		{Series: "tail_loss", Label: "tail loss (1 % tails, " + how + ")", Better: -1},
		{Series: "tail_loss.excess", Label: "tail loss above generation 0", Better: -1, Role: results.RoleTail},
	}
}

// Start fixes A.
func (m TailLoss) Start(ctx context.Context, r Real[float64]) (Gauge[float64], error) {
	g := &tailLoss{beginning: beginning{}}
	if m.bins() {
		bins, err := tailBinsOf(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("tail_loss: %w", err)
		}
		g.loss = func(v View[float64]) (float64, error) { return bins.loss(v.Probe), nil }
		return g, nil
	}
	p, ok := r.Truth.(generate.Normal)
	if !ok {
		return nil, fmt.Errorf("tail_loss: %T has no density that is known here: set by: bins", r.Truth)
	}
	g.loss = func(v View[float64]) (float64, error) {
		q, ok := v.Model.(generate.Normal)
		if !ok {
			return 0, fmt.Errorf("tail_loss: %T has no density that is known here: set by: bins", v.Model)
		}
		return NormalTailLoss(p.Mean, p.Variance, q.Mean, q.Variance), nil
	}
	return g, nil
}

type tailLoss struct {
	beginning
	loss func(v View[float64]) (float64, error)
}

// Measure puts the loss and its excess over generation 0.
func (g *tailLoss) Measure(_ context.Context, v View[float64], to Sink) error {
	loss, err := g.loss(v)
	if err != nil {
		return err
	}
	g.since(v.Generation, v.Node, to, "tail_loss", loss, "tail_loss.excess")
	return nil
}

// tailEdges are the inner bounds of bins: low[i] is the upper end of the lower tail's bin i, counted from outside,
// high[i] the lower end of the upper tail's.
type tailEdges struct {
	low, high [tailBins]float64
	p         [2 * tailBins]float64 // true probabilities of the bins
}

// tailBinsOf are those of a truth that knows its quantiles, or of the training rows of a finite one.
func tailBinsOf(_ context.Context, r Real[float64]) (*tailEdges, error) {
	switch t := r.Truth.(type) {
	case generate.Normal:
		return normalEdges(t.Mean, t.Variance), nil
	case generate.Finite[float64]:
		return edgesOf(slices.Sorted(slices.Values(t.Rows()))), nil
	case interface{ Quantile(p float64) float64 }:
		return quantileEdges(t.Quantile), nil
	}
	return nil, fmt.Errorf("%T knows neither its quantiles nor its rows", r.Truth)
}

func normalEdges(mean, variance float64) *tailEdges {
	e, sd := &tailEdges{}, math.Sqrt(variance)
	for i := range tailBins {
		z := num.NormalQuantile(float64(tailShare*float64(i+1)) / tailBins)
		e.low[i], e.high[i] = mean+float64(sd*z), mean-float64(sd*z)
		if sd > 0 {
			e.p[i], e.p[tailBins+i] = tailShare/tailBins, tailShare/tailBins
		}
	}
	return e
}

// quantileEdges are those of a continuous law by its quantiles.
func quantileEdges(quantile func(p float64) float64) *tailEdges {
	e := &tailEdges{}
	for i := range tailBins {
		p := float64(tailShare*float64(i+1)) / tailBins
		e.low[i], e.high[i] = quantile(p), quantile(1-p)
		e.p[i], e.p[tailBins+i] = tailShare/tailBins, tailShare/tailBins
	}
	return e
}

// edgesOf are those of sorted rows. The bins hold what they hold: ties move mass from one to another.
func edgesOf(sorted []float64) *tailEdges {
	e, n := &tailEdges{}, len(sorted)
	for i := range tailBins {
		e.low[i], e.high[i] = math.Inf(-1), math.Inf(1)
		if k := int(float64(tailShare*float64((i+1)*n)) / tailBins); k > 0 {
			e.low[i], e.high[i] = sorted[k], sorted[n-1-k] // k rows lie outside, were there no ties
		}
	}
	e.p = e.shares(sorted)
	return e
}

// shares are those of rows in the bins.
func (e *tailEdges) shares(rows []float64) (share [2 * tailBins]float64) {
	last, one := tailBins-1, 1/float64(len(rows))
	for _, x := range rows {
		switch {
		case x < e.low[last]:
			i := 0
			for x >= e.low[i] {
				i++
			}
			share[i] += one
		case x > e.high[last]:
			i := 0
			for x <= e.high[i] {
				i++
			}
			share[tailBins+i] += one
		}
	}
	return share
}

// loss is 1 − Σ min(p, q) / Σ p over the bins; NaN without tails.
func (e *tailEdges) loss(rows []float64) float64 {
	q, kept, mass := e.shares(rows), 0.0, 0.0
	for i, p := range e.p {
		kept += min(p, q[i])
		mass += p
	}
	return 1 - min(1, kept/mass)
}

// realRows appends n real rows that no model has seen: fresh ones of a truth without end, or training rows of a finite
// one, without replacement (all of them where there are fewer).
func realRows[E any](ctx context.Context, dst []E, r Real[E], n int, stream *rand.Rand) ([]E, error) {
	f, ok := r.Truth.(generate.Finite[E])
	if !ok {
		return r.Truth.Draw(ctx, dst, n, stream)
	}
	rows := f.Rows()
	at := make([]int, len(rows))
	for i := range at {
		at[i] = i
	}
	for i := range min(n, len(at)) {
		j := i + stream.IntN(len(at)-i)
		at[i], at[j] = at[j], at[i]
		dst = append(dst, rows[at[i]])
	}
	return dst, nil
}
