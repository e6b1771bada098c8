package configs

import (
	"errors"
	"strings"
	"testing"
)

// walk reads maps in maps whose leaves are numbers, and refuses a key that is not known.
func walk(s *Strict, n *Entry, deep int) error {
	return s.Each(n, func(key, value *Entry) error {
		if value.Kind == MapEntry && deep < 20 {
			return walk(s, value, deep+1)
		}
		_, err := s.Number(value)
		return errors.Join(err, s.Known(key, "min", "max", "tail_loss"))
	})
}

// Every mistake has its place, and a suggestion where one is near.
func TestStrict(t *testing.T) {
	for text, want := range map[string]string{
		"min: 1\nmaxx: 2":            `f:2:1: unknown key "maxx"; did you mean "max"?`,
		"tail_loss:\n  mix: 3":       `f:2:3: unknown key "mix"; did you mean`,
		"min: one":                   `f:1:6: want a number, got "one"`,
		"min: .inf":                  `f:1:6: want a number`,
		"min: 1\nmin: 2":             "f:2:1: min is there twice",
		"- min":                      "f:1:1: want a map of names",
		"":                           "f: the file is empty",
		"a: &a {min: 1}\nmax: *a":    "f:2:6: want a number",
		"min: [":                     "f: yaml:",
		"tail_loss: {min: 1, max: }": "want a number",
	} {
		s, err := ParseStrict("f", []byte(text))
		if err == nil {
			err = walk(s, s.Root, 0)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	s, err := ParseStrict("f", []byte("min: 1\ntail_loss: {max: 2e-1}"))
	if err != nil || walk(s, s.Root, 0) != nil {
		t.Error(err)
	}
	if _, err := ReadStrict("testdata"); err == nil {
		t.Error("a folder is read")
	}
}

// No bytes panic, and none are read for ever.
func FuzzStrict(f *testing.F) {
	f.Add("min: 1\nmax: {min: *a}")
	f.Add("? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseStrict("f", []byte(text)); err == nil {
			_ = walk(s, s.Root, 0)
		}
	})
}
