package figure

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// normalGrid is the log density, up to a constant, of a normal with standard deviation s and correlation rho.
func normalGrid(n int, box, s, rho float64) Contours {
	c := Contours{}
	for i := range n {
		c.X = append(c.X, -box+2*box*float64(i)/float64(n-1))
	}
	c.Y = c.X
	for _, y := range c.Y {
		row := make([]float64, n)
		for i, x := range c.X {
			row[i] = -(x*x - 2*rho*x*y + y*y) / (2 * s * s * (1 - rho*rho))
		}
		c.Z = append(c.Z, row)
	}
	return c
}

// scattered is a table of two arms over generations, the second of which leaves the axes.
func scattered(rows, grid int, generations ...int) *Figure {
	lo, hi := -3.9, 3.9
	f := &Figure{
		Title: "A cloud that shrinks, and one that does not", Table: true, Share: true, Columns: len(generations), Arms: []string{"replace", "accumulate"},
		Caption: "Grey: real rows. Contours hold 50, 80 and 95 % of the fit's mass. Open dots on the edge: rows beyond the axes.",
	}
	for a, arm := range f.Arms {
		for _, g := range generations {
			r := rand.New(rand.NewPCG(7, uint64(10*g+a)))
			cloud := func(s float64) Points {
				p := Points{Name: arm, Key: "rows of the fit"}
				for range rows {
					u, v := r.NormFloat64(), r.NormFloat64()
					p.X, p.Y = append(p.X, s*u), append(p.Y, s*(.6*u+.8*v))
				}
				return p
			}
			s := math.Exp(-float64(g) / 40)
			if a == 1 {
				s = 1 + float64(g)/60
			}
			real := cloud(1)
			real.Name, real.Key, real.Ground = "real", "real rows", true
			c := normalGrid(grid, 3.9, s, .6)
			c.Name, c.Key, c.Labels = arm, "50, 80, 95 % of its mass", []string{"50 %", "80 %", "95 %"}
			for _, m := range []float64{.5, .8, .95} {
				c.Levels = append(c.Levels, math.Log(1-m))
			}
			f.Panels = append(f.Panels, Panel{Title: fmt.Sprintf("generation %d", g), Side: arm,
				X: Axis{Label: "column 0", Min: &lo, Max: &hi}, Y: Axis{Label: "column 1", Min: &lo, Max: &hi},
				Points: []Points{cloud(s), real}, Contours: []Contours{c}})
		}
	}
	return f
}

// Every point of a line lies where the function has the level, up to what straight pieces of a quadratic miss.
func TestContoursLieOnTheLevel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(20, 60).Draw(t, "nodes")
		s, rho := rapid.Float64Range(.5, 1.2).Draw(t, "s"), rapid.Float64Range(-.8, .8).Draw(t, "rho")
		c := normalGrid(n, 4, s, rho)
		mass := rapid.Float64Range(.5, .95).Draw(t, "mass")
		level := math.Log(1 - mass)
		lines := c.lines(level)
		h := c.X[1] - c.X[0]
		curvature := 1 / (s * s * (1 - rho*rho))
		for _, l := range lines {
			for _, p := range l {
				z := -(p[0]*p[0] - 2*rho*p[0]*p[1] + p[1]*p[1]) / (2 * s * s * (1 - rho*rho))
				if math.Abs(z-level) > curvature*h*h/8*1.0001 {
					t.Fatalf("(%g, %g): %g on the line of %g", p[0], p[1], z, level)
				}
			}
		}
		if len(lines) != 1 {
			t.Fatalf("%d lines around one hill", len(lines))
		}
		l := lines[0]
		if l[0] != l[len(l)-1] && !onEdge(l[0]) {
			t.Fatal("the line of a hill within the grid is open")
		}
		// The area of the ellipse: pi·s²·√(1−rho²)·2·ln(1/(1−mass)).
		if want := 2 * math.Pi * s * s * math.Sqrt(1-rho*rho) * -level; l[0] == l[len(l)-1] && math.Abs(area(l)/want-1) > curvature*h*h {
			t.Fatalf("it encloses %g, want %g", area(l), want)
		}
	})
}

func onEdge(p [2]float64) bool { return math.Abs(p[0]) == 4 || math.Abs(p[1]) == 4 }

func area(l [][2]float64) (a float64) {
	for i := 1; i < len(l); i++ {
		a += (l[i-1][0]*l[i][1] - l[i][0]*l[i-1][1]) / 2
	}
	return math.Abs(a)
}

// A line separates what is high from what is low, whatever the values: it crosses exactly the sides whose ends differ.
func TestContoursCrossEverySideThatChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(2, 7).Draw(t, "w"), rapid.IntRange(2, 7).Draw(t, "h")
		c := Contours{}
		for i := range w {
			c.X = append(c.X, float64(i))
		}
		for j := range h {
			c.Y = append(c.Y, float64(j))
			c.Z = append(c.Z, rapid.SliceOfN(rapid.Float64Range(-1, 1), w, w).Draw(t, "z"))
		}
		level := rapid.Float64Range(-1, 1).Draw(t, "level")
		for _, row := range c.Z { // at a node on the level itself, crossings of several sides are one point
			for i := range row {
				if math.Abs(row[i]-level) < 1e-6 {
					row[i] = level + 1e-3
				}
			}
		}
		want := 0
		for j := range h {
			for i := range w {
				if i+1 < w && (c.Z[j][i] >= level) != (c.Z[j][i+1] >= level) {
					want++
				}
				if j+1 < h && (c.Z[j][i] >= level) != (c.Z[j+1][i] >= level) {
					want++
				}
			}
		}
		got := 0
		for _, l := range c.lines(level) {
			got += len(l)
			if len(l) < 2 {
				t.Fatal("a line of one point")
			}
			if len(l) > 2 && l[0] == l[len(l)-1] {
				got--
			}
		}
		if got != want {
			t.Fatalf("%d crossings, want %d", got, want)
		}
	})
}

// Where opposite corners of a cell are high, its middle says which pair is joined.
func TestContoursOfASaddle(t *testing.T) {
	c := Contours{X: []float64{0, 2}, Y: []float64{0, 2}}
	for _, k := range []struct {
		a, b, level float64 // at (0, 0) and (2, 2); at (2, 0) and (0, 2)
		cut         [2]float64
	}{{1, -1, -.5, [2]float64{2, 0}}, {1, -1, .5, [2]float64{0, 0}}, {-1, 1, -.5, [2]float64{0, 0}}, {-1, 1, .5, [2]float64{2, 0}}} {
		c.Z = [][]float64{{k.a, k.b}, {k.b, k.a}}
		lines := c.lines(k.level)
		if len(lines) != 2 {
			t.Fatalf("level %g: %d lines", k.level, len(lines))
		}
		near := 0
		for _, l := range lines { // a line cuts a corner off: both its ends lie on that corner's sides
			onX, onY := l[0][0] == k.cut[0] || l[1][0] == k.cut[0], l[0][1] == k.cut[1] || l[1][1] == k.cut[1]
			if onX && onY {
				near++
			}
		}
		if near != 1 {
			t.Errorf("corners of %g, sides of %g, level %g: lines %v do not cut %v off", k.a, k.b, k.level, lines, k.cut)
		}
	}
}

func TestContoursBesideWhatIsNotFinite(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	c := Contours{X: []float64{0, 1, 2}, Y: []float64{0, 1}}
	for _, k := range []struct {
		z    [][]float64
		want string
	}{
		{[][]float64{{1, -inf, -inf}, {1, -inf, -inf}}, "[[[0 0] [0 1]]]"}, // at the last node that is not −Inf
		{[][]float64{{nan, 1, -1}, {1, 1, -1}}, "[[[1.5 0] [1.5 1]]]"},
		{[][]float64{{1, inf, -1}, {1, inf, -1}}, "[]"},
		{[][]float64{{math.MaxFloat64, -math.MaxFloat64, -1}, {math.MaxFloat64, -math.MaxFloat64, -1}}, "[[[0.5 0] [0.5 1]]]"},
	} {
		c.Z = k.z
		if got := fmt.Sprint(c.lines(0)); got != k.want {
			t.Errorf("%v: lines %s, want %s", k.z, got, k.want)
		}
	}
}

// What lies beyond the axes is drawn at their edge; NaN is not drawn.
func TestDotsStayInside(t *testing.T) {
	lo, hi := 0.0, 1.0
	f := &Figure{Panels: []Panel{{X: Axis{Min: &lo, Max: &hi}, Y: Axis{Min: &lo, Max: &hi}, Points: []Points{{Name: "a",
		X: []float64{.5, 2, math.Inf(-1), math.NaN(), .5, -1e308}, Y: []float64{.5, .5, .5, .5, math.Inf(1), 1e308}}}}}}
	p, err := compose(f)
	if err != nil {
		t.Fatal(err)
	}
	inner, outer := p.frames[0].dots(&f.Panels[0].Points[0])
	if len(inner) != 1 || len(outer) != 4 {
		t.Fatalf("%d dots inside and %d at the edge, want 1 and 4", len(inner), len(outer))
	}
	box := p.frames[0].plot()
	for i, q := range outer {
		x, y := float64(q.X), float64(q.Y)
		if x != box.left && x != box.right && y != box.top && y != box.bottom {
			t.Errorf("dot %d at (%g, %g) is not on the edge of %v", i, x, y, box)
		}
	}
}

// A table shows numbers at its left and lower edge, titles over its first row, and rows by their names.
func TestTable(t *testing.T) {
	p, err := compose(scattered(20, 12, 0, 10, 20))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range p.frames {
		if f.noX != (i < 3) || f.noY != (i%3 > 0) || (len(f.title) > 0) != (i < 3) || (len(f.side) > 0) != (i%3 == 0) {
			t.Errorf("panel %d: numbers below hidden %v, at the left hidden %v, title %q, side %q", i, f.noX, f.noY, f.title, f.side)
		}
		if math.Abs(f.box.width()-f.box.height()) > 1e-9 {
			t.Errorf("panel %d is %v by %v", i, f.box.width(), f.box.height())
		}
	}
	var names []string
	for _, e := range p.legend.entries {
		names = append(names, e.name)
	}
	if got := strings.Join(names, "; "); got != "real rows; rows of the fit; 50, 80, 95 % of its mass" {
		t.Errorf("legend: %s", got)
	}
}

// A long name of a row breaks at its underscores, and keeps them.
func TestSideBreaksAtUnderscores(t *testing.T) {
	f := scattered(3, 8, 0, 1, 5, 10, 50)
	for i := range f.Panels {
		f.Panels[i].Side = "window_of_three_generations"
	}
	p, err := compose(f)
	if err != nil {
		t.Fatal(err)
	}
	side := p.frames[0].side
	if strings.Join(side, "") != "window_of_three_generations" || len(side) < 2 || !strings.HasSuffix(side[0], "_") {
		t.Errorf("side %q", side)
	}
}

func TestCloudsInTheData(t *testing.T) {
	f := scattered(5, 12, 0, 10)
	var b bytes.Buffer
	if err := f.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, l := range lines[1:] {
		kinds[l[0]+"|"+l[1]+"|"+l[6]]++
	}
	if kinds["replace, generation 0|real|ground"] != 5 || kinds["accumulate, generation 10|accumulate|point"] != 5 {
		t.Errorf("%v", kinds)
	}
	for i, m := range []string{"50 %", "80 %", "95 %"} {
		if kinds[fmt.Sprintf("replace, generation 10|replace|contour %s, line %d", m, i+1)] < 8 {
			t.Errorf("no line of %s: %v", m, kinds)
		}
	}
	b.Reset()
	if err := f.WriteVegaLite(&b); err != nil || strings.Count(b.String(), `"isValid(datum.line)"`) != 4 {
		t.Errorf("%v: layers of contours: %d", err, strings.Count(b.String(), `"isValid(datum.line)"`))
	}
}

func TestCloudErrors(t *testing.T) {
	good := func() *Panel { return &Panel{Contours: []Contours{normalGrid(4, 1, 1, 0)}} }
	for want, change := range map[string]func(p *Panel){
		"1 x and 0 y":        func(p *Panel) { p.Points = []Points{{X: []float64{1}}} },
		"1 by 4 nodes":       func(p *Panel) { p.Contours[0].X = []float64{1} },
		"must be finite":     func(p *Panel) { p.Contours[0].X = []float64{0, 1, 1, 2} },
		"4 y and 3 rows":     func(p *Panel) { p.Contours[0].Z = p.Contours[0].Z[:3] },
		"3 values in row 1":  func(p *Panel) { p.Contours[0].Z[1] = p.Contours[0].Z[1][:3] },
		"level NaN":          func(p *Panel) { p.Contours[0].Levels = []float64{math.NaN()} },
		"1 levels and 2 lab": func(p *Panel) { p.Contours[0].Levels, p.Contours[0].Labels = []float64{0}, []string{"a", "b"} },
	} {
		p := good()
		change(p)
		if err := p.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if err := good().check(); err != nil {
		t.Error(err)
	}
}
