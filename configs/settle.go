package configs

import (
	"slices"

	"github.com/spf13/viper"
)

// A settler fills a checked tree with defaults. It lays the tree out in the order of the schema, with a slot for every
// single setting, and lets viper decide which layer each slot is filled from.
//
// Viper holds whole nodes under flat names, so none of its conveniences reaches a value: it converts nothing, splits no
// key at a dot and changes the case of none.
type settler struct {
	kinds *kinds
	rows  string
	viper *viper.Viper
	file  map[string]any
	slots []slot
	part  bool // the data are not known yet: a kind that exists for several kinds of row keeps what was written
}

type slot struct {
	name string
	node *node
}

// noDelimiter cannot occur in a name, so viper never splits one.
const noDelimiter = "\x1f"

// settle is n with all defaults of s, its keys in the order of the schema.
func settle(k *kinds, n *node, s *shape, rows string) *node {
	return newSettler(k, rows).settle(n, s)
}

func newSettler(k *kinds, rows string) *settler {
	return &settler{kinds: k, rows: rows, file: map[string]any{}, viper: viper.NewWithOptions(viper.KeyDelimiter(noDelimiter))}
}

func (t *settler) settle(n *node, s *shape) *node {
	out := t.plan(n, s, "")
	_ = t.viper.MergeConfigMap(t.file) // returns nil always
	for _, slot := range t.slots {
		if found, ok := t.viper.Get(slot.name).(*node); ok {
			*slot.node = *found
		}
	}
	return out
}

// plan is the tree to be; its leaves are still to be filled.
func (t *settler) plan(n *node, s *shape, path string) *node {
	switch {
	case n.form == nullForm:
	case s.class == objectClass:
		return t.object(expand(n, s.short), s, path)
	case s.class == sectionClass:
		return t.section(expand(n, s.short), s, path)
	case s.class == choiceClass:
		if option := s.pick(n); option != nil {
			return t.plan(n, option, path)
		}
	case (s.class == listClass || s.class == tableClass) && s.elem.structured() && len(n.items) > 0:
		return t.items(n, s)
	}
	return t.leaf(n, path)
}

func (t *settler) leaf(n *node, path string) *node {
	if path == "" {
		path = "value" // a tree of one leaf
	}
	switch n.at.layer() {
	case fromDefault:
		t.viper.SetDefault(path, n)
	case fromArgument:
		t.viper.Set(path, n)
	default:
		t.file[path] = n
	}
	out := &node{}
	t.slots = append(t.slots, slot{path, out})
	return out
}

func (t *settler) section(n *node, s *shape, path string) *node {
	kind, _ := t.kinds.find(s.section, kindName(n), t.rows)
	if kind == nil || t.part && t.kinds.several(s.section, kind.Name) {
		return n
	}
	block, err := t.kinds.compile.kind(kind.Type)
	if err != nil {
		return n
	}
	out := t.object(n, block, path)
	name := t.leaf(n.get("kind"), join(path, "kind"))
	out.keys = slices.Insert(out.keys, 0, key{"kind", n.at})
	out.items = slices.Insert(out.items, 0, name)
	return out
}

func (t *settler) object(n *node, s *shape, path string) *node {
	out := &node{form: objectForm, at: n.at}
	for _, f := range s.fields {
		value := n.get(f.name)
		switch {
		case value != nil:
		case f.def != nil:
			value = f.def
		case f.shape.class == objectClass && !f.optional:
			value = &node{form: objectForm}
		default:
			continue
		}
		if f.def != nil && value != f.def && !f.shape.structured() {
			t.viper.SetDefault(join(path, f.name), f.def)
		}
		out.keys = append(out.keys, key{f.name, value.at})
		out.items = append(out.items, t.plan(value, f.shape, join(path, f.name)))
	}
	return out
}

// items settles every item by itself: viper takes quadratic time over many names.
func (t *settler) items(n *node, s *shape) *node {
	out := *n
	out.items = make([]*node, len(n.items))
	for i, item := range n.items {
		one := newSettler(t.kinds, t.rows)
		one.part = t.part
		out.items[i] = one.settle(item, s.elem)
	}
	return &out
}
