package generate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"modelcollapse/generate/read"
)

// CSV is a table of numbers by path, split into rows to train on, held-out rows and rows to tune on. It is whatever package
// read takes for a table: CSV, TSV, Parquet, JSON and JSON lines, compressed or not, several files too. It is read once, at the first Open, and kept: arms and
// replicates that differ in their split share one *CSV. It must not be changed after the first Open.
type CSV struct {
	Path    string   `json:"path" required:"true" doc:"a CSV, TSV, Parquet, JSON or JSON lines file, .gz and .zst too; a glob, a folder, - for standard input"`
	Columns []string `json:"columns" doc:"names of the columns to use, in this order; empty: all, which must then be numbers"`
	Header  string   `json:"header" default:"auto" enum:"auto,yes,no" doc:"of CSV and TSV: whether the first line names the columns; auto: it does if one of its fields is no number. Without names they are 1, 2, 3 …"`
	Cut

	mutex sync.Mutex
	read  *sheetRows
}

// sheetRows is a table that was read.
type sheetRows struct {
	names     []string // of the columns that were chosen
	rows      []Vector
	sum, what string
}

// Open reads the file, unless that was done before, and splits its rows.
func (c *CSV) Open(ctx context.Context, split *rand.Rand) (Source[Vector], error) {
	if err := c.Cut.Check(); err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	s, err := c.sheet(ctx)
	if err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	p, err := Split(s.rows, nil, c.Cut, split)
	if err != nil {
		return nil, fmt.Errorf("csv: %s: %w", c.Path, err)
	}
	return &Sheet{p, s}, nil
}

// sheet reads the table once.
func (c *CSV) sheet(ctx context.Context) (*sheetRows, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.read != nil {
		return c.read, nil
	}
	f, err := read.Table(ctx, read.Source{Path: read.Paths{c.Path}}, read.Options{Columns: c.Columns, Header: c.Header, Strict: true})
	if err != nil {
		return nil, err
	}
	s := &sheetRows{sum: f.Summary.SHA256}
	flat := make([]float64, f.Rows*len(f.Columns))
	for j, column := range f.Columns {
		s.names = append(s.names, column.Name)
		for i, x := range column.Numbers {
			flat[i*len(f.Columns)+j] = x
		}
	}
	s.rows = views(make([]Vector, 0, f.Rows), flat, f.Rows, len(f.Columns))
	s.what = fmt.Sprintf("%s: %d rows of %d columns (%s)", c.Path, len(s.rows), len(s.names), strings.Join(s.names, ", "))
	c.read = s
	return s, nil
}

// A Sheet is a CSV that was read and split. Its rows are views of one array.
type Sheet struct {
	parts Parts[Vector]
	read  *sheetRows
}

// Draw is an error: a table is finite, and its rows are dealt.
func (*Sheet) Draw(context.Context, []Vector, int, *rand.Rand) ([]Vector, error) {
	return nil, errors.New("a table is finite: its rows are dealt (Rows, HeldOut, Tune), not drawn")
}

// Rows are the training rows in the random order in which they are dealt.
func (s *Sheet) Rows() []Vector { return s.parts.Train }

// HeldOut are the rows that nobody trains on.
func (s *Sheet) HeldOut() []Vector { return s.parts.HeldOut }

// Tune are the rows kept for tuning; none unless asked for.
func (s *Sheet) Tune() []Vector { return s.parts.Tune }

// Dim is the number of columns.
func (s *Sheet) Dim() int { return len(s.read.names) }

// Columns are their names.
func (s *Sheet) Columns() []string { return s.read.names }

// Digest is the SHA-256 (hex) of the files, and a line that says what was read.
func (s *Sheet) Digest() (sum, what string) { return s.read.sum, s.read.what }
