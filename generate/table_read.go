package generate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"modelcollapse/generate/read"
)

// A table is the typed columns of files, and their rows.
type table struct {
	schema Schema
	rows   []Record
	sum    string // SHA-256 (hex) of the files
	what   string // files, rows, columns, and what was dropped
}

// readTable reads files as read.Table does. Dates become days, categories stand in alphabetical order, and a column that nobody
// asked for is dropped aloud if its whole numbers count the rows.
func readTable(ctx context.Context, from read.Source, as map[string]string, header string) (t table, err error) {
	f, err := read.Table(ctx, from, read.Options{Schema: as, Header: header, Pure: true})
	if err != nil {
		return t, err
	}
	for _, c := range f.Columns {
		if _, err := strconv.ParseFloat(c.Name, 64); err == nil && header == "yes" {
			return t, fmt.Errorf("%s: the first line names the columns, and one of them %s: if that is a row, write header: no", strings.Join(f.Summary.Files, ", "), c.Name)
		}
	}
	schema, rows, notes := TableOf(f, as)
	files := strings.Join(f.Summary.Files, ", ")
	switch {
	case f.Rows == 0:
		return t, fmt.Errorf("%s: there are no rows", files)
	case len(schema) == 0:
		return t, fmt.Errorf("%s: no column is left: %s: give schema a type for one", files, strings.Join(notes, "; "))
	}
	t.schema, t.rows = schema, rows
	said := append([]string{fmt.Sprintf("%s: %d rows of %s", files, f.Rows, t.schema)}, notes...)
	t.sum, t.what = f.Summary.SHA256, strings.Join(said, "; ")
	return t, nil
}

// TableOf turns a table in memory, whose dates become days in place, into rows: categories stand in alphabetical order, the missing one first. A
// column that as does not name is dropped if its whole numbers count the rows; dropped says so, after what the reader dropped.
func TableOf(f *read.Frame, as map[string]string) (s Schema, rows []Record, dropped []string) {
	var cells [][]float64
	for _, d := range f.Summary.Dropped {
		dropped = append(dropped, "dropped "+d)
	}
	for _, c := range f.Columns {
		column, x := typed(c)
		if as[c.Name] == "" && counts(column, x) {
			dropped = append(dropped, "dropped "+c.Name+": every row another, in whole numbers without a gap")
			continue
		}
		s, cells = append(s, column), append(cells, x)
	}
	flat := make([]float64, 0, f.Rows*len(cells))
	for i := range f.Rows {
		for j := range cells {
			flat = append(flat, cells[j][i])
		}
	}
	return s, views(make([]Record, 0, f.Rows), flat, f.Rows, len(cells)), dropped
}

// typed is a column as rows hold it.
func typed(c read.Column) (column Column, cells []float64) {
	switch c.Type {
	case read.Date:
		for i, seconds := range c.Numbers {
			c.Numbers[i] = math.Floor(seconds / daySeconds)
		}
		return Column{Name: c.Name, Type: Date}, c.Numbers
	case read.Numeric:
		whole := !slices.ContainsFunc(c.Numbers, func(x float64) bool { return x == x && x != math.Trunc(x) })
		return Column{Name: c.Name, Type: Numeric, Whole: whole}, c.Numbers
	}
	column = Column{Name: c.Name, Type: Category, Categories: slices.Compact(slices.Sorted(slices.Values(c.Categories)))} // an empty text is a missing one
	codes := make([]float64, len(c.Categories))
	for k, name := range c.Categories {
		at, _ := slices.BinarySearch(column.Categories, name)
		codes[k] = float64(at)
	}
	cells = make([]float64, len(c.Codes))
	for i, k := range c.Codes {
		cells[i] = codes[k]
	}
	return column, cells
}

// manyRows is from how many rows on a column of as many values is taken for a name of the row.
const manyRows = 20

// counts says that whole numbers count the rows: all different, and without a gap.
func counts(c Column, x []float64) bool {
	if !c.Whole || len(x) < manyRows {
		return false
	}
	sorted := slices.Sorted(slices.Values(x))
	for i, v := range sorted {
		if v != sorted[0]+float64(i) {
			return false
		}
	}
	return true
}

const (
	dayForm    = "2006-01-02"
	daySeconds = 24 * 60 * 60
)

func dayText(days float64) string {
	return time.Unix(int64(days)*daySeconds, 0).UTC().Format(dayForm)
}
