package audit

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A metric is the distance of rows, the sum over columns of numbers from 0 to 1 (Gower 1971): numbers apart by the span of the
// pool's middle 98 %, or more, are 1 apart, as are two categories, and a missing cell from one that is not.
type metric struct{ columns []metricColumn }

type metricColumn struct {
	x    []float32
	code []int32 // nil: numbers
}

// gone is where missing numbers lie: far from all others, and together.
const gone = 1e9

func metricOf(d *table) (m metric) {
	for j := range d.columns {
		c := &d.columns[j]
		if !c.numbers() {
			m.columns = append(m.columns, metricColumn{code: c.code})
			continue
		}
		low, span := c.span()
		x := make([]float32, len(c.x))
		for i, v := range c.x {
			if x[i] = gone; v == v {
				x[i] = float32((v - low) / span)
			}
		}
		m.columns = append(m.columns, metricColumn{x: x})
	}
	return m
}

// span is the least of the middle 98 % of real and synthetic numbers, and their length; of a column of nearly one value, of all
// of them; 1 where there is none.
func (c *column) span() (low, span float64) {
	n := len(c.order)
	if n == 0 {
		return 0, 1
	}
	at := func(k int) float64 { return c.x[c.order[k]] }
	for _, k := range []int{n / 100, 0} {
		if low, span = at(k), at(n-1-k)-at(k); span > 0 && !math.IsInf(span, 0) {
			return low, span
		}
	}
	return low, 1
}

// from writes the distances of row i to rows first, first + 1, … to dst.
func (m metric) from(i, first int, dst []float32) {
	clear(dst)
	for _, c := range m.columns {
		if c.code != nil {
			own := c.code[i]
			for k, other := range c.code[first : first+len(dst)] {
				if other != own {
					dst[k]++
				}
			}
			continue
		}
		own := c.x[i]
		for k, other := range c.x[first : first+len(dst)] {
			d := math.Float32frombits(math.Float32bits(own-other) &^ (1 << 31))
			if d > 1 {
				d = 1
			}
			dst[k] += d
		}
	}
}

// A neighbour is a row at a distance.
type neighbour struct {
	row int32
	d   float32
}

// nearest are up to k rows of first … first+n−1 that are nearest to row i, itself left out, the nearest first.
func (m metric) nearest(i, first, n, k int, room []float32) (all []neighbour) {
	d := room[:n]
	m.from(i, first, d)
	for at, x := range d {
		if len(all) == k && x >= all[k-1].d || first+at == i {
			continue
		}
		to, _ := slices.BinarySearchFunc(all, x, func(n neighbour, x float32) int {
			if n.d == x { // behind equal ones
				return -1
			}
			return cmp.Compare(n.d, x)
		})
		if len(all) == k {
			all = all[:k-1]
		}
		all = slices.Insert(all, to, neighbour{int32(first + at), x})
	}
	return all
}

// nearestOf is nearest of several rows at once.
func (m metric) nearestOf(ctx context.Context, rows []int, first, n, k, jobs int) [][]neighbour {
	all := make([][]neighbour, len(rows))
	const batch = 50
	var tasks []func()
	for from := 0; from < len(rows); from += batch {
		tasks = append(tasks, func() {
			room := make([]float32, n)
			for q := from; q < min(from+batch, len(rows)); q++ {
				all[q] = m.nearest(rows[q], first, n, k, room)
			}
		})
	}
	_ = each(ctx, jobs, tasks) // the caller sees that the context ended
	return all
}
