package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// drawPanel draws axes and curves of the i-th panel.
func (p *page) drawPanel(s surface, f *frame, i int) {
	p.drawGrid(s, f)
	p.drawClouds(s, f)
	p.drawCurves(s, f)
	p.drawSpines(s, f)
	p.drawXAxis(s, f)
	p.drawYAxis(s, f)
	x, y := f.box.left, f.box.top-4-float64(max(len(f.title)-1, 0))*panelSize*lineStep
	if p.letterWidth() > 0 {
		p.word(s, letter(i), x, y, panelSize, true, left, ink(0))
		x += p.letterWidth()
	}
	if p.table {
		p.lines(s, f.title, (f.box.left+f.box.right)/2, y, panelSize, false, centre, ink(0))
	} else {
		p.lines(s, f.title, x, y, panelSize, false, left, ink(0))
	}
	if !f.panel.hasData() {
		p.word(s, "no data", (f.box.left+f.box.right)/2, (f.box.top+f.box.bottom)/2, labelSize, false, centre, ink(0x80))
	}
}

// letter names panels a, b, ..., z, aa, ...
func letter(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return letter(i/26-1) + letter(i%26)
}

func (p *page) drawGrid(s surface, f *frame) {
	for _, t := range f.yTicks {
		if len(f.panel.Points)+len(f.panel.Contours) > 0 {
			break // a frame instead: lines would be more of what is to be looked through
		}
		if y := f.y.pos(t.at); t.label != "" && math.Abs(y-f.box.bottom) > 1 {
			s.stroke(segment(f.box.left, y, f.box.right, y), pen{gridWidth, ink(0xE4), nil})
		}
	}
	for _, y := range f.laneLines() {
		s.stroke(segment(f.box.left, y, f.box.right, y), pen{gridWidth, ink(0xC4), []float64{1, 2}})
	}
	if r := f.panel.Reference; r != nil {
		if y, _ := f.y.at(*r); y >= f.plot().top && y <= f.plot().bottom {
			s.stroke(segment(f.box.left, y, f.box.right, y), pen{0.8, ink(0x70), nil})
		}
	}
}

// laneLines are the positions of the lanes of f.
func (f *frame) laneLines() []float64 {
	var out []float64
	if f.y.below != "" {
		out = append(out, f.y.floor)
	}
	if f.y.above != "" {
		out = append(out, f.y.top)
	}
	return out
}

// drawSpines draws the two axes, the vertical one broken before a lane.
func (p *page) drawSpines(s surface, f *frame) {
	dark := pen{spineWidth, ink(0x26), nil}
	b, plot := f.box, f.plot()
	s.stroke(segment(b.left-spineWidth/2, b.bottom, b.right, b.bottom), dark)
	s.stroke(segment(b.left, plot.bottom, b.left, plot.top), dark)
	if len(f.panel.Points)+len(f.panel.Contours) > 0 {
		s.stroke(polyline([]vg.Point{at(b.left, b.top), at(b.right, b.top), at(b.right, b.bottom)}), pen{gridWidth, ink(0xC4), nil})
	}
	slash := func(y float64) { s.stroke(segment(b.left-2, y+1, b.left+2, y-1), dark) }
	if f.y.below != "" {
		s.stroke(segment(b.left, b.bottom, b.left, plot.bottom+3), dark)
		slash(plot.bottom + 3)
		slash(plot.bottom)
	}
	if f.y.above != "" {
		s.stroke(segment(b.left, b.top, b.left, plot.top-3), dark)
		slash(plot.top - 3)
		slash(plot.top)
	}
}

func (p *page) drawXAxis(s surface, f *frame) {
	dark := pen{spineWidth, ink(0x26), nil}
	y := f.box.bottom
	for _, t := range f.xTicks {
		x := f.x.pos(t.at)
		if t.label == "" {
			s.stroke(segment(x, y, x, y+tickLength*0.6), pen{spineWidth * 0.7, ink(0x26), nil})
			continue
		}
		s.stroke(segment(x, y, x, y+tickLength), dark)
		if f.noX {
			continue
		}
		p.word(s, t.label, x, y+tickLength+tickGap+tickSize*capHeight, tickSize, false, centre, ink(0x26))
	}
	p.lines(s, f.xLabel, (f.box.left+f.box.right)/2, y+tickLength+tickGap+tickSize+labelGap+labelSize*capHeight,
		labelSize, false, centre, ink(0))
}

func (p *page) drawYAxis(s surface, f *frame) {
	x := f.box.left
	label := func(y float64, text string) {
		s.stroke(segment(x-tickLength, y, x, y), pen{spineWidth, ink(0x26), nil})
		if f.noY {
			return
		}
		p.word(s, text, x-tickLength-tickGap, y+tickSize*capHeight/2, tickSize, false, right, ink(0x26))
	}
	for _, t := range f.yTicks {
		y := f.y.pos(t.at)
		if t.label == "" {
			s.stroke(segment(x-tickLength*0.6, y, x, y), pen{spineWidth * 0.7, ink(0x26), nil})
			continue
		}
		label(y, t.label)
	}
	if f.y.below != "" {
		label(f.y.floor, f.y.below)
	}
	if f.y.above != "" {
		label(f.y.top, f.y.above)
	}
	x -= tickLength + tickGap + p.widest(f) + labelGap
	x = p.upright(s, f, f.yLabel, x, labelSize, false, ink(0))
	p.upright(s, f, f.side, x-labelGap, panelSize, true, p.sideColor(f))
}

// upright writes ls beside the plot, the last with its right edge at x, and returns the left edge of the first.
func (p *page) upright(s surface, f *frame, ls []string, x, size float64, bold bool, c color.NRGBA) float64 {
	for i := len(ls) - 1; i >= 0; i-- {
		l := p.set.set(ls[i], bold)
		s.text(l, at(x-size*descent, (f.box.top+f.box.bottom)/2+l.width*size/2), size, true, c)
		x -= size * lineStep
	}
	return x
}

// sideColor is the colour of the arm that a row of a table shows.
func (p *page) sideColor(f *frame) color.NRGBA {
	if k, ok := p.looks[f.panel.Side]; ok {
		return darker(k.color)
	}
	return ink(0)
}
