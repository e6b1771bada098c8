package cli

import (
	"errors"
	"slices"

	"go.yaml.in/yaml/v3"

	"modelcollapse/evaluate/audit"
)

var columnTypes = []string{"numeric", "category", "date", "drop"}

// readSchema reads what columns are and may hold; no file says nothing.
func readSchema(file string) (types map[string]string, rules audit.Rules, err error) {
	types, rules = map[string]string{}, audit.Rules{}
	if file == "" {
		return types, rules, nil
	}
	s, err := readStrict(file)
	if err != nil {
		return nil, nil, err
	}
	err = s.each(s.root, func(column, value *yaml.Node) error {
		if value.Kind == yaml.ScalarNode { // COLUMN: category, as data.schema has it
			types[column.Value] = value.Value
			return s.typed(value)
		}
		var rule audit.Rule
		ruled := false
		err := s.each(value, func(key, value *yaml.Node) error {
			ruled = ruled || key.Value != "type"
			return s.rule(key, value, &rule, func(t string) { types[column.Value] = t })
		})
		if ruled {
			rules[column.Value] = rule
		}
		return err
	})
	return types, rules, err
}

func (s *strict) typed(n *yaml.Node) error {
	if n.Kind != yaml.ScalarNode || !slices.Contains(columnTypes, n.Value) {
		return s.at(n, "%q: want numeric, category, date or drop%s", n.Value, hint(n.Value, columnTypes))
	}
	return nil
}

// rule reads one key of a column.
func (s *strict) rule(key, value *yaml.Node, to *audit.Rule, typ func(string)) (err error) {
	switch key.Value {
	case "type":
		typ(value.Value)
		return s.typed(value)
	case "min", "max":
		x, err := s.number(value)
		if key.Value == "min" {
			to.Min = &x
		} else {
			to.Max = &x
		}
		return err
	case "required":
		if to.Required = value.Value == "true"; value.Kind != yaml.ScalarNode || value.Value != "true" && value.Value != "false" {
			return s.at(value, "want true or false")
		}
		return nil
	case "values":
		if value.Kind != yaml.SequenceNode {
			return s.at(value, "want a list of categories")
		}
		for _, v := range value.Content {
			if v.Kind != yaml.ScalarNode {
				err = errors.Join(err, s.at(v, "want a category"))
			}
			to.Values = append(to.Values, v.Value)
		}
		return err
	}
	return s.known(key, "type", "min", "max", "values", "required")
}
