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
	"strconv"
	"strings"
)

// parse reads all lines; an error begins with file:line:column.
func (c *CSV) parse(content []byte) (*sheetRows, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff"))))
	if strings.EqualFold(filepath.Ext(c.Path), ".tsv") {
		r.Comma = '\t'
	}
	first, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty", c.Path)
	}
	if err != nil {
		return nil, c.located(err)
	}
	names, named := c.named(first)
	chosen, err := c.choose(names)
	if err != nil {
		return nil, err
	}
	flat, err := c.lines(r, first, named, chosen, names)
	if err != nil {
		return nil, err
	}
	if len(flat) == 0 {
		return nil, fmt.Errorf("%s: there are no rows below the header", c.Path)
	}
	s, n := &sheetRows{}, len(flat)/len(chosen)
	for _, at := range chosen {
		s.names = append(s.names, names[at])
	}
	s.rows = views(make([]Vector, 0, n), flat, n, len(chosen))
	return s, nil
}

// lines are the chosen fields of all lines, of the first too unless it holds the names.
func (c *CSV) lines(r *csv.Reader, first []string, named bool, chosen []int, names []string) (flat []float64, err error) {
	for record := first; ; named = false {
		if !named {
			if flat, err = c.numbers(flat, record, chosen, names, r); err != nil {
				return nil, err
			}
		}
		if record, err = r.Read(); errors.Is(err, io.EOF) {
			return flat, nil
		}
		if err != nil {
			return nil, c.located(err)
		}
	}
}

// located puts file:line:column before an error of the reader.
func (c *CSV) located(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return fmt.Errorf("%s: %w", c.Path, err)
	}
	if errors.Is(p.Err, csv.ErrFieldCount) {
		return fmt.Errorf("%s:%d:%d: this line has another number of fields than the first", c.Path, p.Line, p.Column)
	}
	return fmt.Errorf("%s:%d:%d: %w", c.Path, p.Line, p.Column, p.Err)
}

// named is the names of the columns, and whether the first line holds them.
func (c *CSV) named(first []string) (names []string, named bool) {
	named = c.Header == "yes"
	for _, field := range first {
		if _, ok := number(field); !ok && c.Header != "no" {
			named = true
		}
	}
	for i, field := range first {
		if named {
			names = append(names, strings.TrimSpace(field))
		} else {
			names = append(names, strconv.Itoa(i+1))
		}
	}
	return names, named
}

// choose finds the columns.
func (c *CSV) choose(names []string) (chosen []int, err error) {
	if len(c.Columns) == 0 {
		for i := range names {
			chosen = append(chosen, i)
		}
		return chosen, nil
	}
	for _, want := range c.Columns {
		at := slices.Index(names, want)
		if at < 0 {
			return nil, fmt.Errorf("%s: no column %q: there are %s", c.Path, want, strings.Join(names, ", "))
		}
		if slices.Contains(names[at+1:], want) {
			return nil, fmt.Errorf("%s: two columns are called %q", c.Path, want)
		}
		if slices.Contains(chosen, at) {
			return nil, fmt.Errorf("columns: %q stands there twice", want)
		}
		chosen = append(chosen, at)
	}
	return chosen, nil
}

// numbers appends the chosen fields of the line that r has just read.
func (c *CSV) numbers(flat []float64, record []string, chosen []int, names []string, r *csv.Reader) ([]float64, error) {
	for _, at := range chosen {
		x, ok := number(record[at])
		if !ok {
			line, column := r.FieldPos(at)
			what := fmt.Sprintf("%q is not a finite number", record[at])
			if strings.TrimSpace(record[at]) == "" {
				what = "the field is empty"
			}
			return nil, fmt.Errorf("%s:%d:%d: column %s: %s: fill it in, drop the line, or name other columns", c.Path, line, column, names[at], what)
		}
		flat = append(flat, x)
	}
	return flat, nil
}

// number reads a finite number.
func number(field string) (float64, bool) {
	x, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}
