package configs

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A source is one text that settings come from.
type source struct {
	name  string
	lines []string
	layer layer
	rank  int // the order in which its problems are shown
}

// A layer says who set a value; later layers win.
type layer uint8

const (
	fromDefault layer = iota
	fromParent
	fromFile
	fromArgument
)

// commandLine names the source of overrides.
const commandLine = "command line"

// A position is a place in a source; the zero position belongs to defaults.
type position struct {
	src       *source
	line, col int
}

func (p position) sourceLine() string {
	if p.src == nil || p.line < 1 || p.line > len(p.src.lines) {
		return ""
	}
	return strings.TrimRight(p.src.lines[p.line-1], "\r")
}

func (p position) layer() layer {
	if p.src == nil {
		return fromDefault
	}
	return p.src.layer
}

// String says where a value comes from: "default", "file:line:column", the same after "extends", or "command line".
func (p position) String() string {
	switch p.layer() {
	case fromDefault:
		return "default"
	case fromArgument:
		return commandLine
	case fromParent:
		return fmt.Sprintf("extends %s:%d:%d", p.src.name, p.line, p.col)
	}
	return fmt.Sprintf("%s:%d:%d", p.src.name, p.line, p.col)
}

// A form is what a value looks like in YAML, before a schema is asked.
type form uint8

const (
	nullForm form = iota
	flagForm
	numberForm
	textForm
	listForm
	objectForm
	brokenForm // reported while it was parsed
)

// A node is one YAML value. Nodes are never changed once built, so trees share them.
type node struct {
	form   form
	text   string // scalars: as written, without quotes
	quoted bool
	keys   []key   // objects, in order
	items  []*node // of a list, or the values of keys
	at     position
}

type key struct {
	name string
	at   position
}

// get is the value of a key of an object; nil when there is none.
func (n *node) get(name string) *node {
	if i := n.find(name); i >= 0 {
		return n.items[i]
	}
	return nil
}

func (n *node) find(name string) int {
	if n == nil || n.form != objectForm {
		return -1
	}
	return slices.IndexFunc(n.keys, func(k key) bool { return k.name == name })
}

// with is n with one key set; n itself stays as it is.
func (n *node) with(k key, value *node) *node {
	out := *n
	out.keys, out.items = slices.Clone(n.keys), slices.Clone(n.items)
	if i := n.find(k.name); i >= 0 {
		out.keys[i], out.items[i] = k, value
		return &out
	}
	out.keys, out.items = append(out.keys, k), append(out.items, value)
	return &out
}

// without is n less one key.
func (n *node) without(name string) *node {
	i := n.find(name)
	if i < 0 {
		return n
	}
	out := *n
	out.keys = slices.Delete(slices.Clone(n.keys), i, i+1)
	out.items = slices.Delete(slices.Clone(n.items), i, i+1)
	return &out
}

// lookup follows a dotted path through objects, and through lists by names such as stages[2]; nil when it ends early.
func (n *node) lookup(path string) *node {
	for name := range strings.SplitSeq(path, ".") {
		name, index, listed := strings.Cut(name, "[")
		if n = n.get(name); n != nil && listed {
			n = n.item(strings.TrimSuffix(index, "]"))
		}
		if n == nil {
			return nil
		}
	}
	return n
}

// item is that of a list with a number, from 0; nil when there is none.
func (n *node) item(number string) *node {
	i, err := strconv.Atoi(number)
	if err != nil || n.form != listForm || i < 0 || i >= len(n.items) {
		return nil
	}
	return n.items[i]
}

// merge lays over upon base: maps merge, everything else replaces, and a changed kind replaces its whole block.
func merge(base, over *node) *node {
	if base == nil || over.form != objectForm || base.form != objectForm || changesKind(base, over) {
		return over
	}
	out := base
	for i, k := range over.keys {
		out = out.with(k, merge(base.get(k.name), over.items[i]))
	}
	return out
}

func changesKind(base, over *node) bool {
	b, o := base.get("kind"), over.get("kind")
	return b != nil && o != nil && b.text != o.text
}

// nest is value under a dotted path, every key at the same place.
func nest(path string, at position, value *node) *node {
	parts := strings.Split(path, ".")
	for _, part := range slices.Backward(parts) {
		value = &node{form: objectForm, keys: []key{{part, at}}, items: []*node{value}, at: value.at}
	}
	return value
}

// expand writes the short form out: a bare text for an object stands for {short: text}.
func expand(n *node, short string) *node {
	if n == nil || n.form != textForm || short == "" {
		return n
	}
	return &node{form: objectForm, keys: []key{{short, n.at}}, items: []*node{n}, at: n.at}
}
