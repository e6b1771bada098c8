package configs

import (
	"reflect"
	"slices"
	"strings"
)

// A class is what a value may be, by the schema.
type class uint8

const (
	objectClass  class = iota // a struct
	sectionClass              // a kind of a section and its settings
	listClass
	tableClass  // a map with keys of the user's choice
	choiceClass // one of several forms
	wholeClass
	realClass
	flagClass
	textClass
	wordClass // one given text
	spanClass // a time.Duration
	openClass // anything
)

// A shape is the schema of one value. Shapes are shared and not changed once compiled.
type shape struct {
	class   class
	goType  reflect.Type
	fields  []field  // of an object
	extra   []string // further keys that an object may be told to look for: extends, sweep
	elem    *shape   // of a list or a table
	length  int      // of a list; 0: any
	options []*shape // of a choice
	enum    []string // of a text
	word    string
	min     string // inclusive bounds of a number as written in the tag; "": none
	max     string
	section string // of a section: which
	short   string // of an object: the key that a bare text stands for
}

type field struct {
	name     string
	doc      string
	shape    *shape
	def      *node // the default; nil: the zero value
	optional bool  // a pointer: nil when not written
	required bool
	apart    bool  // no part of the identity: how a result is reached, not which
	index    []int // of the Go field
}

func (s *shape) field(name string) *field {
	if i := slices.IndexFunc(s.fields, func(f field) bool { return f.name == name }); i >= 0 {
		return &s.fields[i]
	}
	return nil
}

// sectionOf is the section of the kinds that s holds, one or a list; "": it holds none.
func (s *shape) sectionOf() string {
	if s.class == listClass {
		s = s.elem
	}
	return s.section
}

// names are the keys that an object knows.
func (s *shape) names() []string {
	names := make([]string, 0, len(s.fields)+len(s.extra))
	for _, f := range s.fields {
		names = append(names, f.name)
	}
	return append(names, s.extra...)
}

// structured reports whether values of s hold values with a schema of their own.
func (s *shape) structured() bool {
	return s.class <= choiceClass
}

// accepts reports whether a value looks like s at first sight.
func (s *shape) accepts(n *node) bool {
	switch s.class {
	case objectClass, sectionClass:
		return n.form == objectForm || s.short != "" && n.form == textForm
	case tableClass:
		return n.form == objectForm
	case listClass:
		return n.form == listForm
	case wholeClass:
		_, whole := wholeNumber(n.text)
		return n.form == numberForm && whole
	case realClass:
		return n.form == numberForm
	case flagClass:
		return n.form == flagForm
	case wordClass:
		return n.form == textForm && n.text == s.word
	case textClass:
		return n.form == textForm && (len(s.enum) == 0 || slices.Contains(s.enum, n.text))
	case spanClass:
		return n.form == textForm
	case choiceClass:
		return s.pick(n) != nil
	}
	return true
}

// pick is the option of a choice that a value is meant for: the first that accepts it.
func (s *shape) pick(n *node) *shape {
	for _, o := range s.options {
		if o.accepts(n) {
			return o
		}
	}
	return nil
}

// String says in words what is wanted.
func (s *shape) String() string {
	switch s.class {
	case objectClass, tableClass:
		return "a map"
	case sectionClass:
		return "a " + s.section
	case listClass:
		return "a list"
	case wholeClass:
		return "a whole number"
	case realClass:
		return "a number"
	case flagClass:
		return "true or false"
	case wordClass:
		return `"` + s.word + `"`
	case spanClass:
		return `a duration such as "30s"`
	case choiceClass:
		var words []string
		for _, o := range s.options {
			words = append(words, o.String())
		}
		return among(words)
	case textClass:
		if len(s.enum) > 0 {
			return "one of " + strings.Join(s.enum, ", ")
		}
		return "text"
	}
	return "a value"
}
