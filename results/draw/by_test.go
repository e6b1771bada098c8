package draw

import (
	"fmt"
	"strings"
	"testing"

	"modelcollapse/results"
)

// A panel a value of one axis, a table of two; lines are called by what else is swept, and have one style in all panels.
func TestPanelsBySweptAxes(t *testing.T) {
	m := results.Manifest{Config: []byte("title: t\n"), Axes: []results.Axis{{Series: "s", Label: "measured"}}}
	for _, rule := range []string{"replace", "accumulate"} {
		for _, rows := range []string{"9", "10"} {
			for _, dim := range []string{"1", "2", "3"} {
				name := fmt.Sprintf("%s,rows=%s,dim=%s", rule, rows, dim)
				m.Arms = append(m.Arms, results.ArmInfo{Name: name, Point: [][2]string{{"workflow", rule}, {"rows", rows}, {"data.dim", dim}}})
				m.Cells = append(m.Cells, results.CellInfo{ID: name, Arm: name})
			}
		}
	}
	r := Run{Manifest: m, Table: results.NewTable(m, m.Cells)}
	for i, c := range m.Cells {
		if err := r.Table.Add(c, results.Record{Values: []results.Value{{Series: "s", X: float64(i)}}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		by     []string
		panels string
		lines  string // of the last panel, with what is measured
		arms   int
	}{
		{[]string{"data.dim"}, "dim = 1; dim = 2; dim = 3", "replace, rows=9: 2; replace, rows=10: 5; accumulate, rows=9: 8; accumulate, rows=10: 11", 4},
		{[]string{"rows", "data.dim"}, "rows = 9dim = 1; rows = 9dim = 2; rows = 9dim = 3; rows = 10dim = 1; rows = 10dim = 2; rows = 10dim = 3", "replace: 5; accumulate: 11", 2},
		{[]string{"workflow", "rows"}, "workflow = replacerows = 9; workflow = replacerows = 10; workflow = accumulaterows = 9; workflow = accumulaterows = 10", "dim=1: 9; dim=2: 10; dim=3: 11", 3},
	} {
		f, err := r.Figure(Spec{Name: "n", Series: []string{"s"}, By: c.by})
		if err != nil {
			t.Fatal(err)
		}
		var panels, lines []string
		for _, p := range f.Panels {
			panels = append(panels, p.Side+p.Title)
		}
		for _, l := range f.Panels[len(f.Panels)-1].Curves {
			lines = append(lines, fmt.Sprintf("%s: %g", l.Name, l.Mid[0]))
		}
		if got := strings.Join(panels, "; "); got != c.panels {
			t.Errorf("%v: panels %s", c.by, got)
		}
		if got := strings.Join(lines, "; "); got != c.lines {
			t.Errorf("%v: lines %s", c.by, got)
		}
		if len(f.Arms) != c.arms || !f.Share || f.Table != (len(c.by) == 2) {
			t.Errorf("%v: arms %v, shared %v, table %v", c.by, f.Arms, f.Share, f.Table)
		}
	}
	if _, err := r.Figure(Spec{Name: "n", Series: []string{"s"}, By: []string{"dim"}}); err == nil || !strings.Contains(err.Error(), `by: "dim" is not swept; swept are workflow, rows, data.dim`) {
		t.Error(err)
	}
}
