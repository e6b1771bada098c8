package figure

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Points are a cloud: a dot a row of two columns, under every curve.
type Points struct {
	Name   string    // the arm, which gives the colour
	Key    string    // what the legend calls it, once for all clouds of that key; empty: it has no line there
	X, Y   []float64 // equally many; NaN is left out, a point beyond the axes is an open dot on their edge
	Ground bool      // grey and under all others: what they are compared with
}

const (
	dotSize     = 0.75 // radius, points
	dotAlpha    = 140
	groundShade = 0xB2
)

func (c *Points) check() error {
	if len(c.X) != len(c.Y) {
		return fmt.Errorf("%d x and %d y values", len(c.X), len(c.Y))
	}
	return nil
}

// hasData reports whether any point would leave a mark.
func (c *Points) hasData() bool {
	for i := range c.X {
		if !math.IsNaN(c.X[i]) && !math.IsNaN(c.Y[i]) {
			return true
		}
	}
	return false
}

// span collects the finite points.
func (c *Points) span(x, y *extent) {
	for i := range c.X {
		if finite(c.X[i]) && finite(c.Y[i]) {
			x.add(c.X[i])
			y.add(c.Y[i])
		}
	}
}

// dots are the points on the page: those inside the axes, and those beyond at the edge where they left.
func (f *frame) dots(c *Points) (inner, outer []vg.Point) {
	box := f.plot()
	for i := range c.X {
		x, zx := f.x.at(c.X[i])
		y, zy := f.y.at(c.Y[i])
		if zx == missing || zy == missing {
			continue
		}
		p := at(min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
		if zx == inside && zy == inside && box.has(at(x, y)) {
			inner = append(inner, p)
		} else {
			outer = append(outer, p)
		}
	}
	return inner, outer
}

// drawClouds draws grounds, then points, then contours.
func (p *page) drawClouds(s surface, f *frame) {
	for _, ground := range []bool{true, false} {
		for i := range f.panel.Points {
			c := &f.panel.Points[i]
			if c.Ground != ground {
				continue
			}
			inner, outer := f.dots(c)
			s.dots(inner, dotSize, p.dotColor(c))
			for _, q := range outer {
				s.fill(circle.path(float64(q.X), float64(q.Y), dotSize*1.5), ink(255))
				s.stroke(circle.path(float64(q.X), float64(q.Y), dotSize*1.5), pen{0.5, p.dotColor(c), nil})
			}
		}
	}
	for i := range f.panel.Contours {
		p.drawContours(s, f, &f.panel.Contours[i])
	}
}

func (p *page) dotColor(c *Points) color.NRGBA {
	if c.Ground {
		return ink(groundShade)
	}
	return faded(p.looks[c.Name].color, dotAlpha)
}
