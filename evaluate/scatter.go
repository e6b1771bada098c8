package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// Scatter measures nothing and puts no series: it attaches what shows two columns over generations, as
// results.ScatterRows and its like. A fit that is a Scorer and has exactly two columns attaches its log density on a
// grid too, over the box that holds the real rows.
//
// Real rows are the first of a finite truth's training rows, else draws of the truth by a stream of this metric's own,
// so that it changes neither the execution nor any other number. Both they and the fresh rows have the same
// streams in every arm.
type Scatter struct {
	Rows       int    `json:"rows" default:"400" min:"1" max:"10000" doc:"Rows attached a generation."`
	Grid       int    `json:"grid" default:"60" min:"0" max:"400" doc:"Nodes a side of the grid of log densities; 0: none."`
	Columns    [2]int `json:"columns" default:"[0, 1]" min:"0" doc:"Which two columns, counted from 0."`
	Replicates int    `json:"replicates" default:"1" min:"1" doc:"Replicates below this number attach; a figure shows the first."`
}

// Validate refuses a column against itself, and a grid too coarse for contours.
func (m Scatter) Validate() error {
	switch {
	case m.Columns[0] == m.Columns[1]:
		return fmt.Errorf("columns: column %d stands twice", m.Columns[0])
	case m.Grid > 0 && m.Grid < 8:
		return fmt.Errorf("grid: %d nodes a side show no contour: give at least 8, or 0 for no density", m.Grid)
	}
	return nil
}

// Needs is nothing but the fit: rows for a picture are drawn beside the probe.
func (Scatter) Needs() Needs { return Needs{} }

// Can takes any fit of vectors.
func (Scatter) Can(generate.Fitted[generate.Vector]) error { return nil }

// Axes are none.
func (Scatter) Axes() []results.Axis { return nil }

// Start draws the real rows and fixes the box of the grid: their range in each column, and a tenth of it on each side.
func (m Scatter) Start(ctx context.Context, r Real[generate.Vector]) (Gauge[generate.Vector], error) {
	g := &scatter{Scatter: m, key: r.Key.Child("scatter", 0), quiet: r.Replicate >= m.Replicates}
	if g.quiet {
		return g, nil
	}
	var rows []generate.Vector
	if f, ok := r.Truth.(generate.Finite[generate.Vector]); ok {
		rows = f.Rows()[:min(m.Rows, len(f.Rows()))]
	} else {
		var err error
		if rows, err = r.Truth.Draw(ctx, nil, m.Rows, g.key.Child("real", 0).Stream()); err != nil {
			return nil, fmt.Errorf("scatter: real rows: %w", err)
		}
	}
	var err error
	if g.real, err = m.chosen(rows); err != nil {
		return nil, fmt.Errorf("scatter: real rows: %w", err)
	}
	for c := range g.nodes {
		g.nodes[c] = nodesOver(g.real, c, m.Grid)
	}
	return g, nil
}

type scatter struct {
	Scatter
	key   rng.Key
	quiet bool         // of a replicate that is not shown
	real  [][2]float64 // rows
	nodes [2][]float64 // of the grid, by column; none where the real rows have no finite range
}

// Measure attaches the rows of a generation.
func (g *scatter) Measure(ctx context.Context, v View[generate.Vector], to Sink) error {
	if g.quiet {
		return nil
	}
	if v.Generation == 0 {
		to.Attach(results.ScatterReal, "text/csv", g.table(g.real))
	}
	key := g.key.Child("generation", v.Generation).Child("node", v.Node)
	rows, err := v.Model.Draw(ctx, nil, g.Rows, key.Stream())
	if err != nil {
		return fmt.Errorf("scatter: fresh rows: %w", err)
	}
	fresh, err := g.chosen(rows)
	if err != nil {
		return fmt.Errorf("scatter: fresh rows: %w", err)
	}
	to.Attach(results.ScatterRows, "text/csv", g.table(fresh))
	f, ok := v.Model.(generate.Scorer[generate.Vector])
	if !ok || len(rows) == 0 || len(rows[0]) != 2 || len(g.nodes[0]) == 0 || len(g.nodes[1]) == 0 {
		return nil
	}
	density, err := g.density(ctx, f)
	if err != nil {
		return fmt.Errorf("scatter: density: %w", err)
	}
	to.Attach(results.ScatterDensity, "text/csv", density)
	return nil
}

// chosen is the two columns of rows.
func (m Scatter) chosen(rows []generate.Vector) ([][2]float64, error) {
	out := make([][2]float64, len(rows))
	for i, row := range rows {
		for c, j := range m.Columns {
			if j >= len(row) {
				return nil, fmt.Errorf("columns: there is no column %d: row %d has %d, counted from 0", j, i, len(row))
			}
			out[i][c] = row[j]
		}
	}
	return out, nil
}

// nodesOver are n evenly spaced nodes over the finite values of column c and a tenth of their range on each side; over
// ±1/2, or half of itself, around a value that is the only one. None where that is not finite.
func nodesOver(rows [][2]float64, c, n int) (nodes []float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, row := range rows {
		if x := row[c]; !math.IsNaN(x) && !math.IsInf(x, 0) {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	middle, half := lo/2+hi/2, float64((hi/2-lo/2)*1.2)
	if half <= float64(1e-9*math.Abs(middle)) {
		half = max(1, math.Abs(middle)) / 2
	}
	if ends := math.Abs(middle) + half; lo > hi || math.IsInf(ends, 0) {
		return nil
	}
	for i := range n {
		nodes = append(nodes, middle+float64(half*(float64(2*i)/float64(n-1)-1)))
	}
	return nodes
}
