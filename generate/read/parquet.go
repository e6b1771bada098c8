package read

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

// openParquet opens a Parquet file. Its decoders panic on some damaged files, which guarded makes an error.
func openParquet(r io.ReaderAt, size int64) (*parquet.File, error) {
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("parquet: %w (is the file cut short?)", err)
	}
	return f, nil
}

// guarded calls do and makes its panic an error, unless it happened in what others do with the rows.
func guarded(others *bool, do func() error) (err error) {
	defer func() {
		if *others {
			return
		}
		if p := recover(); p != nil {
			err = fmt.Errorf("parquet: the file is damaged: %v", p)
		}
	}()
	return do()
}

// parquet reads the rows of one file, a row group and in it a column at a time.
func (t *table) parquet(r io.ReaderAt, size int64) error {
	return guarded(new(bool), func() error {
		f, err := openParquet(r, size)
		if err != nil {
			return err
		}
		fields := f.Root().Columns()
		names := make([]string, len(fields))
		for i, field := range fields {
			names[i] = field.Name()
		}
		cols, err := t.match(names)
		if err != nil {
			return err
		}
		for i, field := range fields {
			if cols[i].wanted() && (!field.Leaf() || field.Repeated()) {
				return nestedColumn(field.Name())
			}
		}
		for _, group := range f.RowGroups() {
			if err := t.rowGroup(group, fields, cols); err != nil {
				return err
			}
		}
		return nil
	})
}

// rowGroup adds the rows of one group.
func (t *table) rowGroup(group parquet.RowGroup, fields []*parquet.Column, cols []*column) error {
	rows := int(group.NumRows())
	for i, field := range fields {
		c := cols[i]
		if !c.wanted() || c.Type == ignored || c.Type == mixed {
			continue
		}
		p := &parquetColumn{table: t, column: c, scale: scaleOf(field), stored: field.Type()}
		if err := p.chunk(group.ColumnChunks()[field.Index()]); err != nil {
			return err
		}
		if c.rows != t.rows+rows && c.Type != ignored && c.Type != mixed {
			return fmt.Errorf("column %s: parquet: %d of %d rows are there: is the file damaged?", c.Name, c.rows-t.rows, rows)
		}
	}
	t.rows += rows
	return nil
}

// chunk adds the pages of a column chunk.
func (p *parquetColumn) chunk(chunk parquet.ColumnChunk) error {
	pages := chunk.Pages()
	defer pages.Close()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("column %s: parquet: %w (is the file cut short?)", p.column.Name, err)
		}
		err = p.page(page)
		parquet.Release(page)
		if err != nil {
			return err
		}
		if err := p.table.ctx.Err(); err != nil {
			return err
		}
	}
}
