package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what is made where the schema has none, and of schemas.
const (
	maxItems  = 1000
	maxLength = 100_000
	usualMore = 3 // items beyond the least
	maxNodes  = 10_000
)

// ErrUnsatisfiable says that no value satisfies a schema, or none that ends.
var ErrUnsatisfiable = errors.New("no value satisfies the schema")

// A Schema is a document that was read. It is immutable.
type Schema struct{ root *node }

// Parse reads a schema. What it cannot walk it refuses, as it refuses what no value satisfies (ErrUnsatisfiable).
func Parse(raw json.RawMessage) (*Schema, error) {
	if !json.Valid(raw) {
		return nil, fmt.Errorf("the schema is not JSON")
	}
	c := &compiler{document: raw, nodes: map[string]*node{}}
	root, err := c.node("#", raw)
	if err != nil {
		return nil, err
	}
	for _, n := range c.all {
		if err := n.disjoint(); err != nil {
			return nil, err
		}
		if err := n.settle(); err != nil {
			return nil, err
		}
	}
	c.measure()
	if root.least >= endless {
		return nil, ErrUnsatisfiable
	}
	return &Schema{root}, nil
}

// A compiler reads the schemas of a document, each once.
type compiler struct {
	document json.RawMessage
	nodes    map[string]*node // by place
	all      []*node
}

func (c *compiler) node(at string, raw json.RawMessage) (*node, error) {
	if n := c.nodes[at]; n != nil {
		return n, nil
	}
	n := &node{at: at, least: endless}
	c.nodes[at], c.all = n, append(c.all, n)
	if len(c.all) > maxNodes {
		return nil, fmt.Errorf("the schema has more than %d parts", maxNodes)
	}
	switch string(bytes.TrimSpace(raw)) {
	case "true":
		return n, nil
	case "false":
		n.values = []json.RawMessage{}
		return n, nil
	}
	if err := n.read(raw); err != nil {
		return nil, err
	}
	return n, errors.Join(c.kin(n), c.object(n), c.array(n))
}

// kin reads what a schema leaves everything to.
func (c *compiler) kin(n *node) error {
	if n.Ref != "" {
		raw, err := c.find(n.Ref)
		if err != nil {
			return fmt.Errorf("%s: $ref: %w", n.at, err)
		}
		k, err := c.node(n.Ref, raw)
		n.kin = []*node{k}
		return err
	}
	for name, list := range map[string][]json.RawMessage{"anyOf": n.AnyOf, "oneOf": n.OneOf, "allOf": n.AllOf} { // at most one of them
		if list != nil && len(list) == 0 {
			n.values = []json.RawMessage{}
		}
		for i, raw := range list {
			k, err := c.node(n.at+"/"+name+"/"+strconv.Itoa(i), raw)
			if err != nil {
				return err
			}
			n.kin = append(n.kin, k)
		}
	}
	return nil
}

// object reads the schemas of properties. A required one without a schema has that of additionalProperties.
func (c *compiler) object(n *node) (err error) {
	n.named = map[string]*node{}
	for _, name := range n.names {
		if n.named[name], err = c.node(n.at+"/properties/"+escape(name), n.Properties[name]); err != nil {
			return err
		}
	}
	for _, name := range n.Required {
		if n.named[name] != nil {
			continue
		}
		raw := n.Additional
		if len(raw) == 0 {
			raw = json.RawMessage("true")
		}
		if n.named[name], err = c.node(n.at+"/additionalProperties", raw); err != nil {
			return err
		}
		n.names = append(n.names, name)
	}
	return nil
}

func (c *compiler) array(n *node) error {
	for i, raw := range n.Prefix {
		item, err := c.node(n.at+"/prefixItems/"+strconv.Itoa(i), raw)
		if err != nil {
			return err
		}
		n.prefix = append(n.prefix, item)
	}
	raw := n.Items
	if len(raw) == 0 {
		raw = json.RawMessage("true")
	}
	if len(n.Items) == 0 && n.MinItems == 0 && !slices.Contains(n.Type, "array") {
		return nil // of no array: reading on would never end
	}
	var err error
	n.items, err = c.node(n.at+"/items", raw)
	return err
}

// find is the schema that a reference within the document names: a JSON pointer.
func (c *compiler) find(ref string) (json.RawMessage, error) {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok || pointer != "" && pointer[0] != '/' {
		return nil, fmt.Errorf("%q: only places in this document, such as #/$defs/name", ref)
	}
	at := c.document
	for _, step := range strings.Split(pointer, "/")[1:] {
		step, err := url.PathUnescape(step)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", ref, err)
		}
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		var object map[string]json.RawMessage
		var array []json.RawMessage
		if json.Unmarshal(at, &object) == nil && object[step] != nil {
			at = object[step]
		} else if i, err := strconv.Atoi(step); err == nil && json.Unmarshal(at, &array) == nil && i >= 0 && i < len(array) {
			at = array[i]
		} else {
			return nil, fmt.Errorf("%q: there is no %q", ref, step)
		}
	}
	return at, nil
}

func escape(name string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}
