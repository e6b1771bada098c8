package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// keywords are what a schema may say about a value.
type keywords struct {
	Ref        string                     `json:"$ref"`
	Type       types                      `json:"type"`
	Enum       []json.RawMessage          `json:"enum"`
	Const      json.RawMessage            `json:"const"`
	Properties map[string]json.RawMessage `json:"properties"`
	Required   []string                   `json:"required"`
	Additional json.RawMessage            `json:"additionalProperties"`
	Items      json.RawMessage            `json:"items"`
	Prefix     []json.RawMessage          `json:"prefixItems"`
	MinItems   int                        `json:"minItems"`
	MaxItems   *int                       `json:"maxItems"`
	MinLength  int                        `json:"minLength"`
	MaxLength  *int                       `json:"maxLength"`
	Minimum    json.Number                `json:"minimum"`
	Maximum    json.Number                `json:"maximum"`
	Above      json.Number                `json:"exclusiveMinimum"`
	Below      json.Number                `json:"exclusiveMaximum"`
	Multiple   json.Number                `json:"multipleOf"`
	AnyOf      []json.RawMessage          `json:"anyOf"`
	OneOf      []json.RawMessage          `json:"oneOf"`
	AllOf      []json.RawMessage          `json:"allOf"`
	Format     string                     `json:"format"`
}

// types are a type or several.
type types []string

// UnmarshalJSON reads a string or a list of strings.
func (t *types) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

var (
	// known are the keywords of keywords.
	known = []string{"$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "maxItems",
		"minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "anyOf", "oneOf", "allOf", "format"}
	// silent are those that say nothing about a value.
	silent = []string{"$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "example", "deprecated",
		"readOnly", "writeOnly", "discriminator"}
	allTypes = []string{"null", "boolean", "integer", "number", "string", "array", "object"}
)

// A node is one schema of a document, with those that it refers to.
type node struct {
	at string // where it stands, as a path
	keywords
	values []json.RawMessage // enum or const; nil: any
	kin    []*node           // one of them says it all: anyOf, oneOf, allOf, $ref
	names  []string          // of properties, as they were written; then required ones without a schema
	named  map[string]*node
	prefix []*node
	items  *node // of the rest

	ways  []string // the types that a value may have
	least int      // how deep the shallowest value is; endless: there is none
}

const endless = 1 << 20

// read is the keywords of a schema, and the names of its properties as they were written.
func (n *node) read(raw json.RawMessage) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(raw, &keys); err != nil || keys == nil {
		return fmt.Errorf("%s: a schema is an object, true or false", n.at)
	}
	unknown := slices.DeleteFunc(sorted(keys), func(k string) bool { return slices.Contains(known, k) || slices.Contains(silent, k) })
	if len(unknown) > 0 {
		return fmt.Errorf("%s: not supported: %s", n.at, strings.Join(unknown, ", "))
	}
	if err := json.Unmarshal(raw, &n.keywords); err != nil {
		return fmt.Errorf("%s: %w", n.at, err)
	}
	n.names = keysOf(keys["properties"])
	alone := 0 // keywords that leave no room for others
	for _, k := range []string{"$ref", "anyOf", "oneOf", "allOf"} {
		if _, has := keys[k]; has {
			alone++
		}
	}
	if says := len(keys) - len(slices.DeleteFunc(sorted(keys), func(k string) bool { return !slices.Contains(silent, k) })); alone > 0 && says > 1 {
		return fmt.Errorf("%s: $ref, anyOf, oneOf and allOf are supported where nothing else is said beside them", n.at)
	}
	return n.check()
}

func (n *node) check() error {
	for _, t := range n.Type {
		if !slices.Contains(allTypes, t) {
			return fmt.Errorf("%s: type %q: there are %s", n.at, t, strings.Join(allTypes, ", "))
		}
	}
	switch {
	case n.MinItems > maxItems || n.MinLength > maxLength:
		return fmt.Errorf("%s: at most %d items and strings of %d characters are made", n.at, maxItems, maxLength)
	case n.MinItems < 0 || n.MinLength < 0:
		return fmt.Errorf("%s: a length below 0", n.at)
	case n.Format != "" && formats[n.Format] == nil:
		return fmt.Errorf("%s: format %q: there are %s", n.at, n.Format, strings.Join(sorted(formats), ", "))
	case n.Format != "" && (n.MinLength > 0 || n.MaxLength != nil):
		return fmt.Errorf("%s: format beside minLength or maxLength is not supported", n.at)
	case len(n.AllOf) > 1:
		return fmt.Errorf("%s: allOf is supported of one schema", n.at)
	}
	return nil
}

func sorted[T any](m map[string]T) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// keysOf are the keys of an object in the order in which they are written.
func keysOf(raw json.RawMessage) (keys []string) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		var skipped json.RawMessage
		if err != nil || d.Decode(&skipped) != nil {
			return keys
		}
		if k := key.(string); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}
