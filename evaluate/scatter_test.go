package evaluate

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// pinned collects what a gauge attaches.
type pinned map[string]string

func (p pinned) Put(series string, x float64) { p["put "+series] = fmt.Sprint(x) }
func (p pinned) Attach(name, mediaType string, content []byte) {
	if mediaType != "text/csv" || p[name] != "" {
		name = "unexpected " + name + " " + mediaType
	}
	p[name] = string(content)
}

func (p pinned) numbers(t testing.TB, name string) (header []string, rows [][]float64) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader([]byte(p[name]))).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %v", name, err)
	}
	for _, l := range all[1:] {
		row := make([]float64, len(l))
		for i, s := range l {
			if row[i], err = strconv.ParseFloat(s, 64); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		rows = append(rows, row)
	}
	return all[0], rows
}

func scatterOf(t testing.TB, m Scatter, r Real[generate.Vector], v View[generate.Vector]) pinned {
	t.Helper()
	g, err := m.Start(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	p := pinned{}
	if err := g.Measure(context.Background(), v, p); err != nil {
		t.Fatal(err)
	}
	return p
}

var plain = Scatter{Rows: 400, Grid: 60, Columns: [2]int{0, 1}, Replicates: 1}

// The rows are draws of the fit and the grid is its log density, over a box that holds the real rows.
func TestScatterShowsTheFit(t *testing.T) {
	truth := jointOf(t, []float64{1, -2}, [][]float64{{4, 1}, {1, 1}})
	fit := jointOf(t, []float64{0, -1}, [][]float64{{1, -.5}, {-.5, 2}})
	p := scatterOf(t, plain, vectorReal(truth), View[generate.Vector]{Model: fit})
	if len(p) != 3 {
		t.Fatalf("attached %d things", len(p))
	}
	header, real := p.numbers(t, results.ScatterReal)
	if fmt.Sprint(header) != "[column 0 column 1]" || len(real) != 400 {
		t.Fatalf("%v, %d real rows", header, len(real))
	}
	_, rows := p.numbers(t, results.ScatterRows)
	for c := range 2 {
		column := make([]float64, len(rows))
		for i := range rows {
			column[i] = rows[i][c]
		}
		sd := math.Sqrt(fit.Variances()[c])
		if d := num.DKW(len(rows), 1e-6); ksTo(column, func(x float64) float64 { return num.NormalCDF((x - fit.Mean()[c]) / sd) }) > d {
			t.Errorf("column %d of the fresh rows is not that of the fit, at 1e-6", c)
		}
	}
	nodes, grid := gridOf(t, p)
	if len(nodes) != 60 || len(grid) != 60 {
		t.Fatalf("a grid of %d by %d", len(nodes), len(grid))
	}
	for _, row := range real {
		if row[0] <= nodes[0] || row[0] >= nodes[59] || row[1] <= grid[0][0] || row[1] >= grid[59][0] {
			t.Errorf("the real row %v is outside of the grid", row)
		}
	}
	worst, nats := 0.0, make([]float64, 1)
	for _, line := range grid {
		for i, x := range nodes {
			if err := fit.Score(context.Background(), []generate.Vector{{x, line[0]}}, nats); err != nil {
				t.Fatal(err)
			}
			worst = max(worst, math.Abs(line[i+1]-nats[0]))
		}
	}
	if worst > .500001e-4 {
		t.Errorf("a node is %g nats from the fit's density", worst)
	}
}

// gridOf is the nodes of the first column, and of each node of the second the node and its values.
func gridOf(t testing.TB, p pinned) (nodes []float64, grid [][]float64) {
	t.Helper()
	header, grid := p.numbers(t, results.ScatterDensity)
	for _, s := range header[1:] {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, x)
	}
	return nodes, grid
}

// ksTo is the largest distance of the empirical distribution of xs to f.
func ksTo(xs []float64, f func(float64) float64) (d float64) {
	for _, x := range xs {
		below, to := 0, 0
		for _, y := range xs {
			if y < x {
				below++
			}
			if y <= x {
				to++
			}
		}
		n := float64(len(xs))
		d = max(d, math.Abs(f(x)-float64(below)/n), math.Abs(f(x)-float64(to)/n))
	}
	return d
}

// Columns taken the other way round mirror the picture.
func TestScatterColumns(t *testing.T) {
	truth := jointOf(t, []float64{1, -2}, [][]float64{{4, 1}, {1, 1}})
	swapped := plain
	swapped.Columns = [2]int{1, 0}
	v := View[generate.Vector]{Model: truth, Generation: 3}
	a, b := scatterOf(t, plain, vectorReal(truth), v), scatterOf(t, swapped, vectorReal(truth), v)
	if a[results.ScatterReal] != "" {
		t.Error("real rows are attached once, to generation 0")
	}
	_, x := a.numbers(t, results.ScatterRows)
	_, y := b.numbers(t, results.ScatterRows)
	for i := range x {
		if x[i][0] != y[i][1] || x[i][1] != y[i][0] {
			t.Fatalf("row %d is %v and %v", i, x[i], y[i])
		}
	}
	nodes, p := gridOf(t, a)
	others, q := gridOf(t, b)
	for j := range p {
		for i := range nodes {
			if p[j][i+1] != q[i][j+1] || nodes[i] != q[i][0] || p[j][0] != others[j] {
				t.Fatalf("node (%d, %d): %g and %g", i, j, p[j][i+1], q[i][j+1])
			}
		}
	}
	wide := plain
	wide.Columns = [2]int{0, 2}
	if _, err := wide.Start(context.Background(), vectorReal(truth)); err == nil || !strings.Contains(err.Error(), "no column 2: row 0 has 2") {
		t.Errorf("error %v", err)
	}
	three := jointOf(t, []float64{0, 0, 0}, [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}})
	if p := scatterOf(t, wide, vectorReal(three), View[generate.Vector]{Model: three}); len(p) != 2 {
		t.Errorf("of a fit of three columns %d things are attached, want rows and real rows", len(p))
	}
}

// Only the first replicate attaches, and a restart attaches the same.
func TestScatterIsAPureFunction(t *testing.T) {
	truth := jointOf(t, []float64{0, 0}, [][]float64{{1, 0}, {0, 1}})
	r := vectorReal(truth)
	v := View[generate.Vector]{Model: truth}
	if a, b := scatterOf(t, plain, r, v), scatterOf(t, plain, r, v); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("two measures differ")
	}
	r.Replicate = 1
	if p := scatterOf(t, plain, r, v); len(p) != 0 {
		t.Errorf("the second replicate attaches %d things", len(p))
	}
	two := plain
	two.Replicates = 2
	if p := scatterOf(t, two, r, v); len(p) != 3 {
		t.Errorf("of two replicates, the second attaches %d things", len(p))
	}
}

// rowsOnly is a fit without a density, that draws what it is told to.
type rowsOnly struct{ row generate.Vector }

func (f rowsOnly) Draw(_ context.Context, dst []generate.Vector, n int, _ *rand.Rand) ([]generate.Vector, error) {
	for range n {
		dst = append(dst, f.row)
	}
	return dst, nil
}

func TestScatterOfDegenerateRows(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	point := jointOf(t, []float64{3, 4}, [][]float64{{0, 0}, {0, 0}})
	for name, c := range map[string]struct {
		real  []generate.Vector
		nodes int
	}{
		"none": {nil, 0}, "one": {[]generate.Vector{{1, 2}}, 60}, "constant": {[]generate.Vector{{0, 1}, {0, 2}}, 60},
		"duplicates": {[]generate.Vector{{5, 5}, {5, 5}}, 60}, "not finite": {[]generate.Vector{{nan, inf}, {inf, nan}}, 0},
		"some finite": {[]generate.Vector{{nan, 1}, {2, inf}, {3, 4}}, 60}, "huge": {[]generate.Vector{{-1e308, 1}, {1e308, 2}}, 60},
		"too huge": {[]generate.Vector{{-1.7e308, 1}, {1.7e308, 2}}, 0}, "tiny": {[]generate.Vector{{5e-324, 0}, {0, 5e-324}}, 60},
	} {
		p := scatterOf(t, plain, vectorReal(finiteVectors{c.real}), View[generate.Vector]{Model: point})
		if _, rows := p.numbers(t, results.ScatterReal); len(rows) != len(c.real) {
			t.Errorf("%s: %d real rows", name, len(rows))
		}
		if p[results.ScatterDensity] == "" {
			if c.nodes > 0 {
				t.Errorf("%s: no density", name)
			}
			continue
		}
		nodes, grid := gridOf(t, p)
		for j := range c.nodes {
			if math.IsInf(nodes[j], 0) || j > 0 && (nodes[j] <= nodes[j-1] || grid[j][0] <= grid[j-1][0]) || len(grid[j]) != c.nodes+1 {
				t.Errorf("%s: node %d at %g and %g", name, j, nodes[j], grid[j][0])
			}
		}
	}
	for name, row := range map[string]generate.Vector{"NaN": {nan, inf}, "huge": {-1e308, 1e308}} {
		p := scatterOf(t, plain, vectorReal(point), View[generate.Vector]{Model: rowsOnly{row}})
		if _, rows := p.numbers(t, results.ScatterRows); len(rows) != 400 || fmt.Sprint(rows[7]) != fmt.Sprint(row) || p[results.ScatterDensity] != "" {
			t.Errorf("%s: rows %v", name, rows[:1])
		}
	}
	short, err := plain.Start(context.Background(), vectorReal(point))
	if err != nil {
		t.Fatal(err)
	}
	if err := short.Measure(context.Background(), View[generate.Vector]{Model: rowsOnly{generate.Vector{1}}}, pinned{}); err == nil {
		t.Error("rows of one column are taken")
	}
	if _, err := plain.Start(context.Background(), vectorReal(failing{})); err == nil || !strings.Contains(err.Error(), "no rows today") {
		t.Errorf("error %v", err)
	}
}

// failing is a truth that cannot be drawn from.
type failing struct{}

func (failing) Draw(context.Context, []generate.Vector, int, *rand.Rand) ([]generate.Vector, error) {
	return nil, errors.New("no rows today")
}

func TestScatterSettings(t *testing.T) {
	for want, change := range map[string]func(m *Scatter){
		"stands twice": func(m *Scatter) { m.Columns[1] = 0 },
		"at least 8":   func(m *Scatter) { m.Grid = 7 },
	} {
		m := plain
		change(&m)
		if err := m.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	none := plain
	if none.Grid = 0; none.Validate() != nil {
		t.Error("a picture without density is refused")
	}
}
