package audit

import (
	"fmt"
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
	put := func(kind, value string, from, to cut, upper bool) {
		real, synth := to.below[Reference]-from.below[Reference], to.below[Candidate]-from.below[Candidate]
		if upper {
			real, synth = from.upTo[Reference]-to.upTo[Reference], from.upTo[Candidate]-to.upTo[Candidate]
		}
		all = append(all, d.gap(kind, c.name, value, float64(real)/float64(s.n[Reference]), synth, real, s.n[Candidate]))
	}
	none, whole := cut{}, cut{upTo: s.n}
	last := tailBins - 1
	put("tail", "below "+d.at(j, s, at[lowTail+last]), none, s.cuts[lowTail+last], false)
	put("tail", "above "+d.at(j, s, at[highTail+last]), whole, s.cuts[highTail+last], true)
	low, high := none, whole
	for k := range deciles - 1 {
		put("decile", fmt.Sprintf("%d, low side", k+1), low, s.cuts[lowDecile+k], false)
		put("decile", fmt.Sprintf("%d, high side", k+1), high, s.cuts[highDecile+k], true)
		low, high = s.cuts[lowDecile+k], s.cuts[highDecile+k]
	}
	return all
}

// at is the k-th real number of a column, as a file would have it.
func (d *table) at(j int, _ *counted, k int) string {
	c := &d.columns[j]
	for _, i := range c.order {
		if int(i) < d.real {
			if k--; k < 0 {
				if d.schema[j].Type == generate.Date {
					return d.schema[j].Text(c.x[i])
				}
				return strconv.FormatFloat(c.x[i], 'g', 6, 64)
			}
		}
	}
	return ""
}
