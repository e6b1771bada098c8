package evaluate

import (
	"cmp"
	"slices"
)

// A categorySum is a series that is base + factor·Σ_i of(p_i, count_i) over categories: whatever the counts of different
// categories have to do with each other, its expectation follows from the law of the count of each (CountChain).
type categorySum struct {
	series       string
	excess       string // the series of its difference from generation 0; "": none
	base, factor float64
	in           []bool // the categories summed over; nil: all
	weighs       weighing
	of           func(p float64, c categoryCount) float64 // weight(p)·of(·, c), unless it weighs each by itself
	marks        marking                                  // what of is 1 for, where it is 1 or 0
}

// A marking is what a sum counts.
type marking int

const (
	marksOther  marking = iota
	marksLiving         // categories that can be drawn
	marksDead           // those that cannot
	marksAlone          // the category that has all the probability
)

// A weighing says how of depends on the true probability.
type weighing int

const (
	byItself weighing = iota // in its own way: every category is followed
	equally                  // not at all
	byMass                   // p times a function of the count
)

func (w weighing) of(p float64) float64 {
	if w == byMass {
		return p
	}
	return 1
}

// A categoryCount is a category after a generation: its count among the rows learned from, and the fit's probability.
type categoryCount struct{ count, rows, q float64 }

// of is 1 for a count that is marked, else 0.
func (m marking) of(_ float64, c categoryCount) float64 {
	if m == marksLiving && c.q > 0 || m == marksDead && c.q == 0 || m == marksAlone && c.q == 1 {
		return 1
	}
	return 0
}

// sum is that of what m marks.
func (m marking) sum(series string, weighs weighing) categorySum {
	return categorySum{series: series, factor: 1, weighs: weighs, of: m.of, marks: m}
}

// A summed metric is made of categorySums, given the true probabilities.
type summed interface {
	sums(p []float64) ([]categorySum, error)
}

// A categoryClass is how many categories share a true probability and are in the same sums.
type categoryClass struct {
	p, categories float64
	in            uint64 // by sum
	index         int    // of one of them
}

// classesOf groups the categories of positive probability, by rising probability; apart: every one is a class.
func classesOf(p []float64, sums []categorySum, apart bool) (classes []categoryClass) {
	all := make([]categoryClass, 0, len(p))
	for i, x := range p {
		if x > 0 {
			all = append(all, categoryClass{x, 1, membership(i, sums), i})
		}
	}
	slices.SortFunc(all, func(a, b categoryClass) int {
		return cmp.Or(cmp.Compare(a.p, b.p), cmp.Compare(a.in, b.in), cmp.Compare(a.index, b.index))
	})
	for _, c := range all {
		if n := len(classes); n > 0 && !apart && classes[n-1].p == c.p && classes[n-1].in == c.in {
			classes[n-1].categories++
		} else {
			classes = append(classes, c)
		}
	}
	return classes
}

// membership has the bit of every sum that category i is in.
func membership(i int, sums []categorySum) (in uint64) {
	for j, s := range sums {
		if s.in == nil || s.in[i] {
			in |= 1 << j
		}
	}
	return in
}

// has reports whether the categories of c are in sum j.
func (c categoryClass) has(j int) bool { return c.in>>j&1 == 1 }
