package generate

import (
	"slices"

	"pgregory.net/rapid"
)

func anySchedule(t *rapid.T) Schedule {
	part := rapid.Float64Range(0, 1)
	switch rapid.IntRange(0, 2).Draw(t, "form") {
	case 0:
		return ConstantSchedule(part.Draw(t, "share"))
	case 1:
		list := rapid.SliceOfN(rapid.SampledFrom([]float64{0, .1, .5, 1}), 8, 8).Draw(t, "list")
		return Schedule{list: list}
	}
	return Schedule{rule: Rate{part.Draw(t, "start"), part.Draw(t, "factor"), rapid.Float64Range(-.5, .5).Draw(t, "step")}}
}

func anyRealWeight(t *rapid.T) RealWeight {
	return rapid.SampledFrom([]RealWeight{{}, Golden(), Weighing(.3)}).Draw(t, "weight")
}

// anyRule draws one of all rules of the table of names.
func anyRule(t *rapid.T) Rule {
	some := rapid.IntRange(0, 6)
	switch rapid.IntRange(0, 13).Draw(t, "rule") {
	case 0:
		return Replace{}
	case 1:
		return Accumulate{}
	case 2:
		return AccumulateSubsample{Replacement: rapid.Bool().Draw(t, "replacement")}
	case 3:
		return Window{rapid.IntRange(1, 5).Draw(t, "window")}
	case 4:
		return Augment{some.Draw(t, "real"), some.Draw(t, "synthetic"), anyRealWeight(t)}
	case 5:
		return Fresh{some.Draw(t, "real"), some.Draw(t, "synthetic"), anyRealWeight(t)}
	case 6:
		return Replay{rapid.SampledFrom([]float64{0, .1, .9}).Draw(t, "weight")}
	case 7:
		return anyWeighted(t)
	case 8:
		return Refresh{anySchedule(t)}
	case 9:
		return anyNetwork(t)
	case 10:
		return BalancedCycle{}
	case 11:
		return IncrementalCycle{anySchedule(t)}
	case 12:
		return ExpandingCycle{anySchedule(t)}
	}
	return Mix{RealShare{Share: anySchedule(t), Rows: rapid.SampledFrom([]string{"fresh", "fixed", "resampled"}).Draw(t, "which"),
		Per: rapid.SampledFrom([]string{"count", "draw"}).Draw(t, "exactly")}}
}

func anyWeighted(t *rapid.T) Weighted {
	w := Weighted{By: rapid.SampledFrom([]string{"inverse_generation", "given", "golden_ratio", "decay"}).Draw(t, "by"),
		Factor: rapid.SampledFrom([]float64{1e-300, .1, 1}).Draw(t, "factor"), Per: rapid.SampledFrom([]string{"row", "block"}).Draw(t, "per")}
	if w.By == "given" {
		w.Weights = rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 2, .5}), 9, 9).Draw(t, "weights")
	}
	return w
}

func anyNetwork(t *rapid.T) Network {
	w := Network{Topology: rapid.SampledFrom([]string{"complete", "ring", "star", "given"}).Draw(t, "topology"), Self: 1,
		Per: rapid.SampledFrom([]string{"row", "block"}).Draw(t, "per")}
	n := rapid.IntRange(1, 4).Draw(t, "nodes")
	if w.Topology != "given" {
		w.Nodes, w.Self = n, rapid.SampledFrom([]float64{0, 1, 2.5}).Draw(t, "self")
		return w
	}
	row := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, .5}), n, n)
	w.Trust = rapid.SliceOfN(row, n, n).Draw(t, "trust")
	return w
}

// A random is a workflow over generations, with everything that edits its steps.
type random struct {
	workflow    Workflow
	rows        Sizes
	generations int
	models      int
}

// anyPlan draws rules, sizes and what edits steps, until they are not refused.
func anyPlan() *rapid.Generator[random] {
	return rapid.Custom(func(t *rapid.T) random {
		r := random{generations: rapid.IntRange(1, 8).Draw(t, "generations"), models: 1}
		rule := rapid.SampledFrom([]string{"constant", "constant", "linear", "power", "geometric"}).Draw(t, "growth")
		rate := 1.0
		if rule != "constant" {
			rate = rapid.SampledFrom([]float64{.5, .8, 1, 1.3}).Draw(t, "rate")
		}
		var err error
		if r.rows, err = Growing(rule, rapid.IntRange(1, 20).Draw(t, "rows"), rate, r.generations); err != nil {
			return random{}
		}
		if r.workflow, err = anyRule(t).Over(r.rows, r.generations); err != nil {
			return random{}
		}
		if rapid.Bool().Draw(t, "same inputs") && r.givable() {
			r.workflow = SameInputs(r.workflow)
		}
		r.workflow = Started(r.workflow, rapid.SampledFrom([]string{"none", "previous", "first"}).Draw(t, "start"))
		if rapid.Bool().Draw(t, "turns") {
			r.models = 3
			r.workflow = Turns(r.workflow, rapid.Bool().Draw(t, "by node"), []int{0, 2, 1, 1})
		}
		return r
	}).Filter(func(r random) bool { return r.workflow != nil })
}

// givable reports whether every row can be drawn given an input of generation 0.
func (r random) givable() bool {
	for g := range r.generations + 1 {
		for _, d := range r.workflow.Step(g).Draws {
			fits := slices.ContainsFunc(d.From, func(o Origin) bool { return o.Fit != nil })
			if fits && (len(d.From) > 1 || d.Rows > r.rows(0)) {
				return false
			}
		}
	}
	return true
}

func compiledPlan(t *rapid.T, byStats bool) *Plan {
	r := anyPlan().Draw(t, "workflow")
	p, err := Compile(r.workflow, r.generations, func(int) bool { return byStats })
	if err != nil {
		t.Fatal(err)
	}
	return p
}
