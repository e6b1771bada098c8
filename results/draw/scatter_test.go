package draw

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"modelcollapse/results"
)

// attachedRun is a run of cells that attach what content says of each generation.
func attachedRun(t *testing.T, m results.Manifest, last int, content func(c results.CellInfo, g int) map[string]string) Run {
	t.Helper()
	dir := t.TempDir()
	run, err := results.Create(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range m.Cells {
		w, err := run.Cell(c.ID, map[string]string{"scatter": "x"})
		if err != nil {
			t.Fatal(err)
		}
		for g := range last + 1 {
			all := content(c, g)
			for _, name := range []string{results.ScatterReal, results.ScatterRows, results.ScatterDensity} {
				if all[name] == "" {
					continue
				}
				if err := w.Attach(g, 0, name, "text/csv", []byte(all[name])); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Put(results.Record{Generation: g}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Seal("finished", time.Second, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := results.OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	d, err := Read(r)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func twoArms() results.Manifest {
	return results.Manifest{Config: []byte("title: t\n"), Notes: []string{"A note."}, Arms: []results.ArmInfo{{Name: "a"}, {Name: "b"}},
		Cells: []results.CellInfo{{ID: "a3", Arm: "a", Replicate: 3}, {ID: "b3", Arm: "b", Replicate: 3}, {ID: "a4", Arm: "a", Replicate: 4}, {ID: "b4", Arm: "b", Replicate: 4}}}
}

func oneCell() results.Manifest {
	m := twoArms()
	m.Arms, m.Cells = m.Arms[:1], m.Cells[:1]
	return m
}

// hill is the log density of a normal of standard deviation s in n by n nodes over [−3, 3]².
func hill(n int, s float64) string {
	at := func(i int) float64 { return -3 + 6*float64(i)/float64(n-1) }
	b := "log density"
	for i := range n {
		b += fmt.Sprintf(",%g", at(i))
	}
	for j := range n {
		b += fmt.Sprintf("\n%g", at(j))
		for i := range n {
			b += fmt.Sprintf(",%g", -(at(i)*at(i)+at(j)*at(j))/(2*s*s))
		}
	}
	return b + "\n"
}

// simple attaches two rows a generation, of which the second leaves [−3, 3]² in arm b; a narrows until no grid shows it.
func simple(c results.CellInfo, g int) map[string]string {
	out := map[string]string{results.ScatterRows: fmt.Sprintf("u,v\n1,%d\n\"NaN\",0\n", c.Replicate), results.ScatterDensity: hill(30, math.Exp(-float64(g)))}
	if c.Arm == "b" {
		out[results.ScatterRows] = "u,v\n1,2\n-1,100\n\"+Inf\",0\n"
	}
	if g == 0 {
		out[results.ScatterReal] = "u,v\n0,0\n1,1\n2,2\n"
	}
	return out
}

func TestScatter(t *testing.T) {
	r := attachedRun(t, twoArms(), 3, simple)
	f, err := r.Figure(Spec{Name: "s", Title: "T", Scatter: true, Generations: []int{0, 1, 3}})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Panels) != 6 || f.Columns != 3 || f.Title != "T" || !f.Table {
		t.Fatalf("%d panels in %d columns", len(f.Panels), f.Columns)
	}
	for i, p := range f.Panels {
		arm, g := []string{"a", "b"}[i/3], []int{0, 1, 3}[i%3]
		if p.Side != arm || p.Title != fmt.Sprintf("generation %d", g) || *p.X.Min != -3 || *p.Y.Max != 3 || p.Y.Label != "v" {
			t.Errorf("panel %d: %s, %s, x from %g, y to %g, %q", i, p.Side, p.Title, *p.X.Min, *p.Y.Max, p.Y.Label)
		}
		if !p.Points[0].Ground || len(p.Points[0].X) != 3 || p.Points[1].Name != arm {
			t.Errorf("panel %d: points %v", i, p.Points)
		}
		if want := g < 3; want != (len(p.Contours) == 1) {
			t.Errorf("panel %d: %d contours", i, len(p.Contours))
		}
	}
	if y := f.Panels[0].Points[1].Y[0]; y != 3 {
		t.Errorf("rows of replicate %g are shown, and 3 is the first", y)
	}
	for _, text := range []string{"Replicate 3.", "3 real rows", "3 fresh rows", "50, 80 and 95 %", "narrower than the grid", "beyond the axes (6)", "3 rows are not numbers", "A note."} {
		if !strings.Contains(f.Caption, text) {
			t.Errorf("the caption lacks %q: %s", text, f.Caption)
		}
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
}

func TestScatterGenerations(t *testing.T) {
	r := attachedRun(t, oneCell(), 1, simple)
	f, err := r.Figure(Spec{Scatter: true})
	if err != nil || len(f.Panels) != 2 {
		t.Errorf("%v: %d panels, want both generations", err, len(f.Panels))
	}
	if _, err := r.Figure(Spec{Name: "s", Scatter: true, Generations: []int{7}}); err == nil || !strings.Contains(err.Error(), "figure s: no rows of generation 7 are attached; there are those of 0, 1") {
		t.Errorf("error %v", err)
	}
	if _, err := r.Figure(Spec{Scatter: true, Generations: make([]int, 40)}); err == nil || !strings.Contains(err.Error(), "at most 32") {
		t.Errorf("error %v", err)
	}
	if f, err := r.Figure(Spec{Scatter: true, Generations: []int{1, 7}}); err != nil || len(f.Panels[1].Points) != 0 || f.Check() != nil {
		t.Errorf("a generation after the last: %v", err)
	}
	all := []clouds{{rows: map[int]results.Attachment{}}}
	for g := range 51 {
		all[0].rows[g] = results.Attachment{}
	}
	if got, err := generationsOf(all, nil); err != nil || !slices.Equal(got, []int{0, 10, 20, 30, 40, 50}) {
		t.Errorf("spread over 0 to 50: %v (%v)", got, err)
	}
	if got := ranges([]int{0, 1, 2, 5, 7, 8, 10}); got != "0 to 2, 5, 7, 8, 10" {
		t.Error(got)
	}
}

// Without a density the axes hold the real rows and a margin; a chain that ended early has panels without data; an arm
// whose first replicate attached nothing shows the next.
func TestScatterOfLess(t *testing.T) {
	r := attachedRun(t, twoArms(), 2, func(c results.CellInfo, g int) map[string]string {
		out := simple(c, g)
		delete(out, results.ScatterDensity)
		if c.ID == "a3" || c.Arm == "b" && g == 2 {
			return nil
		}
		return out
	})
	f, err := r.Figure(Spec{Scatter: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Panels) != 6 || *f.Panels[0].X.Min != -.2 || *f.Panels[0].X.Max != 2.2 || len(f.Panels[5].Points) != 0 {
		t.Errorf("%d panels, x from %g, %d clouds in the last", len(f.Panels), *f.Panels[0].X.Min, len(f.Panels[5].Points))
	}
	for _, text := range []string{"Replicates: a 4, b 3.", "not on record"} {
		if !strings.Contains(f.Caption, text) {
			t.Errorf("the caption lacks %q: %s", text, f.Caption)
		}
	}
	if strings.Contains(f.Caption, "ontours") {
		t.Errorf("there are no contours: %s", f.Caption)
	}
	none := attachedRun(t, oneCell(), 0, func(results.CellInfo, int) map[string]string { return nil })
	if _, err := none.Figure(Spec{Scatter: true}); err == nil || !strings.Contains(err.Error(), "the metric scatter attaches") {
		t.Errorf("error %v", err)
	}
}

// Broken attachments are errors with their cell, never a panic.
func TestScatterOfBrokenAttachments(t *testing.T) {
	for name, text := range map[string]string{results.ScatterRows: "u,v\n1,x\n", results.ScatterReal: "u\n1\n", results.ScatterDensity: "d,1,2\n1,0\n"} {
		r := attachedRun(t, oneCell(), 0, func(c results.CellInfo, g int) map[string]string {
			out := simple(c, g)
			out[name] = text
			return out
		})
		if _, err := r.Figure(Spec{Scatter: true}); err == nil || !strings.Contains(err.Error(), "cell a3: attachment "+name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// The contour that holds a share of a normal's mass is where its density is 1 − share of its top: within 1 % of the mass
// where its least standard deviation is one and a half steps of the grid or more.
func TestMassLevelsOfANormal(t *testing.T) {
	const step = 8 / 59.0
	for _, c := range []struct{ steps, rho, most float64 }{{1.1, 0, .012}, {1, -.7, .012}, {1.5, 0, .012}, {3, 0, .003}, {3, .6, .003}, {5, -.7, .003}, {6, 0, .003}} {
		s := c.steps * step / math.Sqrt(1-math.Abs(c.rho))
		worst := 0.0
		for _, d := range []float64{0, .03, .31} {
			z := make([][]float64, 60)
			for j := range z {
				for i := range 60 {
					x, y := (-4+step*float64(i))-d, (-4+step*float64(j))+d
					z[j] = append(z[j], 700-(x*x-2*c.rho*x*y+y*y)/(2*s*s*(1-c.rho*c.rho)))
				}
			}
			levels, ok := massLevels(z, masses())
			if !ok {
				t.Fatal("no levels")
			}
			for k, m := range masses() {
				worst = max(worst, math.Abs(1-math.Exp(levels[k]-700)-m))
			}
		}
		t.Logf("%g steps, correlation %g: a contour is off by a mass of %.3g", c.steps, c.rho, worst)
		if worst > c.most {
			t.Errorf("%g steps, correlation %g: a contour is off by a mass of %.3g, want at most %g", c.steps, c.rho, worst, c.most)
		}
	}
}

func TestMassLevelsOfDegenerateDensities(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	flat := [][]float64{{0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}, {-inf, -inf, -inf, -inf, -inf, -inf}}
	if levels, ok := massLevels(flat, masses()); !ok || levels[0] != 0 || levels[2] != 0 {
		t.Errorf("flat: %v %v", levels, ok)
	}
	for name, z := range map[string][][]float64{"none": {}, "NaN": {{0, nan}}, "infinite": {{0, inf}}, "nothing": {{-inf, -inf}},
		"narrow": {{0, -500, -500, -500, -500, -500}}, "one": {{0}}} {
		if levels, ok := massLevels(z, masses()); ok {
			t.Errorf("%s: levels %v", name, levels)
		}
	}
}
