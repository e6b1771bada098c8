package audit

import (
	"slices"
)

// Rules are what the cells of columns may be, by column.
type Rules map[string]Rule

// A Rule is what the cells of a column may be; the zero value allows everything.
type Rule struct {
	Min, Max *float64 // of numbers
	Values   []string // the only categories; empty: any
	Required bool     // no cell is missing
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
