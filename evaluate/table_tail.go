package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// TableTailLoss is the share of the real tails that fresh rows have lost, column by column. Of a numeric column or one of
// dates it is TailLoss by bins, its two 1 % tails among the cells that are not missing; of a category column the rarest decile of
// real mass, 1 − Σ_A min(p, q) / Σ_A p. Real tails are those of a truth that knows them, else of its training rows.
//
// tail_loss is the mean over columns, tail_loss.worst the largest, .excess of either the difference from generation 0 of the
// same node, and tail_loss.COLUMN that of a column. A column without tails (all its real cells are one) is left out.
type TableTailLoss struct{}

// Needs are fresh rows.
func (TableTailLoss) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (TableTailLoss) Can(generate.Fitted[generate.Record]) error { return nil }

// Axes are mean and worst column, their excess, and every column.
func (TableTailLoss) Axes() (axes []results.Axis) {
	for _, of := range [][2]string{{"tail_loss", "mean"}, {"tail_loss.worst", "worst column"}} {
		axes = append(axes,
			results.Axis{Series: of[0], Label: "tail loss (rare categories, 1 % tails; " + of[1] + ")", Better: -1},
			results.Axis{Series: of[0] + ".excess", Label: "tail loss above generation 0 (" + of[1] + ")", Better: -1, Role: results.RoleTail})
	}
	return append(axes, results.Axis{Series: "tail_loss.*", Label: "tail loss of a column", Better: -1})
}

// Start fixes the tails of every column.
func (TableTailLoss) Start(ctx context.Context, r Real[generate.Record]) (Gauge[generate.Record], error) {
	real, err := realColumnsOf(ctx, "tail_loss", r)
	if err != nil {
		return nil, err
	}
	g := tableTail{beginning: beginning{}, names: columnParts(real.schema)}
	for j, c := range real.schema {
		if c.Numbers() {
			e := real.edges(j)
			g.loss = append(g.loss, func(rows []generate.Record) float64 { return e.loss(present(rows, j)) })
			continue
		}
		g.loss = append(g.loss, rareLoss(real.shares(j), j))
	}
	return g, nil
}

// rareLoss is the loss of the rarest decile of category column j.
func rareLoss(p []float64, j int) func(rows []generate.Record) float64 {
	limit, mass := tailLimit(p)
	if living(p) < 2 {
		return func([]generate.Record) float64 { return math.NaN() }
	}
	return func(rows []generate.Record) float64 {
		return overlapLoss(p, categoryShares(rows, j, len(p)), limit, mass)
	}
}

// living is how many probabilities are positive.
func living(p []float64) (n int) {
	for _, x := range p {
		if x > 0 {
			n++
		}
	}
	return n
}

type tableTail struct {
	beginning
	names []string
	loss  []func(rows []generate.Record) float64
}

// Measure puts every column, mean and worst.
func (g tableTail) Measure(_ context.Context, v View[generate.Record], to Sink) error {
	mean, worst, n := 0.0, math.NaN(), 0.0
	for j, loss := range g.loss {
		x := loss(v.Probe)
		to.Put("tail_loss."+g.names[j], x)
		if math.IsNaN(x) {
			continue
		}
		if mean, n = mean+x, n+1; !(worst >= x) {
			worst = x
		}
	}
	g.since(v.Generation, v.Node, to, "tail_loss", mean/n, "tail_loss.excess")
	g.since(v.Generation, v.Node, to, "tail_loss.worst", worst, "tail_loss.worst.excess")
	return nil
}
