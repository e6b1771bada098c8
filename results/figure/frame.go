package figure

import (
	"gonum.org/v1/plot/vg"
)

// frame is a panel with its place on the page.
type frame struct {
	panel          *Panel
	row, column    int
	box            rect // the plot, lanes included
	whole          bool // every x is a whole number
	x, y           scale
	xTicks, yTicks []tick
	title          []string
	side           []string // wrapped
	xLabel, yLabel []string // wrapped; none where a neighbour shows it
	noX, noY       bool     // a neighbour in the table shows the numbers
}

// vertex is a point of a curve on the page.
type vertex struct {
	vg.Point
	zone  zone
	index int
}

// runs are the stretches of (xs, ys) without a missing value.
func (f *frame) runs(xs, ys []float64) [][]vertex {
	var out [][]vertex
	var cur []vertex
	for i, v := range ys {
		y, z := f.y.at(v)
		if z == missing {
			if len(cur) > 0 {
				out, cur = append(out, cur), nil
			}
			continue
		}
		x, _ := f.x.at(xs[i])
		cur = append(cur, vertex{at(x, y), z, i})
	}
	if len(cur) > 0 {
		out = append(out, cur)
	}
	return out
}

// plot is the part of the box that finite values may fill.
func (f *frame) plot() rect {
	return rect{f.box.left, f.y.to, f.box.right, f.y.from}
}

// window is where the segment between two vertices may be seen: as far as the
// lanes if one of them lies there.
func (f *frame) window(a, b zone) rect {
	if a == inside && b == inside {
		return f.plot().grow(0.01)
	}
	return f.box.grow(0.01)
}

// lines cuts a run to what can be seen.
func (f *frame) lines(run []vertex) [][]vg.Point {
	var out [][]vg.Point
	var cur []vg.Point
	for i := 1; i < len(run); i++ {
		p, q := run[i-1], run[i]
		a, b, ok := cut(p.Point, q.Point, f.window(p.zone, q.zone))
		if ok && len(cur) > 0 && cur[len(cur)-1] == a {
			cur = append(cur, b)
			continue
		}
		if len(cur) > 0 {
			out, cur = append(out, cur), nil
		}
		if ok {
			cur = []vg.Point{a, b}
		}
	}
	if len(cur) > 0 {
		out = append(out, cur)
	}
	return out
}

// bands are the outlines of the band of c; a band of a single point comes back
// as two points.
func (f *frame) bands(c *Curve) [][]vg.Point {
	var out [][]vg.Point
	var up, down []vg.Point
	zones := inside
	flush := func() {
		if len(up) > 0 {
			ring := append([]vg.Point(nil), up...)
			for i := len(down) - 1; i >= 0; i-- {
				ring = append(ring, down[i])
			}
			if ring = cutPolygon(ring, f.window(zones, inside)); len(ring) >= 2 {
				out = append(out, ring)
			}
		}
		up, down, zones = nil, nil, inside
	}
	for i := range c.Lo {
		lo, zl := f.y.at(c.Lo[i])
		hi, zh := f.y.at(c.Hi[i])
		if zl == missing || zh == missing {
			flush()
			continue
		}
		x, _ := f.x.at(c.X[i])
		up, down, zones = append(up, at(x, hi)), append(down, at(x, lo)), max(zones, zl, zh)
	}
	flush()
	return out
}
