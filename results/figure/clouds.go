package figure

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// maxKeyDots is how many arms the key of a cloud shows.
const maxKeyDots = 3

// cloudEntries are the legend's lines for what clouds and contours are, one a key.
func (p *page) cloudEntries() (out []entry) {
	add := func(kind cloud, key string, c color.NRGBA) {
		if key == "" {
			return
		}
		i := slices.IndexFunc(out, func(e entry) bool { return e.cloud == kind && e.name == key })
		if i < 0 {
			i, out = len(out), append(out, entry{name: key, law: -1, cloud: kind})
		}
		if e := &out[i]; len(e.colors) < maxKeyDots && !slices.Contains(e.colors, c) {
			e.colors = append(e.colors, c)
		}
	}
	for _, f := range p.frames {
		for i := range f.panel.Points {
			c := &f.panel.Points[i]
			kind := armDots
			if c.Ground {
				kind = groundDots
			}
			if c.hasData() {
				add(kind, c.Key, p.dotColor(c))
			}
		}
		for _, c := range f.panel.Contours {
			add(contourLines, c.Key, darker(p.looks[c.Name].color))
		}
	}
	return out
}

// drawCloud draws the sample of a cloud, centred on y: a dot an arm, or two lines around each other.
func (e entry) drawCloud(s surface, x, y float64) {
	middle := x + keyWidth/2
	if e.cloud == contourLines {
		c := e.colors[0]
		if len(e.colors) > 1 {
			c = ink(0x40)
		}
		for _, r := range [][2]float64{{keyWidth / 2.2, 3}, {keyWidth / 4.4, 1.4}} {
			s.stroke(ellipse(middle, y, r[0], r[1]), pen{contourWidth, c, nil})
		}
		return
	}
	for i, c := range e.colors {
		at := vg.Point{X: vg.Length(x + keyWidth - 3 - 5.5*float64(len(e.colors)-1-i)), Y: vg.Length(y)}
		s.dots([]vg.Point{at}, dotSize*1.6, faded(c, 255))
	}
}

// ellipse is a disc drawn out to the radii a and b.
func ellipse(x, y, a, b float64) vg.Path {
	p := disc(0, 0, 1)
	move := func(q vg.Point) vg.Point { return at(x+a*float64(q.X), y+b*float64(q.Y)) }
	for i := range p {
		p[i].Pos = move(p[i].Pos)
		for j := range p[i].Control {
			p[i].Control[j] = move(p[i].Control[j])
		}
	}
	return p
}

// clouded are the places that clouds and contours cover.
func (f *frame) clouded() (out []vg.Point) {
	for i := range f.panel.Points {
		inner, outer := f.dots(&f.panel.Points[i])
		out = append(append(out, inner...), outer...)
	}
	for i := range f.panel.Contours {
		c := &f.panel.Contours[i]
		for _, level := range c.Levels {
			for _, l := range f.paths(c, level) {
				for j := 1; j < len(l); j++ {
					out = sample(out, l[j-1], l[j])
				}
			}
		}
	}
	return out
}

// cloudRows lists clouds and contours in the order in which they are drawn.
func (p *Panel) cloudRows(each func(row) error) error {
	for _, ground := range []bool{true, false} {
		for i := range p.Points {
			if p.Points[i].Ground != ground {
				continue
			}
			if err := p.Points[i].rows(p.name(), each); err != nil {
				return err
			}
		}
	}
	line := 0
	for i := range p.Contours {
		if err := p.Contours[i].rows(p.name(), &line, each); err != nil {
			return err
		}
	}
	return nil
}

func (c *Points) rows(panel string, each func(row) error) error {
	r := row{panel: panel, curve: c.Name, kind: "point"}
	if c.Ground {
		r.kind = "ground"
	}
	for i := range c.X {
		r.x, r.mid = c.X[i], c.Y[i]
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// rows numbers the lines on from line.
func (c *Contours) rows(panel string, line *int, each func(row) error) error {
	for k, level := range c.Levels {
		for _, l := range c.lines(level) {
			*line++
			for step, q := range l {
				r := row{panel: panel, curve: c.Name, x: q[0], mid: q[1], kind: "contour " + c.label(k), line: *line, step: step}
				if err := each(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
