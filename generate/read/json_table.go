package read

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// maxColumns bounds the keys of JSON records: more of them are data that stand where names should.
const maxColumns = 10_000

// jsonLines reads a row a line; blank lines are left out.
func (t *table) jsonLines(r io.Reader) error {
	lines := newLineReader(r)
	for {
		line, err := lines.text()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		s := scan{b: line}
		if s.peek() == 0 {
			continue
		}
		where := func() string { return fmt.Sprintf("%s:%d:%d", t.name, lines.number, s.i+1) }
		if err := t.object(&s, where); err != nil {
			return &placed{lines.number, s.i + 1, err}
		}
	}
}

// jsonValues reads the rows of an array, or rows one behind the other.
func (t *table) jsonValues(r *bufio.Reader) error {
	n := 0
	return eachValue(r, func(record []byte) error {
		n++
		return t.object(&scan{b: record}, func() string { return fmt.Sprintf("%s, record %d", t.name, n) })
	})
}

// object adds one record. Keys that earlier ones lacked are new columns, keys that it lacks are nulls.
func (t *table) object(s *scan, where func() string) error {
	if !s.take('{') {
		return errors.New("a record must be an object: {\"column\": value, …}")
	}
	for n := 0; !s.take('}'); n++ {
		if n > 0 && !s.take(',') {
			return s.wrong("a comma or }")
		}
		if err := t.member(s, n, where); err != nil {
			return err
		}
	}
	if s.spaces(); s.i < len(s.b) {
		return s.wrong("the end of the record")
	}
	t.rows++
	for _, c := range t.cols {
		if c.rows < t.rows {
			if err := t.missing(c); err != nil {
				return err
			}
		}
	}
	if t.rows%4096 == 0 {
		return t.ctx.Err()
	}
	return nil
}

// member adds the n-th key and value of a record, which stand here.
func (t *table) member(s *scan, n int, where func() string) error {
	key, err := s.str()
	if err != nil {
		return err
	}
	c, err := t.key(key, n)
	if err != nil {
		return err
	}
	if !s.take(':') {
		return s.wrong("a colon")
	}
	if c.rows > t.rows {
		return fmt.Errorf("key %q stands twice in a record", key)
	}
	s.peek()
	at := s.i
	if err := t.value(c, s, where); err != nil {
		s.i = min(at, len(s.b))
		return err
	}
	if c.rows == t.rows { // of a column that is not kept
		c.rows++
	}
	return nil
}

// key is the column of a key, which is most often the n-th.
func (t *table) key(key []byte, n int) (*column, error) {
	if n < len(t.cols) && string(key) == t.cols[n].Name {
		return t.cols[n], nil
	}
	if at, ok := t.byName[string(key)]; ok {
		return t.cols[at], nil
	}
	if len(t.cols) == maxColumns {
		return nil, fmt.Errorf("more than %d columns: are the keys of these records data?", maxColumns)
	}
	if t.first == "" {
		t.first = t.name
	}
	return t.add(string(key)), nil
}

// value adds the value that stands here to a column.
func (t *table) value(c *column, s *scan, where func() string) error {
	var text []byte
	var err error
	taken := true
	switch b := s.peek(); {
	case b == '"':
		if text, err = s.str(); err == nil {
			taken = c.text(text)
		}
	case b == '-' || b-'0' <= 9:
		if text, err = s.num(); err == nil {
			x, finite := number(text)
			taken = finite && c.number(x, text) || c.Type == ignored || c.Type == mixed || c.Type == Category && c.category(text)
		}
	case b == '{' || b == '[':
		if err = s.nested(); err == nil && c.wanted() {
			err = nestedColumn(c.Name)
		}
	default:
		if text, err = s.literal(); err == nil && text[0] == 'n' {
			return t.missing(c)
		} else if err == nil {
			taken = c.text(text)
		}
	}
	if err != nil || taken && (!t.opt.Strict || c.Type == Numeric || c.Type == ignored) {
		return err
	}
	if t.opt.Strict {
		return notNumber(c.Name, text)
	}
	return t.refuse(c, text, where)
}

// nestedColumn says that a table has no place for a column.
func nestedColumn(name string) error {
	return fmt.Errorf("column %s is nested (objects or lists): choose other columns, or drop it by the schema", name)
}

// missing adds a null, if a null is allowed.
func (t *table) missing(c *column) error {
	switch {
	case c.Type == ignored || c.Type == mixed:
		c.rows++
	case t.opt.Strict:
		return fmt.Errorf("column %s: there is no value: fill it in, drop the row, or name other columns", c.Name)
	default:
		c.null()
	}
	return nil
}
