package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// VectorTailLoss is TailLoss column by column: tail_loss is the mean over columns, tail_loss.worst the largest, and
// .excess of either is the difference from generation 0 of the same node. Columns in which the truth has no spread
// have no tails, and are left out.
type VectorTailLoss struct {
	By string `json:"by" default:"density" enum:"density,bins" doc:"density: truth and fit are normals, exactly; bins: 5 bins of equal true probability a tail, by fresh rows of any model"`
}

func (m VectorTailLoss) bins() bool { return m.By == "bins" }

// Needs are fresh rows for bins, and nothing but the fit for densities.
func (m VectorTailLoss) Needs() Needs { return Needs{Probe: m.bins()} }

// Can asks for a normal fit where densities are compared.
func (m VectorTailLoss) Can(fits generate.Fitted[generate.Vector]) error {
	if _, ok := fits.(generate.JointNormal); !ok && !m.bins() {
		return fmt.Errorf("tail_loss: %T has no density that is known here: write {kind: tail_loss, by: bins}", fits)
	}
	return nil
}

// Axes are mean and worst column, and their excess.
func (m VectorTailLoss) Axes() (axes []results.Axis) {
	how := "by density"
	if m.bins() {
		how = "in fresh rows"
	}
	for _, of := range [][2]string{{"tail_loss", "mean column"}, {"tail_loss.worst", "worst column"}} {
		axes = append(axes,
			results.Axis{Series: of[0], Label: "tail loss (1 % tails, " + how + ", " + of[1] + ")", Better: -1},
			results.Axis{Series: of[0] + ".excess", Label: "tail loss above generation 0 (" + of[1] + ")", Better: -1, Role: results.RoleTail})
	}
	return axes
}

// Start fixes the tails of every column.
func (m VectorTailLoss) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	g := &vectorTail{beginning: beginning{}}
	truth, ok := r.Truth.(generate.JointNormal)
	switch f, finite := r.Truth.(generate.Finite[generate.Vector]); {
	case m.bins() && finite:
		g.edges = edgesOfColumns(f.Rows())
	case m.bins() && ok:
		for j, v := range truth.Variances() {
			g.edges = append(g.edges, normalEdges(truth.Mean()[j], v))
		}
	case m.bins():
		return g, g.fromTruth(ctx, r)
	case ok:
		g.truth = &truth
	default:
		return nil, fmt.Errorf("tail_loss: %T is no normal: write {kind: tail_loss, by: bins}", r.Truth)
	}
	return g, nil
}

// tailRows is how many fresh real rows fix the tails of a truth that does not know its quantiles: 1,000 a tail.
const tailRows = 100_000

// fromTruth finds the tails of a truth without end by its quantiles, a column each, or else by fresh rows of it.
func (g *vectorTail) fromTruth(ctx context.Context, r Real[generate.Vector]) error {
	if t, ok := r.Truth.(interface {
		Dim() int
		Quantile(column int, p float64) float64
	}); ok {
		for j := range t.Dim() {
			g.edges = append(g.edges, quantileEdges(func(p float64) float64 { return t.Quantile(j, p) }))
		}
		return nil
	}
	rows, err := r.Truth.Draw(ctx, nil, tailRows, r.Key.Child("tail_loss", 0).Stream())
	if err != nil {
		return fmt.Errorf("tail_loss: %w", err)
	}
	g.edges = edgesOfColumns(rows)
	return nil
}

func edgesOfColumns(rows []generate.Vector) (edges []*tailEdges) {
	if len(rows) == 0 {
		return nil
	}
	for j := range rows[0] {
		column := columnOf(rows, j)
		slices.Sort(column)
		edges = append(edges, edgesOf(column))
	}
	return edges
}

// columnOf is a copy of column j. A row that has none counts as NaN.
func columnOf(rows []generate.Vector, j int) []float64 {
	column := make([]float64, len(rows))
	for i, row := range rows {
		if column[i] = math.NaN(); j < len(row) {
			column[i] = row[j]
		}
	}
	return column
}

type vectorTail struct {
	beginning
	truth *generate.JointNormal // by density
	edges []*tailEdges          // by bins, a column each
}

// Measure puts mean and worst loss and their excess over generation 0.
func (g *vectorTail) Measure(_ context.Context, v View[generate.Vector], to Sink) error {
	losses, err := g.losses(v)
	if err != nil {
		return err
	}
	mean, worst, n := 0.0, math.NaN(), 0.0
	for _, x := range losses {
		if math.IsNaN(x) {
			continue
		}
		mean, n = mean+x, n+1
		if !(worst >= x) {
			worst = x
		}
	}
	g.since(v.Generation, v.Node, to, "tail_loss", mean/n, "tail_loss.excess")
	g.since(v.Generation, v.Node, to, "tail_loss.worst", worst, "tail_loss.worst.excess")
	return nil
}

// losses are those of the columns.
func (g *vectorTail) losses(v View[generate.Vector]) (losses []float64, err error) {
	if g.truth == nil {
		for j, e := range g.edges {
			losses = append(losses, e.loss(columnOf(v.Probe, j)))
		}
		return losses, nil
	}
	fit, ok := v.Model.(generate.JointNormal)
	if !ok || fit.Dim() != g.truth.Dim() {
		return nil, fmt.Errorf("tail_loss: %T of other columns than the truth's %d has no density that is known here", v.Model, g.truth.Dim())
	}
	p, q := g.truth.Variances(), fit.Variances()
	for j := range p {
		losses = append(losses, NormalTailLoss(g.truth.Mean()[j], p[j], fit.Mean()[j], q[j]))
	}
	return losses, nil
}
