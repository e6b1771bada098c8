package figure

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// entry is one line of the legend: an arm, with law ≥ 0 a theory line, or what clouds or contours of all arms are.
type entry struct {
	name   string
	law    int // place among the laws of the figure, −1 for an arm
	band   bool
	thin   bool
	cloud  cloud
	colors []color.NRGBA // of a cloud: those of the arms, the first few
	text   []string      // the name, wrapped
}

// cloud says what of a cloud an entry stands for; the order is that of the legend.
type cloud int

const (
	noCloud cloud = iota
	groundDots
	armDots
	contourLines
)

// legend is a block of entries in columns, placed at box.
type legend struct {
	entries []entry
	widths  []float64 // of the columns
	rows    int       // entries in a full column
	box     rect
	framed  bool // inside a plot: on a white ground
}

const (
	keyWidth  = 21.0
	keyGap    = 4.0
	entryGap  = 16.0
	legendPad = 3.0
	rowGap    = 1.5
)

// law is how the legend names a theory line.
func (c *Curve) law() string {
	if c.Mark {
		return c.Law
	}
	s := c.Law
	if s == "" {
		s = c.Name
	}
	if c.Functional != "" {
		s += ", " + c.Functional
	}
	return "theory: " + s
}

// laws are the distinct theory lines of f, in order of appearance.
func (f *Figure) laws() []string {
	var out []string
	for _, p := range f.Panels {
		for i := range p.Curves {
			if c := &p.Curves[i]; c.Theory && !slices.Contains(out, c.law()) {
				out = append(out, c.law())
			}
		}
	}
	return out
}

// entries of the legend: the arms by rank, then the laws.
func (p *page) entries() []entry {
	out := p.cloudEntries()
	for _, f := range p.frames {
		for i := range f.panel.Curves {
			c := &f.panel.Curves[i]
			e := entry{name: c.Name, law: -1, band: len(c.Lo) > 0, thin: len(c.Thin) > 0}
			if c.Theory {
				e = entry{name: c.law(), law: slices.Index(p.laws, c.law())}
			}
			same := slices.IndexFunc(out, func(o entry) bool { return o.name == e.name && o.law == e.law && o.cloud == noCloud })
			if same < 0 {
				out = append(out, e)
				continue
			}
			out[same].band = out[same].band || e.band
			out[same].thin = out[same].thin || e.thin
		}
	}
	slices.SortStableFunc(out, func(a, b entry) int { return cmp.Compare(p.rank(a), p.rank(b)) })
	return out
}

// rank orders the legend: clouds, arms, laws.
func (p *page) rank(e entry) int {
	switch {
	case e.cloud != noCloud:
		return int(e.cloud) - 10
	case e.law >= 0:
		return len(p.looks) + e.law
	}
	return p.looks[e.name].rank
}

// layLegend arranges entries within width, in at most columns columns, as low
// as it can.
func (p *page) layLegend(entries []entry, width float64, columns int) *legend {
	var best *legend
	for c := 1; c <= min(columns, len(entries)); c++ {
		share := (width - float64(c-1)*entryGap) / float64(c)
		for _, w := range []float64{width, share} { // names wrap only where they have to
			l := p.tryLegend(entries, w-keyWidth-keyGap, c)
			if best == nil || l.box.width() <= width && l.box.height() < best.box.height()-legendSize*0.8 { // more columns only if they save a line
				best = l
			}
		}
	}
	return best
}

// tryLegend fills columns columns from the top; names wrap to width.
func (p *page) tryLegend(entries []entry, width float64, columns int) *legend {
	rows := (len(entries) + columns - 1) / columns
	columns = (len(entries) + rows - 1) / rows
	l := &legend{entries: slices.Clone(entries), rows: rows, widths: make([]float64, columns)}
	heights := make([]float64, columns)
	for i := range l.entries {
		e := &l.entries[i]
		e.text = p.set.wrap(e.name, width, legendSize, false)
		for _, t := range e.text {
			w := keyWidth + keyGap + p.set.width(t, legendSize, false)
			l.widths[i/rows] = max(l.widths[i/rows], w)
		}
		heights[i/rows] += e.height()
	}
	l.box.right = float64(columns-1) * entryGap
	for i, w := range l.widths {
		l.box.right += w
		l.box.bottom = max(l.box.bottom, heights[i])
	}
	return l
}

func (e entry) height() float64 { return float64(len(e.text))*legendSize*lineStep + rowGap }

// moveTo puts the legend's upper left corner at (x, y).
func (l *legend) moveTo(x, y float64) {
	l.box = rect{x, y, x + l.box.width(), y + l.box.height()}
}

// drawLegend draws keys and names.
func (p *page) drawLegend(s surface, l *legend) {
	if l.framed {
		s.fill(rectangle(l.box.grow(legendPad)), faded(ink(255), 215))
	}
	x, y := l.box.left, l.box.top
	for i, e := range l.entries {
		if i > 0 && i%l.rows == 0 {
			x, y = x+l.widths[i/l.rows-1]+entryGap, l.box.top
		}
		p.drawKey(s, e, x, y+legendSize*lineStep/2)
		p.lines(s, e.text, x+keyWidth+keyGap, y+legendSize*0.95, legendSize, false, left, ink(0x1a))
		y += e.height()
	}
}

// drawKey draws the sample of an entry, centred on y.
func (p *page) drawKey(s surface, e entry, x, y float64) {
	line := segment(x, y, x+keyWidth, y)
	switch {
	case e.cloud != noCloud:
		e.drawCloud(s, x, y)
		return
	case e.law >= 0:
		s.stroke(line, theoryPen(e.law))
		return
	}
	k := p.looks[e.name]
	if e.band {
		s.fill(rectangle(rect{x, y - 3.2, x + keyWidth, y + 3.2}), faded(k.color, bandAlpha))
	}
	if e.thin {
		for _, d := range []float64{-2, 2} {
			s.stroke(segment(x, y+d, x+keyWidth, y+d*0.6), pen{thinWidth, faded(k.color, thinAlpha), nil})
		}
	}
	s.stroke(line, pen{curveWidth, k.color, k.dash})
	p.mark(s, k, vg.Point{X: vg.Length(x + keyWidth/2), Y: vg.Length(y)}, false)
}
