package audit

import (
	"slices"
	"strconv"

	"modelcollapse/generate"
)

// gaps are all cells of all columns in which synthetic rows could be missing: categories, both 1 % tails of numbers, and deciles of
// depth, of all real rows against all synthetic ones.
func (d *table) gaps() (all []Gap) {
	side := slices.Concat(slices.Repeat([]Side{Reference}, d.real), slices.Repeat([]Side{Candidate}, d.synth))
	for j := range d.columns {
		c := &d.columns[j]
		if !c.numbers() {
			s := c.countCodes(side)
			for _, k := range s.rare {
				value := d.schema[j].Categories[k]
				if value == "" {
					value = "(missing)"
				}
				all = append(all, d.gap("category", c.name, value, s.share(0, s.counts[0][k]), int(s.counts[1][k]), int(s.counts[0][k]), s.n[Candidate]))
			}
			continue
		}
		if s := c.count(side); s.cuts != nil {
			all = append(all, d.numberGaps(j, &s)...)
		}
	}
	return all
}

func (d *table) gap(kind, name, value string, share float64, found, real, of int) Gap {
	return Gap{Kind: kind, Name: name, Value: value, Expected: share * float64(of), Found: float64(found), Real: real}
}

// numberGaps are both tails, and the deciles of depth by their two sides.
func (d *table) numberGaps(j int, s *counted) (all []Gap) {
	c, at := &d.columns[j], cutsOf(s.n[Reference])
	put := func(kind string, i, k int, from, to cut, upper bool) { // bounds are positions, −1: none
		low, high := d.at(c, i), d.at(c, k)
		real, synth := to.below[Reference]-from.below[Reference], to.below[Candidate]-from.below[Candidate]
		if upper {
			real, synth = from.upTo[Reference]-to.upTo[Reference], from.upTo[Candidate]-to.upTo[Candidate]
		}
		g := d.gap(kind, c.name, spanned(low, high, upper), float64(real)/float64(s.n[Reference]), synth, real, s.n[Candidate])
		g.Low, g.High = low, high
		all = append(all, g)
	}
	none, whole := cut{}, cut{upTo: s.n}
	last := tailBins - 1
	put("tail", -1, at[lowTail+last], none, s.cuts[lowTail+last], false)
	put("tail", at[highTail+last], -1, whole, s.cuts[highTail+last], true)
	low, high, below, over := none, whole, -1, -1
	for k := range deciles - 1 {
		put("decile", below, at[lowDecile+k], low, s.cuts[lowDecile+k], false)
		put("decile", at[highDecile+k], over, high, s.cuts[highDecile+k], true)
		low, high, below, over = s.cuts[lowDecile+k], s.cuts[highDecile+k], at[lowDecile+k], at[highDecile+k]
	}
	return all
}

// spanned says what lies between bounds, as a list of gaps is checked by: the outer bound belongs to it.
func spanned(low, high string, upper bool) string {
	switch {
	case low == "":
		return "below " + high
	case high == "":
		return "above " + low
	case upper:
		return "above " + low + " up to " + high
	}
	return "from " + low + " to below " + high
}

// at is the k-th real number of a column, as a file would have it; −1: nothing.
func (d *table) at(c *column, k int) string {
	if k < 0 {
		return ""
	}
	for _, i := range c.order {
		if int(i) < d.real {
			if k--; k < 0 {
				if j := slices.IndexFunc(d.schema, func(own generate.Column) bool { return own.Name == c.name }); d.schema[j].Type == generate.Date {
					return d.schema[j].Text(c.x[i])
				}
				return strconv.FormatFloat(c.x[i], 'g', -1, 64) // in all digits: they are compared with
			}
		}
	}
	return ""
}
