package figure

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Contours are the level lines of a function that is known at the nodes of a grid.
type Contours struct {
	Name   string      // the arm, which gives the colour, darkened
	Key    string      // what the legend calls them, once for all of that key; empty: they have no line there
	X, Y   []float64   // of the nodes: finite and rising, at least two each
	Z      [][]float64 // Z[j][i] at X[i], Y[j]; −Inf is below every level, no line passes beside NaN and +Inf
	Levels []float64   // finite
	Labels []string    // what each level means, such as "50 %", for the data file
}

const (
	contourWidth = 0.85
	maxNodes     = 1000 // a side of a grid
)

func (c *Contours) check() error {
	if len(c.X) < 2 || len(c.Y) < 2 || len(c.X) > maxNodes || len(c.Y) > maxNodes {
		return fmt.Errorf("a grid of %d by %d nodes: give 2 to %d a side", len(c.X), len(c.Y), maxNodes)
	}
	for _, side := range [][]float64{c.X, c.Y} {
		for i, v := range side {
			if !finite(v) || math.Abs(v) > huge || i > 0 && !(v > side[i-1]) {
				return fmt.Errorf("node %d of a side at %v: the nodes must be finite and rise", i, v)
			}
		}
	}
	if len(c.Z) != len(c.Y) {
		return fmt.Errorf("%d y and %d rows of z", len(c.Y), len(c.Z))
	}
	for j, row := range c.Z {
		if len(row) != len(c.X) {
			return fmt.Errorf("%d x and %d values in row %d of z", len(c.X), len(row), j)
		}
	}
	for _, l := range c.Levels {
		if !finite(l) {
			return fmt.Errorf("level %v", l)
		}
	}
	if len(c.Labels) != 0 && len(c.Labels) != len(c.Levels) {
		return fmt.Errorf("%d levels and %d labels", len(c.Levels), len(c.Labels))
	}
	return nil
}

// span collects the lines, not the grid.
func (c *Contours) span(x, y *extent) {
	for _, level := range c.Levels {
		for _, l := range c.lines(level) {
			for _, p := range l {
				x.add(p[0])
				y.add(p[1])
			}
		}
	}
}

// label of the i-th level.
func (c *Contours) label(i int) string {
	if len(c.Labels) > 0 {
		return c.Labels[i]
	}
	return digitsOf(c.Levels[i])
}

// paths are the visible parts of the lines of one level.
func (f *frame) paths(c *Contours, level float64) (out [][]vg.Point) {
	for _, l := range c.lines(level) {
		run := make([]vertex, len(l))
		for i, p := range l {
			x, zx := f.x.at(p[0])
			y, zy := f.y.at(p[1])
			if zx != inside || zy != inside { // below 0 on a log axis
				x, y = f.box.left-1, f.box.bottom+1
			}
			run[i] = vertex{at(x, y), inside, i}
		}
		out = append(out, f.lines(run)...)
	}
	return out
}

func (p *page) drawContours(s surface, f *frame, c *Contours) {
	for _, level := range c.Levels {
		for _, l := range f.paths(c, level) {
			s.stroke(polyline(thinOut(l)), pen{contourWidth, darker(p.looks[c.Name].color), nil})
		}
	}
}

// darker is c at three fifths of its light, to be seen on dots of c.
func darker(c color.NRGBA) color.NRGBA {
	dim := func(v uint8) uint8 { return uint8(int(v) * 3 / 5) }
	return color.NRGBA{dim(c.R), dim(c.G), dim(c.B), c.A}
}
