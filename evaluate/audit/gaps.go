package audit

import (
	"cmp"
	"slices"

	"modelcollapse/internal/num"
)

// smallCell is how many real rows a cell has at least that is shown unasked: fewer could tell of a person.
const smallCell = 5

// gapChance is the chance of any gap in the list of a set that lacks nothing. Where the audit itself says that a column, or a text, lacks
// something, the list says what: each cell that chance explains worse than that.
const (
	gapChance  = 0.05
	cellChance = 0.05  // of a column's cell
	typeChance = 0.001 // of a token type, of which there are thousands
)

// setGaps keeps what is a gap, the largest first, and hides small cells unless they are asked for. gaps.csv holds them all.
func (r *Report) setGaps(cells []Gap, small bool) {
	r.Gaps = []Gap{}
	tested := 0
	for _, g := range cells {
		if g.Real > 0 {
			tested++
		}
	}
	for _, g := range cells {
		if g.Missing = g.Expected - g.Found; g.Real <= 0 || g.Missing <= 0 {
			continue
		}
		switch {
		case g.chance() > r.gapLevel(g, tested):
		case g.Real < smallCell && !small:
			r.Hidden++
		default:
			r.Gaps = append(r.Gaps, g)
		}
	}
	slices.SortStableFunc(r.Gaps, func(a, b Gap) int { return cmp.Compare(b.Missing, a.Missing) })
}

// gapLevel is the chance below which a cell is a gap.
func (r *Report) gapLevel(g Gap, tested int) float64 {
	level, tells := gapChance/float64(tested), []string{"tail_loss." + g.Name, "tv." + g.Name, "ks." + g.Name}
	least := cellChance
	switch g.Kind {
	case "category":
		tells = append(tells, "lost_categories", "lost_categories.rare")
	case "type":
		tells, least = []string{"tail_loss.token", "lost_mass.token", "token_js"}, typeChance
	}
	for _, name := range tells {
		if x, ok := r.Result(name); ok && x.Answer == Differs {
			return max(level, least)
		}
	}
	return level
}

// chance is that of finding so few of both sets' together, if each belongs to either as the sizes of the sets have it: a binomial law. Those that occur together
// count as one.
func (g Gap) chance() float64 {
	burst := max(1, g.burst)
	scale := g.Expected / float64(g.Real) // synthetic rows for one real one
	return num.BetaCDF(1/(1+scale), float64(g.Real)/burst, g.Found/burst+1)
}
