package read

import (
	"errors"
	"fmt"
	"slices"
)

// fewRows is how many rows a column of different texts may have without being taken for names of the rows.
const fewRows = 20

// frame is the table when all files were read.
func (t *table) frame(sum Summary) (*Frame, error) {
	if err := t.known(); err != nil { // JSON says its columns late
		return nil, err
	}
	if t.rows == 0 {
		return nil, errors.New("there are no rows below the header")
	}
	f := &Frame{Rows: t.rows}
	sum.Rows = t.rows
	for _, c := range t.cols {
		if err := c.spoilt(); err != nil && t.opt.Pure {
			return nil, err
		}
		if reason := c.useless(t.rows); reason != "" {
			c.drop(reason)
		}
		if c.reason != "" {
			sum.Dropped = append(sum.Dropped, fmt.Sprintf("%s: %s", c.Name, c.reason))
		}
	}
	for _, c := range t.ordered() {
		if c.Type == ignored {
			continue
		}
		if c.Type == undecided { // chosen, and without a value
			c.become(Category)
		}
		f.Columns = append(f.Columns, c.Column)
		sum.Columns = append(sum.Columns, Shape{c.Name, c.Type, c.Nulls, len(c.Categories), c.note})
	}
	if len(f.Columns) == 0 {
		return nil, fmt.Errorf("no column is left of %s: choose some, or say by the schema what they are", t.names())
	}
	f.Summary = sum
	return f, nil
}

// spoilt is what a few values spoil: a column of numbers, or of dates, with at most one in ten that is none.
func (c *column) spoilt() error {
	if c.note == "" || c.Type != Category || c.forced != undecided {
		return nil
	}
	good := make([]bool, len(c.Categories))
	for k, text := range c.Categories {
		_, isNumber := number([]byte(text))
		_, isDate := date([]byte(text))
		good[k] = isNumber || isDate
	}
	n, all := 0, 0
	for _, k := range c.Codes {
		if int(k) == c.Null {
			continue
		}
		if all++; good[k] {
			n++
		}
	}
	if 10*(all-n) > all {
		return nil
	}
	return fmt.Errorf("column %s: %s, as %d of %d values are: correct it, or say what the column is: schema: {%s: category}", c.Name, c.note, n, all, c.Name)
}

// ordered is the columns as the options name them, else as they stand in the files.
func (t *table) ordered() []*column {
	if len(t.opt.Columns) == 0 {
		return t.cols
	}
	var all []*column
	for _, name := range t.opt.Columns {
		all = append(all, t.cols[t.byName[name]])
	}
	return all
}

// useless is why a column that nobody chose is dropped; "": it is kept.
func (c *column) useless(rows int) string {
	switch {
	case c.chosen || c.Type == ignored:
	case c.Type == undecided:
		return "every row is null"
	case c.Type == Category && c.Nulls == 0 && len(c.Categories) == rows && rows >= fewRows:
		return "every row has another text: an id; a schema that says category keeps it"
	}
	return ""
}

// Column is the column of a name; nil: there is none.
func (f *Frame) Column(name string) *Column {
	if i := slices.IndexFunc(f.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
		return &f.Columns[i]
	}
	return nil
}
