package command

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"modelcollapse/generate"
)

// records are rows of tables: an object with a value a column, {"age": 31, "city": "Rome", "since": "2024-02-01"}; null is a missing
// cell. A category that no real row has is an error.
func records(truth any) (c codec[generate.Record], err error) {
	t, ok := truth.(interface{ Schema() generate.Schema })
	if !ok {
		return c, fmt.Errorf("%T does not say which columns it has", truth)
	}
	s := t.Schema()
	codes := make([]map[string]float64, len(s))
	for j, col := range s {
		codes[j] = map[string]float64{}
		for k, name := range col.Categories {
			codes[j][name] = float64(k)
		}
	}
	put := func(dst []byte, row generate.Record) ([]byte, error) { return putRecord(dst, s, row) }
	return codec[generate.Record]{generate.TableRows.Name, put, func(line []byte) (generate.Record, error) {
		var cells map[string]any
		if err := json.Unmarshal(line, &cells); err != nil {
			return nil, fmt.Errorf("want an object with a value a column, got %s", quoted(string(line)))
		}
		row := make(generate.Record, len(s))
		for j, col := range s {
			cell, ok := cells[col.Name]
			if !ok {
				return nil, fmt.Errorf("column %s is missing; there are %s", col.Name, s)
			}
			if row[j], err = cellOf(cell, col, codes[j]); err != nil {
				return nil, fmt.Errorf("column %s: %w", col.Name, err)
			}
		}
		return row, nil
	}}, nil
}

func putRecord(dst []byte, s generate.Schema, row generate.Record) ([]byte, error) {
	dst = append(dst, '{')
	for j, col := range s {
		if j > 0 {
			dst = append(dst, ',')
		}
		name, err := json.Marshal(col.Name)
		if err != nil {
			return dst, err
		}
		dst = append(append(dst, name...), ':')
		text := col.Text(row[j])
		switch {
		case math.IsNaN(row[j]) || text == "" && col.Type == generate.Category:
			dst = append(dst, "null"...)
		case col.Type == generate.Numeric:
			if dst, err = putNumber(dst, row[j]); err != nil {
				return dst, err
			}
		default:
			value, err := json.Marshal(text)
			if err != nil {
				return dst, err
			}
			dst = append(dst, value...)
		}
	}
	return append(dst, '}'), nil
}

// cellOf reads a value of a column.
func cellOf(value any, col generate.Column, codes map[string]float64) (float64, error) {
	switch x := value.(type) {
	case nil:
		if col.Type == generate.Category {
			return code("", codes)
		}
		return math.NaN(), nil
	case float64:
		if col.Type == generate.Numeric {
			return x, nil
		}
		if col.Type == generate.Category {
			return code(fmt.Sprint(x), codes)
		}
	case bool:
		if col.Type == generate.Category {
			return code(fmt.Sprint(x), codes)
		}
	case string:
		switch col.Type {
		case generate.Category:
			return code(x, codes)
		case generate.Date:
			day, err := time.Parse(time.DateOnly, strings.TrimSpace(x))
			if err != nil {
				return 0, fmt.Errorf("want a date such as 2024-02-29, got %s", quoted(x))
			}
			return float64(day.Unix() / (24 * 60 * 60)), nil
		}
	}
	return 0, fmt.Errorf("want a value of type %s, got %v", col.Type, value)
}

func code(name string, codes map[string]float64) (float64, error) {
	c, ok := codes[name]
	if !ok && name == "" {
		return 0, fmt.Errorf("null, where no real cell is missing")
	}
	if !ok {
		return 0, fmt.Errorf("the category %s, which no real row has", quoted(name))
	}
	return c, nil
}
