package read

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// csv reads the rows of one file.
func (t *table) csv(r io.Reader, comma byte) error {
	c, err := newCSV(r, comma)
	if err != nil {
		return err
	}
	if err := c.record(); err == io.EOF {
		return errors.New("the file is empty")
	} else if err != nil {
		return err
	}
	names, named, err := header(c, t.opt.Header)
	if err != nil {
		return err
	}
	cols, err := t.match(names)
	if err != nil {
		return err
	}
	if named {
		err = c.record()
	}
	for ; err == nil; err = c.record() {
		if err := t.csvRow(c, cols); err != nil {
			return err
		}
	}
	if err != io.EOF {
		return err
	}
	return nil
}

// csvRow adds the record that was read last.
func (t *table) csvRow(c *csvReader, cols []*column) error {
	if len(c.fields) != len(cols) {
		return c.ragged(len(cols))
	}
	for i, f := range c.fields {
		col := cols[i]
		if col.Type == ignored || t.opt.Strict && t.strict(col, f) || !t.opt.Strict && col.field(f) {
			continue
		}
		line, column := c.place(i)
		if t.opt.Strict {
			return &placed{line, column, notNumber(col.Name, f)}
		}
		where := func() string { return fmt.Sprintf("%s:%d:%d", t.name, line, column) }
		if err := t.refuse(col, f, where); err != nil {
			return &placed{line, column, err}
		}
	}
	if t.rows++; t.rows%4096 == 0 {
		return t.ctx.Err()
	}
	return nil
}

// strict adds a field that must be a number.
func (t *table) strict(c *column, f []byte) bool {
	x, ok := number(f)
	if ok {
		c.number(x, f)
	}
	return ok
}

// notNumber says that a table of numbers holds something else.
func notNumber(name string, f []byte) error {
	what := fmt.Sprintf("%q is not a finite number", f)
	if len(trimmed(f)) == 0 {
		what = "the field is empty"
	}
	return fmt.Errorf("column %s: %s: fill it in, drop the line, or name other columns", name, what)
}

// ragged says that the record read last has not n fields.
func (c *csvReader) ragged(n int) error {
	return &placed{c.line, 1, fmt.Errorf("this line has another number of fields than the first: %d, not %d", len(c.fields), n)}
}

// header is the names of the columns by the first record, and whether it holds them: a field that has none gets its number.
func header(c *csvReader, rule string) (names []string, named bool, err error) {
	named = rule == "yes"
	for _, f := range c.fields {
		if _, ok := number(f); !ok && rule != "no" {
			named = true
		}
	}
	if named && len(c.fields) == 1 && bytes.ContainsAny(c.fields[0], ";\t|") {
		return nil, false, &placed{c.line, 1, fmt.Errorf("one column, called %q: fields are separated by commas, or by tabs where a name ends in .tsv", c.fields[0])}
	}
	for i, f := range c.fields {
		name := strings.TrimSpace(string(f))
		if !named || name == "" {
			name = strconv.Itoa(i + 1)
		}
		if _, err := checkText(f); err != nil {
			line, column := c.place(i)
			return nil, false, &placed{line, column, err}
		}
		names = append(names, name)
	}
	return names, named, nil
}
