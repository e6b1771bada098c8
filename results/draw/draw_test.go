package draw

import (
	"math"
	"strings"
	"testing"
	"time"

	"modelcollapse/results"
	"modelcollapse/results/figure"
)

// recorded is a run of two arms with two replicates each; b has a theory line, on another functional than its band for s2.
func recorded(t *testing.T) Run {
	t.Helper()
	dir := t.TempDir()
	m := results.Manifest{Config: []byte("title: t\n"), Notes: []string{"A note."},
		Arms:  []results.ArmInfo{{Name: "a"}, {Name: "b"}},
		Axes:  []results.Axis{{Series: "s1", Label: "first (nats)"}, {Series: "s2@*", Label: "second", Log: true}},
		Cells: []results.CellInfo{{ID: "a0", Arm: "a"}, {ID: "a1", Arm: "a", Replicate: 1}, {ID: "b0", Arm: "b"}, {ID: "b1", Arm: "b", Replicate: 1}}}
	run, err := results.Create(dir, m)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range m.Cells {
		w, err := run.Cell(c.ID, map[string]string{"s1": "x", "s2": "y"})
		if err != nil {
			t.Fatal(err)
		}
		for g := range 3 {
			err := w.Put(results.Record{Generation: g, Values: []results.Value{{Series: "s1", X: float64(i + g)}, {Series: "s2@9", X: math.Pow(10, float64(g+c.Replicate))}}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Seal("finished", time.Second, 0); err != nil {
			t.Fatal(err)
		}
	}
	lines := []results.Prediction{{Generation: 1, Series: "s1", Functional: "mean", Law: "law", X: 2}, {Generation: 1, Series: "s2@9", Functional: "mean", Law: "law", X: 2}}
	if err := run.WritePredictions([]results.Theory{{Arm: "b", Predictions: lines}}); err != nil {
		t.Fatal(err)
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

// A theory line is drawn where it is about what the band shows, and nowhere else; the caption says for which arms.
func TestTheoryOnTheBandsFunctional(t *testing.T) {
	f, err := recorded(t).Figure(Spec{Name: "n", Series: []string{"s1", "s2"}, Theory: true})
	if err != nil {
		t.Fatal(err)
	}
	theory := func(p figure.Panel) (names []string) {
		for _, c := range p.Curves {
			if c.Theory {
				names = append(names, c.Name+" "+c.Law)
			}
		}
		return names
	}
	if got := theory(f.Panels[0]); len(got) != 1 || got[0] != "b law" {
		t.Errorf("panel of means: %v", got)
	}
	if got := theory(f.Panels[1]); len(got) != 0 {
		t.Errorf("a line of means is drawn under a band of logs: %v", got)
	}
	if mid := f.Panels[1].Curves[0].Mid; math.Abs(mid[1]/math.Sqrt(10*100)-1) > 1e-12 {
		t.Errorf("the mean of logs of 10 and 100 is drawn at %g", mid[1])
	}
	for _, text := range []string{"2 replicates", "Theory lines for b.", "A note."} {
		if !strings.Contains(f.Caption, text) {
			t.Errorf("the caption lacks %q: %s", text, f.Caption)
		}
	}
}

func TestUnknownSeries(t *testing.T) {
	if _, err := recorded(t).Figure(Spec{Name: "n", Series: []string{"s3"}}); err == nil || !strings.Contains(err.Error(), "s1, s2@9") {
		t.Errorf("%v: want an error that lists the series", err)
	}
}

// The difference of two arms is taken replicate by replicate: here it is 2 everywhere, though the arms vary.
func TestComparePairs(t *testing.T) {
	r := recorded(t)
	f, err := Compare(Side{r, "a", "a"}, Side{r, "b", "b"}, []string{"s1"})
	if err != nil {
		t.Fatal(err)
	}
	for g, x := range f.Panels[1].Curves[0].Mid {
		if x != 2 || f.Panels[1].Curves[0].Lo[g] != 2 {
			t.Errorf("generation %d: difference %g, from %g", g, x, f.Panels[1].Curves[0].Lo[g])
		}
	}
}
