package diversity

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// Mauve is how alike two histograms over the same cells are, in (0, 1] (Pillutla et al. 2021): the area under the curve of
// (exp(−5 KL(q‖r)), exp(−5 KL(p‖r))), r = w·p + (1 − w)·q, over 25 weights in [1e-6, 1 − 1e-6], closed by (0, ∞) ends, as the
// mean of the areas by either axis. Counts are scaled to shares; NaN where one of them sums to 0.
func Mauve(p, q []float64) float64 {
	p, q = shares(p), shares(q)
	if p == nil || q == nil {
		return math.NaN()
	}
	const weights, scale, least = 25, 5, 1e-6
	points := make([][2]float64, 0, weights+2)
	points = append(points, [2]float64{1, 0}, [2]float64{0, 1})
	r := make([]float64, len(p))
	for k := range weights {
		w := least + float64((1-2*least)*float64(k)/(weights-1))
		for i := range r {
			r[i] = float64(w*p[i]) + float64((1-w)*q[i])
		}
		points = append(points, [2]float64{num.Exp(-scale * divergence(q, r)), num.Exp(-scale * divergence(p, r))})
	}
	return (area(points, 0) + area(points, 1)) / 2
}

// shares scales counts to a sum of 1; nil where they sum to 0.
func shares(counts []float64) []float64 {
	sum := num.Sum(counts)
	if !(sum > 0) {
		return nil
	}
	out := make([]float64, len(counts))
	for i, c := range counts {
		out[i] = c / sum
	}
	return out
}

// divergence is KL(p‖r) in nats; what rounding took below 0 is 0, or the curve would turn back at its ends.
func divergence(p, r []float64) float64 {
	sum := 0.0
	for i, x := range p {
		if x > 0 {
			sum += float64(x * num.Log(x/r[i]))
		}
	}
	return max(0, sum)
}

// area is the trapezoid area under points along one axis.
func area(points [][2]float64, along int) float64 {
	across := 1 - along
	slices.SortStableFunc(points, func(a, b [2]float64) int {
		switch { // along the axis, and down where it stands
		case a[along] != b[along]:
			return sign(a[along] - b[along])
		default:
			return sign(b[across] - a[across])
		}
	})
	sum := 0.0
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		sum += float64((b[along]-a[along])*(a[across]+b[across])) / 2
	}
	return sum
}

// sign is −1, 0 or 1.
func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

// MauveOf is Mauve of features, over the cells of k-means on both sets together; its name says which features:
// mauve of hashed n-grams.
func MauveOf(a, b Features, cells int, c Clustering) float64 {
	centres := c.Centres(Features{a.Dim, slices.Concat(a.X, b.X)}, cells)
	return Mauve(Histogram(a.Cells(centres), cells), Histogram(b.Cells(centres), cells))
}

// Histogram counts cells 0 … of − 1.
func Histogram(cells []int, of int) []float64 {
	count := make([]float64, of)
	for _, c := range cells {
		count[c]++
	}
	return count
}
