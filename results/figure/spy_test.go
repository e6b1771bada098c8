package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// spy is a surface that checks where things are drawn.
type spy struct {
	t     *rapid.T
	page  rect
	drawn int
}

func (s *spy) path(p vg.Path) {
	s.drawn++
	for _, e := range p {
		if e.Type != vg.CloseComp {
			s.point("a line", e.Pos)
		}
	}
}

func (s *spy) point(what string, p vg.Point) {
	if x, y := float64(p.X), float64(p.Y); math.IsNaN(x) || math.IsNaN(y) || !s.page.grow(0.5).has(p) {
		s.t.Fatalf("%s at %v leaves the page %v", what, p, s.page)
	}
}

func (s *spy) fill(p vg.Path, _ color.NRGBA) { s.path(p) }
func (s *spy) stroke(p vg.Path, _ pen)       { s.path(p) }

func (s *spy) dots(ps []vg.Point, r float64, _ color.NRGBA) {
	s.drawn++
	for _, p := range ps {
		s.point("a dot", p)
	}
}

func (s *spy) text(l line, p vg.Point, size float64, upright bool, _ color.NRGBA) {
	s.drawn++
	end := at(float64(p.X)+l.width*size, float64(p.Y))
	if upright {
		end = at(float64(p.X), float64(p.Y)-l.width*size)
	}
	s.point("text", p)
	s.point("the end of a text", end)
}
