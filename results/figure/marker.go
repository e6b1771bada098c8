package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// marker is a shape drawn on a curve.
type marker int

const (
	circle marker = iota
	square
	triangle
	diamond
	triangleDown
	pentagon
	plus
	cross
	markers // their number
)

// path is the outline of the marker around (x, y); r is half its height. Areas
// of all shapes are about equal.
func (m marker) path(x, y, r float64) vg.Path {
	switch m {
	case square:
		return regular(x, y, r*1.22, 4, math.Pi/4)
	case triangle:
		return regular(x, y+r*.15, r*1.4, 3, -math.Pi/2)
	case diamond:
		return regular(x, y, r*1.3, 4, 0)
	case triangleDown:
		return regular(x, y-r*.15, r*1.4, 3, math.Pi/2)
	case pentagon:
		return regular(x, y, r*1.15, 5, -math.Pi/2)
	case plus:
		return bars(x, y, r*1.3, 0)
	case cross:
		return bars(x, y, r*1.3, math.Pi/4)
	}
	return disc(x, y, r)
}

// regular is a regular polygon of n corners at distance r, the first at angle a.
func regular(x, y, r float64, n int, a float64) vg.Path {
	var ps []vg.Point
	for i := range n {
		s, c := math.Sincos(a + 2*math.Pi*float64(i)/float64(n))
		ps = append(ps, at(x+r*c, y+r*s))
	}
	return polygon(ps)
}

// bars is a cross of arms of length r, turned by a.
func bars(x, y, r, a float64) vg.Path {
	w := r * 0.33
	var ps []vg.Point
	for i := range 4 {
		s, c := math.Sincos(a + math.Pi/2*float64(i))
		for _, q := range [][2]float64{{w, -w}, {r, -w}, {r, w}} {
			ps = append(ps, at(x+q[0]*c-q[1]*s, y+q[0]*s+q[1]*c))
		}
	}
	return polygon(ps)
}

// disc is a circle of four cubic arcs.
func disc(x, y, r float64) vg.Path {
	k := r * 0.5522847498
	var p vg.Path
	p.Move(at(x+r, y))
	p.CubeTo(at(x+r, y+k), at(x+k, y+r), at(x, y+r))
	p.CubeTo(at(x-k, y+r), at(x-r, y+k), at(x-r, y))
	p.CubeTo(at(x-r, y-k), at(x-k, y-r), at(x, y-r))
	p.CubeTo(at(x+k, y-r), at(x+r, y-k), at(x+r, y))
	p.Close()
	return p
}
