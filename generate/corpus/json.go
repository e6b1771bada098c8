package corpus

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readJSONLines reads a record a line; blank lines are left out.
func readJSONLines(b *builder, r io.Reader, f *fieldRule) error {
	lines := newLineReader(r)
	for {
		line, err := lines.text()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := readRecord(b, line, f); err == errEnough {
			return err
		} else if err != nil {
			return fmt.Errorf("line %d: %w", lines.number, err)
		}
	}
}

// readJSON reads an array of records, or records one behind the other, one at a time.
func readJSON(b *builder, r *bufio.Reader, f *fieldRule) error {
	head, _ := r.Peek(3)
	text, err := withoutMark(head)
	if err != nil {
		return err
	}
	r.Discard(len(head) - len(text))
	array, err := opensArray(r)
	if err != nil {
		return err
	}
	in := &bounded{from: r, allowed: maxLine}
	d := json.NewDecoder(in)
	if !array {
		return readValues(b, d, in, f, func() bool { return true })
	}
	if _, err := d.Token(); err != nil { // the bracket that was seen
		return err
	}
	if err := readValues(b, d, in, f, d.More); err != nil {
		return err
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("after byte %d: %w", d.InputOffset(), unexpected(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("after byte %d: more than one array", d.InputOffset())
	}
	return nil
}

// readValues reads records while there are more, or until the stream ends between two of them.
func readValues(b *builder, d *json.Decoder, in *bounded, f *fieldRule, more func() bool) error {
	for n := 1; more(); n++ {
		var record json.RawMessage
		err := d.Decode(&record)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = readRecord(b, record, f)
		}
		if err == errEnough {
			return err
		} else if err != nil {
			return fmt.Errorf("record %d (up to byte %d): %w", n, d.InputOffset(), unexpected(err))
		}
		in.allowed = maxLine
	}
	return nil
}

// unexpected is err, the end of a stream in the middle of something being unexpected.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// opensArray looks at the first byte that is not white space.
func opensArray(r *bufio.Reader) (bool, error) {
	for {
		c, err := r.ReadByte()
		switch {
		case err == io.EOF:
			return false, nil
		case err != nil:
			return false, err
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			continue
		}
		return c == '[', r.UnreadByte()
	}
}

// bounded refuses to read on when one record has taken more than it is allowed.
type bounded struct {
	from    io.Reader
	allowed int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.allowed <= 0 {
		return 0, fmt.Errorf("longer than %d MiB: is this text?", maxLine>>20)
	}
	n, err := b.from.Read(p)
	b.allowed -= n
	return n, err
}

// readRecord adds the text of one record, a group of its own.
func readRecord(b *builder, raw []byte, f *fieldRule) error {
	if at, err := checkText(raw); err != nil {
		return fmt.Errorf("byte %d of the record: %w", at, err)
	}
	text, err := f.text(raw)
	if err != nil {
		return err
	}
	if _, err := checkText([]byte(text)); err != nil { // JSON can spell a NUL
		return err
	}
	b.begin(byRecord)
	return b.text([]byte(text))
}
