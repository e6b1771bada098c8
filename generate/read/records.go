package read

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Records reads records one at a time, in memory that does not depend on how much there is: a JSON object as it is, with
// numbers as json.Number; a row of CSV and TSV (whose first line names the columns) with a text a column; a row of Parquet;
// a line of plain text or Markdown that is not blank, and a bare JSON string, as {"text": …}.
//
// The fields are the caller's to keep; what yield returns but ErrEnough is returned. Bad lines are refused with their place.
func Records(ctx context.Context, s Source, yield func(fields map[string]any, at Place) error) (Summary, error) {
	n, enough := 0, false
	sum, err := s.each(ctx, texts, func(in *input) error {
		if enough {
			return nil
		}
		r := &recordReader{at: Place{File: in.number}}
		r.yield = func(fields map[string]any) error {
			if n++; n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			r.at.Record++
			err := yield(fields, r.at)
			enough = enough || err == ErrEnough
			return err
		}
		return in.unpacked(r.parquet, r.stream)
	})
	sum.Rows = n
	return sum, err
}

// A recordReader reads the records of one file.
type recordReader struct {
	at    Place
	yield func(fields map[string]any) error

	yielding bool // a panic now is none of a Parquet decoder
}

// stream reads any format but Parquet.
func (r *recordReader) stream(f format, text *bufio.Reader) error {
	switch f {
	case jsonLines:
		return eachLine(text, r.json)
	case jsonValues:
		return eachValue(text, r.json)
	case commas:
		return r.csv(text, ',')
	case tabs:
		return r.csv(text, '\t')
	}
	return r.prose(f, text)
}

func (r *recordReader) prose(f format, text *bufio.Reader) error {
	t := &textReader{yield: func(line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		return r.yield(map[string]any{"text": string(line)})
	}}
	return t.stream(f, text)
}

// json gives a record of JSON.
func (r *recordReader) json(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	if text, ok := value.(string); ok {
		return r.yield(map[string]any{"text": text})
	}
	fields, ok := value.(map[string]any)
	if !ok {
		return notRecord(raw)
	}
	return r.yield(fields)
}

// csv gives the rows below the line that names the columns.
func (r *recordReader) csv(text io.Reader, comma byte) error {
	c, err := newCSV(text, comma)
	if err != nil {
		return err
	}
	var columns []string
	named := func(names []string) error {
		columns = names
		for i, name := range names {
			if slices.Contains(names[:i], name) {
				return fmt.Errorf("two columns are called %q: rename one", name)
			}
		}
		return nil
	}
	return c.below(named, func() error {
		fields := make(map[string]any, len(columns))
		for i, f := range c.fields {
			if _, err := checkText(f); err != nil {
				line, column := c.place(i)
				return &placed{line, column, err}
			}
			fields[columns[i]] = string(f)
		}
		return r.yield(fields)
	})
}

// parquet gives the rows of a Parquet file, as JSON has them.
func (r *recordReader) parquet(at io.ReaderAt, size int64) error {
	var stopped error // what yield returned, which must not look like damage
	err := guarded(&r.yielding, func() error {
		f, err := openParquet(at, size)
		if err != nil {
			return err
		}
		for _, group := range f.RowGroups() {
			if stopped, err = parquetRecords(group, f.Schema(), &r.at, r.parquetRow); err != nil || stopped != nil {
				return err
			}
		}
		return nil
	})
	if stopped != nil {
		return stopped
	}
	return err
}

// parquetRow gives a row.
func (r *recordReader) parquetRow(record map[string]any) (stopped, err error) {
	raw, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("parquet: row %d: %w", r.at.Record+1, err)
	}
	r.yielding = true
	stopped = r.json(raw)
	r.yielding = false
	return stopped, nil
}
