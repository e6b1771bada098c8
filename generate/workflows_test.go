package generate

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// stepString writes a step as the table at the top of plan.go does: draws, then what each node learns from.
func stepString(s Step) string {
	var parts []string
	for _, d := range s.Draws {
		var from []string
		for _, o := range d.From {
			w := "truth"
			switch {
			case o.Fit != nil:
				w = fmt.Sprintf("fit %d", o.Fit.Generation)
			case o.Past != nil:
				w = fmt.Sprintf("past [%d,%d)#%d", o.Past[0].Lo, o.Past[0].Hi, o.Past[0].Index)
				if o.Replacement {
					w += " replaced"
				}
			}
			if o.Prob != 0 {
				w = fmt.Sprintf("%g ", o.Prob) + w
			}
			from = append(from, w)
		}
		parts = append(parts, fmt.Sprintf("%d %s", d.Rows, strings.Join(from, " | ")))
	}
	var learn []string
	for _, l := range s.Lessons {
		for _, b := range l.Shares {
			learn = append(learn, fmt.Sprintf("[%d,%d)#%d", b.Lo, b.Hi, b.Index))
		}
	}
	return strings.Join(parts, "; ") + " → " + strings.Join(learn, " ")
}

func TestWorkflowSteps(t *testing.T) {
	const rows = 100
	fresh := func(rows, per string, share Schedule) Mix { return Mix{RealShare{Share: share, Rows: rows, Per: per}} }
	tenth := ConstantSchedule(.1)
	for _, c := range []struct {
		name string
		rule Rule
		want map[int]string
	}{
		{"replace", Replace{}, map[int]string{0: "100 truth → [0,1)#0", 1: "100 fit 0 → [1,2)#0", 3: "100 fit 2 → [3,4)#0"}},
		{"accumulate", Accumulate{}, map[int]string{0: "100 truth → [0,1)#0", 1: "100 fit 0 → [0,2)#0", 3: "100 fit 2 → [0,4)#0"}},
		{"window", Window{3}, map[int]string{0: "100 truth → [0,1)#0", 1: "100 fit 0 → [0,2)#0", 3: "100 fit 2 → [1,4)#0"}},
		{"window of 1", Window{1}, map[int]string{0: "100 truth → [0,1)#0", 3: "100 fit 2 → [3,4)#0"}},
		{"subsample", AccumulateSubsample{}, map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1; 100 past [0,3)#0 → [2,3)#1"}},
		{"budget", AccumulateSubsample{Budget: 30, Replacement: true}, map[int]string{2: "100 fit 1; 30 past [0,3)#0 replaced → [2,3)#1"}},
		{"mix, fresh", fresh("fresh", "count", tenth), map[int]string{0: "100 truth → [0,1)#0", 2: "90 fit 1; 10 truth → [2,3)#0 [2,3)#1"}},
		{"mix, resampled", fresh("resampled", "count", tenth), map[int]string{0: "100 truth → [0,1)#0", 2: "90 fit 1; 10 past [0,1)#0 → [2,3)#0 [2,3)#1"}},
		{"mix, fixed", fresh("fixed", "count", tenth), map[int]string{0: "100 truth; 10 past [0,1)#0 → [0,1)#0", 2: "90 fit 1 → [2,3)#0 [0,1)#1"}},
		{"mix, per draw", fresh("fresh", "draw", tenth), map[int]string{0: "100 truth → [0,1)#0", 2: "100 0.1 truth | 0.9 fit 1 → [2,3)#0"}},
		{"mix, per draw, resampled", fresh("resampled", "draw", tenth), map[int]string{2: "100 0.1 past [0,1)#0 | 0.9 fit 1 → [2,3)#0"}},
		{"mix, nothing real", fresh("fresh", "count", ConstantSchedule(0)), map[int]string{0: "100 truth → [0,1)#0", 2: "100 fit 1 → [2,3)#0"}},
		{"mix, nothing real per draw", fresh("fresh", "draw", ConstantSchedule(0)), map[int]string{2: "100 fit 1 → [2,3)#0"}},
		{"mix, all real", fresh("fresh", "count", ConstantSchedule(1)), map[int]string{2: "100 truth → [2,3)#0"}},
		{"mix, all real per draw", fresh("fresh", "draw", ConstantSchedule(1)), map[int]string{2: "100 1 truth → [2,3)#0"}},
		{"mix, all fixed", fresh("fixed", "count", ConstantSchedule(1)), map[int]string{0: "100 truth; 100 past [0,1)#0 → [0,1)#0", 2: " → [0,1)#1"}},
		{"mix, falling", fresh("fresh", "count", Schedule{list: []float64{.5, .2, 0}}), map[int]string{1: "50 fit 0; 50 truth → [1,2)#0 [1,2)#1", 2: "80 fit 1; 20 truth → [2,3)#0 [2,3)#1", 3: "100 fit 2 → [3,4)#0"}},
	} {
		w, err := c.rule.Over(Constant(rows), 3)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for g, want := range c.want {
			if got := stepString(w.Step(g)); got != want {
				t.Errorf("%s: generation %d: %s, want %s", c.name, g, got, want)
			}
		}
		if _, err := Compile(w, 3, func(int) bool { return false }); err != nil {
			t.Errorf("%s: does not compile: %v", c.name, err)
		}
	}
}

func TestRulesRefuse(t *testing.T) {
	for _, r := range []Rule{
		AccumulateSubsample{Budget: 201},
		Mix{RealShare{Share: ConstantSchedule(math.NaN()), Rows: "fresh", Per: "count"}},
		Mix{RealShare{Share: Schedule{list: []float64{.1}}, Rows: "fresh", Per: "count"}},
		Mix{RealShare{Share: Schedule{list: []float64{.1, .2, 1.5}}, Rows: "fresh", Per: "count"}},
		Mix{RealShare{Share: Schedule{list: []float64{}}, Rows: "fresh", Per: "count"}},
		Mix{RealShare{Share: ConstantSchedule(.1), Rows: "fixed", Per: "draw"}},
		Mix{RealShare{Share: Schedule{rule: Rate{.5, .5, 0}}, Rows: "fixed", Per: "count"}},
	} {
		if _, err := r.Over(Constant(100), 3); err == nil {
			t.Errorf("%+v was accepted", r)
		}
	}
}

// Every generation of every share has the same budget.
func TestMixKeepsTheBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, generations := rapid.IntRange(1, 50).Draw(t, "rows"), rapid.IntRange(1, 6).Draw(t, "generations")
		m := Mix{RealShare{Share: ConstantSchedule(rapid.Float64Range(0, 1).Draw(t, "share")),
			Rows: rapid.SampledFrom([]string{"fresh", "fixed", "resampled"}).Draw(t, "which"), Per: "count"}}
		w, err := m.Over(Constant(rows), generations)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(w, generations, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		for g := range generations + 1 {
			if n := p.Learned(g, 0); n != rows {
				t.Fatalf("generation %d learns from %d of %d rows", g, n, rows)
			}
		}
	})
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		json string
		at   []float64 // generations 1, 2, 3
	}{
		{"0.25", []float64{.25, .25, .25}},
		{"[0.5, 0.25, 0]", []float64{.5, .25, 0}},
		{`{"start": 0.5, "factor": 0.5}`, []float64{.5, .25, .125}},
		{`{"start": 0.2, "step": 0.5}`, []float64{.2, .7, 1}}, // kept within [0, 1]
		{`{"start": 0.2, "step": -0.15}`, []float64{.2, .05, 0}},
		{` {"start": 0.5, "factor": 0.5, "step": 0.1}`, []float64{.5, .35, .325}},
	} {
		var s, again Schedule
		if err := json.Unmarshal([]byte(c.json), &s); err != nil {
			t.Fatal(err)
		}
		near(t, c.json, []float64{s.At(1), s.At(2), s.At(3)}, c.at, 1e-15)
		if s.At(0) != s.At(1) || s.Check(3) != nil {
			t.Errorf("%s: generation 0 is %g, %v", c.json, s.At(0), s.Check(3))
		}
		if s.Constant(3) != (c.at[0] == c.at[1] && c.at[1] == c.at[2]) {
			t.Errorf("%s: constant %v", c.json, s.Constant(3))
		}
		b, err := json.Marshal(s)
		if err != nil || json.Unmarshal(b, &again) != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("%s: written as %s, %v", c.json, b, err)
		}
	}
	for _, bad := range []string{`"a"`, `[1, "a"]`, `{"start": []}`, `true`} {
		if json.Unmarshal([]byte(bad), new(Schedule)) == nil {
			t.Errorf("%s was read", bad)
		}
	}
}
