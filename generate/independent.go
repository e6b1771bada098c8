package generate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// errNoRows is what a table family answers to a sample of no rows, or of rows that weigh nothing.
var errNoRows = errors.New("no rows to learn from")

// Independent draws every column for itself, by its empirical law: numbers as they were seen, categories by their
// frequencies. It is the family that keeps the columns and nothing between them.
type Independent struct{ schema Schema }

// Bind takes the columns from the truth.
func (m Independent) Bind(truth Source[Record]) (Model[Record], error) {
	var err error
	m.schema, err = SchemaOf(truth)
	return m, err
}

// Weighs is true: a row of weight 2 is that row twice.
func (Independent) Weighs() bool { return true }

// Fits are columns.
func (m Independent) Fits() Fitted[Record] { return Columns{schema: m.schema} }

// Fit sorts every column.
func (m Independent) Fit(_ context.Context, t Task[Record]) (Fitted[Record], error) {
	c, err := columnsOfSample(m.schema, t.Train)
	if err == nil && len(c.x[0]) == 0 {
		err = errNoRows
	}
	if err != nil {
		return nil, fmt.Errorf("independent: %w", err)
	}
	f := Columns{schema: m.schema, why: c.constant()}
	var by sorter
	for j := range m.schema {
		f.columns = append(f.columns, c.marginal(j, nil, &by))
	}
	return f, nil
}

// Columns is the empirical law of every column, independent of the others.
type Columns struct {
	schema  Schema
	columns []marginal
	why     string
}

// Schema is that of the rows.
func (f Columns) Schema() Schema { return f.schema }

// Degenerate names the columns that have one value; "" without any.
func (f Columns) Degenerate() string { return f.why }

// Draw takes a uniform number a cell.
func (f Columns) Draw(_ context.Context, dst []Record, n int, rng *rand.Rand) ([]Record, error) {
	flat := make([]float64, n*len(f.columns))
	for i := range n {
		for j, m := range f.columns {
			flat[i*len(f.columns)+j] = m.at(rng.Float64())
		}
	}
	return views(dst, flat, n, len(f.columns)), nil
}
