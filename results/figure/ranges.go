package figure

// axisKind is what two axes have in common if they may share a range.
type axisKind struct {
	label, unit string
	log         bool
	y           bool
}

func kindOf(a Axis, y bool) axisKind { return axisKind{a.Label, a.Unit, a.Log, y} }

// span collects the x and y values of p.
func (p *Panel) span(x, y *extent) {
	for i := range p.Curves {
		c := &p.Curves[i]
		x.add(c.X...)
		y.add(c.Mid...)
		y.add(c.Lo...)
		y.add(c.Hi...)
		for _, t := range c.Thin {
			y.add(t...)
		}
	}
	for i := range p.Points {
		p.Points[i].span(x, y)
	}
	for i := range p.Contours {
		p.Contours[i].span(x, y)
	}
	if p.Reference != nil {
		y.add(*p.Reference)
	}
}

// scales chooses the ranges of all panels.
func (f *Figure) scales() []*frame {
	pool := map[axisKind]*extent{}
	frames := make([]*frame, len(f.Panels))
	extents := make([][2]*extent, len(f.Panels))
	for i := range f.Panels {
		p := &f.Panels[i]
		for j, a := range []Axis{p.X, p.Y} {
			e := newExtent(a.Log)
			extents[i][j] = &e
			if k := kindOf(a, j == 1); f.Share {
				if pool[k] == nil {
					pool[k] = &e
				}
				extents[i][j] = pool[k]
			}
		}
		p.span(extents[i][0], extents[i][1])
	}
	for i := range f.Panels {
		p := &f.Panels[i]
		fr := &frame{panel: p, x: newScale(p.X, *extents[i][0], 0.025, false), y: newScale(p.Y, *extents[i][1], 0.05, true)}
		fr.whole = extents[i][0].integer
		frames[i] = fr
	}
	return frames
}
