package read

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// eachLine gives the records of JSON lines, one a line; blank lines are left out. Records are valid until use returns.
func eachLine(r io.Reader, use func(record []byte) error) error {
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
		if err := use(line); err == ErrEnough {
			return err
		} else if err != nil {
			return fmt.Errorf("line %d: %w", lines.number, err)
		}
	}
}

// eachValue gives the records of an array, or records one behind the other, one at a time.
func eachValue(r *bufio.Reader, use func(record []byte) error) error {
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
		return values(d, in, use, func() bool { return true })
	}
	if _, err := d.Token(); err != nil { // the bracket that was seen
		return err
	}
	if err := values(d, in, use, d.More); err != nil {
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

// values gives records while there are more, or until the stream ends between two of them.
func values(d *json.Decoder, in *bounded, use func([]byte) error, more func() bool) error {
	for n := 1; more(); n++ {
		var record json.RawMessage
		err := d.Decode(&record)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = checked(record, use)
		}
		if err == ErrEnough {
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

// checked gives a record to use if it is text: encoding/json takes bytes that are no UTF-8, and mends them.
func checked(record []byte, use func([]byte) error) error {
	if at, err := checkText(record); err != nil {
		return fmt.Errorf("byte %d of the record: %w", at, err)
	}
	return use(record)
}
