package costs

import (
	"cmp"
	"maps"
	"slices"
)

// A Row is what an option comes to; nil is unknown.
type Row struct {
	Option string   `json:"option"`
	Money  *float64 `json:"money"`
	Hours  *float64 `json:"hours"`
	Energy *Range   `json:"kwh"`
	Carbon *Range   `json:"kg_co2"`
	Dearer *float64 `json:"money_ratio"`  // to the cheapest option
	Dirty  *Range   `json:"carbon_ratio"` // to the option of least carbon
	Note   string   `json:"note,omitempty"`
}

// Table has a row an option: cheapest first, of unknown cost last.
func Table(c Config) []Row {
	rows := make([]Row, 0, len(c.Options))
	for _, name := range slices.Sorted(maps.Keys(c.Options)) {
		rows = append(rows, c.Options[name].row(name, c.Items))
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		switch {
		case a.Money == nil || b.Money == nil:
			return cmp.Compare(known(b.Money), known(a.Money))
		}
		return cmp.Compare(*a.Money, *b.Money)
	})
	var least *float64
	for i := range rows {
		if k := rows[i].Carbon; k != nil && (least == nil || k.Least < *least) {
			least = &k.Least
		}
	}
	for i := range rows {
		r := &rows[i]
		if cheapest := rows[0].Money; r.Money != nil && *cheapest > 0 {
			r.Dearer = new(*r.Money / *cheapest)
		}
		if r.Carbon != nil && *least > 0 {
			r.Dirty = r.Carbon.times(1 / *least)
		}
	}
	return rows
}

func known(x *float64) int {
	if x == nil {
		return 0
	}
	return 1
}

func (o Option) row(name string, items float64) Row {
	r := Row{Option: name, Note: o.Note}
	if o.Speed != nil {
		r.Hours = new(items / *o.Speed / 3600)
	}
	r.Money = o.money(items, r.Hours)
	switch {
	case o.Watts != nil:
		r.Energy = Range{*o.Watts, *o.Watts}.times(*r.Hours / 1000)
	case o.PerItem != nil:
		r.Energy = o.PerItem.times(items / 1000)
	}
	if r.Energy != nil && o.Carbon != nil {
		r.Carbon = r.Energy.times(*o.Carbon)
	}
	return r
}

// money is the price of tokens and of hours; nil where a part is stated whose price is not, or where none is.
func (o Option) money(items float64, hours *float64) *float64 {
	sum, stated := 0.0, false
	for _, part := range []struct{ tokens, price *float64 }{{o.Input, o.Prices.Input}, {o.Output, o.Prices.Output}} {
		if part.tokens == nil || *part.tokens == 0 {
			continue
		}
		if part.price == nil {
			return nil
		}
		sum, stated = sum+items**part.tokens**part.price/1e6, true
	}
	if o.Hourly != nil {
		sum, stated = sum+*hours**o.Hourly, true
	}
	if !stated {
		return nil
	}
	return &sum
}
