package read

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// parquet reads a text a row, of the columns that hold it and no others.
func (t *textReader) parquet(r io.ReaderAt, size int64) error {
	var stopped error // what yield returned, which must not look like damage
	err := guarded(&t.yielding, func() error {
		f, err := openParquet(r, size)
		if err != nil {
			return err
		}
		schema, err := t.projection(f)
		if err != nil {
			return err
		}
		convert, err := parquet.Convert(schema, f.Schema())
		if err != nil {
			return fmt.Errorf("parquet: %w", err)
		}
		for _, group := range f.RowGroups() {
			if stopped, err = parquetRecords(parquet.ConvertRowGroup(group, convert), schema, &t.at, t.parquetRow); err != nil || stopped != nil {
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

// projection is the schema of the fields that hold text.
func (t *textReader) projection(f *parquet.File) (*parquet.Schema, error) {
	fields, columns := f.Root().Columns(), []string(nil)
	for _, field := range fields {
		columns = append(columns, field.Name())
	}
	chosen, err := t.columns(columns)
	if err != nil {
		return nil, err
	}
	group := parquet.Group{}
	for _, at := range chosen {
		group[columns[at]] = fields[at]
	}
	return parquet.NewSchema(f.Schema().Name(), group), nil
}

// parquetRow gives the text of a row.
func (t *textReader) parquetRow(record map[string]any) (stopped, err error) {
	text, err := t.field.join(record)
	if err == nil {
		_, err = checkText([]byte(text))
	}
	t.at.Record++
	if err != nil {
		return nil, fmt.Errorf("row %d: %w", t.at.Record, err)
	}
	t.yielding = true
	stopped = t.yield([]byte(text))
	t.yielding = false
	return stopped, nil
}

// parquetRecords reads the rows of a row group one at a time; stopped is what use has of its caller, which must not look like damage.
func parquetRecords(group parquet.RowGroup, schema *parquet.Schema, at *Place, use func(record map[string]any) (stopped, err error)) (stopped, err error) {
	rows := group.Rows()
	defer rows.Close()
	block := make([]parquet.Row, 64)
	for {
		n, err := rows.ReadRows(block)
		for _, row := range block[:n] {
			record := map[string]any{}
			if err := schema.Reconstruct(&record, row); err != nil {
				return nil, fmt.Errorf("parquet: row %d: %w", at.Record+1, err)
			}
			if stopped, err := use(record); stopped != nil || err != nil {
				return stopped, err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil, nil
		} else if err != nil {
			return nil, fmt.Errorf("parquet: %w (is the file cut short?)", err)
		}
	}
}
