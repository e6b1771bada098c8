package pipeline

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Template is a text with places for fields: {{name}}, or {{name|what stands there otherwise}}.
type Template struct {
	parts []part
}

// A part is a piece of text, or a place for a field.
type part struct {
	text      string // as it is; of a place with an alternative: that
	name      string // of a field; "": text
	otherwise bool
	line, col int // of the place, from 1
}

var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_ .-]*$`)

// ParseTemplate reads a template. An error says line and column in it.
func ParseTemplate(text string) (*Template, error) {
	t, rest, at := &Template{}, text, 0
	for {
		open := strings.Index(rest, "{{")
		if open < 0 {
			t.parts = append(t.parts, part{text: rest})
			return t, nil
		}
		t.parts = append(t.parts, part{text: rest[:open]})
		line, col := placeOf(text, at+open)
		length := strings.Index(rest[open:], "}}")
		if length < 0 {
			return nil, fmt.Errorf("line %d, column %d: {{ is not closed by }}", line, col)
		}
		p := part{line: line, col: col}
		p.name, p.text, p.otherwise = strings.Cut(rest[open+2:open+length], "|")
		p.name = strings.TrimSpace(p.name)
		if !fieldName.MatchString(p.name) {
			return nil, fmt.Errorf("line %d, column %d: {{%s}}: a field is named by letters, digits and _ . -", line, col, p.name)
		}
		t.parts = append(t.parts, p)
		rest, at = rest[open+length+2:], at+open+length+2
	}
}

// placeOf is the line and the column, in bytes from 1, of an offset.
func placeOf(text string, offset int) (line, col int) {
	before := text[:offset]
	return strings.Count(before, "\n") + 1, offset - strings.LastIndexByte(before, '\n')
}

// Names are the fields that a template has places for, each once.
func (t *Template) Names() (names []string) {
	for _, p := range t.parts {
		if p.name != "" && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// check refuses places for fields that are not known, all of them at once.
func (t *Template) check(known *Names) error {
	var errs []error
	for _, p := range t.parts {
		if p.name == "" || p.otherwise || known.always(p.name) {
			continue
		}
		if known.sometimes(p.name) {
			errs = append(errs, fmt.Errorf("line %d, column %d: {{%s}}: %s; write {{%s|…}} for those", p.line, p.col, p.name, known.lacking(p.name), p.name))
			continue
		}
		errs = append(errs, fmt.Errorf("line %d, column %d: unknown variable {{%s}}: there are %s", p.line, p.col, p.name, known))
	}
	return errors.Join(errs...)
}

// fill writes the fields into their places; what is missing is the alternative of its place.
func (t *Template) fill(f Fields) string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.name != "" {
			if text, ok := f.Text(p.name); ok {
				b.WriteString(text)
				continue
			}
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// A Names is the fields that the records of a place in a pipeline have.
type Names struct {
	all   []string          // every record has them
	some  map[string]string // some lack them: which, for a message
	sizes sizes             // of fields
	wrote []string          // what the last stage that writes wrote: the text of a record, unless a config says otherwise
}

func (n *Names) always(name string) bool { return slices.Contains(n.all, name) }

func (n *Names) sometimes(name string) bool { _, ok := n.some[name]; return ok }

func (n *Names) lacking(name string) string { return n.some[name] }

// add notes fields that every record has from here on.
func (n *Names) add(names ...string) {
	for _, name := range names {
		delete(n.some, name)
		if !n.always(name) {
			n.all = append(n.all, name)
		}
	}
}

// beside is n and more names, n itself staying as it is.
func (n *Names) beside(names ...string) *Names {
	out := &Names{all: slices.Clone(n.all), some: n.some}
	for _, name := range names {
		if !out.always(name) {
			out.all = append(out.all, name)
		}
	}
	return out
}

// String lists them for a message.
func (n *Names) String() string {
	if len(n.all)+len(n.some) == 0 {
		return "none"
	}
	all := slices.Clone(n.all)
	for name := range n.some {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
