package audit

import (
	"fmt"
	"maps"
	"slices"

	"modelcollapse/generate"
)

// Rules are what the cells of columns may be, by column.
type Rules map[string]Rule

// A Rule is what the cells of a column may be; the zero value allows everything.
type Rule struct {
	Min, Max *float64 // of numbers, of dates in days since 1970
	Dates    bool     // Min and Max are dates
	Values   []string // the only categories; empty: any
	Required bool     // no cell is missing
}

// Check refuses rules of a column that could not hold, or say nothing, by its type; "" of one that is not known yet.
func (r Rule) Check(typ string) error {
	bounds := r.Min != nil || r.Max != nil
	switch {
	case r.Min != nil && r.Max != nil && *r.Min > *r.Max:
		return fmt.Errorf("min lies above max")
	case typ == generate.Category && bounds:
		return fmt.Errorf("min and max are of numbers and dates, and it holds categories: give it a type, or values")
	case (typ == generate.Numeric || typ == generate.Date || bounds) && len(r.Values) > 0:
		return fmt.Errorf("values are of categories, and it holds %s: give it type: category, or min and max", map[string]string{generate.Date: "dates", generate.Numeric: "numbers"}[typ])
	case typ == generate.Date && bounds && !r.Dates:
		return fmt.Errorf("it holds dates: write min and max as such, like 2024-01-31")
	case typ == generate.Numeric && bounds && r.Dates:
		return fmt.Errorf("it holds numbers, and min or max is a date")
	}
	return nil
}

// check refuses rules that cannot work, and names columns that are not compared, whose rules nobody looks at.
func (r Rules) check(d *table) error {
	for _, name := range slices.Sorted(maps.Keys(r)) {
		j := slices.IndexFunc(d.schema, func(c generate.Column) bool { return c.Name == name })
		if j < 0 {
			d.notes = append(d.notes, fmt.Sprintf("the rules of %s are not looked at, as the column is not compared", name))
			continue
		}
		if err := r[name].Check(d.schema[j].Type); err != nil {
			return fmt.Errorf("schema: %s: %w", name, err)
		}
	}
	return nil
}

// broken says which rows of all sets break a rule; nil without rules. A cell of a wrong type breaks any.
func (r Rules) broken(d *table) []bool {
	if len(r) == 0 {
		return nil
	}
	all := make([]bool, len(d.rows))
	for j := range d.columns {
		rule, ok := r[d.columns[j].name]
		if !ok {
			continue
		}
		for i := range all {
			all[i] = all[i] || rule.breaks(d, i, j)
		}
	}
	return all
}

func (r Rule) breaks(d *table, i, j int) bool {
	c := &d.columns[j]
	switch {
	case c.wrong != nil && c.wrong[i]:
		return true
	case d.missing(i, j):
		return r.Required
	case c.numbers():
		return r.Min != nil && c.x[i] < *r.Min || r.Max != nil && c.x[i] > *r.Max
	}
	return len(r.Values) > 0 && !slices.Contains(r.Values, d.schema[j].Categories[c.code[i]])
}
