package read

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// csv reads a text a row; the first line names the columns.
func (t *textReader) csv(r io.Reader, comma byte) error {
	c, err := newCSV(r, comma)
	if err != nil {
		return err
	}
	var chosen []int
	named := func(columns []string) (err error) { chosen, err = t.columns(columns); return err }
	return c.below(named, func() error { return t.csvRow(c, chosen) })
}

// below reads the records under the line that names the columns: named sees the names, row is called for each record.
func (c *csvReader) below(named func(columns []string) error, row func() error) error {
	if err := c.record(); err == io.EOF {
		return nil
	} else if err != nil {
		return err
	}
	columns, _, err := header(c, "yes")
	if err != nil {
		return err
	}
	if err := named(columns); err != nil {
		return &placed{c.line, 1, err}
	}
	for err = c.record(); err == nil; err = c.record() {
		if len(c.fields) != len(columns) {
			return c.ragged(len(columns))
		}
		if err := row(); err != nil {
			return err
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// columns is where the columns stand that hold text, in the order of their texts.
func (t *textReader) columns(names []string) (chosen []int, err error) {
	if t.field.shape, err = t.field.choose(names); err != nil {
		return nil, err
	}
	for _, name := range t.field.shape.fields {
		at := slices.Index(names, name)
		switch {
		case at < 0 && name == t.field.shape.optional:
			continue
		case at < 0:
			return nil, noField("column", name, names)
		case slices.Contains(names[at+1:], name):
			return nil, fmt.Errorf("two columns are called %q: rename one", name)
		}
		chosen = append(chosen, at)
	}
	return chosen, nil
}

// csvRow gives the text of the record that was read last.
func (t *textReader) csvRow(c *csvReader, chosen []int) error {
	t.joined = t.joined[:0]
	for n, at := range chosen {
		f := c.fields[at]
		if _, err := checkText(f); err != nil {
			line, column := c.place(at)
			return &placed{line, column, err}
		}
		if n > 0 {
			t.joined = append(t.joined, '\n')
		}
		t.joined = append(t.joined, f...)
	}
	t.at.Record++
	return t.yield(t.joined)
}
