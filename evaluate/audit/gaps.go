package audit

import (
	"cmp"
	"math"
	"slices"
)

// smallCell is how many real rows a cell has at least that is shown unasked: fewer could tell of a person.
const smallCell = 5

// gapSigma is how many standard deviations of both counts a gap exceeds: what a list of thousands of cells shows by chance is not
// in it.
const gapSigma = 3

// setGaps keeps what is a gap, the largest first, and hides small cells unless they are asked for. gaps.csv holds them all.
func (r *Report) setGaps(cells []Gap, small bool) {
	r.Gaps = []Gap{}
	for _, g := range cells {
		if g.Missing = g.Expected - g.Found; g.Real <= 0 || g.Missing <= 0 {
			continue
		}
		scale := g.Expected / float64(g.Real) // a synthetic row stands for 1/scale real ones
		noise := math.Sqrt(g.Expected + float64(scale*g.Expected))
		switch {
		case g.Missing < gapSigma*noise && (g.Found > 0 || g.Missing < gapSigma):
		case g.Real < smallCell && !small:
			r.Hidden++
		default:
			r.Gaps = append(r.Gaps, g)
		}
	}
	slices.SortStableFunc(r.Gaps, func(a, b Gap) int { return cmp.Compare(b.Missing, a.Missing) })
}
