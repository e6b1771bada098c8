package audit

import "fmt"

// gramNames are of orders 1 and 2, one and many.
var gramNames = [][2]string{{"token", "types"}, {"bigram", "bigrams"}}

// typesFound is the name of the statistic of a decile of rarity, from 1.
func typesFound(order, decile int) string {
	return fmt.Sprintf("%s_found.%d", gramNames[order-1][1], decile)
}

// Statistics are diversity at the tokens of a side, divergence, tail loss, lost mass and the deciles of rarity.
func (m *grams) Statistics() []Statistic {
	one, many := gramNames[m.order-1][0], gramNames[m.order-1][1]
	all := []Statistic{
		{Name: fmt.Sprintf("distinct.%d@%d", m.order, m.l.size()), Part: Diversity, What: "different " + many + " over all of them", Unit: "share", Worse: Less, Threshold: .005, own: ofSide},
		{Name: one + "_js", Part: []string{Columns, Pairs}[m.order-1], What: "Jensen–Shannon divergence of " + many, Unit: "nats", Worse: More, Threshold: .01},
		{Name: "tail_loss." + one, Part: Tails, What: "share of the rarest tenth of real mass that is lost, of " + many, Unit: "share", Worse: More, Threshold: .05},
		{Name: "lost_mass." + one, Part: Tails, What: "real mass whose " + many + " do not occur at all", Unit: "share", Worse: More, Threshold: .01},
	}
	for d := 1; d <= 10; d++ {
		all = append(all, Statistic{Name: typesFound(m.order, d), Part: Tails, What: fmt.Sprintf("share found of the real %s of decile %d of mass, 1 the rarest", many, d),
			Unit: "share", Worse: Less, Threshold: .05, Detail: d > 1})
	}
	return all
}

// Measure counts once for all of them.
func (m *grams) Measure(s Split, to []float64) {
	if s.own {
		to[0] = m.distinct(s)
		return
	}
	c := m.compare(s)
	to[0], to[1] = float64(c.types)/c.n[1], c.divides
	_, _, mass, least := c.decile(0)
	to[2], to[3] = 1-least/mass, c.lost()
	for d := range 10 {
		types, found, _, _ := c.decile(d)
		to[4+d] = found / types
	}
}

// typeCurves are the figures of the deciles.
func typeCurves() []Curve {
	var all []Curve
	for order, names := range gramNames {
		c := Curve{Name: "rarity_" + names[1], Title: "Tail by rarity: " + names[1], X: "decile of real mass, 1 the rarest", Y: "share of real " + names[1] + " found"}
		for d := 1; d <= 10; d++ {
			c.Statistics = append(c.Statistics, typesFound(order+1, d))
		}
		all = append(all, c)
	}
	return all
}
