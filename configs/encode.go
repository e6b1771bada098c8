package configs

import (
	"bytes"
	"reflect"
	"slices"
)

// encode is the canonical JSON of a settled tree: keys sorted, one spelling a value, no space. A setting that is zero
// and has no declared default is left out, so it makes no difference whether it was written.
func encode(k *kinds, n *node, s *shape, rows string) []byte {
	switch s.class {
	case objectClass:
		return encodeObject(k, n, s, rows)
	case sectionClass:
		kind, _ := k.find(s.section, kindName(n), rows)
		if kind == nil {
			return []byte("null")
		}
		block, err := k.compile.kind(kind.Type)
		if err != nil {
			return []byte("null")
		}
		return encodeObject(k, n, block, rows)
	case choiceClass:
		if option := s.pick(n); option != nil {
			return normal(encode(k, n, option, rows), s.goType)
		}
		return []byte("null")
	case listClass, tableClass:
		return encodeItems(n, func(item *node) []byte { return encode(k, item, s.elem, rows) })
	case openClass:
		return encodeOpen(n)
	}
	return scalarJSON(n, s)
}

func encodeObject(k *kinds, n *node, s *shape, rows string) []byte {
	pairs := map[string][]byte{}
	for i, key := range n.keys {
		f := s.field(key.name)
		if f == nil {
			if key.name == "kind" {
				pairs["kind"] = mustJSON(n.items[i].text)
			}
			continue
		}
		value := encode(k, n.items[i], f.shape, rows)
		zero := f.def == nil && !f.optional && f.shape.class != choiceClass
		if zero && slices.Contains([]string{"0", "false", `""`, "[]", "{}"}, string(value)) {
			continue
		}
		pairs[key.name] = value
	}
	return encodePairs(pairs)
}

func encodePairs(pairs map[string][]byte) []byte {
	names := make([]string, 0, len(pairs))
	for name := range pairs {
		names = append(names, name)
	}
	slices.Sort(names)
	out := []byte{'{'}
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, mustJSON(name)...), ':'), pairs[name]...)
	}
	return append(out, '}')
}

func encodeItems(n *node, item func(*node) []byte) []byte {
	if n.form == objectForm {
		pairs := map[string][]byte{}
		for i, k := range n.keys {
			pairs[k.name] = item(n.items[i])
		}
		return encodePairs(pairs)
	}
	parts := make([][]byte, len(n.items))
	for i := range n.items {
		parts[i] = item(n.items[i])
	}
	return slices.Concat([]byte{'['}, bytes.Join(parts, []byte{','}), []byte{']'})
}

func encodeOpen(n *node) []byte {
	if n.form == listForm || n.form == objectForm {
		return encodeItems(n, encodeOpen)
	}
	return scalarJSON(n, &shape{class: openClass})
}

// normal lets a type that can write itself choose one spelling for equal values.
func normal(written []byte, t reflect.Type) []byte {
	v := reflect.New(t)
	m, ok := v.Interface().(jsonWriter)
	if !ok || m.UnmarshalJSON(written) != nil {
		return written
	}
	if one, err := m.MarshalJSON(); err == nil {
		return one
	}
	return written
}

type jsonWriter interface {
	UnmarshalJSON([]byte) error
	MarshalJSON() ([]byte, error)
}
