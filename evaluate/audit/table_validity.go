package audit

import "math"

// validity is what can be wrong with single cells and rows, whatever the others are: all synthetic rows are looked at, and of real
// ones those of a side.
type validity struct {
	d    *table
	all  []Statistic
	from []func(c []checked) float64
}

// checked is one column of a split.
type checked struct {
	cells, null, wrong int // of candidates
	valued, outside    int // of candidates: cells with a value (of categories all of them), and those that no reference has or beyond the least and the largest
}

func validityOf(d *table) *validity {
	v := &validity{d: d}
	v.put(Statistic{Name: "wrong_type", Part: Validity, What: "cells of another type than the real column", Unit: "share", Worse: More, Threshold: 0.001, own: ofAll, leak: d.synth * len(d.columns)},
		func(c []checked) float64 { return shareOf(c, func(j int) (int, int) { return c[j].wrong, c[j].cells }) })
	number, category := 0, 0
	for j := range d.columns {
		if d.columns[j].numbers() {
			number++
		} else {
			category++
		}
	}
	if number > 0 {
		v.put(Statistic{Name: "out_of_range", Part: Validity, What: "numbers beyond the least and the largest real one", Unit: "share", Worse: More, Threshold: 0.005},
			func(c []checked) float64 { return v.outside(c, true) })
	}
	if category > 0 {
		v.put(Statistic{Name: "unseen_categories", Part: Validity, What: "cells of categories that the real rows lack", Unit: "share", Worse: More, Threshold: 0.005, leak: category * min(d.real/2, d.synth)},
			func(c []checked) float64 { return v.outside(c, false) })
	}
	if d.broken != nil {
		v.put(Statistic{Name: "broken_rules", Part: Validity, What: "rows that break a rule of the schema", Unit: "share", Worse: More, Threshold: 0.001, own: ofAll, leak: d.synth}, nil)
	}
	for j := range d.columns {
		if d.nulls(j) {
			v.put(Statistic{Name: "nulls." + d.part(j), Part: Columns, What: "share of missing cells", Unit: "share", Worse: Both, Threshold: 0.02, Detail: true, own: ofAll, leak: d.synth},
				func(c []checked) float64 { return float64(c[j].null) / float64(c[j].cells) })
		}
	}
	return v
}

func (v *validity) put(s Statistic, f func(c []checked) float64) {
	v.all, v.from = append(v.all, s), append(v.from, f)
}

// Statistics are shares of cells and rows that cannot be, and of missing cells.
func (v *validity) Statistics() []Statistic { return v.all }

// Measure checks every column once.
func (v *validity) Measure(s Split, to []float64) {
	c := make([]checked, len(v.d.columns))
	for j := range c {
		c[j] = v.d.check(j, s.Valid)
	}
	for k, f := range v.from {
		if f == nil {
			to[k] = v.d.brokenShare(s.Valid)
			continue
		}
		to[k] = f(c)
	}
}

// brokenShare is that of candidates that break a rule.
func (d *table) brokenShare(sides []Side) float64 {
	n, broken := 0, 0
	for i, side := range sides {
		if side == Candidate {
			if n++; d.broken[i] {
				broken++
			}
		}
	}
	return float64(broken) / float64(n)
}

// check looks at the candidates of one column.
func (d *table) check(j int, sides []Side) (s checked) {
	c := &d.columns[j]
	seen := make([]bool, c.kinds)
	low, high := math.Inf(1), math.Inf(-1)
	for i, side := range sides {
		if side != Reference {
			continue
		}
		if c.numbers() {
			if x := c.x[i]; x == x {
				low, high = min(low, x), max(high, x)
			}
		} else {
			seen[c.code[i]] = true
		}
	}
	for i, side := range sides {
		if side != Candidate {
			continue
		}
		s.cells++
		wrong, missing := c.wrong != nil && c.wrong[i], d.missing(i, j)
		if wrong {
			s.wrong++
		}
		if missing {
			s.null++
		}
		if !missing || !c.numbers() {
			s.valued++
		}
		switch {
		case wrong || missing: // counted once
		case c.numbers() && (c.x[i] < low || c.x[i] > high), !c.numbers() && !seen[c.code[i]]:
			s.outside++
		}
	}
	return s
}

func (v *validity) outside(c []checked, numbers bool) float64 {
	return shareOf(c, func(j int) (int, int) {
		if v.d.columns[j].numbers() != numbers {
			return 0, 0
		}
		return c[j].outside, c[j].valued
	})
}

// shareOf sums parts and wholes over columns.
func shareOf(c []checked, of func(j int) (part, whole int)) float64 {
	part, whole := 0, 0
	for j := range c {
		p, w := of(j)
		part, whole = part+p, whole+w
	}
	return float64(part) / float64(whole)
}

// nulls says that a column has missing cells in one of both sets.
func (d *table) nulls(j int) bool {
	for i := range d.real + d.synth {
		if d.missing(i, j) {
			return true
		}
	}
	return false
}
