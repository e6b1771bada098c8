package evaluate

import (
	"context"
	"fmt"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// HistogramTailLoss is the share of the true tail that the model no longer covers, by the model's own probabilities:
//
//	tail_loss = 1 − Σ_{i∈A} min(p_i, q_i) / Σ_{i∈A} p_i, in [0, 1]
//
// A is the rarest decile of true mass: every category with p at most the smallest value for which such categories
// hold a tenth or more. tail_loss.excess is the difference from generation 0 of the same node.
type HistogramTailLoss struct{ exactNeeds }

// TailMass is Q(A)/P(A) over the same A. Read it beside tail_loss, never instead: under replace, accumulate and mixtures
// its mean is 1 for ever (a martingale), although almost every chain loses the tail and a few gain it.
type TailMass struct{ exactNeeds }

// Axes are tail loss and its excess.
func (HistogramTailLoss) Axes() []results.Axis {
	return []results.Axis{
		{Series: "tail_loss", Label: "tail loss (rarest decile of true mass)", Better: -1},
		{Series: "tail_loss.excess", Label: "tail loss above generation 0", Better: -1, Role: results.RoleTail},
	}
}

// Axes is the ratio of the masses.
func (TailMass) Axes() []results.Axis {
	return []results.Axis{{Series: "tail_mass", Label: "tail mass Q(A)/P(A) (its mean does not move)", Zero: 1}}
}

// tailLimit is the largest probability in A, and P(A).
func tailLimit(p []float64) (limit, mass float64) {
	rising := slices.Clone(p)
	slices.Sort(rising)
	total := num.SumCompensated(rising)
	var held num.Accumulator
	for i, x := range rising {
		last := i+1 == len(rising) || rising[i+1] > x // of those that are equal
		if held.Add(x); last && held.Sum() >= float64(total*(0.1-1e-12)) {
			return x, held.Sum()
		}
	}
	return 0, 0
}

// overlapLoss is 1 − Σ_A min(p, q) / mass over categories, dead ones among them or not, within [0, 1] whatever the
// rounding of mass.
func overlapLoss(p, q []float64, limit, mass float64) float64 {
	var kept num.Accumulator
	for len(p) > 0 { // in groups, compensated
		n, group := min(len(p), 32), 0.0
		for i, x := range p[:n] {
			if x <= limit {
				group += min(x, q[i])
			}
		}
		kept.Add(group)
		p, q = p[n:], q[n:]
	}
	return max(0, 1-kept.Sum()/mass)
}

// Start fixes A.
func (HistogramTailLoss) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("tail_loss: %w", err)
	}
	limit, mass := tailLimit(p)
	g := &tailGauge{beginning: beginning{}}
	g.p = p
	living := &livingTruth{p: p}
	g.measure = func(v View[generate.Histogram], q []float64, to Sink) error {
		truth, fitted := living.of(v.Model, q)
		g.since(v.Generation, v.Node, to, "tail_loss", overlapLoss(truth, fitted, limit, mass), "tail_loss.excess")
		return nil
	}
	return g, nil
}

func (HistogramTailLoss) sums(p []float64) ([]categorySum, error) {
	limit, mass := tailLimit(p)
	in := make([]bool, len(p))
	for i, x := range p {
		in[i] = x <= limit
	}
	return []categorySum{{series: "tail_loss", excess: "tail_loss.excess", base: 1, factor: -1 / mass, in: in,
		of: func(p float64, c categoryCount) float64 { return min(p, c.q) }}}, nil
}

type tailGauge struct {
	exactGauge
	beginning
}

// excess is the line of the differences from generation 0.
func excess(line []results.Prediction, series string) []results.Prediction {
	line = slices.Clone(line)
	for i := len(line) - 1; i >= 0; i-- {
		x, off := line[i].X-line[0].X, line[i].X-line[i].Lo
		line[i].Series, line[i].X, line[i].Lo, line[i].Hi = series, x, x-off, x+off
	}
	return line
}

// Start fixes A.
func (TailMass) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("tail_mass: %w", err)
	}
	limit, mass := tailLimit(p)
	return one(r, "tail_mass", func(p, q []float64) float64 {
		var sum num.Accumulator
		for len(p) > 0 { // in groups, compensated
			n, group := min(len(p), 32), 0.0
			for i, x := range p[:n] {
				if x <= limit {
					group += q[i]
				}
			}
			sum.Add(group)
			p, q = p[n:], q[n:]
		}
		return sum.Sum() / mass
	})
}
