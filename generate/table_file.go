package generate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"modelcollapse/generate/read"
)

// TableFile is a table of typed columns by path, split into rows to train on, held-out rows and rows to tune on: CSV and TSV,
// whose first line names the columns, Parquet, JSON and JSON lines, compressed or not, files, globs, folders and folders of
// the Hugging Face hub. Types are inferred and said; schema overrules them. The files are read once, at the first Open, and must
// not be changed after.
type TableFile struct {
	Path      read.Paths        `json:"path" required:"true" doc:"a file, a glob, a folder, - for standard input, or a list of them"`
	Schema    map[string]string `json:"schema" enum:"numeric,category,date,drop" doc:"types by column: numeric, category, date, or drop; others are inferred"`
	Header    string            `json:"header" default:"yes" enum:"yes,no" doc:"of CSV and TSV: whether the first line names the columns; without names they are 1, 2, 3 …"`
	HubSplit  string            `json:"hub_split" default:"" doc:"the split of a Hugging Face folder; empty: train, or the only one"`
	HubConfig string            `json:"hub_config" default:"" doc:"the config of a Hugging Face folder; empty: its default"`
	Cut

	mutex sync.Mutex
	read  *tableRows
}

// tableRows is a table that was read.
type tableRows struct {
	table
	low, high []float64 // of numeric columns: the least and the largest cell
}

// header is whether the first line names the columns.
func (t *TableFile) header() string {
	if t.Header == "" {
		return "yes"
	}
	return t.Header
}

// Validate refuses types that do not exist.
func (t *TableFile) Validate() error {
	for _, c := range slices.Sorted(maps.Keys(t.Schema)) {
		if typ := t.Schema[c]; !slices.Contains([]string{Numeric, Category, Date, "drop"}, typ) {
			return fmt.Errorf("schema: %s: %q: want numeric, category, date or drop", c, typ)
		}
	}
	return nil
}

// Open reads the file, unless that was done before, and splits its rows.
func (t *TableFile) Open(ctx context.Context, split *rand.Rand) (Source[Record], error) {
	if err := errors.Join(t.Cut.Check(), t.Validate()); err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	r, err := t.once(ctx)
	if err != nil {
		return nil, fmt.Errorf("table: %w", err)
	}
	p, err := Split(r.rows, nil, t.Cut, split)
	if err != nil {
		return nil, fmt.Errorf("table: %s: %w", strings.Join(t.Path, ", "), err)
	}
	return &TableParts{p, r}, nil
}

// once reads the file once.
func (t *TableFile) once(ctx context.Context) (*tableRows, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.read != nil {
		return t.read, nil
	}
	r := &tableRows{}
	var err error
	if r.table, err = readTable(ctx, read.Source{Path: t.Path, Config: t.HubConfig, Split: t.HubSplit}, t.Schema, t.header()); err != nil {
		return nil, err
	}
	for j := range r.schema {
		low, high := math.Inf(1), math.Inf(-1)
		for _, row := range r.rows {
			if row[j] == row[j] {
				low, high = min(low, row[j]), max(high, row[j])
			}
		}
		r.low, r.high = append(r.low, low), append(r.high, high)
	}
	t.read = r
	return r, nil
}

// TableParts is a table that was read and split. Its rows are views of one array.
type TableParts struct {
	parts Parts[Record]
	read  *tableRows
}

// Draw is an error: a table is finite, and its rows are dealt.
func (*TableParts) Draw(context.Context, []Record, int, *rand.Rand) ([]Record, error) {
	return nil, errors.New("a table is finite: its rows are dealt (Rows, HeldOut, Tune), not drawn")
}

// Rows are the training rows in the random order in which they are dealt.
func (t *TableParts) Rows() []Record { return t.parts.Train }

// HeldOut are the rows that nobody trains on.
func (t *TableParts) HeldOut() []Record { return t.parts.HeldOut }

// Tune are the rows kept for tuning; none unless asked for.
func (t *TableParts) Tune() []Record { return t.parts.Tune }

// Schema is the columns that were kept.
func (t *TableParts) Schema() Schema { return t.read.schema }

// Digest is the SHA-256 (hex) of the file, and a line that says what was read and what was dropped.
func (t *TableParts) Digest() (sum, what string) { return t.read.sum, t.read.what }

// True reports a row whose categories exist in the file, and whose numbers lie between the least and the largest of their column
// there; a missing number is right.
func (t *TableParts) True(row Record) bool {
	if len(row) != len(t.read.schema) {
		return false
	}
	for j, c := range t.read.schema {
		x := row[j]
		if c.Numbers() && (x < t.read.low[j] || x > t.read.high[j]) || !c.Numbers() && !c.has(x) {
			return false
		}
	}
	return true
}
