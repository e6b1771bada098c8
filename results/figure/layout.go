package figure

import (
	"math"
	"strings"
)

const (
	panelGap  = 9.0 // between columns, and between rows
	tickGap   = 2.0 // between a tick and its label
	labelGap  = 3.0 // between tick labels and the axis label
	labelStep = labelSize * lineStep
)

// text of an axis label with its unit.
func (a Axis) text() string {
	switch {
	case a.Unit == "":
		return a.Label
	case a.Label == "":
		return a.Unit
	}
	return a.Label + " (" + a.Unit + ")"
}

// across places the columns, given a guess at the width of a plot, and returns
// that width.
func (p *page) across(columns int, guess float64) float64 {
	height := p.plotHeight(guess)
	margins := make([]float64, columns)
	for i, f := range p.frames {
		f.y.place(height, 0, laneHeight)
		f.yTicks = p.fit(&f.y, false, int(height/17), func(string) float64 { return tickSize * 1.15 })
		f.yLabel, f.side = nil, nil
		label := f.panel.Y.text()
		if label != f.panel.Title && (f.column == 0 || p.frames[i-1].panel.Y.text() != label) {
			f.yLabel = wrapIf(p.set, label, height, labelSize, false)
		}
		if p.table && f.column == 0 {
			f.side = p.sideLines(f.panel.Side, height)
		}
		margins[f.column] = max(margins[f.column], p.leftOf(f))
	}
	gap := max(panelGap, p.reach+labelGap)
	if p.table {
		gap = p.reach // the room for ticks is enough beside it
	}
	total := p.width - 2*margin - float64(columns-1)*gap
	for _, m := range margins {
		total -= m
	}
	total -= p.reach
	plot := total / float64(columns)
	x := margin
	for c := range columns {
		x += margins[c]
		for _, f := range p.frames {
			if f.column == c {
				f.box.left, f.box.right = x, x+plot
				f.x.place(x, x+plot, 0)
				f.xTicks = p.fit(&f.x, f.whole, maxLabels, func(s string) float64 { return p.set.width(s, tickSize, false) + 5 })
			}
		}
		x += plot + gap
	}
	return plot
}

// sideLines wraps the heading of a row, at its underscores too where it is too long.
func (p *page) sideLines(s string, height float64) []string {
	if p.set.width(s, panelSize, true) > height {
		s = strings.ReplaceAll(s, "_", "_ ")
	}
	ls := wrapIf(p.set, s, height, panelSize, true)
	for i := range ls {
		ls[i] = strings.ReplaceAll(ls[i], "_ ", "_")
	}
	return ls
}

// leftOf is the room that f needs left of its plot.
func (p *page) leftOf(f *frame) float64 {
	w := tickLength + tickGap + p.widest(f)
	if n := len(f.yLabel); n > 0 {
		w += labelGap + float64(n)*labelStep
	}
	if n := len(f.side); n > 0 {
		w += labelGap + float64(n)*panelSize*lineStep
	}
	return w
}

// widest is the width of the widest y tick label.
func (p *page) widest(f *frame) float64 {
	w := 0.0
	if f.noY {
		return w
	}
	for _, t := range f.yTicks {
		w = max(w, p.set.width(t.label, tickSize, false))
	}
	for _, s := range []string{f.y.below, f.y.above} {
		w = max(w, p.set.width(s, tickSize, false))
	}
	return w
}

// overhang is how far x labels reach beyond their plots on the right, as far as
// ticks are known.
func (p *page) overhang() float64 {
	w := 3.0
	for _, f := range p.frames {
		for _, t := range f.xTicks {
			w = max(w, f.x.pos(t.at)+p.set.width(t.label, tickSize, false)/2-f.box.right)
		}
	}
	return w
}

// down places the rows and returns the lower end of the last.
func (p *page) down(columns int, plot float64) float64 {
	height := p.plotHeight(plot)
	y := margin
	if n := len(p.title); n > 0 {
		y += float64(n)*titleSize*lineStep + 4
	}
	for first := 0; first < len(p.frames); first += columns {
		row := p.frames[first:min(first+columns, len(p.frames))]
		head, foot := 3.0, 0.0
		for i, f := range row {
			f.title = nil
			if !p.table || first == 0 {
				f.title = wrapIf(p.set, f.panel.Title, plot-p.letterWidth(), panelSize, false)
			}
			head = max(head, float64(len(f.title))*panelSize*lineStep+4)
			if len(p.frames) > 1 && !p.table {
				head = max(head, panelSize*lineStep+4)
			}
			p.xLabel(f, first+i, columns)
			foot = max(foot, p.footOf(f))
		}
		y += head
		for _, f := range row {
			f.box.top, f.box.bottom = y, y+height
			f.y.place(f.box.bottom, f.box.top, laneHeight)
		}
		y += height + foot
		if first+columns < len(p.frames) {
			y += panelGap
		}
	}
	return y
}

// letterWidth is the room for the bold letter before a panel's title; a table has none.
func (p *page) letterWidth() float64 {
	if len(p.frames) == 1 || p.table {
		return 0
	}
	return 12
}

// xLabel wraps the label of the x axis, which is left out where the panel below
// shows the same one.
func (p *page) xLabel(f *frame, i, columns int) {
	f.xLabel = nil
	if j := i + columns; j < len(p.frames) && p.frames[j].panel.X.text() == f.panel.X.text() {
		return
	}
	f.xLabel = wrapIf(p.set, f.panel.X.text(), f.box.width()+10, labelSize, false)
}

// footOf is the room that f needs below its plot.
func (p *page) footOf(f *frame) float64 {
	if f.noX {
		return tickLength
	}
	h := tickLength + tickGap + tickSize
	if n := len(f.xLabel); n > 0 {
		h += labelGap + float64(n)*labelStep
	}
	return h
}

// fit chooses as many labels as keep their distance: room is the space that a
// label needs along the axis.
func (p *page) fit(s *scale, integer bool, most int, room func(string) float64) []tick {
	var ts []tick
	for n := min(max(most, 4), maxLabels); n >= 2; n-- {
		ts = s.ticks(integer, n)
		last, lastRoom, clash := math.Inf(-1), 0.0, false
		for _, t := range ts {
			if t.label == "" {
				continue
			}
			at, r := math.Abs(s.pos(t.at)-s.from), room(t.label)
			clash = clash || at-last < (r+lastRoom)/2
			last, lastRoom = at, r
		}
		if !clash {
			break
		}
	}
	return ts
}
