package draw

import (
	"cmp"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// coarse is how many nodes of a grid must hold the innermost share: fewer show the grid and not the density.
const coarse = 5

// massLevels are the values of a log density, known at the nodes of a regular grid, that enclose shares of the mass on
// that grid, which is refined twice for them. False: the density is not finite, or so narrow that less than coarse nodes
// hold the least share. Shares rise.
func massLevels(nats [][]float64, shares []float64) (levels []float64, ok bool) {
	fine := refined(refined(nats))
	all := slices.Concat(fine...)
	least := coarse
	if len(fine) > len(nats) {
		least *= 16
	}
	top := math.Inf(-1)
	for _, z := range all {
		if math.IsNaN(z) || math.IsInf(z, 1) {
			return nil, false
		}
		top = max(top, z)
	}
	if math.IsInf(top, -1) {
		return nil, false
	}
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(b, a) })
	var mass num.Accumulator
	held := make([]float64, len(all)) // by the nodes before and half of each, at whose value a level passes
	for i, z := range all {
		w := num.Exp(z - top)
		held[i] = mass.Sum() + w/2
		mass.Add(w)
	}
	for k, share := range shares {
		want := float64(share * mass.Sum())
		i, _ := slices.BinarySearch(held, want)
		if k == 0 && i < least || i == len(all) {
			return nil, false
		}
		a, b := all[i-1], all[i]
		level := b
		if !math.IsInf(b, -1) && held[i] > held[i-1] {
			level = a + float64((b-a)*((want-held[i-1])/(held[i]-held[i-1])))
		}
		levels = append(levels, level)
	}
	return levels, true
}
