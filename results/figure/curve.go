package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
)

const marksPerCurve = 8

// drawCurves draws bands, replicates, lines, marks and theory, in this order
// over all curves, so that no band hides a line.
func (p *page) drawCurves(s surface, f *frame) {
	var arms, theory []*Curve
	for i := range f.panel.Curves {
		if c := &f.panel.Curves[i]; c.Theory {
			theory = append(theory, c)
		} else {
			arms = append(arms, c)
		}
	}
	for _, c := range arms {
		p.drawBand(s, f, c)
	}
	for _, c := range arms {
		for _, t := range c.Thin {
			p.trace(s, f, c.X, t, pen{thinWidth, faded(p.looks[c.Name].color, thinAlpha), nil})
		}
	}
	for _, c := range arms {
		k := p.looks[c.Name]
		p.trace(s, f, c.X, c.Mid, pen{curveWidth, k.color, k.dash})
	}
	for _, c := range arms {
		p.drawMarks(s, f, c)
	}
	for _, c := range theory {
		p.trace(s, f, c.X, c.Mid, theoryPen(slices.Index(p.laws, c.law())))
	}
}

// trace strokes the line through (xs, ys).
func (p *page) trace(s surface, f *frame, xs, ys []float64, with pen) {
	for _, run := range f.runs(xs, ys) {
		for _, l := range f.lines(run) {
			s.stroke(polyline(thinOut(l)), with)
		}
	}
}

// drawBand fills the band of c; where a single point stands alone it is a bar.
func (p *page) drawBand(s surface, f *frame, c *Curve) {
	col := p.looks[c.Name].color
	for _, b := range f.bands(c) {
		if len(b) == 2 {
			s.stroke(polyline(b), pen{spineWidth, col, nil})
			continue
		}
		s.fill(polygon(b), faded(col, bandAlpha))
	}
}

// drawMarks puts about eight marks on a curve, staggered between arms so that
// curves on top of each other show. Points that stand alone and the first of
// every stretch in a lane are always marked.
func (p *page) drawMarks(s surface, f *frame, c *Curve) {
	k := p.looks[c.Name]
	step := (len(c.X) + marksPerCurve - 1) / marksPerCurve
	shift := k.rank * step / 4 % max(step, 1)
	for _, run := range f.runs(c.X, c.Mid) {
		for i, v := range run {
			due := v.index%step == shift || len(run) == 1
			switch {
			case !f.box.grow(0.01).has(v.Point):
			case v.zone == inside:
				if due && f.plot().grow(0.01).has(v.Point) {
					p.mark(s, k, v.Point, c.Of > 0 && c.N[v.index] < c.Of)
				}
			case due || i == 0 || run[i-1].zone != v.zone:
				p.markLane(s, k, v)
			}
		}
	}
}

// mark draws the marker of an arm with a white rim, or only its outline.
func (p *page) mark(s surface, k look, v vg.Point, open bool) {
	x, y := float64(v.X), float64(v.Y)
	s.fill(k.marker.path(x, y, markerSize+0.5), ink(255))
	if path := k.marker.path(x, y, markerSize); open {
		s.stroke(path, pen{0.8, k.color, nil})
	} else {
		s.fill(path, k.color)
	}
}

// markLane draws an open triangle that points out of the axis.
func (p *page) markLane(s surface, k look, v vertex) {
	m := triangleDown
	if v.zone == over {
		m = triangle
	}
	path := m.path(float64(v.X), float64(v.Y), markerSize*1.25)
	s.fill(path, ink(255))
	s.stroke(path, pen{0.8, k.color, nil})
}
