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
	var draws, nodes []string
	for _, d := range s.Draws {
		var from []string
		for _, o := range d.From {
			from = append(from, originString(o))
		}
		draws = append(draws, fmt.Sprintf("%d %s", d.Rows, strings.Join(from, " | ")))
	}
	for _, l := range s.Lessons {
		var learn []string
		if l.PerBlock {
			learn = append(learn, "per block")
		}
		for _, b := range l.Shares {
			learn = append(learn, blocksString(b.Blocks))
			if b.Weight != 0 {
				learn[len(learn)-1] += fmt.Sprintf(" ×%.4g", b.Weight)
			}
		}
		nodes = append(nodes, strings.Join(learn, " "))
	}
	return strings.Join(draws, "; ") + " → " + strings.Join(nodes, " / ")
}

func blocksString(b Blocks) string { return fmt.Sprintf("[%d,%d)#%d", b.Lo, b.Hi, b.Index) }

func originString(o Origin) (text string) {
	if o.Prob != 0 {
		text = fmt.Sprintf("%.4g ", o.Prob)
	}
	switch {
	case o.Truth:
		return text + "truth"
	case o.Fit != nil && o.Fit.Index > 0:
		return text + fmt.Sprintf("fit %d.%d", o.Fit.Generation, o.Fit.Index)
	case o.Fit != nil:
		return text + fmt.Sprintf("fit %d", o.Fit.Generation)
	}
	text += "past"
	for _, b := range o.Past {
		text += " " + blocksString(b)
	}
	if o.Replacement {
		text += " replaced"
	}
	return text
}

// stepsAre compares steps of a rule with the table, and compiles it.
func stepsAre(t *testing.T, name string, rule Rule, rows Sizes, generations int, want map[int]string) {
	t.Helper()
	w, err := rule.Over(rows, generations)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	for g, want := range want {
		if got := stepString(w.Step(g)); got != want {
			t.Errorf("%s: generation %d:\n%s, want\n%s", name, g, got, want)
		}
	}
	if _, err := Compile(w, generations, func(int) bool { return false }); err != nil {
		t.Errorf("%s: does not compile: %v", name, err)
	}
}

// refused wants an error that names a key.
func refused(t *testing.T, rule Rule, rows Sizes, generations int, why string) {
	t.Helper()
	if _, err := rule.Over(rows, generations); err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("%+v: %v, want: %s", rule, err, why)
	}
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
		{"delay of 1", Delay{1}, map[int]string{0: "100 truth → [0,1)#0", 3: "100 fit 2 → [3,4)#0"}},
		{"delay of 2", Delay{2}, map[int]string{0: "100 truth → [0,1)#0", 1: "100 truth → [1,2)#0", 2: "100 fit 0 → [2,3)#0", 3: "100 fit 1 → [3,4)#0"}},
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
		stepsAre(t, c.name, c.rule, Constant(rows), 3, c.want)
	}
}

func TestRulesRefuse(t *testing.T) {
	mix := func(share Schedule, rows, per string) Mix { return Mix{RealShare{Share: share, Rows: rows, Per: per}} }
	tenth, growing := ConstantSchedule(.1), sizesOf(100, 150, 200, 400)
	for _, c := range []struct {
		rule Rule
		rows Sizes
		why  string
	}{
		{AccumulateSubsample{Budget: 201}, Constant(100), "budget 201"},
		{mix(ConstantSchedule(math.NaN()), "fresh", "count"), Constant(100), "real.share: NaN in generation 1"},
		{mix(Schedule{list: []float64{.1}}, "fresh", "count"), Constant(100), "real.share: a list of 1 for 3 generations"},
		{mix(Schedule{list: []float64{.1, .2, 1.5}}, "fresh", "count"), Constant(100), "real.share: 1.5 in generation 3"},
		{mix(Schedule{list: []float64{}}, "fresh", "count"), Constant(100), "real.share"},
		{mix(Schedule{rule: Rate{1.5, .5, 0}}, "fresh", "count"), Constant(100), "real.share: 1.5 in generation 1"},
		{mix(Schedule{rule: Rate{-.5, 1, 1}}, "fresh", "draw"), Constant(100), "real.share: -0.5 in generation 1"},
		{mix(Schedule{rule: Rate{.5, -1, 0}}, "fresh", "draw"), Constant(100), "real.share: factor: -1"},
		{mix(tenth, "fixed", "draw"), Constant(100), "real.rows: fixed"},
		{mix(Schedule{rule: Rate{.5, .5, 0}}, "fixed", "count"), Constant(100), "real.rows: fixed: 50 real rows are fixed, and generation 2 wants 25"},
		{mix(tenth, "fixed", "count"), growing, "real.rows: fixed: 10 real rows are fixed, and generation 1 wants 15"},
		{mix(ConstantSchedule(.6), "resampled", "count"), growing, "real.rows: resampled: generation 2 wants 120 real rows of the 100"},
		{mix(ConstantSchedule(.6), "resampled", "draw"), growing, "real.rows: resampled: generation 1 may want 150 real rows of the 100"},
		{mix(ConstantSchedule(.004), "fresh", "count"), Constant(100), "real.share: 0.004 is less than half a row in every generation"},
		{mix(Schedule{rule: Rate{.004, .5, 0}}, "fresh", "count"), Constant(100), "real.share: 0.004 is less than half a row"},
	} {
		refused(t, c.rule, c.rows, 3, c.why)
	}
}

// sizesOf is these rows, one a generation.
func sizesOf(rows ...int) Sizes { return func(g int) int { return rows[min(g, len(rows)-1)] } }

// A share that falls below half a row ends in none, which the plan says.
func TestFallingShareEndsInNoRealRows(t *testing.T) {
	falling := Mix{RealShare{Share: Schedule{rule: Rate{.5, .1, 0}}, Rows: "fresh", Per: "count"}}
	stepsAre(t, "falling", falling, Constant(100), 4, map[int]string{1: "50 fit 0; 50 truth → [1,2)#0 [1,2)#1", 2: "95 fit 1; 5 truth → [2,3)#0 [2,3)#1",
		3: "99 fit 2; 1 truth → [3,4)#0 [3,4)#1", 4: "100 fit 3 → [4,5)#0"})
	near(t, "real shares", planOf(t, falling, Constant(100), 4).RealShares(0), []float64{1, .5, .05, .01, 0}, 1e-15)
}

func planOf(t *testing.T, rule Rule, rows Sizes, generations int) *Plan {
	t.Helper()
	w, err := rule.Over(rows, generations)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(w, generations, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every generation learns from as many rows as its size says, whatever the share; a share that cannot is refused by its key.
func TestMixKeepsTheBudget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		generations := rapid.IntRange(1, 6).Draw(t, "generations")
		rows, err := Growing(rapid.SampledFrom([]string{"linear", "geometric"}).Draw(t, "growth"), rapid.IntRange(1, 50).Draw(t, "rows"),
			rapid.SampledFrom([]float64{1, 1.2, .9}).Draw(t, "rate"), generations)
		if err != nil {
			t.Fatal(err)
		}
		m := Mix{RealShare{Share: ConstantSchedule(rapid.Float64Range(0, 1).Draw(t, "share")),
			Rows: rapid.SampledFrom([]string{"fresh", "fixed", "resampled"}).Draw(t, "which"), Per: "count"}}
		w, err := m.Over(rows, generations)
		none := m.Real.Share.At(1) > 0
		for g := 1; g <= generations; g++ {
			none = none && m.reals(g, rows(g)) == 0
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "real.") || strings.HasPrefix(err.Error(), "real.rows") && rows.constant(generations) {
				t.Fatal(err)
			}
			return
		}
		if none {
			t.Fatal("a share that is no row in any generation was accepted")
		}
		p, err := Compile(w, generations, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		for g := range generations + 1 {
			if n := p.Learned(g, 0); n != rows(g) {
				t.Fatalf("generation %d learns from %d of %d rows", g, n, rows(g))
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
