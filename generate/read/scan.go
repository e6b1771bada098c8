package read

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A scan walks over one JSON record, in the grammar of RFC 8259. It copies nothing but texts with escapes.
type scan struct {
	b []byte
	i int
}

func (s *scan) spaces() {
	for s.i < len(s.b) && space(s.b[s.i]) {
		s.i++
	}
}

// peek is the next byte that is no space, 0 at the end.
func (s *scan) peek() byte {
	s.spaces()
	if s.i == len(s.b) {
		return 0
	}
	return s.b[s.i]
}

// take goes over a byte if it is the next one.
func (s *scan) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.i++
	return true
}

// wrong is an error at this byte.
func (s *scan) wrong(want string) error {
	if s.i >= len(s.b) {
		return fmt.Errorf("not JSON: it ends where %s should be: is it cut short?", want)
	}
	return fmt.Errorf("not JSON: %q where %s should be", s.b[s.i], want)
}

// str is the text of a string that begins here.
func (s *scan) str() ([]byte, error) {
	if !s.take('"') {
		return nil, s.wrong("a text in quotes")
	}
	for i := s.i; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '"':
			text := s.b[s.i:i]
			s.i = i + 1
			return text, nil
		case c == '\\':
			return s.escaped()
		case c < ' ':
			return nil, fmt.Errorf("not JSON: byte 0x%02x in a text", c)
		}
	}
	s.i = len(s.b)
	return nil, s.wrong("a quote")
}

// escaped is the text of a string with escapes, whose opening quote was taken.
func (s *scan) escaped() ([]byte, error) {
	from := s.i - 1
	for ; s.i < len(s.b); s.i++ {
		switch s.b[s.i] {
		case '\\':
			s.i++
		case '"':
			s.i++
			var text string
			if err := json.Unmarshal(s.b[from:s.i], &text); err != nil {
				return nil, fmt.Errorf("not JSON: %w", err)
			}
			return []byte(text), nil
		}
	}
	s.i = len(s.b)
	return nil, s.wrong("a quote")
}

// num is the number that begins here, as it is written.
func (s *scan) num() ([]byte, error) {
	from := s.i
	if s.b[s.i] == '-' {
		s.i++
	}
	whole := s.i
	if s.digits() == 0 || s.b[whole] == '0' && s.i > whole+1 {
		return nil, s.wrong("a number without leading zeros")
	}
	if s.i < len(s.b) && s.b[s.i] == '.' {
		if s.i++; s.digits() == 0 {
			return nil, s.wrong("a digit")
		}
	}
	if s.i < len(s.b) && s.b[s.i]|0x20 == 'e' {
		if s.i++; s.i < len(s.b) && (s.b[s.i] == '-' || s.b[s.i] == '+') {
			s.i++
		}
		if s.digits() == 0 {
			return nil, s.wrong("a digit")
		}
	}
	return s.b[from:s.i], nil
}

func (s *scan) digits() (n int) {
	for s.i < len(s.b) && s.b[s.i]-'0' <= 9 {
		s.i++
		n++
	}
	return n
}

// literal goes over true, false or null.
func (s *scan) literal() ([]byte, error) {
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(s.b[s.i:], []byte(word)) {
			s.i += len(word)
			return s.b[s.i-len(word) : s.i], nil
		}
	}
	return nil, s.wrong("a value")
}

// nested goes over an object or a list.
func (s *scan) nested() error {
	from, depth := s.i, 0
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case '"':
			if _, err := s.str(); err != nil {
				return err
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if s.i++; depth == 0 {
			if !json.Valid(s.b[from:s.i]) {
				return errors.New("not JSON: an object or a list is not well formed")
			}
			return nil
		}
	}
	return s.wrong("the end of an object or a list")
}

// A member is a key of an object and its value.
type member struct {
	key  []byte
	text []byte // of a string; nil: another value
	raw  []byte // the value as it is written
}

// members appends those of the object that is the whole of what is scanned.
func (s *scan) members(to []member) ([]member, error) {
	s.take('{')
	for n := 0; !s.take('}'); n++ {
		if n > 0 && !s.take(',') {
			return nil, s.wrong("a comma or }")
		}
		m := member{}
		var err error
		if m.key, err = s.str(); err != nil {
			return nil, err
		}
		if !s.take(':') {
			return nil, s.wrong("a colon")
		}
		s.spaces()
		from := s.i
		if m.text, err = s.value(); err != nil {
			return nil, err
		}
		m.raw = s.b[from:s.i]
		to = append(to, m)
	}
	if s.spaces(); s.i < len(s.b) {
		return nil, s.wrong("the end of the record")
	}
	return to, nil
}

// value goes over any value; text is that of a string, and not nil.
func (s *scan) value() (text []byte, err error) {
	switch b := s.peek(); {
	case b == '"':
		return s.str()
	case b == '{' || b == '[':
		err = s.nested()
	case b == '-' || b-'0' <= 9:
		_, err = s.num()
	default:
		_, err = s.literal()
	}
	return nil, err
}
