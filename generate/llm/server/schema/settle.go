package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// settle works out which values, or else which types, a schema allows.
func (n *node) settle() error {
	if n.kin != nil || n.values != nil {
		return nil
	}
	if len(n.Const) > 0 || n.Enum != nil {
		return n.list()
	}
	switch {
	case len(n.Type) > 0:
		n.ways = slices.Clone(n.Type)
	case len(n.names) > 0:
		n.ways = []string{"object"}
	case n.Items != nil || n.prefix != nil || n.MinItems > 0:
		n.ways = []string{"array"}
	case n.Minimum != "" || n.Maximum != "" || n.Above != "" || n.Below != "" || n.Multiple != "":
		n.ways = []string{"number"}
	default:
		n.ways = []string{"string"}
	}
	return n.possible()
}

// list works out the values of enum and const.
func (n *node) list() error {
	n.values = []json.RawMessage{n.Const}
	if n.Enum != nil {
		n.values = slices.DeleteFunc(slices.Clone(n.Enum), func(v json.RawMessage) bool {
			return len(n.Const) > 0 && canonical(v) != canonical(n.Const)
		})
	}
	n.values = slices.DeleteFunc(n.values, func(v json.RawMessage) bool { return !n.allows(typeOf(v)) })
	for i, v := range n.values {
		var b bytes.Buffer
		if err := json.Compact(&b, v); err != nil {
			return fmt.Errorf("%s: enum: %w", n.at, err)
		}
		n.values[i] = b.Bytes()
	}
	return nil
}

// possible drops the types that have no value.
func (n *node) possible() (err error) {
	n.ways = slices.DeleteFunc(n.ways, func(t string) bool {
		switch t {
		case "string":
			return n.MaxLength != nil && *n.MaxLength < n.MinLength
		case "array":
			return n.MaxItems != nil && *n.MaxItems < n.MinItems
		case "integer", "number":
			_, e := n.grid(t == "integer")
			if e != nil && !errors.Is(e, ErrUnsatisfiable) {
				err = e
			}
			return e != nil
		}
		return false
	})
	return err
}

// allows reports whether a schema allows a type.
func (n *node) allows(t string) bool {
	return len(n.Type) == 0 || slices.Contains(n.Type, t) || t == "integer" && slices.Contains(n.Type, "number")
}

// measure finds how deep the shallowest value of each schema is, shortest ways first, until nothing changes.
func (c *compiler) measure() {
	for changed := true; changed; {
		changed = false
		for _, n := range c.all {
			if d := n.depth(); d < n.least {
				n.least, changed = d, true
			}
		}
	}
}

// depth is that of the shallowest value, as far as is known.
func (n *node) depth() int {
	if n.values != nil {
		if len(n.values) == 0 {
			return endless
		}
		return 0
	}
	best := endless
	for _, k := range n.kin {
		best = min(best, k.least+1)
	}
	for _, t := range n.ways {
		best = min(best, n.wayDepth(t))
	}
	return best
}

// wayDepth is that of the shallowest value of a type.
func (n *node) wayDepth(t string) int {
	worst := 0
	switch t {
	case "object":
		for _, name := range n.Required {
			worst = max(worst, n.named[name].least+1)
		}
	case "array":
		for i := range n.MinItems {
			worst = max(worst, n.item(i).least+1)
			if i >= len(n.prefix) {
				break
			}
		}
	}
	return min(worst, endless)
}

// item is the schema of item i.
func (n *node) item(i int) *node {
	if i < len(n.prefix) {
		return n.prefix[i]
	}
	return n.items
}

// canonical is a value with its keys in order.
func canonical(v json.RawMessage) string {
	var x any
	_ = json.Unmarshal(v, &x) // it was valid
	b, _ := json.Marshal(x)
	return string(b)
}

func typeOf(v json.RawMessage) string {
	v = bytes.TrimSpace(v)
	switch {
	case len(v) == 0 || v[0] == 'n':
		return "null"
	case v[0] == 't' || v[0] == 'f':
		return "boolean"
	case v[0] == '"':
		return "string"
	case v[0] == '[':
		return "array"
	case v[0] == '{':
		return "object"
	}
	if whole(v) {
		return "integer"
	}
	return "number"
}
