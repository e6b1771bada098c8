package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// NormalTailLoss is 1 − ∫_A min(p, q) / 0.02 for the densities p of N(mean1, variance1) and q of N(mean2, variance2)
// and A = below p's 1 % quantile or above its 99 % quantile. A point q covers nothing: 1. NaN where p is a point, or
// a moment is not finite.
func NormalTailLoss(mean1, variance1, mean2, variance2 float64) float64 {
	for _, x := range []float64{mean1, variance1, mean2, variance2} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return math.NaN()
		}
	}
	switch {
	case !(variance1 > 0) || variance2 < 0:
		return math.NaN()
	case variance2 == 0:
		return 1
	}
	sd := math.Sqrt(variance1)
	o := overlap{(mean2 - mean1) / sd, math.Sqrt(variance2) / sd}
	edge := -num.NormalQuantile(tailShare)
	cuts := o.crossings()
	kept := o.below(-edge, cuts) + overlap{-o.m, o.s}.below(-edge, [2]float64{-cuts[0], -cuts[1]})
	return 1 - min(1, kept/(2*tailShare))
}

// An overlap is that of N(0, 1) and N(m, s²).
type overlap struct{ m, s float64 }

// crossings are where the densities are equal: the roots of (1 − s²)x² − 2mx + m² + 2s² ln s, which are always real.
// NaN: there is none.
func (o overlap) crossings() [2]float64 {
	s2 := float64(o.s * o.s)
	k := float64((1 - o.s) * (1 + o.s))
	log := num.Log(o.s)
	root := float64(o.s * math.Sqrt(float64(o.m*o.m)-float64(2*k*log)))
	t := o.m + math.Copysign(root, o.m) // of the two sums the one that does not cancel
	if t == 0 {
		return [2]float64{math.NaN(), math.NaN()}
	}
	return [2]float64{t / k, (float64(o.m*o.m) + float64(2*s2*log)) / t}
}

// below is ∫ min(p, q) from −∞ to edge ≤ 0.
func (o overlap) below(edge float64, cuts [2]float64) float64 {
	if cuts[0] > cuts[1] {
		cuts[0], cuts[1] = cuts[1], cuts[0]
	}
	from, sum := math.Inf(-1), 0.0
	for _, to := range []float64{cuts[0], cuts[1], edge} {
		if to > from && to <= edge {
			sum += o.piece(from, to)
			from = to
		}
	}
	return sum
}

// piece is the smaller of both masses between neighbouring crossings, where one density is below the other throughout.
func (o overlap) piece(from, to float64) float64 {
	p := num.NormalCDF(to) - num.NormalCDF(from)
	q := num.NormalCDF((to-o.m)/o.s) - num.NormalCDF((from-o.m)/o.s)
	return min(p, q)
}
