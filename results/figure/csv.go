package figure

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
)

// row is one point of a figure's data in long form.
type row struct {
	panel, curve string
	x, mid       float64
	lo, hi       float64 // NaN: no band
	band         bool
	kind         string // "arm", "theory", "replicate k", "ground", "point" or "contour LEVEL"
	line, step   int    // of a contour: which line of its panel, counted from 1, and which point of that
}

// rows lists the data in drawing order; each(r) stops at the first error.
func (f *Figure) rows(each func(panel int, r row) error) error {
	for i := range f.Panels {
		p := &f.Panels[i]
		if err := p.cloudRows(func(r row) error { return each(i, r) }); err != nil {
			return err
		}
		for j := range p.Curves {
			if err := p.Curves[j].rows(p.name(), func(r row) error { return each(i, r) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// name is the panel's heading, or the label of its y axis.
func (p *Panel) name() string {
	if h := p.heading(); h != "" {
		return h
	}
	return p.Y.Label
}

// heading is the panel's title; in a table its row comes first.
func (p *Panel) heading() string {
	if p.Side != "" && p.Title != "" {
		return p.Side + ", " + p.Title
	}
	return p.Side + p.Title
}

func (c *Curve) rows(panel string, each func(row) error) error {
	r := row{panel: panel, curve: c.Name, kind: "arm", band: len(c.Lo) > 0}
	if c.Theory {
		r.kind, r.curve = "theory", c.law()
		if c.Name != "" && c.Law != "" {
			r.curve = c.Name + ": " + c.law()
		}
	}
	for i, x := range c.X {
		r.x, r.mid = x, c.Mid[i]
		if r.band {
			r.lo, r.hi = c.Lo[i], c.Hi[i]
		}
		if err := each(r); err != nil {
			return err
		}
	}
	for k, t := range c.Thin {
		for i, x := range c.X {
			if err := each(row{panel: panel, curve: c.Name, kind: "replicate " + strconv.Itoa(k), x: x, mid: t[i]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteCSV writes what the figure shows, a line a point: panel, curve, x, mid,
// lo, hi, kind. Numbers are written in full; NaN, +Inf and -Inf as such; lo and
// hi are empty where there is no band. Of a dot mid is its y; of a contour, x and
// mid are points of a line, whose number stands in kind.
func (f *Figure) WriteCSV(w io.Writer) error {
	if err := f.Check(); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write([]string{"panel", "curve", "x", "mid", "lo", "hi", "kind"}); err != nil {
		return err
	}
	err := f.rows(func(_ int, r row) error {
		line := []string{r.panel, r.curve, digitsOf(r.x), digitsOf(r.mid), "", "", r.kind}
		if r.line > 0 {
			line[6] += ", line " + strconv.Itoa(r.line)
		}
		if r.band {
			line[4], line[5] = digitsOf(r.lo), digitsOf(r.hi)
		}
		return out.Write(line)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// digitsOf writes v so that it reads back as the same number.
func digitsOf(v float64) string {
	if math.IsNaN(v) {
		return "NaN"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
