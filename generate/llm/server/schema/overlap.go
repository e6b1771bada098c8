package schema

import (
	"encoding/json"
	"fmt"
	"slices"
)

// disjoint refuses oneOf whose alternatives may overlap: the first value of one could satisfy two.
func (n *node) disjoint() error {
	if n.OneOf == nil {
		return nil
	}
	for i, a := range n.kin {
		for _, b := range n.kin[:i] {
			if overlap(a, b, 0) {
				return fmt.Errorf("%s: oneOf: a value could satisfy more than one of its schemas: use anyOf", n.at)
			}
		}
	}
	return nil
}

// overlap reports whether a value might satisfy both; when in doubt it might.
func overlap(a, b *node, depth int) bool {
	if depth > 16 {
		return true
	}
	if a.kin != nil {
		return slices.ContainsFunc(a.kin, func(k *node) bool { return overlap(k, b, depth+1) })
	}
	if b.kin != nil {
		return overlap(b, a, depth+1)
	}
	x, y := a.given(), b.given()
	switch {
	case x != nil && y != nil:
		return slices.ContainsFunc(x, func(v json.RawMessage) bool {
			return slices.ContainsFunc(y, func(w json.RawMessage) bool { return canonical(v) == canonical(w) })
		})
	case x != nil:
		return slices.ContainsFunc(x, func(v json.RawMessage) bool { return b.allows(typeOf(v)) })
	case y != nil:
		return overlap(b, a, depth+1)
	}
	for _, t := range allTypes {
		if a.allows(t) && b.allows(t) && !(t == "object" && told(a, b, depth)) {
			return true
		}
	}
	return false
}

// told reports whether two objects differ in a property that both must have.
func told(a, b *node, depth int) bool {
	for _, name := range a.Required {
		if slices.Contains(b.Required, name) && !overlap(a.named[name], b.named[name], depth+1) {
			return true
		}
	}
	return false
}

// given are the values that a schema lists.
func (n *node) given() []json.RawMessage {
	if len(n.Const) > 0 {
		return []json.RawMessage{n.Const}
	}
	return n.Enum
}
