package configs

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A checker walks a config beside its schema and reports everything that is wrong.
type checker struct {
	kinds *kinds
	rep   *report
	root  *node
	rows  string // the kind of row that the data gives
	part  bool   // more is to be merged in: nothing is missing yet
}

func (c *checker) check(n *node, s *shape, path string) {
	switch {
	case n.form == brokenForm:
		c.rep.hits++ // it was reported, but what it stands in is not right either
		return
	case n.form == nullForm && s.class == sectionClass:
		c.rep.add(n.at, "%s is empty: give it a kind, %s: {kind: NAME}", path, path)
		return
	case n.form == nullForm:
		c.rep.add(n.at, "%s is empty; delete it to use the default", path)
		return
	case s.class == objectClass:
		c.object(expand(n, s.short), s, path, "")
	case s.class == sectionClass:
		c.section(expand(n, s.short), s, path)
	case s.class == listClass:
		c.list(n, s, path)
	case s.class == tableClass:
		c.table(n, s, path)
	case s.class == choiceClass:
		c.choice(n, s, path)
	case s.class == wholeClass:
		c.whole(n, s, path)
	case s.class == realClass:
		c.real(n, s, path)
	case s.class == flagClass && n.form != flagForm:
		c.rep.add(n.at, "%s must be true or false, got %s", path, describe(n))
	case s.class == textClass:
		c.text(n, s, path)
	case s.class == wordClass && (n.form != textForm || n.text != s.word):
		c.rep.add(n.at, "%s must be %s, got %s", path, s, describe(n))
	case s.class == spanClass:
		c.span(n, path)
	case s.class == openClass:
		c.open(n, path)
	}
}

// object checks the keys of a map; of is the kind it belongs to, for messages.
func (c *checker) object(n *node, s *shape, path, of string) {
	if n.form != objectForm {
		c.rep.add(n.at, "%s must be a map, got %s", path, describe(n))
		return
	}
	for i, k := range n.keys {
		switch f := s.field(k.name); {
		case f != nil:
			c.check(n.items[i], f.shape, join(path, k.name))
		case of != "" && k.name == "kind":
		default:
			c.unknown(k, s, path, of)
		}
	}
	for _, f := range s.fields {
		if f.required && !c.part && n.find(f.name) < 0 {
			c.rep.add(n.at, "%s is missing; it has no default", join(path, f.name))
		}
	}
}

func (c *checker) unknown(k key, s *shape, path, of string) {
	if c.rep.full() { // a suggestion that nobody will read
		c.rep.add(k.at, "unknown key %q", join(path, k.name))
		return
	}
	names := s.names()
	if of != "" {
		names = append(names, "kind")
	}
	near, distance := nearest(k.name, names)
	holders := c.kinds.holders(k.name, c.root)
	var hint string
	switch {
	case near != "" && (distance < 2 || len(holders) == 0):
		hint = fmt.Sprintf("did you mean %q?", near)
	case len(holders) > 0:
		hint = "it belongs under " + among(holders[:min(3, len(holders))])
	case len(names) == 0 || len(names) == 1 && of != "":
		hint = "there are no settings here"
	default:
		slices.Sort(names)
		hint = "known keys here: " + strings.Join(names, ", ")
	}
	where := ""
	if of != "" {
		where = " of " + of
	}
	c.rep.add(k.at, "unknown key %q%s; %s", join(path, k.name), where, hint)
}

func (c *checker) list(n *node, s *shape, path string) {
	if n.form != listForm {
		hint := ""
		if n.form != objectForm {
			hint = "; write [" + n.text + "]"
		}
		c.rep.add(n.at, "%s must be a list, got %s%s", path, describe(n), hint)
		return
	}
	if s.length > 0 && len(n.items) != s.length {
		c.rep.add(n.at, "%s must have %d values, got %d", path, s.length, len(n.items))
	}
	for i, item := range n.items {
		c.check(item, s.elem, fmt.Sprintf("%s[%d]", path, i))
	}
}

func (c *checker) table(n *node, s *shape, path string) {
	if n.form != objectForm {
		c.rep.add(n.at, "%s must be a map, got %s", path, describe(n))
		return
	}
	for i, item := range n.items {
		c.check(item, s.elem, join(path, n.keys[i].name))
	}
}

func (c *checker) choice(n *node, s *shape, path string) {
	option := s.pick(n)
	if option == nil {
		option = c.closest(n, s)
	}
	if option == nil {
		hint := ""
		if n.form == textForm && strings.Contains(n.text, ",") {
			hint = "; a list is written [" + n.text + "]"
		}
		c.rep.add(n.at, "%s must be %s, got %s%s", path, s, describe(n), hint)
		return
	}
	before := c.rep.count()
	c.check(n, option, path)
	if c.rep.count() > before || !reflect.PointerTo(s.goType).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return
	}
	settled := settle(c.kinds, n, option, c.rows)
	if err := json.Unmarshal(encode(c.kinds, settled, option, c.rows), reflect.New(s.goType).Interface()); err != nil {
		c.rep.add(n.at, "%s: %v", path, err)
	}
}

// closest is the option whose own message helps most when none accepts n: a number out of form, a word misspelt.
func (c *checker) closest(n *node, s *shape) *shape {
	if n.form == numberForm && oddNumber(n.text) == "" {
		return nil
	}
	for _, o := range s.options {
		if n.form == numberForm && (o.class == wholeClass || o.class == realClass) || n.form == textForm && o.class == textClass {
			return o
		}
	}
	return nil
}

// describe is a value as a message repeats it.
func describe(n *node) string {
	switch n.form {
	case listForm:
		return "a list"
	case objectForm:
		return "a map"
	case nullForm:
		return "nothing"
	case textForm:
		return strconv.Quote(clip(n.text))
	}
	return n.text
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func oneOf(names []string) string {
	if len(names) == 0 {
		return "there is none"
	}
	sorted := slices.Sorted(slices.Values(names))
	return strings.Join(sorted, ", ")
}
