package configs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// A Spec is a kind that a config chose, with its settings.
type Spec struct {
	Kind  string // the name of the kind
	Rows  string // the kind of row that the table says of it
	Value any    // a pointer to a struct of Kind.Type, defaults included; shared, so not to be changed

	canonical []byte
}

// Canonical is the identity of a spec: its kind and all its settings as canonical JSON. It does not depend on the order
// of keys, on comments, on how a number is spelt or on whether a default was written out; settings that carry
// identity:"-" (limits, prices, a budget) have no part in it.
func (s Spec) Canonical() []byte {
	if s.canonical == nil {
		return []byte("null")
	}
	return bytes.Clone(s.canonical)
}

// spec decodes a settled block strictly into the struct of its kind.
func (k *kinds) spec(n *node, section, rows string) (Spec, error) {
	kind, _ := k.find(section, kindName(n), rows)
	if kind == nil {
		return Spec{}, fmt.Errorf("unknown %s %q", section, kindName(n))
	}
	s, err := k.compile.kind(kind.Type)
	if err != nil {
		return Spec{}, err
	}
	value := reflect.New(s.goType).Interface()
	if err := decode(encodeObject(k, n.without("kind"), s, rows), value); err != nil {
		return Spec{}, err
	}
	for _, f := range s.fields {
		if f.apart {
			n = n.without(f.name)
		}
	}
	return Spec{kind.Name, kind.Rows, value, encodeObject(k, n, s, rows)}, nil
}

// decode is strict: a key that the struct lacks is an error.
func decode(text []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// decode fills a root from a settled tree: what stands in a section becomes a Spec.
func (k *kinds) decode(n *node, s *shape, rows string, into any) error {
	rest := n
	for _, f := range s.fields {
		if f.shape.sectionOf() != "" {
			rest = rest.without(f.name)
		}
	}
	if err := decode(encodeObject(k, rest, s, rows), into); err != nil {
		return err
	}
	root := reflect.ValueOf(into).Elem()
	for _, f := range s.fields {
		block, section := n.get(f.name), f.shape.sectionOf()
		if block == nil || section == "" {
			continue
		}
		blocks := []*node{block}
		if f.shape.class == listClass {
			blocks = block.items
		}
		specs := make([]Spec, len(blocks))
		for i, b := range blocks {
			var err error
			if specs[i], err = k.spec(b, section, rows); err != nil {
				return err
			}
		}
		if to := root.FieldByIndex(f.index); f.shape.class == listClass {
			to.Set(reflect.ValueOf(specs))
		} else {
			to.Set(reflect.ValueOf(specs[0]))
		}
	}
	return nil
}
