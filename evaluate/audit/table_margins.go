package audit

import (
	"fmt"
	"math"
)

// margins are the statistics of columns by themselves: distances, tails, lost categories.
type margins struct {
	d    *table
	all  []Statistic
	from []func(c []counted, s Split) float64
}

func marginsOf(d *table) *margins {
	m := &margins{d: d}
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
			all[j] = c.countCodes(side)
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

// has says whether a column of numbers, or of categories, is there.
func (m *margins) has(numbers bool) bool {
	for j := range m.d.columns {
		if m.d.columns[j].numbers() == numbers {
			return true
		}
	}
	return false
}

// distances puts the distance of every column, the worst ones.
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
				m.of(Statistic{Name: kind + "." + m.d.part(j), Part: Columns, What: what, Unit: "share", Worse: More, Threshold: 0.05, Detail: true}, func(c []counted) float64 {
					if c[j].n[Reference] == 0 || c[j].n[Candidate] == 0 {
						return math.NaN()
					}
					return c[j].gap
				})
			}
		}
	}
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
		m.of(Statistic{Name: "tail_loss." + m.d.part(j), Part: Tails, What: what, Unit: "share", Worse: More, Threshold: 0.2, Detail: true}, func(c []counted) float64 { return c[j].tail() })
	}
	if m.has(false) {
		m.of(Statistic{Name: "lost_categories", Part: Tails, What: "share of real categories that are lost", Unit: "share", Worse: More, Threshold: 0.05},
			func(c []counted) float64 { all, _ := lostOf(c); return all })
		m.of(Statistic{Name: "lost_categories.rare", Part: Tails, What: "share of rare real categories that are lost", Unit: "share", Worse: More, Threshold: 0.1},
			func(c []counted) float64 { _, rare := lostOf(c); return rare })
	}
	for d := range deciles {
		m.of(Statistic{Name: rarityName(d), Part: Tails, What: fmt.Sprintf("loss of the %d. decile of columns by rarity", d+1), Unit: "share", Worse: More, Threshold: 0.1, Detail: true},
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
