package figure

import (
	"errors"
	"fmt"
	"math"
)

// ErrNoData reports a figure in which no curve has a value to draw.
var ErrNoData = errors.New("no data: every curve is empty or NaN")

const (
	minWidth  = 1.5  // inches; below it the axes leave no room for a plot
	maxWidth  = 40   // inches
	maxPanels = 64   // a page of 300 dpi pixels has to fit into memory
	maxHeight = 3600 // points, 50 inches: the same
)

// Check reports the first thing that keeps f from being drawn: no panels or no
// data (ErrNoData), an impossible width, slices of unequal length, an x that an
// axis cannot hold, a grid that does not rise, limits out of order, or a theory
// line that shows another functional than the band it is laid over.
func (f *Figure) Check() error {
	if len(f.Panels) == 0 {
		return fmt.Errorf("figure %q: no panels: %w", f.Title, ErrNoData)
	}
	if len(f.Panels) > maxPanels {
		return fmt.Errorf("figure %q: %d panels, at most %d: split it", f.Title, len(f.Panels), maxPanels)
	}
	if f.Width != 0 && !(f.Width >= minWidth && f.Width <= maxWidth) {
		return fmt.Errorf("figure %q: width %v in: give %v to %v", f.Title, f.Width, minWidth, maxWidth)
	}
	if f.Columns < 0 {
		return fmt.Errorf("figure %q: %d columns: give 0 or more", f.Title, f.Columns)
	}
	some := false
	for i := range f.Panels {
		p := &f.Panels[i]
		if err := p.check(); err != nil {
			return fmt.Errorf("figure %q: panel %d %q: %w", f.Title, i+1, p.Title, err)
		}
		some = some || p.hasData()
	}
	if !some {
		return fmt.Errorf("figure %q: %w", f.Title, ErrNoData)
	}
	return nil
}

func (p *Panel) check() error {
	if err := p.X.check(); err != nil {
		return fmt.Errorf("x axis: %w", err)
	}
	if err := p.Y.check(); err != nil {
		return fmt.Errorf("y axis: %w", err)
	}
	if r := p.Reference; r != nil && (!finite(*r) || math.Abs(*r) > huge || p.Y.Log && *r < tiny) {
		return fmt.Errorf("reference line at %v: the y axis cannot show it", *r)
	}
	for i := range p.Points {
		if err := p.Points[i].check(); err != nil {
			return fmt.Errorf("points %q: %w", p.Points[i].Name, err)
		}
	}
	for i := range p.Contours {
		if err := p.Contours[i].check(); err != nil {
			return fmt.Errorf("contours %q: %w", p.Contours[i].Name, err)
		}
	}
	for i := range p.Curves {
		c := &p.Curves[i]
		if err := c.check(p); err != nil {
			return fmt.Errorf("curve %q: %w", c.Name, err)
		}
	}
	return nil
}

func (a *Axis) check() error {
	if a.Names != nil && a.Log {
		return errors.New("names on a logarithmic axis")
	}
	for _, v := range []*float64{a.Min, a.Max} {
		if v != nil && (!finite(*v) || math.Abs(*v) > huge || a.Log && *v < tiny) {
			return fmt.Errorf("limit %v: not on this axis", *v)
		}
	}
	if a.Min == nil || a.Max == nil {
		return nil
	}
	if size := max(math.Abs(*a.Min), math.Abs(*a.Max), tiny); !(*a.Max-*a.Min > size*2*narrowest) {
		return fmt.Errorf("minimum %v is not below maximum %v (or too close to it)", *a.Min, *a.Max)
	}
	return nil
}

func (c *Curve) check(p *Panel) error {
	if err := c.checkLengths(); err != nil {
		return err
	}
	for i, x := range c.X {
		if !finite(x) || math.Abs(x) > huge || p.X.Log && x < tiny {
			return fmt.Errorf("x[%d] = %v: the x axis cannot hold it", i, x)
		}
	}
	if c.Theory && c.Functional != "" && p.Functional != "" && c.Functional != p.Functional {
		return fmt.Errorf("the theory line is %q and the band is %q: lay theory over the functional that the band estimates",
			c.Functional, p.Functional)
	}
	return nil
}

func (c *Curve) checkLengths() error {
	n := len(c.X)
	if len(c.Mid) != n {
		return fmt.Errorf("%d x and %d mid values", n, len(c.Mid))
	}
	if len(c.Lo) != len(c.Hi) || len(c.Lo) != 0 && len(c.Lo) != n {
		return fmt.Errorf("%d x, %d lo and %d hi values: a band has all or none", n, len(c.Lo), len(c.Hi))
	}
	if c.Of > 0 && len(c.N) != n {
		return fmt.Errorf("%d x and %d numbers of replicates", n, len(c.N))
	}
	for i, t := range c.Thin {
		if len(t) != n {
			return fmt.Errorf("%d x and %d values of replicate %d", n, len(t), i)
		}
	}
	return nil
}

// hasData reports whether any value of the panel would leave a mark.
func (p *Panel) hasData() bool {
	for i := range p.Points {
		if p.Points[i].hasData() {
			return true
		}
	}
	for i := range p.Contours {
		for _, level := range p.Contours[i].Levels {
			if len(p.Contours[i].lines(level)) > 0 {
				return true
			}
		}
	}
	for i := range p.Curves {
		c := &p.Curves[i]
		for _, y := range append([][]float64{c.Mid}, c.Thin...) {
			for _, v := range y {
				if !math.IsNaN(v) {
					return true
				}
			}
		}
	}
	return false
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
