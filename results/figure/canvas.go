package figure

import (
	"image/color"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/vg"
)

// canvas draws on one of gonum's canvases, whose y grows upwards.
//
// The PDF canvas needs three things done for it: colours not multiplied by
// alpha; sharp corners rounded, as it joins lines with mitres, which spike on
// noisy data; and quadratic curves raised to cubic ones, as it writes them with
// an operator that bends them differently.
type canvas struct {
	vg.Canvas
	height float64
	pdf    bool
}

// straightColor hands its channels over as they are. The PDF canvas writes
// RGBA() as the colour and then applies alpha once more, which would turn pale
// bands grey.
type straightColor struct{ color.NRGBA }

func (s straightColor) RGBA() (r, g, b, a uint32) {
	return uint32(s.R) * 257, uint32(s.G) * 257, uint32(s.B) * 257, uint32(s.A) * 257
}

func (c canvas) color(col color.NRGBA) {
	if c.pdf {
		c.SetColor(straightColor{col})
		return
	}
	c.SetColor(col)
}

// hundredth rounds to 1/100 pt, as the SVG does; a PDF compresses better for it.
func hundredth(l vg.Length) vg.Length { return vg.Length(math.Round(float64(l)*100) / 100) }

// flip turns a path of the page into one of the canvas.
func (c canvas) flip(p vg.Path) vg.Path {
	up := func(q vg.Point) vg.Point { return vg.Point{X: hundredth(q.X), Y: hundredth(vg.Length(c.height) - q.Y)} }
	out := make(vg.Path, len(p))
	for i, e := range p {
		e.Pos = up(e.Pos)
		if len(e.Control) > 0 {
			ctl := make([]vg.Point, len(e.Control))
			for j, q := range e.Control {
				ctl[j] = up(q)
			}
			e.Control = ctl
		}
		if c.pdf && len(e.Control) == 1 && i > 0 {
			e.Control = cubic(out[i-1].Pos, e.Control[0], e.Pos)
		}
		out[i] = e
	}
	return out
}

// cubic gives the two control points that draw the quadratic curve p, q, r.
func cubic(p, q, r vg.Point) []vg.Point {
	third := func(a vg.Point) vg.Point {
		return vg.Point{X: hundredth(a.X + (q.X-a.X)*2/3), Y: hundredth(a.Y + (q.Y-a.Y)*2/3)}
	}
	return []vg.Point{third(p), third(r)}
}

func (c canvas) fill(p vg.Path, col color.NRGBA) {
	c.color(col)
	c.Fill(c.flip(p))
}

func (c canvas) stroke(p vg.Path, s pen) {
	dash := make([]vg.Length, len(s.dash))
	for i, d := range s.dash {
		dash[i] = vg.Length(d)
	}
	c.color(s.color)
	c.SetLineWidth(vg.Length(s.width))
	c.SetLineDash(dash, 0)
	if c.pdf {
		p = roundJoins(p, s.width/4)
	}
	c.Stroke(c.flip(p))
}

// dots are octagons, in a PDF hexagons: circles of that size would be no rounder on paper, and the file four times as large.
func (c canvas) dots(ps []vg.Point, r float64, col color.NRGBA) {
	corners := 8
	if c.pdf {
		corners = 6
	}
	r *= math.Sqrt(2 * math.Pi / (float64(corners) * math.Sin(2*math.Pi/float64(corners)))) // of equal area
	var all vg.Path
	for _, q := range ps {
		all = append(all, regular(float64(q.X), float64(q.Y), r, corners, 0)...)
	}
	if len(all) > 0 {
		c.fill(all, col)
	}
}

// text fills the outlines of a whole line as one path.
func (c canvas) text(l line, at vg.Point, size float64, upright bool, col color.NRGBA) {
	var p vg.Path
	for _, g := range l.glyphs {
		k := size * g.scale / em / 64
		trace(&p, g.outline, func(q fixed.Point26_6) vg.Point {
			x, y := g.x*size+float64(q.X)*k, g.y*size+float64(q.Y)*k
			if upright { // a quarter turn against the clock
				x, y = y, -x
			}
			return vg.Point{X: at.X + vg.Length(x), Y: at.Y + vg.Length(y)}
		})
	}
	if len(p) > 0 {
		c.fill(p, col)
	}
}

// trace appends a glyph's outline, mapped by to, to p.
func trace(p *vg.Path, segs sfnt.Segments, to func(fixed.Point26_6) vg.Point) {
	open := false
	for _, s := range segs {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				p.Close()
			}
			p.Move(to(s.Args[0]))
			open = true
		case sfnt.SegmentOpLineTo:
			p.Line(to(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			p.QuadTo(to(s.Args[0]), to(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p.CubeTo(to(s.Args[0]), to(s.Args[1]), to(s.Args[2]))
		}
	}
	if open {
		p.Close()
	}
}

// roundJoins replaces every sharp corner of an open polyline by a curve that
// starts and ends r before and after it. Other paths come back unchanged.
func roundJoins(p vg.Path, r float64) vg.Path {
	out := make(vg.Path, 0, len(p))
	for i, e := range p {
		if e.Type != vg.MoveComp && e.Type != vg.LineComp {
			return p
		}
		if e.Type == vg.MoveComp || i+1 == len(p) || p[i+1].Type != vg.LineComp {
			out = append(out, e)
			continue
		}
		a, b := toward(e.Pos, p[i-1].Pos, r), toward(e.Pos, p[i+1].Pos, r)
		out.Line(a)
		out.QuadTo(e.Pos, b)
	}
	return out
}

// toward is the point r from p in the direction of q, at most half way.
func toward(p, q vg.Point, r float64) vg.Point {
	d := math.Hypot(float64(q.X-p.X), float64(q.Y-p.Y))
	if d == 0 {
		return p
	}
	f := vg.Length(min(r/d, 0.5))
	return vg.Point{X: p.X + f*(q.X-p.X), Y: p.Y + f*(q.Y-p.Y)}
}
