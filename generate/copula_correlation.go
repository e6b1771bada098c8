package generate

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// correlationsOf is Pearson's correlation of every two columns of scores, row by row in one array; NaN marks a score that
// is missing, and a pair is compared over the rows that have both. A column without spread is correlated with none. It uses
// the scores up.
func correlationsOf(scores [][]float64, c columnar) []float64 {
	dim := len(scores)
	out := make([]float64, dim*dim)
	of := func(i, j int) float64 { return pearson(scores[i], scores[j], c) }
	if !slices.ContainsFunc(scores, missesOne) {
		for _, z := range scores {
			standardise(z, c)
		}
		of = func(i, j int) float64 { return dot(scores[i], scores[j]) }
	}
	for i := range dim {
		out[i*dim+i] = 1
		for j := range i {
			r := max(-1, min(1, of(i, j)))
			out[i*dim+j], out[j*dim+i] = r, r
		}
	}
	return out
}

func missesOne(z []float64) bool { return slices.ContainsFunc(z, math.IsNaN) }

// standardise makes z such that the sum of products of two such columns is their correlation.
func standardise(z []float64, c columnar) {
	sum, squares := 0.0, 0.0
	for i, x := range z {
		sum += float64(c.of(i) * x)
	}
	mean := sum / c.total
	for i, x := range z {
		d := x - mean
		squares += float64(c.of(i) * float64(d*d))
	}
	if !(squares > float64(c.total*1e-20)) { // one value: what is left is rounding
		clear(z)
		return
	}
	for i, x := range z {
		z[i] = float64((x - mean) * math.Sqrt(c.of(i)/squares))
	}
}

// pearson is the correlation over the rows that have both; 0 where one of them has no spread there.
func pearson(x, y []float64, c columnar) float64 {
	var n, sx, sy num.Accumulator
	for i := range x {
		if both := x[i] + y[i]; !math.IsNaN(both) {
			w := c.of(i)
			n.Add(w)
			sx.Add(float64(w * x[i]))
			sy.Add(float64(w * y[i]))
		}
	}
	mx, my := sx.Sum()/n.Sum(), sy.Sum()/n.Sum()
	var xx, xy, yy float64
	for i := range x {
		dx, dy, w := x[i]-mx, y[i]-my, c.of(i)
		if !math.IsNaN(dx + dy) {
			xx += float64(w * float64(dx*dx))
			xy += float64(w * float64(dx*dy))
			yy += float64(w * float64(dy*dy))
		}
	}
	if least := float64(n.Sum() * 1e-20); !(xx > least && yy > least) {
		return 0
	}
	return xy / float64(math.Sqrt(xx)*math.Sqrt(yy))
}
