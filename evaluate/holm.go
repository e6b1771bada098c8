package evaluate

import "slices"

// Holm adjusts the p-values of one family of tests: rejecting those of at most α keeps the chance of any false
// alarm in the family at most α, whatever their dependence (S. Holm, Scand. J. Statist. 6, 1979). The adjusted value of
// the i-th smallest of m is the largest of (m − j + 1) p₍ⱼ₎ over j ≤ i, at most 1. NaN is no test: it stays NaN and
// does not count in m. p is not changed.
func Holm(p []float64) []float64 {
	out := slices.Clone(p)
	order := make([]int, 0, len(p))
	for i, x := range p {
		if x == x {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case p[i] < p[j]:
			return -1
		case p[i] > p[j]:
			return 1
		}
		return 0
	})
	running := 0.0
	for rank, i := range order {
		running = max(running, min(1, float64(len(order)-rank)*p[i]))
		out[i] = running
	}
	return out
}
