package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// cut is the part of the segment p–q inside r (Liang and Barsky 1984).
func cut(p, q vg.Point, r rect) (a, b vg.Point, ok bool) {
	x, y := float64(p.X), float64(p.Y)
	dx, dy := float64(q.X)-x, float64(q.Y)-y
	from, to := 0.0, 1.0
	for _, e := range [][2]float64{{-dx, x - r.left}, {dx, r.right - x}, {-dy, y - r.top}, {dy, r.bottom - y}} {
		switch d, room := e[0], e[1]; {
		case d == 0 && room < 0:
			return p, q, false
		case d < 0:
			from = max(from, room/d)
		case d > 0:
			to = min(to, room/d)
		}
	}
	if from > to {
		return p, q, false
	}
	a, b = p, q
	if from > 0 {
		a = at(x+from*dx, y+from*dy)
	}
	if to < 1 {
		b = at(x+to*dx, y+to*dy)
	}
	return a, b, true
}

// cutPolygon is the part of a polygon inside r (Sutherland and Hodgman 1974).
func cutPolygon(ps []vg.Point, r rect) []vg.Point {
	for _, side := range []func(vg.Point) float64{
		func(p vg.Point) float64 { return float64(p.X) - r.left },
		func(p vg.Point) float64 { return r.right - float64(p.X) },
		func(p vg.Point) float64 { return float64(p.Y) - r.top },
		func(p vg.Point) float64 { return r.bottom - float64(p.Y) },
	} {
		var out []vg.Point
		for i, q := range ps {
			p := ps[(i+len(ps)-1)%len(ps)]
			a, b := side(p), side(q)
			if (a < 0) != (b < 0) {
				t := vg.Length(a / (a - b))
				out = append(out, vg.Point{X: p.X + t*(q.X-p.X), Y: p.Y + t*(q.Y-p.Y)})
			}
			if b >= 0 {
				out = append(out, q)
			}
		}
		ps = out
	}
	return ps
}

// thinOut drops points closer than a fiftieth of a point to the last one kept;
// the last point stays.
func thinOut(ps []vg.Point) []vg.Point {
	var out []vg.Point
	for i, p := range ps {
		if n := len(out); n > 0 && i < len(ps)-1 &&
			math.Hypot(float64(p.X-out[n-1].X), float64(p.Y-out[n-1].Y)) < 0.02 {
			continue
		}
		out = append(out, p)
	}
	return out
}
