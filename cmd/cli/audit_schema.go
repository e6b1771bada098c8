package cli

import (
	"errors"
	"math"
	"slices"

	"modelcollapse/configs"
	"modelcollapse/evaluate/audit"
	"modelcollapse/generate/read"
)

var columnTypes = []string{"numeric", "category", "date", "drop"}

// readSchema reads what columns are and may hold; no file says nothing.
func readSchema(file string) (types map[string]string, rules audit.Rules, err error) {
	types, rules = map[string]string{}, audit.Rules{}
	if file == "" {
		return types, rules, nil
	}
	s, err := configs.ReadStrict(file)
	if err != nil {
		return nil, nil, usage(err)
	}
	err = s.Each(s.Root, func(column, value *configs.Entry) error {
		if value.Kind == configs.ScalarEntry { // COLUMN: category, as data.schema has it
			types[column.Value] = value.Value
			return typed(s, value)
		}
		var rule audit.Rule
		ruled := false
		err := s.Each(value, func(key, value *configs.Entry) error {
			ruled = ruled || key.Value != "type"
			return ruleKey(s, key, value, &rule, func(t string) { types[column.Value] = t })
		})
		if ruled {
			rules[column.Value] = rule
		}
		if typ := types[column.Value]; err == nil && ruled && typ == "drop" {
			return s.At(column, "%s: it is dropped, and has rules", column.Value)
		} else if why := rule.Check(typ); err == nil && why != nil {
			return s.At(column, "%s: %v", column.Value, why)
		}
		return err
	})
	return types, rules, usage(err)
}

func typed(s *configs.Strict, n *configs.Entry) error {
	if n.Kind != configs.ScalarEntry || !slices.Contains(columnTypes, n.Value) {
		return s.At(n, "%q: want numeric, category, date or drop%s", n.Value, hint(n.Value, columnTypes))
	}
	return nil
}

// ruleKey reads one key of a column.
func ruleKey(s *configs.Strict, key, value *configs.Entry, to *audit.Rule, typ func(string)) (err error) {
	switch key.Value {
	case "type":
		typ(value.Value)
		return typed(s, value)
	case "min", "max":
		x, err := 0.0, error(nil)
		if seconds, ok := read.DateOf(value.Value); ok && value.Kind == configs.ScalarEntry {
			x, to.Dates = math.Floor(seconds/86400), true
		} else {
			x, err = s.Number(value)
		}
		if key.Value == "min" {
			to.Min = &x
		} else {
			to.Max = &x
		}
		return err
	case "required":
		if to.Required = value.Value == "true"; value.Kind != configs.ScalarEntry || value.Value != "true" && value.Value != "false" {
			return s.At(value, "want true or false")
		}
		return nil
	case "values":
		if value.Kind != configs.ListEntry {
			return s.At(value, "want a list of categories")
		}
		for _, v := range value.Content {
			if v.Kind != configs.ScalarEntry {
				err = errors.Join(err, s.At(v, "want a category"))
			}
			to.Values = append(to.Values, v.Value)
		}
		return err
	}
	return s.Known(key, "type", "min", "max", "values", "required")
}
