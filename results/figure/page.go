package figure

import (
	"fmt"
	"image/color"
	"math"
)

// page is a figure laid out: every length is known, nothing is drawn yet.
type page struct {
	width, height float64
	set           *typesetter
	looks         map[string]look
	laws          []string
	frames        []*frame
	table         bool
	title         []string
	caption       []string
	captionTop    float64
	reach         float64 // of x tick labels beyond their plots
	legend        *legend
}

const minPlot = 36 // points; the narrowest plot that can be read

// compose lays f out.
func compose(f *Figure) (*page, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	set, err := newTypesetter()
	if err != nil {
		return nil, err
	}
	p := &page{set: set, width: 72 * f.width(), looks: f.looks(), laws: f.laws(), frames: f.scales(), table: f.Table}
	inner := p.width - 2*margin
	p.title = wrapIf(set, f.Title, inner, titleSize, true)
	p.caption = wrapIf(set, f.Caption, inner, captionSize, false)
	columns := f.columns()
	for i, fr := range p.frames {
		fr.row, fr.column = i/columns, i%columns
		fr.noX, fr.noY = f.Table && i+columns < len(p.frames), f.Table && fr.column > 0
	}
	plot := inner/float64(columns) - 34                         // a first guess, for the number of ticks
	for i := 0; i < 3 || i < 8 && p.overhang() > p.reach; i++ { // labels wrap to the plot's size, which depends on the labels
		p.reach = max(p.reach, p.overhang())
		if plot = p.across(columns, plot); plot < minPlot {
			return nil, fmt.Errorf("figure %q: %d columns in %v in leave %.0f pt a panel: take fewer columns or more width",
				f.Title, columns, f.width(), max(plot, 0))
		}
	}
	bottom := p.down(columns, plot)
	bottom = p.placeLegend(f, columns, bottom)
	if len(p.caption) > 0 {
		p.captionTop = bottom + 7
		bottom = p.captionTop + float64(len(p.caption))*captionSize*lineStep
	}
	p.height = math.Ceil(bottom + margin)
	if p.height > maxHeight {
		return nil, fmt.Errorf("figure %q: %.0f in high: split it", f.Title, p.height/72)
	}
	return p, nil
}

func (f *Figure) width() float64 {
	switch {
	case f.Width != 0:
		return f.Width
	case len(f.Panels) == 1:
		return OneColumn
	}
	return TwoColumns
}

func (f *Figure) columns() int {
	n := len(f.Panels)
	if f.Columns > 0 {
		return min(f.Columns, n)
	}
	most := max(1, int(f.width()/2.1))
	if n == 4 && most == 3 {
		return 2
	}
	return min(n, most)
}

// plotHeight is the height of a plot of the given width.
func (p *page) plotHeight(width float64) float64 {
	if p.table {
		return min(width, 300)
	}
	height := min(max(0.74*width, 70), 190)
	for _, f := range p.frames {
		height = max(height, 1.4*tickSize*float64(len(f.y.names)))
	}
	return height
}

func wrapIf(set *typesetter, s string, width, size float64, bold bool) []string {
	if s == "" {
		return nil
	}
	return set.wrap(s, width, size, bold)
}

// draw puts the page on s.
func (p *page) draw(s surface) {
	p.lines(s, p.title, margin, margin+titleSize*0.95, titleSize, true, left, ink(0))
	for i, f := range p.frames {
		p.drawPanel(s, f, i)
	}
	if p.legend != nil {
		p.drawLegend(s, p.legend)
	}
	p.lines(s, p.caption, margin, p.captionTop+captionSize*0.95, captionSize, false, left, ink(0x40))
}

// align is the part of a text's width that lies before its anchor.
type align float64

const (
	left   align = 0
	centre align = 0.5
	right  align = 1
)

// lines writes ls below each other; (x, y) is the anchor of the first baseline.
func (p *page) lines(s surface, ls []string, x, y, size float64, bold bool, a align, c color.NRGBA) {
	for i, l := range ls {
		p.word(s, l, x, y+float64(i)*size*lineStep, size, bold, a, c)
	}
}

// word writes one line.
func (p *page) word(s surface, text string, x, y, size float64, bold bool, a align, c color.NRGBA) {
	l := p.set.set(text, bold)
	s.text(l, at(x-float64(a)*l.width*size, y), size, false, c)
}
