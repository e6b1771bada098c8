package figure

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// value draws numbers as runs produce them and as they should not.
func value() *rapid.Generator[float64] {
	return rapid.OneOf(
		rapid.Float64Range(0, 1),
		rapid.Float64(),
		rapid.SampledFrom([]float64{0, 1, 1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, 1e-310, 1e300}),
	)
}

func anyCurve(t *rapid.T) Curve {
	n := rapid.IntRange(0, 12).Draw(t, "n")
	values := func(name string) []float64 { return rapid.SliceOfN(value(), n, n).Draw(t, name) }
	c := Curve{
		Name: rapid.SampledFrom([]string{"", "a", "b", "ten_percent", "σ^{2", strings.Repeat("long name ", 20), strings.Repeat("x", 300)}).Draw(t, "name"),
		Mid:  values("mid"), Theory: rapid.Bool().Draw(t, "theory"),
		X: rapid.SliceOfN(rapid.OneOf(rapid.Map(rapid.IntRange(1, 100), func(i int) float64 { return float64(i) }),
			rapid.Float64Range(1e-300, 1e300)), n, n).Draw(t, "x"),
	}
	if rapid.Bool().Draw(t, "band") {
		c.Lo, c.Hi = values("lo"), values("hi")
	}
	for range rapid.IntRange(0, 2).Draw(t, "thin") {
		c.Thin = append(c.Thin, values("replicate"))
	}
	return c
}

func anyPoints(t *rapid.T) Points {
	n := rapid.IntRange(0, 6).Draw(t, "points")
	return Points{Name: rapid.SampledFrom([]string{"", "a", "ten_percent"}).Draw(t, "cloud"), Key: rapid.SampledFrom([]string{"", "rows", strings.Repeat("long key ", 20)}).Draw(t, "key"),
		X: rapid.SliceOfN(value(), n, n).Draw(t, "px"), Y: rapid.SliceOfN(value(), n, n).Draw(t, "py"), Ground: rapid.Bool().Draw(t, "ground")}
}

func anyContours(t *rapid.T) Contours {
	c := Contours{Name: "a", Key: "lines", Levels: []float64{rapid.Float64Range(-1, 1).Draw(t, "level")}}
	side := func(name string) (nodes []float64) {
		at := rapid.Float64Range(-1e6, 1e6).Draw(t, name)
		for range rapid.IntRange(2, 5).Draw(t, name+" nodes") {
			nodes = append(nodes, at)
			at += rapid.Float64Range(1, 1e6).Draw(t, "step")
		}
		return nodes
	}
	c.X, c.Y = side("cx"), side("cy")
	for range c.Y {
		c.Z = append(c.Z, rapid.SliceOfN(value(), len(c.X), len(c.X)).Draw(t, "z"))
	}
	return c
}

func anyAxis(t *rapid.T) Axis {
	limit := func(name string) *float64 {
		if rapid.IntRange(0, 9).Draw(t, name+" given") == 9 {
			return new(value().Draw(t, name))
		}
		return nil
	}
	return Axis{Label: rapid.StringN(0, 30, -1).Draw(t, "label"), Log: rapid.Bool().Draw(t, "log"), Min: limit("min"), Max: limit("max")}
}

func anyFigure(t *rapid.T) *Figure {
	f := &Figure{
		Title: rapid.StringN(0, 60, -1).Draw(t, "title"), Caption: rapid.StringN(0, 100, -1).Draw(t, "caption"),
		Columns: rapid.IntRange(0, 3).Draw(t, "columns"), Share: rapid.Bool().Draw(t, "share"), Table: rapid.IntRange(0, 3).Draw(t, "table") == 0,
		Width: rapid.SampledFrom([]float64{0, 1.5, OneColumn, TwoColumns}).Draw(t, "width"),
	}
	for range rapid.IntRange(0, 4).Draw(t, "panels") {
		p := Panel{Title: rapid.StringN(0, 30, -1).Draw(t, "panel"), X: anyAxis(t), Y: anyAxis(t)}
		for range rapid.IntRange(0, 4).Draw(t, "curves") {
			p.Curves = append(p.Curves, anyCurve(t))
		}
		if rapid.IntRange(0, 2).Draw(t, "clouds") == 0 {
			p.Side, p.Points, p.Contours = p.Title, []Points{anyPoints(t), anyPoints(t)}, []Contours{anyContours(t)}
		}
		f.Panels = append(f.Panels, p)
	}
	return f
}

// What Check accepts is drawn: every coordinate is a number and on the page, and
// no text runs off it. The only other refusals are those of a page too narrow
// or too high.
func TestAnythingCheckedIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFigure(t)
		p, err := compose(f)
		if err != nil {
			if f.Check() == nil && !strings.Contains(err.Error(), "fewer columns") && !strings.Contains(err.Error(), "split it") {
				t.Fatal(err)
			}
			return
		}
		spy := &spy{t: t, page: rect{0, 0, p.width, p.height}}
		p.draw(spy)
		if spy.drawn == 0 {
			t.Fatal("an empty page")
		}
		if err := f.WriteCSV(io.Discard); err != nil {
			t.Fatal(err)
		}
		if err := f.WriteVegaLite(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}

// A handful of the same figures goes through the real canvases.
func TestAnythingCheckedIsWritten(t *testing.T) {
	g := rapid.Custom(anyFigure)
	for seed := range 12 {
		f := g.Example(seed)
		for _, format := range Formats() {
			err := f.Render(io.Discard, format)
			if err != nil && f.Check() == nil && !strings.Contains(err.Error(), "fewer columns") && !strings.Contains(err.Error(), "split it") {
				t.Errorf("seed %d, %s: %v", seed, format, err)
			}
		}
	}
	if err := (&Figure{}).Render(io.Discard, "png"); !errors.Is(err, ErrNoData) {
		t.Error(err)
	}
}
