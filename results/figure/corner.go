package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// placeLegend puts the legend where it hides nothing: in a free corner of a
// single panel, in an empty cell of the last row, else below. It returns the
// lower end of the page so far.
func (p *page) placeLegend(f *Figure, columns int, bottom float64) float64 {
	entries := p.entries()
	if len(entries) < 2 && (len(entries) == 0 || entries[0].law < 0 && entries[0].name == "") {
		return bottom
	}
	if len(p.frames) == 1 && p.inside(p.frames[0], entries) {
		return bottom
	}
	last := p.frames[len(p.frames)-1]
	if free := columns - 1 - last.column; free > 0 && last.row > 0 {
		cell := rect{last.box.right + 2*panelGap, last.box.top, p.width - margin, bottom}
		l := p.layLegend(entries, cell.width(), 1)
		if l.box.height() <= cell.height() && l.box.width() <= cell.width() {
			l.moveTo(cell.left, cell.top)
			p.legend = l
			return bottom
		}
	}
	l := p.layLegend(entries, p.width-2*margin, len(entries))
	l.moveTo(margin+max(0, p.width-2*margin-l.box.width())/2, bottom+7)
	p.legend = l
	return l.box.bottom
}

// inside tries the corners of a plot and then the middles of its sides; it
// reports false where the legend would cover something everywhere.
func (p *page) inside(f *frame, entries []entry) bool {
	l := p.layLegend(entries, f.box.width()*0.62, 1)
	room := f.plot().grow(-legendPad - 2)
	dx, dy := room.width()-l.box.width(), room.height()-l.box.height()
	if dx < 0 || dy < 0 || l.box.height() > 0.6*f.box.height() {
		return false
	}
	drawn := f.drawn()
	for _, at := range [][2]float64{{1, 0}, {0, 1}, {0, 0}, {1, 1}, {.5, 0}, {.5, 1}, {1, .5}, {0, .5}} {
		l.moveTo(room.left+at[0]*dx, room.top+at[1]*dy)
		if l.framed = free(l.box.grow(legendPad+markerSize), drawn); l.framed {
			p.legend = l
			return true
		}
	}
	return false
}

// free reports whether none of ps lies in r.
func free(r rect, ps []vg.Point) bool {
	for _, p := range ps {
		if r.has(p) {
			return false
		}
	}
	return true
}

// drawn samples everything that the curves of f will cover, about every two
// points of length.
func (f *frame) drawn() []vg.Point {
	out := f.clouded()
	for i := range f.panel.Curves {
		c := &f.panel.Curves[i]
		for _, ys := range append([][]float64{c.Mid}, c.Thin...) {
			for _, run := range f.runs(c.X, ys) {
				out = append(out, run[0].Point)
				for _, l := range f.lines(run) {
					for j := 1; j < len(l); j++ {
						out = sample(out, l[j-1], l[j])
					}
				}
			}
		}
		for i := range c.Lo {
			lo, zl := f.y.at(c.Lo[i])
			hi, zh := f.y.at(c.Hi[i])
			if zl != missing && zh != missing {
				x, _ := f.x.at(c.X[i])
				out = sample(out, at(x, min(max(lo, f.box.top), f.box.bottom)), at(x, min(max(hi, f.box.top), f.box.bottom)))
			}
		}
	}
	if f.panel.Reference != nil {
		y, _ := f.y.at(*f.panel.Reference)
		out = sample(out, at(f.box.left, y), at(f.box.right, y))
	}
	return out
}

// sample appends points on the segment p–q.
func sample(out []vg.Point, p, q vg.Point) []vg.Point {
	n := int(math.Hypot(float64(q.X-p.X), float64(q.Y-p.Y))/2) + 1
	for i := range n + 1 {
		t := vg.Length(i) / vg.Length(n)
		out = append(out, vg.Point{X: p.X + t*(q.X-p.X), Y: p.Y + t*(q.Y-p.Y)})
	}
	return out
}
