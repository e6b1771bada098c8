package read

import (
	"bufio"
	"context"
	"errors"
	"io"
)

// ErrEnough ends a reading early and without an error, when yield returns it; the digest covers the files whole all the same.
var ErrEnough = errors.New("enough was read")

// A Place says where a text stands.
type Place struct {
	File   int // number of its file, from 1
	Record int // of its record in this file, from 1; 0: a line of prose, which is part of no record
}

// Texts reads texts one at a time, in memory that does not depend on how much there is.
//
// A text is the text of a record (of JSON, JSON lines, CSV, TSV and Parquet), or a line of plain text or Markdown, blank
// ones too. Field names the field or column that holds it; "": the first of text, content, prompt + completion,
// instruction + input + output, messages (what the assistant says), conversations, chosen, which is decided a file.
// A file that is named (not found in a folder) and ends otherwise is plain text, unless it begins as Parquet does; standard
// input is what it looks like.
// The bytes are valid until yield returns; what it returns but ErrEnough is returned.
func Texts(ctx context.Context, s Source, field string, yield func(text []byte, at Place) error) (Summary, error) {
	n, enough := 0, false
	sum, err := s.each(ctx, texts, func(in *input) error {
		if enough {
			return nil
		}
		r := &textReader{field: fieldRule{name: field}, at: Place{File: in.number}}
		r.yield = func(text []byte) error {
			if n++; n%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			err := yield(text, r.at)
			enough = enough || err == ErrEnough
			return err
		}
		return in.unpacked(r.parquet, r.stream)
	})
	sum.Rows = n
	return sum, err
}

// A textReader reads the texts of one file.
type textReader struct {
	field fieldRule
	at    Place
	yield func(text []byte) error

	joined   []byte // the text of a record
	yielding bool   // a panic now is none of a Parquet decoder
}

// unpacked hands a file to the reader of its format: named by its ending, or by what it looks like.
func (in *input) unpacked(columns func(at io.ReaderAt, size int64) error, stream func(f format, r *bufio.Reader) error) error {
	text, packed, done, err := decompressed(in.raw, allowed)
	if err != nil {
		return err
	}
	defer done()
	f := in.format
	if guess := sniff(text, texts); in.name == stdin || f == unknown && guess == parquets {
		f = guess
	}
	if f == parquets {
		return in.random(text, packed, columns)
	}
	return stream(f, text)
}

// stream reads any format but Parquet.
func (t *textReader) stream(f format, r *bufio.Reader) error {
	switch f {
	case markdown:
		return t.markdown(r)
	case jsonLines:
		return eachLine(r, t.record)
	case jsonValues:
		return eachValue(r, t.record)
	case commas:
		return t.csv(r, ',')
	case tabs:
		return t.csv(r, '\t')
	}
	return t.plain(r)
}

// plain reads a text a line.
func (t *textReader) plain(r io.Reader) error {
	lines := newLineReader(r)
	for {
		line, err := lines.text()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := t.yield(line); err != nil {
			return err
		}
	}
}

// record reads the text of a JSON record.
func (t *textReader) record(raw []byte) error {
	text, err := t.field.text(raw)
	if err != nil {
		return err
	}
	if _, err := checkText(text); err != nil { // JSON can spell a NUL
		return err
	}
	t.at.Record++
	return t.yield(text)
}
