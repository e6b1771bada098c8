package audit

import (
	"fmt"
	"math"
)

// margins are the statistics of columns by themselves: validity, distances, tails, lost categories.
type margins struct {
	d       *table
	missing []int // of category columns, the code of the missing one; −1: there is none
	all     []Statistic
	from    []func(c []counted, s Split) float64
}

func marginsOf(d *table) *margins {
	m := &margins{d: d}
	for j := range d.columns {
		code := -1
		for k, text := range d.schema[j].Categories {
			if text == "" {
				code = k
			}
		}
		m.missing = append(m.missing, code)
	}
	m.validity()
	m.distances()
	m.tails()
	return m
}

// Statistics are all of them.
func (m *margins) Statistics() []Statistic { return m.all }

// Measure counts every column once.
func (m *margins) Measure(s Split, to []float64) {
	side := s.Side
	all := make([]counted, len(m.d.columns))
	for j := range all {
		if c := &m.d.columns[j]; c.numbers() {
			all[j] = c.count(side)
		} else {
			all[j] = c.countCodes(side, m.missing[j])
		}
	}
	for k, f := range m.from {
		to[k] = f(all, s)
	}
}

func (m *margins) put(s Statistic, f func(c []counted, s Split) float64) {
	m.all, m.from = append(m.all, s), append(m.from, f)
}

// of puts a statistic that looks at columns alone.
func (m *margins) of(s Statistic, f func(c []counted) float64) {
	m.put(s, func(c []counted, _ Split) float64 { return f(c) })
}

// validity puts shares of cells, and of rows, that cannot be.
func (m *margins) validity() {
	m.of(Statistic{Name: "wrong_type", Part: Validity, What: "cells of another type than the real column", Unit: "share", Worse: More, Threshold: 0.001},
		func(c []counted) float64 {
			return shareOf(c, func(j int) (int, int) { return c[j].wrong[Candidate], c[j].cells() })
		})
	if m.has(true) {
		m.of(Statistic{Name: "out_of_range", Part: Validity, What: "numbers beyond the least and the largest real one", Unit: "share", Worse: More, Threshold: 0.005},
			func(c []counted) float64 { return m.outside(c, true) })
	}
	if m.has(false) {
		m.of(Statistic{Name: "unseen_categories", Part: Validity, What: "cells of categories that the real rows lack", Unit: "share", Worse: More, Threshold: 0.005},
			func(c []counted) float64 { return m.outside(c, false) })
	}
	if m.d.broken == nil {
		return
	}
	m.put(Statistic{Name: "broken_rules", Part: Validity, What: "rows that break a rule of the schema", Unit: "share", Worse: More, Threshold: 0.001},
		func(_ []counted, s Split) float64 {
			n, broken := 0, 0
			for i, side := range s.Side {
				if side == Candidate {
					if n++; m.d.broken[i] {
						broken++
					}
				}
			}
			return float64(broken) / float64(n)
		})
}

// has says whether a column of numbers, or of categories, is there.
func (m *margins) has(numbers bool) bool {
	for j := range m.d.columns {
		if m.d.columns[j].numbers() == numbers {
			return true
		}
	}
	return false
}

func (m *margins) outside(c []counted, numbers bool) float64 {
	return shareOf(c, func(j int) (int, int) {
		if m.d.columns[j].numbers() != numbers {
			return 0, 0
		}
		return c[j].outside, c[j].n[Candidate]
	})
}

// cells are those of the candidate, with a value or not: of categories a missing one is a category.
func (s *counted) cells() int {
	if s.counts[0] != nil {
		return s.n[Candidate]
	}
	return s.n[Candidate] + s.null[Candidate]
}

// shareOf sums parts and wholes over columns.
func shareOf(c []counted, of func(j int) (part, whole int)) float64 {
	part, whole := 0, 0
	for j := range c {
		p, w := of(j)
		part, whole = part+p, whole+w
	}
	return float64(part) / float64(whole)
}

// distances puts the distance of every column, the worst ones, and differences of missing cells.
func (m *margins) distances() {
	for _, numbers := range []bool{true, false} {
		if !m.has(numbers) {
			continue
		}
		kind, what := "tv", "total variation of categories"
		if numbers {
			kind, what = "ks", "largest distance of distribution functions (Kolmogorov–Smirnov)"
		}
		s := Statistic{Name: kind + ".worst", Part: Columns, What: what + ", the worst column", Unit: "share", Worse: More, Threshold: 0.05}
		m.of(s, func(c []counted) float64 {
			return worst(c, func(j int) float64 { return m.only(j, numbers, c[j].gap) })
		})
		for j := range m.d.columns {
			if m.d.columns[j].numbers() == numbers {
				m.of(Statistic{kind + "." + m.d.part(j), Columns, what, "share", More, 0.05, true, 0, 0}, func(c []counted) float64 {
					if c[j].n[Reference] == 0 || c[j].n[Candidate] == 0 {
						return math.NaN()
					}
					return c[j].gap
				})
			}
		}
	}
	for j := range m.d.columns {
		if m.nulls(j) {
			m.of(Statistic{"nulls." + m.d.part(j), Columns, "share of missing cells", "share", Both, 0.02, true, 0, 0}, func(c []counted) float64 {
				return float64(c[j].null[Candidate]) / float64(c[j].cells())
			})
		}
	}
}

// nulls says that a column has missing cells in one of both sets.
func (m *margins) nulls(j int) bool {
	for i := range m.d.real + m.d.synth {
		if m.d.missing(i, j) {
			return true
		}
	}
	return false
}

// only is x of a column of numbers, or of categories; NaN of the other.
func (m *margins) only(j int, numbers bool, x float64) float64 {
	if m.d.columns[j].numbers() != numbers {
		return math.NaN()
	}
	return x
}

// worst is the largest over columns but NaN; NaN of none.
func worst(c []counted, of func(j int) float64) float64 {
	most := math.NaN()
	for j := range c {
		if x := of(j); !(most >= x) && x == x {
			most = x
		}
	}
	return most
}

// mean is that over columns but NaN; NaN of none.
func mean(c []counted, of func(j int) float64) float64 {
	sum, n := 0.0, 0.0
	for j := range c {
		if x := of(j); x == x {
			sum, n = sum+x, n+1
		}
	}
	return sum / n
}

// tails puts tail loss of columns, lost categories, and the loss of every decile of rarity.
func (m *margins) tails() {
	const what = "share of real tails that is lost (1 % ends of numbers, rarest tenth of categories)"
	m.of(Statistic{Name: "tail_loss", Part: Tails, What: what + ", mean of columns", Unit: "share", Worse: More, Threshold: 0.1},
		func(c []counted) float64 { return mean(c, func(j int) float64 { return c[j].tail() }) })
	m.of(Statistic{Name: "tail_loss.worst", Part: Tails, What: what + ", worst column", Unit: "share", Worse: More, Threshold: 0.2},
		func(c []counted) float64 { return worst(c, func(j int) float64 { return c[j].tail() }) })
	for j := range m.d.columns {
		m.of(Statistic{"tail_loss." + m.d.part(j), Tails, what, "share", More, 0.2, true, 0, 0}, func(c []counted) float64 { return c[j].tail() })
	}
	if m.has(false) {
		m.of(Statistic{Name: "lost_categories", Part: Tails, What: "share of real categories that are lost", Unit: "share", Worse: More, Threshold: 0.05},
			func(c []counted) float64 { all, _ := lostOf(c); return all })
		m.of(Statistic{Name: "lost_categories.rare", Part: Tails, What: "share of rare real categories that are lost", Unit: "share", Worse: More, Threshold: 0.1},
			func(c []counted) float64 { _, rare := lostOf(c); return rare })
	}
	for d := range deciles {
		m.of(Statistic{rarityName(d), Tails, fmt.Sprintf("loss of the %d. decile of columns by rarity", d+1), "share", More, 0.1, true, 0, 0},
			func(c []counted) float64 { return rarity(c)[d].loss() })
	}
}

func rarityName(d int) string { return fmt.Sprintf("tail_by_rarity.%d", d+1) }

// tail is the loss of a column.
func (s *counted) tail() float64 {
	if s.counts[0] != nil {
		return s.categoryTail()
	}
	return s.numberTail()
}

// lostOf are the shares that the candidate lacks, over all category columns together.
func lostOf(c []counted) (share, rare float64) {
	var all, few [2]int
	for j := range c {
		if c[j].counts[0] != nil {
			a, r := c[j].lost()
			all[0], all[1], few[0], few[1] = all[0]+a[0], all[1]+a[1], few[0]+r[0], few[1]+r[1]
		}
	}
	return float64(all[1]) / float64(all[0]), float64(few[1]) / float64(few[0])
}

// rarity is the overlap of every decile, over all columns together.
func rarity(c []counted) (all [deciles]overlap) {
	for j := range c {
		if c[j].counts[0] != nil {
			c[j].categoryDeciles(&all)
		} else {
			c[j].numberDeciles(&all)
		}
	}
	return all
}

// rarityCurve is the figure of tail by rarity.
func rarityCurve() Curve {
	c := Curve{Name: "tail-by-rarity", Title: "loss by rarity", X: "decile of real mass, rarest first", Y: "share lost"}
	for d := range deciles {
		c.Statistics = append(c.Statistics, rarityName(d))
	}
	return c
}
