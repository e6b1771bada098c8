package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
)

// surface is what a page is drawn on. Lengths are points, the origin is the top
// left corner and y grows downwards.
type surface interface {
	fill(p vg.Path, c color.NRGBA)
	stroke(p vg.Path, s pen)
	dots(ps []vg.Point, r float64, c color.NRGBA) // of radius r, as one shape: what overlaps is no darker
	text(l line, at vg.Point, size float64, upright bool, c color.NRGBA)
}

// pen is how a path is stroked.
type pen struct {
	width float64
	color color.NRGBA
	dash  []float64 // points on, off, on, ...; nil is solid
}

// at makes a point of a path.
func at(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: vg.Length(y)} }

// polyline joins ps.
func polyline(ps []vg.Point) vg.Path {
	var p vg.Path
	for i, q := range ps {
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	return p
}

// polygon joins ps and closes.
func polygon(ps []vg.Point) vg.Path {
	p := polyline(ps)
	p.Close()
	return p
}

func segment(x0, y0, x1, y1 float64) vg.Path { return polyline([]vg.Point{at(x0, y0), at(x1, y1)}) }

func rectangle(r rect) vg.Path {
	return polygon([]vg.Point{at(r.left, r.top), at(r.right, r.top), at(r.right, r.bottom), at(r.left, r.bottom)})
}

// rect is a box on the page.
type rect struct{ left, top, right, bottom float64 }

func (r rect) width() float64  { return r.right - r.left }
func (r rect) height() float64 { return r.bottom - r.top }
func (r rect) has(p vg.Point) bool {
	x, y := float64(p.X), float64(p.Y)
	return x >= r.left && x <= r.right && y >= r.top && y <= r.bottom
}
func (r rect) grow(d float64) rect { return rect{r.left - d, r.top - d, r.right + d, r.bottom + d} }
