package read

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// csv reads a text a row. The first line names the columns, unless it holds numbers alone.
func (t *textReader) csv(r io.Reader, comma byte) error {
	c, err := newCSV(r, comma)
	if err != nil {
		return err
	}
	if err := c.record(); err == io.EOF {
		return nil
	} else if err != nil {
		return err
	}
	columns, _, err := header(c, "yes")
	if err != nil {
		return err
	}
	if t.field.shape, err = t.field.choose(columns); err != nil {
		return &placed{c.line, 1, err}
	}
	var chosen []int
	for _, name := range t.field.shape.fields {
		at := slices.Index(columns, name)
		switch {
		case at < 0 && name == t.field.shape.optional:
			continue
		case at < 0:
			return &placed{c.line, 1, noField("column", name, columns)}
		case slices.Contains(columns[at+1:], name):
			return &placed{c.line, 1, fmt.Errorf("two columns are called %q: rename one", name)}
		}
		chosen = append(chosen, at)
	}
	for err = c.record(); err == nil; err = c.record() {
		if len(c.fields) != len(columns) {
			return c.ragged(len(columns))
		}
		if err := t.csvRow(c, chosen); err != nil {
			return err
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
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
