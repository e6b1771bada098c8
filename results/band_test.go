package results

import (
	"math"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

func close(a, b, tolerance float64) bool {
	return a == b || a != a && b != b || math.Abs(a-b) <= tolerance*math.Max(1, math.Abs(b))
}

func lineSet(log bool, values ...[]float64) Curves {
	c := Curves{Arm: "a", Series: "s", Log: log, Lines: values}
	for i := range values {
		c.Replicates = append(c.Replicates, i)
	}
	return c
}

// Student's t for 97.5 %: 12.7062047361747 with 1 degree of freedom, 2.77644510519779 with 4.
func TestBand(t *testing.T) {
	b := lineSet(false, []float64{1}, []float64{2}, []float64{3}, []float64{4}, []float64{5}).Band()
	p, half := b.Points[0], 2.77644510519779*math.Sqrt(2.5/5)
	if p.N != 5 || p.Mid != 3 || !close(p.SD, math.Sqrt(2.5), 1e-14) || !close(p.Lo, 3-half, 1e-13) || !close(p.Hi, 3+half, 1e-13) || p.Partial() {
		t.Errorf("%+v", p)
	}
	b = lineSet(true, []float64{1}, []float64{math.E * math.E}).Band()
	p = b.Points[0]
	if !close(p.Mid, math.E, 1e-14) || !close(p.SD, math.Sqrt2, 1e-14) || !close(p.Hi, math.Exp(1+12.7062047361747), 1e-11) || b.Functional != "mean of ln" {
		t.Errorf("%+v", p)
	}
}

func TestBandCountsWhatItLeavesOut(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	lines := [][]float64{{1, 0}, {2, inf}, {-1, nan}, {4, missing}}
	linear := lineSet(false, lines...).Band().Points
	if linear[0].N != 4 || linear[1].N != 1 || linear[1].Infinite != 1 || linear[1].NaN != 1 || linear[1].Missing != 1 || linear[1].Mid != 0 {
		t.Errorf("%+v", linear)
	}
	if p := linear[1]; p.SD == p.SD || p.Lo == p.Lo || p.Hi == p.Hi || !p.Partial() {
		t.Errorf("one value has no interval: %+v", p)
	}
	log := lineSet(true, lines...).Band().Points
	if log[0].N != 3 || log[0].Zero != 1 || !close(log[0].Mid, 2, 1e-14) {
		t.Errorf("%+v", log[0])
	}
	if log[1].N != 0 || log[1].Zero != 1 || log[1].Mid == log[1].Mid {
		t.Errorf("%+v", log[1])
	}
}

// A shift moves a linear band, a factor a logarithmic one; a paired difference with itself is no change at all.
func TestBandLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "n")
		a := make([][]float64, n)
		b := make([][]float64, n)
		for i := range a {
			a[i] = rapid.SliceOfN(rapid.Float64Range(0.01, 100), 3, 3).Draw(t, "line")
			for _, x := range a[i] {
				b[i] = append(b[i], 8*x)
			}
		}
		for _, log := range []bool{false, true} {
			x, y := lineSet(log, a...), lineSet(log, b...)
			for g, p := range x.Band().Points {
				q := y.Band().Points[g]
				if !close(q.Mid, 8*p.Mid, 1e-11) || !close(q.Lo, 8*p.Lo, 1e-9) || !close(q.Hi, 8*p.Hi, 1e-9) {
					t.Fatalf("log %v: %+v scaled by 8 is %+v", log, p, q)
				}
				if !(p.Lo <= p.Mid && p.Mid <= p.Hi) {
					t.Fatalf("%+v", p)
				}
			}
			none := map[bool]float64{false: 0, true: 1}[log]
			for _, p := range x.Minus(x).Band().Points {
				if p.Mid != none || p.Lo != none || p.Hi != none {
					t.Fatalf("log %v: a line minus itself: %+v", log, p)
				}
			}
			if p := x.Excess().Band().Points[0]; p.Mid != none || p.SD != 0 {
				t.Fatalf("log %v: the excess at 0: %+v", log, p)
			}
		}
	})
}

func TestMinusPairsReplicates(t *testing.T) {
	a := Curves{Replicates: []int{0, 2, 5}, Lines: [][]float64{{1, 1}, {2, 2}, {3, 3}}}
	b := Curves{Replicates: []int{5, 0}, Lines: [][]float64{{1}, {1}}}
	d := a.Minus(b)
	if len(d.Lines) != 2 || d.Replicates[1] != 5 || d.Lines[1][0] != 2 || !IsMissing(d.Lines[0][1]) {
		t.Errorf("%+v", d)
	}
	if p := d.Band().Points[1]; p.N != 0 || p.Missing != 2 {
		t.Errorf("%+v", p)
	}
}

func TestTable(t *testing.T) {
	dir := filepath.Join(memory(t), "run")
	must(t, runAll(dir, small(3), cheap, twoMetrics, false, nil))
	r, err := OpenRun(dir)
	must(t, err)
	defer r.Close()
	tab, err := r.Table()
	must(t, err)
	if s := tab.Series(); len(s) != 3 || s[0] != "variance" {
		t.Error(s)
	}
	if n := tab.Nodes("replace", "variance"); len(n) != 2 || n[1] != 1 {
		t.Error(n)
	}
	c := tab.Curves("accumulate", "variance", 0)
	if !c.Log || len(c.Lines) != 3 || len(c.Lines[2]) != generations || c.Lines[2][3] != record("c12", 3, twoMetrics).Values[0].X {
		t.Errorf("%+v", c)
	}
	if c := tab.Curves("accumulate", "variance", 7); len(c.Lines) != 0 || len(c.Band().Points) != 0 {
		t.Errorf("%+v", c)
	}
	if p := tab.Curves("replace", "tail_loss.bigram", 0).Band().Points[0]; p.N != 0 || p.Infinite != 3 {
		t.Errorf("%+v", p)
	}
}
