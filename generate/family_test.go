package generate

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"

	"modelcollapse/internal/rng"
)

// A familyCase is what checkFamily must know of a family; a capability that truth or model lack is not checked.
type familyCase[E any] struct {
	kind   Kind[E]
	truth  Source[E] // a member of the family
	model  Model[E]  // bound to the truth
	params func(Fitted[E]) []float64
	want   []float64 // params of the truth
	sd     []float64 // of params from many rows, times the root of their number
	odd    []oddRows[E]
}

// oddRows are rows as they should not be, and what the fit says of them; "?" for anything but a panic.
type oddRows[E any] struct {
	rows []E
	why  string
}

// checkFamily holds a family to what every family promises.
func checkFamily[E any](t *testing.T, c familyCase[E]) {
	t.Run("recovers", func(t *testing.T) { checkRecovers(t, c) })
	t.Run("is pure", func(t *testing.T) { checkPure(t, c) })
	t.Run("statistics have the law of rows", func(t *testing.T) { checkStatistics(t, c) })
	t.Run("innovations are uniform", func(t *testing.T) { checkInnovations(t, c) })
	t.Run("odd rows", func(t *testing.T) { checkOdd(t, c) })
	t.Run("save and restore", func(t *testing.T) { checkSaved(t, c) })
}

// fitTo fits a model to rows that weigh alike.
func fitTo[E any](t *testing.T, m Model[E], rows []E) Fitted[E] {
	t.Helper()
	f, err := m.Fit(t.Context(), Task[E]{Train: Sample[E]{{Rows: rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rowsOf[E any](t *testing.T, from Source[E], n int, key rng.Key) []E {
	t.Helper()
	rows, err := from.Draw(t.Context(), nil, n, key.Stream())
	if err != nil || len(rows) != n {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows
}

// checkRecovers: from many rows the parameters are found to five standard errors, of rows that weigh twice too.
func checkRecovers[E any](t *testing.T, c familyCase[E]) {
	const n = 40000
	rows := rowsOf(t, c.truth, n, rng.Root(31))
	f := fitTo(t, c.model, rows)
	for i, x := range c.params(f) {
		if d := math.Abs(x - c.want[i]); !(d < 5*c.sd[i]/math.Sqrt(n)) {
			t.Errorf("parameter %d: %g, want %g", i, x, c.want[i])
		}
	}
	if d, ok := f.(Degenerate); ok && d.Degenerate() != "" {
		t.Errorf("degenerate: %s", d.Degenerate())
	}
	if w, ok := c.model.(Weigher); ok && w.Weighs() {
		f2, err := c.model.Fit(t.Context(), Task[E]{Train: Sample[E]{{Rows: rows[:n/2], Weight: 3}, {Rows: rows[n/2:], Weight: 3}}})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "weighted alike", c.params(f2), c.params(f), 1e-12)
	}
}

// checkPure: the same stream gives the same bits, and what was there stays.
func checkPure[E any](t *testing.T, c familyCase[E]) {
	old := rowsOf(t, c.truth, 5, rng.Root(32))
	got, err := c.truth.Draw(t.Context(), slices.Clone(old), 50, rng.Root(33).Stream())
	if err != nil || len(got) != 55 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if !c.same(t, got[:5], old) || !c.same(t, got[5:], rowsOf(t, c.truth, 50, rng.Root(33))) {
		t.Error("the same stream gave other rows, or rows that existed changed")
	}
}

// same compares rows bit by bit.
func (c familyCase[E]) same(t *testing.T, x, y []E) bool {
	t.Helper()
	var a, b bytes.Buffer
	if err := errors.Join(c.kind.Encode(&a, x), c.kind.Encode(&b, y)); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(a.Bytes(), b.Bytes())
}

// few is how many rows a fit of the checks below learns from: few enough for every law to be far from normal.
const few = 7

// checkStatistics: parameters fitted to statistics drawn have the law of those fitted to rows drawn.
func checkStatistics[E any](t *testing.T, c familyCase[E]) {
	m, ok := c.model.(Incremental[E])
	d, draws := c.truth.(StatDrawer[E])
	if !ok || !draws {
		t.Skip("learns from rows")
	}
	var byRows, byStats [][]float64
	for i := range 2000 {
		key, s := rng.Root(34).Child("replicate", i), m.Empty()
		if !d.DrawStats(s, few, key.Child("statistics", 0).Stream()) || s.Rows() != few {
			t.Fatalf("statistics of %g rows", s.Rows())
		}
		f, err := m.FitStats(t.Context(), Task[E]{}, s)
		if err != nil {
			t.Fatal(err)
		}
		byStats = append(byStats, c.params(f))
		byRows = append(byRows, c.params(fitTo(t, c.model, rowsOf(t, c.truth, few, key))))
	}
	for i := range c.want {
		column := func(x [][]float64) (out []float64) {
			for _, row := range x {
				out = append(out, row[i])
			}
			return out
		}
		if ks := ksDistance(column(byRows), column(byStats)); ks > 2.3 {
			t.Errorf("parameter %d: distance %.2f", i, ks)
		}
	}
}

// checkInnovations: over chains of replace, by statistics where that can be and by rows, every transform of a step is
// uniform, and independent of the one before.
func checkInnovations[E any](t *testing.T, c familyCase[E]) {
	if _, ok := c.truth.(Innovator[E]); !ok {
		t.Skip("does not know the law of a step")
	}
	for _, byRows := range []bool{false, true} {
		all := map[string][]float64{}
		lag, pairs := map[string]float64{}, map[string]float64{}
		for i := range 150 {
			from, last := c.truth, map[string]float64{}
			for g := range 20 {
				o := outcome(t, c.model, from, byRows, rng.Root(35).Child("replicate", i).Child("generation", g))
				now := map[string]float64{}
				for _, x := range from.(Innovator[E]).Innovations(nil, o, rng.Root(36).Child("replicate", i).Child("u", g).Stream()) {
					all[x.Name], now[x.Name] = append(all[x.Name], x.U), x.U
					if u, ok := last[x.Name]; ok {
						lag[x.Name], pairs[x.Name] = lag[x.Name]+(u-.5)*(x.U-.5), pairs[x.Name]+1
					}
				}
				last = now
				from = o.Fit
			}
		}
		if len(all) == 0 {
			t.Error("no transforms")
		}
		for name, u := range all {
			if d := uniformDistance(u); !(d < 2.5) {
				t.Errorf("by rows %v: %s: distance %.2f of %d", byRows, name, d, len(u))
			}
			if z := 12 * lag[name] / math.Sqrt(pairs[name]); pairs[name] > 0 && !(math.Abs(z) < 4.5) {
				t.Errorf("by rows %v: %s: lag-1 correlation: z = %.1f", byRows, name, z)
			}
		}
	}
}

// outcome is a few draws and what the model makes of them.
func outcome[E any](t *testing.T, model Model[E], from Source[E], byRows bool, key rng.Key) Outcome[E] {
	t.Helper()
	o := Outcome[E]{N: few}
	m, merges := model.(Incremental[E])
	d, draws := from.(StatDrawer[E])
	if merges && draws && !byRows {
		o.Stats = m.Empty()
		if d.DrawStats(o.Stats, few, key.Stream()) {
			var err error
			if o.Fit, err = m.FitStats(t.Context(), Task[E]{}, o.Stats); err != nil {
				t.Fatal(err)
			}
			return o
		}
	}
	o.Rows = rowsOf(t, from, few, key)
	if merges {
		o.Stats = m.Empty()
		o.Stats.Add(Span[E]{Rows: o.Rows, Weight: 1})
	}
	o.Fit = fitTo(t, model, o.Rows)
	return o
}

// checkOdd: odd rows give fits that say what they are, can be drawn from, scored, saved and followed.
func checkOdd[E any](t *testing.T, c familyCase[E]) {
	for _, odd := range c.odd {
		f := fitTo(t, c.model, odd.rows)
		if why := f.(Degenerate).Degenerate(); why != odd.why && odd.why != "?" {
			t.Errorf("%v: %q, want %q", odd.rows, why, odd.why)
		}
		rows := rowsOf[E](t, f, 3, rng.Root(37))
		if s, ok := f.(Scorer[E]); ok {
			if err := s.Score(t.Context(), rows, make([]float64, 3)); err != nil {
				t.Errorf("%v: %v", odd.rows, err)
			}
		}
		if in, ok := f.(Innovator[E]); ok {
			for _, x := range in.Innovations(nil, outcome(t, c.model, f, false, rng.Root(38)), rng.Root(39).Stream()) {
				if !(x.U >= 0 && x.U <= 1) && f.(Degenerate).Degenerate() == "" {
					t.Errorf("%v: %s = %g", odd.rows, x.Name, x.U)
				}
			}
		}
		fitTo(t, c.model, rows)
	}
}

// checkSaved: a fit that was stored is the same fit, and a torn one is an error.
func checkSaved[E any](t *testing.T, c familyCase[E]) {
	restorer, ok := c.model.(Restorer[E])
	if !ok {
		t.Skip("is fitted again")
	}
	f := fitTo(t, c.model, rowsOf(t, c.truth, few, rng.Root(40)))
	var b bytes.Buffer
	if err := f.(Saver).Save(&b); err != nil {
		t.Fatal(err)
	}
	torn := bytes.NewReader(b.Bytes()[:b.Len()-1])
	got, err := restorer.Restore(&b)
	if err != nil || !slices.EqualFunc(c.params(got), c.params(f), sameBits) {
		t.Errorf("%+v came back as %+v, %v", f, got, err)
	}
	if !c.same(t, rowsOf[E](t, f, 9, rng.Root(41)), rowsOf[E](t, got, 9, rng.Root(41))) {
		t.Error("what came back draws other rows")
	}
	if _, err := restorer.Restore(torn); err == nil {
		t.Error("a torn fit was restored")
	}
}
