package draw

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"modelcollapse/results"
	"modelcollapse/results/figure"
)

// A box is what axes have to hold, by column; lo > hi: nothing yet.
type box struct{ lo, hi [2]float64 }

func emptyBox() box {
	inf := math.Inf(1)
	return box{[2]float64{inf, inf}, [2]float64{-inf, -inf}}
}

// cover takes the finite values of column c in.
func (b *box) cover(c int, xs []float64) {
	for _, x := range xs {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			b.lo[c], b.hi[c] = min(b.lo[c], x), max(b.hi[c], x)
		}
	}
}

// widened is b with a tenth of its range on each side.
func (b box) widened() box {
	for c := range b.lo {
		if d := b.hi[c] - b.lo[c]; d > 0 {
			b.lo[c], b.hi[c] = b.lo[c]-d/10, b.hi[c]+d/10
		}
	}
	return b
}

// axis has limits where there is a range that an axis can show; else the figure finds them.
func (b box) axis(c int, label string) figure.Axis {
	a := figure.Axis{Label: upper(label)}
	if d := b.hi[c] - b.lo[c]; d > 1e-5*max(math.Abs(b.lo[c]), math.Abs(b.hi[c]), 1e-290) && d < 1e300 {
		a.Min, a.Max = &b.lo[c], &b.hi[c]
	}
	return a
}

// axes are those that all panels share: over the grids of the densities, which hold the real rows and no outlier of a
// fit, or where there is none over the real rows and a margin.
func (r Run) axes(rows []clouds) (x, y figure.Axis, err error) {
	all, names := emptyBox(), []string(nil)
	for _, c := range rows {
		header, _, err := r.numbers(c, c.real)
		if err != nil {
			return x, y, err
		}
		if len(header) != 2 {
			return x, y, fmt.Errorf("cell %s: attachment %s: %d columns, want 2", c.cell, results.ScatterReal, len(header))
		}
		names = header
		one, err := r.boxOf(c)
		if err != nil {
			return x, y, err
		}
		for k := range one.lo {
			all.cover(k, []float64{one.lo[k], one.hi[k]})
		}
	}
	return all.axis(0, names[0]), all.axis(1, names[1]), nil
}

// boxOf is the box of one row of panels; its grid is the same in all generations.
func (r Run) boxOf(c clouds) (box, error) {
	b := emptyBox()
	if len(c.density) > 0 {
		d, err := r.grid(c, c.density[slices.Min(slices.Collect(maps.Keys(c.density)))])
		b.cover(0, d.X)
		b.cover(1, d.Y)
		return b, err
	}
	p, err := r.points(c, c.real)
	b.cover(0, p.X)
	b.cover(1, p.Y)
	return b.widened(), err
}
