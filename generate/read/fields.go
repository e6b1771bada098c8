package read

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A shape is one way in which records hold text: these fields, one behind the other, each on lines of its own.
type shape struct {
	fields   []string
	optional string // a field that may be missing
	turns    turns
}

// turns says which turns of a conversation are text.
type turns int

const (
	everyTurn turns = iota
	assistant       // what a model is trained to say
)

// shapes are the shapes that need no telling; the first that fits the first record of a file is that of the file.
var shapes = []shape{
	{fields: []string{"text"}},
	{fields: []string{"content"}},
	{fields: []string{"prompt", "completion"}},
	{fields: []string{"instruction", "input", "output"}, optional: "input"},
	{fields: []string{"messages"}, turns: assistant},
	{fields: []string{"conversations"}},
	{fields: []string{"chosen"}, turns: assistant},
}

// A fieldRule finds the text of the records of one file.
type fieldRule struct {
	name  string // as the config says; "": the first of shapes that fits
	shape *shape // nil until the first record

	members []member // of the record that is being read
	joined  []byte   // its text
}

// text is the text of a record, valid until the next one. A record that is a bare string is its own text.
func (f *fieldRule) text(raw []byte) ([]byte, error) {
	s := scan{b: raw}
	if s.peek() != '{' {
		var bare string
		if json.Unmarshal(raw, &bare) == nil && f.name == "" {
			return []byte(bare), nil
		}
		return nil, notRecord(raw)
	}
	var err error
	if f.members, err = s.members(f.members[:0]); err != nil {
		return nil, err
	}
	if f.shape == nil {
		if f.shape, err = f.choose(f.keys()); err != nil {
			return nil, err
		}
	}
	f.joined = f.joined[:0]
	for n, name := range f.shape.fields {
		if n > 0 {
			f.joined = append(f.joined, '\n')
		}
		if err := f.add(name); err != nil {
			return nil, err
		}
	}
	return f.joined, nil
}

// add adds the text of a member.
func (f *fieldRule) add(name string) error {
	m := f.member(name)
	switch {
	case m == nil && name == f.shape.optional:
		return nil
	case m == nil:
		return noField("field", name, f.keys())
	case m.text != nil:
		f.joined = append(f.joined, m.text...)
		return nil
	}
	var value any
	err := json.Unmarshal(m.raw, &value)
	if err == nil {
		var text string
		text, err = flatten(value, f.shape.turns)
		f.joined = append(f.joined, text...)
	}
	if err != nil {
		return fmt.Errorf("field %q: %w", name, err)
	}
	return nil
}

// member is the last member of the record with a name, as encoding/json has it; nil: there is none.
func (f *fieldRule) member(name string) *member {
	for i := len(f.members) - 1; i >= 0; i-- {
		if string(f.members[i].key) == name {
			return &f.members[i]
		}
	}
	return nil
}

// keys are the names of the record's members, sorted.
func (f *fieldRule) keys() (names []string) {
	for _, m := range f.members {
		names = append(names, string(m.key))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// join is the text of the values of a record, in the order of the shape.
func (f *fieldRule) join(values map[string]any) (string, error) {
	var parts []string
	for _, name := range f.shape.fields {
		part, err := flatten(values[name], f.shape.turns)
		if err != nil {
			return "", fmt.Errorf("field %q: %w", name, err)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "\n"), nil
}

// notRecord says what something is that is no object.
func notRecord(raw []byte) error {
	var kind *json.UnmarshalTypeError
	err := json.Unmarshal(raw, &map[string]json.RawMessage{})
	if errors.As(err, &kind) {
		return fmt.Errorf("a record must be an object, not a JSON %s", kind.Value)
	}
	return fmt.Errorf("not JSON: %w", err)
}

// choose takes the shape that was asked for, else the first that fits the names of a record's fields.
func (f *fieldRule) choose(names []string) (*shape, error) {
	if f.name != "" {
		return &shape{fields: []string{f.name}}, nil
	}
	for i, s := range shapes {
		if s.fits(names) {
			return &shapes[i], nil
		}
	}
	var known []string
	for _, s := range shapes {
		known = append(known, strings.Join(s.fields, " + "))
	}
	return nil, fmt.Errorf("no field holds text as far as we know (%s); this record has %s: name one (text: FIELD)",
		strings.Join(known, ", "), listed(names))
}

func (s shape) fits(names []string) bool {
	for _, name := range s.fields {
		if name != s.optional && !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// noField says that a record has no field of a name, or a table no column.
func noField(what, name string, names []string) error {
	whole := map[string]string{"field": "record", "column": "table"}[what]
	if near := nearest(name, names); near != "" {
		return fmt.Errorf("no %s %q; did you mean %q? This %s has %s", what, name, near, whole, listed(names))
	}
	return fmt.Errorf("no %s %q; this %s has %s", what, name, whole, listed(names))
}

func listed(names []string) string {
	if len(names) == 0 {
		return "no field"
	}
	return strings.Join(names, ", ")
}

// flatten is the text of a value: a string, null (none), or a list of strings, of turns, or of parts of a turn.
func flatten(value any, which turns) (string, error) {
	switch v := value.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []any:
		var lines []string
		for _, item := range v {
			text, err := flatten(item, which)
			if err != nil {
				return "", err
			}
			if text != "" {
				lines = append(lines, text)
			}
		}
		return strings.Join(lines, "\n"), nil
	case map[string]any:
		return turn(v, which)
	}
	return "", fmt.Errorf("%v is not text", value)
}

// turn is the text of one turn: {role, content} as OpenAI writes it, {from, value} as ShareGPT does, or a part of a
// turn, {type, text}. A part without text (an image) has none.
func turn(v map[string]any, which turns) (string, error) {
	role, _ := v["role"].(string)
	if role == "" {
		role, _ = v["from"].(string)
	}
	if which == assistant && role != "" && role != "assistant" && role != "gpt" {
		return "", nil
	}
	for _, name := range []string{"content", "value", "text"} {
		if text, ok := v[name]; ok {
			return flatten(text, which)
		}
	}
	return "", nil
}
