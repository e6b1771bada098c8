package read

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A csvReader cuts a stream into records of fields, as RFC 4180 and encoding/csv have them: a field may be quoted, and then
// hold separators, doubled quotes and ends of lines; blank lines are left out; \r\n is \n. It copies nothing.
type csvReader struct {
	from   io.Reader
	comma  byte
	buf    []byte
	lo, hi int // what of buf is not used yet
	err    error

	line   int      // on which the record begins that was read last, from 1
	next   int      // the line after it
	fields [][]byte // of that record, valid until the next one is read
	places [][2]int // line and column of each field; empty: all of them stand in one line, unquoted
}

func newCSV(r io.Reader, comma byte) (*csvReader, error) {
	c := &csvReader{from: r, comma: comma, buf: make([]byte, 1<<18), next: 1}
	for c.err == nil && c.hi < 3 {
		c.fill()
	}
	text, err := withoutMark(c.buf[:c.hi])
	c.lo = c.hi - len(text)
	return c, err
}

// record reads the next record; io.EOF behind the last.
func (c *csvReader) record() error {
	for {
		n, quotes, err := c.whole()
		if err != nil {
			return err
		}
		raw := c.buf[c.lo : c.lo+n]
		c.lo += n
		c.line = c.next
		if quotes > 0 {
			c.next += bytes.Count(raw, []byte("\n"))
			return c.quoted(unended(raw))
		}
		c.next++
		if line := unended(raw); len(line) > 0 {
			c.split(line)
			return nil
		}
	}
}

// whole is the length of the next record with its end, and how many quotes it holds: it ends where a line does and their
// number is even. (A stray quote makes it longer than it is, and is then met first.)
func (c *csvReader) whole() (n, quotes int, err error) {
	for {
		part := c.buf[c.lo+n : c.hi]
		if i := bytes.IndexByte(part, '\n'); i >= 0 {
			quotes += bytes.Count(part[:i], []byte(`"`))
			if n += i + 1; quotes%2 == 0 {
				return n, quotes, nil
			}
			continue
		}
		quotes += bytes.Count(part, []byte(`"`))
		switch n += len(part); {
		case n > maxLine:
			return 0, 0, &placed{c.next, 1, fmt.Errorf("longer than %d MiB: is a quote not closed, or is this no table?", maxLine>>20)}
		case c.err == nil:
			c.fill()
		case c.err != io.EOF:
			return 0, 0, c.err
		case n == 0:
			return 0, 0, io.EOF
		default:
			return n, quotes, nil
		}
	}
}

// fill reads more, behind what is not used yet.
func (c *csvReader) fill() {
	if c.lo > 0 {
		c.hi = copy(c.buf, c.buf[c.lo:c.hi])
		c.lo = 0
	}
	if c.hi == len(c.buf) {
		c.buf = append(c.buf, make([]byte, len(c.buf))...)
	}
	n := 0
	n, c.err = c.from.Read(c.buf[c.hi:])
	c.hi += n
}

// unended is a line without its end.
func unended(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// split cuts a line without quotes.
func (c *csvReader) split(line []byte) {
	fields, from := c.fields[:0], 0
	for i, b := range line {
		if b == c.comma {
			fields = append(fields, line[from:i])
			from = i + 1
		}
	}
	c.fields, c.places = append(fields, line[from:]), c.places[:0]
}

// quoted cuts a record that holds quotes, and undoes them where it stands.
func (c *csvReader) quoted(raw []byte) error {
	c.fields, c.places = c.fields[:0], c.places[:0]
	line, begin := c.line, 0 // where the line begins that i stands in
	for i := 0; ; i++ {
		place := [2]int{line, i - begin + 1}
		field, end := raw[i:], len(raw)
		if len(field) > 0 && field[0] == '"' {
			n, used, newlines, last := unquote(field)
			if used < 0 {
				return &placed{place[0], place[1], errors.New("the quote that opens here is not closed")}
			}
			if newlines > 0 {
				line, begin = line+newlines, i+last
			}
			field, end = field[:n], i+used
			if end < len(raw) && raw[end] != c.comma {
				return &placed{line, end - begin + 1, errors.New("a quoted field goes on behind its quotes: write a quote inside of it twice")}
			}
		} else {
			if at := bytes.IndexByte(field, c.comma); at >= 0 {
				field, end = field[:at], i+at
			}
			if at := bytes.IndexByte(field, '"'); at >= 0 {
				return &placed{line, i - begin + at + 1, errors.New("a quote inside of a field that is not quoted: quote the field, and write the quote twice")}
			}
		}
		c.fields, c.places = append(c.fields, field), append(c.places, place)
		if i = end; i >= len(raw) {
			return nil
		}
	}
}

// unquote undoes a quoted field in place: its text is then field[:n], and it took used bytes, −1 if it is not closed.
// Newlines is how many it holds, and last where its last line begins.
func unquote(field []byte) (n, used, newlines, last int) {
	for i := 1; i < len(field); i++ {
		switch b := field[i]; {
		case b == '"' && (i+1 == len(field) || field[i+1] != '"'):
			return n, i + 1, newlines, last
		case b == '"':
			i++
		case b == '\r' && i+1 < len(field) && field[i+1] == '\n':
			continue
		case b == '\n':
			newlines, last = newlines+1, i+1
		}
		field[n] = field[i]
		n++
	}
	return 0, -1, 0, 0
}

// place is the line and column, in bytes from 1, where field i begins.
func (c *csvReader) place(i int) (line, column int) {
	if len(c.places) > 0 {
		return c.places[i][0], c.places[i][1]
	}
	column = 1
	for _, f := range c.fields[:i] {
		column += len(f) + 1
	}
	return c.line, column
}
