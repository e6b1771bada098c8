package audit

import (
	"cmp"
	"slices"

	"modelcollapse/internal/num"
)

// smallCell is how many real rows a cell has at least that is shown unasked: fewer could tell of a person.
const smallCell = 5

// gapChance is the chance of any gap in the list of a set that lacks nothing.
const gapChance = 0.01

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
		case float64(float64(tested)*g.chance()) > gapChance:
		case g.Real < smallCell && !small:
			r.Hidden++
		default:
			r.Gaps = append(r.Gaps, g)
		}
	}
	slices.SortStableFunc(r.Gaps, func(a, b Gap) int { return cmp.Compare(b.Missing, a.Missing) })
}

// chance is that of finding so few of both sets' together, if each belongs to either as the sizes of the sets have it: a binomial law. Those that occur together
// count as one.
func (g Gap) chance() float64 {
	burst := max(1, g.burst)
	scale := g.Expected / float64(g.Real) // synthetic rows for one real one
	return num.BetaCDF(1/(1+scale), float64(g.Real)/burst, g.Found/burst+1)
}
