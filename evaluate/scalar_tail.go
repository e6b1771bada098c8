package evaluate

import (
	"context"
	"fmt"
	"math/rand/v2"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TailLoss is the share of the truth's tails that the model no longer covers:
//
//	tail_loss = 1 − ∫_A min(p, q) / ∫_A p, in [0, 1], A = below the truth's 1 % quantile or above its 99 % quantile
//
// By density: p the truth's normal density and q the fit's, integrated exactly between the points where they cross; it
// carries no sampling noise. By distribution: q the fit's masses, without noise too, in the cells of tailCellsOf. By bins: 5 bins
// of equal true probability a tail, q the shares of fresh rows (the probe) in them; its value at generation 0 holds the
// noise of the probe too. tail_loss.excess is the difference from generation 0 of the same node. A truth without spread has
// no tails: NaN.
type TailLoss struct {
	By string `json:"by" default:"auto" enum:"auto,density,distribution,bins" doc:"density: truth and fit are normals, exactly; distribution: both know their distribution functions: 5 bins of equal true probability a tail, of whole numbers the numbers themselves; auto: the first of these that can be; bins: 5 bins of equal true probability a tail, by fresh rows of any model"`
}

// tailShare is the true probability of one tail, tailBins the bins that it is cut into.
const (
	tailShare = 0.01
	tailBins  = 5
)

func (m TailLoss) bins() bool { return m.By == "bins" }

// Needs are fresh rows for bins, and nothing but the fit else.
func (m TailLoss) Needs() Needs { return Needs{Probe: m.bins()} }

// Can asks for a normal fit where densities are compared, and else, but for bins, for a distribution function.
func (m TailLoss) Can(fits generate.Fitted[float64]) error {
	_, normal := normalOf(fits)
	_, knows := fits.(cumulative)
	if m.bins() || normal || knows && m.By != "density" {
		return nil
	}
	return unknownTails(m.By, fits)
}

func unknownTails(by string, of any) error {
	if by == "density" {
		return fmt.Errorf("tail_loss: %T is no normal: write {kind: tail_loss, by: distribution}, or by: bins", of)
	}
	return fmt.Errorf("tail_loss: %T has no distribution function that is known here: write {kind: tail_loss, by: bins}", of)
}

// Axes are the loss and its excess.
func (m TailLoss) Axes() []results.Axis {
	how := map[string]string{"density": "by density", "distribution": "by distribution", "bins": "in fresh rows"}[m.By]
	if how == "" {
		how = "exactly"
	}
	return []results.Axis{
		{Series: "tail_loss", Label: "tail loss (1 % tails, " + how + ")", Better: -1},
		{Series: "tail_loss.excess", Label: "tail loss above generation 0", Better: -1, Role: results.RoleTail},
	}
}

// Start fixes A.
func (m TailLoss) Start(ctx context.Context, r Real[float64]) (Gauge[float64], error) {
	g := &tailLoss{beginning: beginning{}}
	p, normal := normalOf(r.Truth)
	for _, f := range r.Fits {
		_, ok := normalOf(f)
		normal = normal && ok
	}
	switch {
	case m.bins():
		bins, err := tailBinsOf(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("tail_loss: %w", err)
		}
		g.loss = func(v View[float64]) (float64, error) { return bins.loss(v.Probe), nil }
	case normal && m.By != "distribution":
		g.loss = func(v View[float64]) (float64, error) {
			q, ok := normalOf(v.Model)
			if !ok {
				return 0, unknownTails("density", v.Model)
			}
			return NormalTailLoss(p.Mean, p.Variance, q.Mean, q.Variance), nil
		}
	default:
		t, ok := r.Truth.(generate.Distributed)
		if !ok || m.By == "density" {
			return nil, unknownTails(m.By, r.Truth)
		}
		cells := tailCellsOf(t)
		g.loss = func(v View[float64]) (float64, error) {
			q, ok := v.Model.(cumulative)
			if !ok {
				return 0, unknownTails(m.By, v.Model)
			}
			return cells.loss(q), nil
		}
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
