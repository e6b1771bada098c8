package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
)

// A knownTable is a truth of tables that knows the laws of its columns.
type knownTable interface {
	Quantile(column int, p float64) float64
	Probabilities(column int) []float64
}

// realColumns is what a metric of tables may know of the real rows.
type realColumns struct {
	schema generate.Schema
	known  knownTable        // nil: by rows
	rows   []generate.Record // to train on, or many fresh ones
}

// realColumnsOf asks a truth; one that neither knows its columns nor ends is drawn from.
func realColumnsOf(ctx context.Context, metric string, r Real[generate.Record]) (c realColumns, err error) {
	if c.schema, err = generate.SchemaOf(r.Truth); err != nil {
		return c, fmt.Errorf("%s: %w", metric, err)
	}
	var ok bool
	if c.known, ok = r.Truth.(knownTable); ok {
		return c, nil
	}
	if f, ok := r.Truth.(generate.Finite[generate.Record]); ok {
		c.rows = f.Rows()
		return c, nil
	}
	if c.rows, err = r.Truth.Draw(ctx, nil, tailRows, r.Key.Child(metric, 0).Stream()); err != nil {
		return c, fmt.Errorf("%s: %w", metric, err)
	}
	return c, nil
}

// shares are the real probabilities of the categories of column j, by code.
func (c realColumns) shares(j int) []float64 {
	if c.known != nil {
		return c.known.Probabilities(j)
	}
	return categoryShares(c.rows, j, len(c.schema[j].Categories))
}

// categoryShares are those of k categories in rows; a code that is none of them counts for nobody.
func categoryShares(rows []generate.Record, j, k int) []float64 {
	p := make([]float64, k)
	one := 1 / float64(len(rows))
	for _, row := range rows {
		if x := row[j]; x >= 0 && x < float64(k) {
			p[int(x)] += one
		}
	}
	return p
}

// edges are the tails of a numeric column.
func (c realColumns) edges(j int) *tailEdges {
	if c.known != nil {
		return quantileEdges(func(p float64) float64 { return c.known.Quantile(j, p) })
	}
	return edgesOf(slices.Sorted(slices.Values(present(c.rows, j))))
}

// present are the numbers of column j that are not missing.
func present(rows []generate.Record, j int) []float64 {
	x := make([]float64, 0, len(rows))
	for _, row := range rows {
		if !math.IsNaN(row[j]) {
			x = append(x, row[j])
		}
	}
	return x
}
