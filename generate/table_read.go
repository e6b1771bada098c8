package generate

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A table is a file's columns, typed, and its rows.
type table struct {
	schema Schema
	rows   []Record
	notes  []string // what was dropped, and why
}

// nullTexts are the fields that say that a cell is missing.
var nullTexts = []string{"", "NA", "NaN", "null", "None"}

func isNull(field string) bool { return slices.Contains(nullTexts, field) }

// readTable types the columns of a CSV file (of a TSV file by its name), which must begin with their names: numbers if all that
// is not missing is a finite number, dates if all of it is YYYY-MM-DD, else categories. as overrules it by name: numeric,
// category, date or drop. A column that names rows is dropped.
func readTable(path string, content []byte, as map[string]string) (t table, err error) {
	names, fields, err := readFields(path, content)
	if err != nil {
		return t, err
	}
	for name := range as {
		if !slices.Contains(names, name) {
			return t, fmt.Errorf("%s: schema: no column %q: there are %s", path, name, strings.Join(names, ", "))
		}
	}
	n := len(fields[0])
	var cells [][]float64
	for j, name := range names {
		c, x, why := typed(name, fields[j], as[name])
		switch {
		case as[name] == "drop":
			t.notes = append(t.notes, "dropped "+name+": as asked")
		case why != "" && as[name] == "":
			t.notes = append(t.notes, "dropped "+name+": "+why)
		case x == nil:
			return t, fmt.Errorf("%s: schema: %s: %s: call it category or drop", path, name, why)
		default:
			t.schema, cells = append(t.schema, c), append(cells, x)
		}
	}
	if len(cells) == 0 {
		return t, fmt.Errorf("%s: no column is left: %s: give schema a type for one", path, strings.Join(t.notes, "; "))
	}
	flat := make([]float64, 0, n*len(cells))
	for i := range n {
		for j := range cells {
			flat = append(flat, cells[j][i])
		}
	}
	t.rows = views(make([]Record, 0, n), flat, n, len(cells))
	return t, nil
}

// readFields is the trimmed fields of a file, column by column.
func readFields(path string, content []byte) (names []string, fields [][]string, err error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	r.ReuseRecord = true
	if strings.EqualFold(filepath.Ext(path), ".tsv") {
		r.Comma = '\t'
	}
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF) && names == nil:
			return nil, nil, fmt.Errorf("%s: the file is empty", path)
		case errors.Is(err, io.EOF) && len(fields[0]) == 0:
			return nil, nil, fmt.Errorf("%s: there are no rows below the names of the columns", path)
		case errors.Is(err, io.EOF):
			return names, fields, nil
		case err != nil:
			return nil, nil, (&CSV{Path: path}).located(err)
		case names == nil:
			for _, field := range record {
				names = append(names, strings.TrimSpace(field))
			}
			for i, name := range names {
				if name == "" || slices.Contains(names[:i], name) {
					return nil, nil, fmt.Errorf("%s:1: column %d is called %q, as no column or another one is: give each a name", path, i+1, name)
				}
			}
			fields = make([][]string, len(names))
			continue
		}
		for j, field := range record {
			fields[j] = append(fields[j], strings.TrimSpace(field))
		}
	}
}

// typed is a column with its cells. why: it names rows, or (cells are nil) it has not the type asked for.
func typed(name string, fields []string, as string) (c Column, cells []float64, why string) {
	if as == "" || as == Numeric {
		if x, bad := parsed(fields, number); bad == "" && !(as == "" && allNull(fields)) {
			c = Column{Name: name, Type: Numeric, Whole: !slices.ContainsFunc(x, func(x float64) bool { return x == x && x != math.Trunc(x) })}
			return c, x, numbered(c, x)
		} else if as == Numeric {
			return c, nil, fmt.Sprintf("%q is not a finite number", bad)
		}
	}
	if as == "" || as == Date {
		if x, bad := parsed(fields, day); bad == "" && !(as == "" && allNull(fields)) {
			return Column{Name: name, Type: Date}, x, ""
		} else if as == Date {
			return c, nil, fmt.Sprintf("%q is not a date such as 2024-02-29", bad)
		}
	}
	c = Column{Name: name, Type: Category, Categories: slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, f := range fields {
			if isNull(f) {
				f = ""
			}
			if !yield(f) {
				return
			}
		}
	}))}
	cells = make([]float64, len(fields))
	for i, f := range fields {
		if isNull(f) {
			f = ""
		}
		k, _ := slices.BinarySearch(c.Categories, f)
		cells[i] = float64(k)
	}
	if len(c.Categories) == len(fields) && len(fields) >= manyRows {
		why = "every row another"
	}
	return c, cells, why
}

// manyRows is from how many rows on a column of as many values is taken for a name of the row.
const manyRows = 20

// numbered says that whole numbers count the rows: all different, and without a gap.
func numbered(c Column, x []float64) string {
	if !c.Whole || len(x) < manyRows {
		return ""
	}
	sorted := slices.Sorted(slices.Values(x))
	for i, v := range sorted {
		if v != sorted[0]+float64(i) {
			return ""
		}
	}
	return "every row another, in whole numbers without a gap"
}

// parsed is all fields, NaN where missing; bad is the first that is of another form.
func parsed(fields []string, form func(string) (float64, bool)) (x []float64, bad string) {
	x = make([]float64, len(fields))
	for i, f := range fields {
		v, ok := form(f)
		switch {
		case isNull(f):
			v = math.NaN()
		case !ok:
			return nil, f
		}
		x[i] = v
	}
	return x, ""
}

func allNull(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return !isNull(f) })
}

const (
	dayForm    = "2006-01-02"
	daySeconds = 24 * 60 * 60
)

// day is days since 1970-01-01.
func day(field string) (float64, bool) {
	t, err := time.Parse(dayForm, field)
	return float64(t.Unix() / daySeconds), err == nil
}

func dayText(days float64) string {
	return time.Unix(int64(days)*daySeconds, 0).UTC().Format(dayForm)
}
