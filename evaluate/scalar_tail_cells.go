package evaluate

import (
	"math"

	"modelcollapse/generate"
)

// A cumulative fit knows P(row ≤ x).
type cumulative interface{ CDF(x float64) float64 }

// normalOf is the normal that a fit or a truth is, whatever of it was fitted.
func normalOf(x any) (f generate.Normal, ok bool) {
	switch t := x.(type) {
	case generate.Normal:
		return t, true
	case generate.FixedVariance:
		return t.Normal, true
	case generate.MedianNormal:
		return t.Normal, true
	}
	return f, false
}

// tailEdge are where the bins of a tail end, from outside in: with q the truth's quantile function, q(.002) … q(.01) below and
// q(.998) … q(.99) above. Of whole numbers a tail is what lies strictly beyond the quantile, so that the edges lie ½ outside
// it: the probability of a tail is then at most 1 %, and may be 0. Where both are empty, as for a Bernoulli of .01 < p < .99,
// A is the less probable end of the support. A depends on the truth alone.
func tailEdge(t generate.Distributed) (low, high [tailBins]float64) {
	least, most, whole := t.Support()
	half := 0.0
	if whole {
		half = 0.5
	}
	for i := range tailBins {
		share := float64(tailShare*float64(i+1)) / tailBins
		low[i], high[i] = t.Quantile(share)-half, t.Quantile(1-share)+half
	}
	last := tailBins - 1
	if !whole || t.CDF(low[last]) > 0 || t.CDF(high[last]) < 1 {
		return low, high
	}
	for i := range tailBins {
		if t.CDF(least) < 1-t.CDF(most-1) {
			low[i] = least + half
		} else {
			high[i] = most - half
		}
	}
	return low, high
}

// tailCells are the cells that a tail loss by distribution is summed over: cell i of a tail lies between its edges i and i+1.
type tailCells struct {
	edges [2][]float64 // of the lower and of the upper tail, rising, from −∞ and to +∞
	p     [2][]float64 // true masses
}

// tailAtoms is the most whole numbers that a tail is taken apart into, and tailRest the probability beyond which they are
// one cell: a thousandth of a millionth of a millionth of A does not show.
const (
	tailAtoms = 1000
	tailRest  = 1e-14
)

// tailCellsOf are the bins of the truth's tails. Of whole numbers the cells are the numbers themselves, so that the loss is
// the exact sum of min(p, q) over them; only tails of more than 1000 numbers are binned.
func tailCellsOf(t generate.Distributed) (c tailCells) {
	if _, variance := t.Moment2(); !(variance > 0) {
		return c
	}
	low, high := tailEdge(t)
	_, _, whole := t.Support()
	lower, upper := []float64{math.Inf(-1)}, []float64{}
	for i := range tailBins {
		lower, upper = append(lower, low[i]), append(upper, high[tailBins-1-i])
	}
	if first, last := low[tailBins-1], high[tailBins-1]; whole {
		lower = atomEdges(lower, t.Quantile(tailRest)+0.5, first)
		upper = atomEdges(upper, last, t.Quantile(1-tailRest)+0.5)
	}
	c.edges = [2][]float64{lower, append(upper, math.Inf(1))}
	for side := range c.edges {
		c.p[side] = cellMasses(t, c.edges[side])
	}
	return c
}

// atomEdges are edges ½ beside every whole number between from and to, or bins as they are where there are too many. What
// begins at −∞ goes on doing so.
func atomEdges(bins []float64, from, to float64) (edges []float64) {
	if to-from > tailAtoms {
		return bins
	}
	if math.IsInf(bins[0], -1) {
		edges = append(edges, bins[0])
	}
	for x := from; x < to; x++ {
		edges = append(edges, x)
	}
	return append(edges, to)
}

// cellMasses are what f puts between neighbouring edges.
func cellMasses(f cumulative, edges []float64) (p []float64) {
	below := f.CDF(edges[0])
	for _, x := range edges[1:] {
		upTo := f.CDF(x)
		p = append(p, upTo-below)
		below = upTo
	}
	return p
}

// loss is 1 − Σ min(p, q) / Σ p over the cells; NaN without tails, or of a fit without a distribution.
func (c tailCells) loss(q cumulative) float64 {
	kept, mass := 0.0, 0.0
	for side, edges := range c.edges {
		if len(edges) == 0 {
			continue
		}
		for i, x := range cellMasses(q, edges) {
			p := c.p[side][i]
			kept += min(p, x)
			mass += p
		}
	}
	return 1 - min(1, kept/mass)
}
