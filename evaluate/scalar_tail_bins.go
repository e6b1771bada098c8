package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

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
	case generate.Distributed:
		return distributedEdges(t), nil
	case generate.Finite[float64]:
		return edgesOf(slices.Sorted(slices.Values(t.Rows()))), nil
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

// distributedEdges are the bins of a truth that knows its quantiles.
func distributedEdges(t generate.Distributed) *tailEdges {
	e := &tailEdges{}
	if _, variance := t.Moment2(); !(variance > 0) {
		return e
	}
	e.low, e.high = tailEdge(t)
	below, above := 0.0, 1.0
	for i := range tailBins {
		p, q := t.CDF(e.low[i]), t.CDF(e.high[i])
		e.p[i], e.p[tailBins+i] = p-below, above-q
		below, above = p, q
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
