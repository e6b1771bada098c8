package configs

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Schema is the JSON schema (draft 2020-12) of a config: every key with its doc, default, words and bounds, and one
// variant a kind. The same table gives the same bytes. It knows less than Load, which also sees what settings mean
// together; a config that Load takes is valid.
//
// A kind that Table.Check refuses is left out.
func Schema(table Table) []byte {
	w := &schemaWriter{kinds: newKinds(table), defs: object{}}
	s, err := w.root(reflect.TypeFor[Config]())
	if err != nil {
		return []byte("false\n") // cannot be: Config is part of this package
	}
	s["title"] = "collapse config"
	s["description"] = "An experiment of generations of models trained on real and synthetic data."
	s["anyOf"] = list{required(Data, Model, Workflow), required("extends"), required("sweep")}
	s["properties"].(object)["sweep"] = w.sweep()
	return indented(s)
}

// SchemaOf is the JSON schema of a Document of root T, with its title.
func SchemaOf[T any](table Table, title string) ([]byte, error) {
	w := &schemaWriter{kinds: newKinds(table), defs: object{}}
	s, err := w.root(reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	s["title"] = title
	return indented(s), nil
}

// root is the schema of a whole document.
func (w *schemaWriter) root(t reflect.Type) (object, error) {
	root, err := w.kinds.compile.object(t)
	if err != nil {
		return nil, err
	}
	for _, f := range root.fields {
		if section := f.shape.sectionOf(); section != "" && w.defs[section] == nil {
			w.section(section)
		}
	}
	s := w.object(root)
	s["$schema"], s["$defs"] = "https://json-schema.org/draft/2020-12/schema", w.defs
	s["properties"].(object)["extends"] = object{"type": "string", "description": "One parent, by name or file: maps merge, lists replace, a changed kind replaces its whole block."}
	return s, nil
}

func indented(s object) []byte {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return []byte("false\n") // cannot be: bounds are checked when a kind is compiled
	}
	return append(text, '\n')
}

type (
	object = map[string]any
	list   = []any
)

func required(keys ...string) object { return object{"required": keys} }

type schemaWriter struct {
	kinds *kinds
	defs  object
}

// section defines what may stand where a kind of the section is named.
func (w *schemaWriter) section(section string) {
	names := w.kinds.names(section, "")
	keys, variants, words := []string{"kind"}, list{}, list{}
	for _, name := range names {
		var forms list
		var docs []string
		for _, kind := range w.kinds.table {
			if kind.Section != section || kind.Name != name {
				continue
			}
			s, err := w.kinds.compile.kind(kind.Type)
			if err != nil {
				continue
			}
			keys = append(keys, s.names()...)
			docs = append(docs, kind.Doc)
			form := w.object(s)
			form["properties"].(object)["kind"] = true
			forms = append(forms, form)
		}
		if len(forms) == 0 {
			continue
		}
		def := section + "." + name
		w.defs[def] = either(forms)
		words = append(words, described(object{"const": name}, strings.Join(slices.Compact(docs), " ")))
		match := object{"properties": object{"kind": object{"const": name}}, "required": list{"kind"}}
		variants = append(variants, object{"if": match, "then": object{"$ref": "#/$defs/" + def}})
	}
	slices.Sort(keys)
	block := object{"type": "object", "propertyNames": object{"enum": slices.Compact(keys)}}
	if len(variants) > 0 {
		block["properties"], block["allOf"] = object{"kind": object{"anyOf": words}}, variants
	}
	if !alone(section) {
		block["required"] = list{"kind"} // in a list there is nothing to merge with
	}
	w.defs[section] = either(append(slices.Clone(words), block))
}

func either(forms list) object {
	if len(forms) == 1 {
		if one, ok := forms[0].(object); ok {
			return one
		}
	}
	return object{"anyOf": forms}
}

func described(s object, doc string) object {
	if doc != "" {
		s["description"] = doc
	}
	return s
}

func (w *schemaWriter) object(s *shape) object {
	properties := object{}
	for _, f := range s.fields {
		p := described(w.value(f.shape), f.doc)
		if f.def != nil {
			p["default"] = plain(f.def)
		}
		properties[f.name] = p
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

func (w *schemaWriter) value(s *shape) object {
	switch s.class {
	case objectClass:
		if f := s.field(s.short); f != nil {
			return either(list{w.value(f.shape), w.object(s)})
		}
		return w.object(s)
	case sectionClass:
		return object{"$ref": "#/$defs/" + s.section}
	case listClass:
		a := object{"type": "array", "items": w.value(s.elem)}
		if s.length > 0 {
			a["minItems"], a["maxItems"] = s.length, s.length
		}
		return a
	case tableClass:
		return object{"type": "object", "additionalProperties": w.value(s.elem)}
	case choiceClass:
		var forms list
		for _, o := range s.options {
			forms = append(forms, w.value(o))
		}
		return either(forms)
	}
	return scalarSchema(s)
}

func scalarSchema(s *shape) object {
	switch s.class {
	case wholeClass:
		low, _ := limits(s)
		o := bounded(object{"type": "integer"}, s)
		if low.Sign() >= 0 {
			o["minimum"] = json.Number(low.String())
		}
		return o
	case realClass:
		return bounded(object{"type": "number"}, s)
	case flagClass:
		return object{"type": "boolean"}
	case wordClass:
		return object{"const": s.word}
	case spanClass:
		return object{"type": "string", "pattern": `^([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h))+$`}
	case textClass:
		if len(s.enum) > 0 {
			return object{"enum": s.enum}
		}
		return object{"type": "string"}
	}
	return object{}
}

func bounded(o object, s *shape) object {
	if s.min != "" {
		o["minimum"] = json.Number(s.min)
	}
	if s.max != "" {
		o["maximum"] = json.Number(s.max)
	}
	return o
}

// plain is a default as JSON.
func plain(n *node) any {
	switch n.form {
	case listForm:
		items := list{}
		for _, item := range n.items {
			items = append(items, plain(item))
		}
		return items
	case objectForm:
		o := object{}
		for i, k := range n.keys {
			o[k.name] = plain(n.items[i])
		}
		return o
	}
	return json.RawMessage(scalarJSON(n, &shape{class: openClass}))
}

// sweep is the schema of the sweep block.
func (w *schemaWriter) sweep() object {
	name := object{"pattern": pointName.String()}
	points := func(value object) object {
		return object{"anyOf": list{
			object{"type": "array", "minItems": 1, "items": object{"not": object{"type": "object"}}},
			object{"type": "object", "minProperties": 1, "propertyNames": name, "additionalProperties": value},
		}}
	}
	properties, tops := object{}, []string{}
	for _, top := range sweepable {
		if top == Data || top == Model || top == Workflow {
			properties[top] = points(object{"$ref": "#/$defs/" + top})
			tops = append(tops, top+`(\.[a-z][a-z0-9_]*)+`)
			continue
		}
		tops = append(tops, top)
	}
	paths := object{"^(" + strings.Join(tops, "|") + ")$": points(object{})}
	properties["zip"] = described(object{"type": "object", "minProperties": 2}, "Paths that are walked in step.")
	return object{
		"type": "object", "properties": properties, "patternProperties": paths, "additionalProperties": false,
		"description": "What is tried: a dotted path with a list (a grid axis) or a map of named points.",
	}
}
