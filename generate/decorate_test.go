package generate

import (
	"slices"
	"strings"
	"testing"
)

func stepsOf(t *testing.T, rule Rule) Workflow {
	t.Helper()
	w, err := rule.Over(Constant(10), 4)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Every draw from a fit is given the inputs of generation 0 of the node that drew; real rows and rows drawn again are not.
func TestSameInputsEditsSteps(t *testing.T) {
	for _, rule := range []Rule{Replace{}, Accumulate{}, Fresh{}, AccumulateSubsample{}, Network{Topology: "ring", Self: 1}, BalancedCycle{}} {
		w := SameInputs(stepsOf(t, rule))
		for g := range 5 {
			for i, d := range w.Step(g).Draws {
				switch {
				case d.From[0].Fit == nil && d.Given != nil:
					t.Errorf("%T: draw %d of generation %d is given inputs", rule, i, g)
				case d.From[0].Fit == nil:
				case d.Given == nil || !slices.Equal(d.Given.Past, []Blocks{block(0, d.From[0].Fit.Index)}):
					t.Errorf("%T: draw %d of generation %d: given %+v", rule, i, g, d.Given)
				}
			}
		}
		if _, err := Compile(w, 4, func(int) bool { return true }); err != nil {
			t.Errorf("%T: %v", rule, err)
		}
	}
	for _, rule := range []Rule{Refresh{ConstantSchedule(.5)}, Mix{RealShare{Share: ConstantSchedule(.5), Rows: "fresh", Per: "draw"}}} {
		if _, err := Compile(SameInputs(stepsOf(t, rule)), 4, func(int) bool { return true }); err == nil || !strings.Contains(err.Error(), "inputs: same") {
			t.Errorf("%T: a mixed block was given inputs: %v", rule, err)
		}
	}
	grown, _ := Replace{}.Over(sizesOf(10, 11), 4)
	if _, err := Compile(SameInputs(grown), 4, func(int) bool { return true }); err == nil || !strings.Contains(err.Error(), "10 rows given for 11 draws: inputs: same") {
		t.Errorf("more draws than inputs: %v", err)
	}
}

func TestStartedEditsSteps(t *testing.T) {
	rule := Network{Topology: "ring", Self: 1}
	for from, want := range map[string]func(g, n int) At{
		"previous": func(g, n int) At { return At{g - 1, n} },
		"first":    func(_, n int) At { return At{0, n} },
	} {
		w := Started(stepsOf(t, rule), from)
		for g := range 5 {
			for n, l := range w.Step(g).Lessons {
				if g == 0 && l.Start != nil || g > 0 && (l.Start == nil || *l.Start != want(g, n)) {
					t.Errorf("%s: node %d of generation %d starts at %v", from, n, g, l.Start)
				}
			}
		}
	}
	if l := Started(stepsOf(t, rule), "none").Step(2).Lessons[0]; l.Start != nil {
		t.Errorf("none starts at %v", l.Start)
	}
	p, err := Compile(Started(stepsOf(t, Replace{}), "first"), 4, func(int) bool { return true })
	if err != nil || p.Fit(At{}) != 4 || p.Fit(At{2, 0}) != 3 {
		t.Errorf("the anchor lives until %d, fit 2 until %d, %v", p.Fit(At{}), p.Fit(At{2, 0}), err)
	}
}

func TestTurnsEditsSteps(t *testing.T) {
	models := func(w Workflow) (all []int) {
		for g := range 5 {
			for _, l := range w.Step(g).Lessons {
				all = append(all, l.Model)
			}
		}
		return all
	}
	if got := models(Turns(stepsOf(t, Replace{}), false, []int{2, 0, 1})); !slices.Equal(got, []int{2, 0, 1, 2, 0}) {
		t.Errorf("by generation: %v", got)
	}
	if got := models(Turns(stepsOf(t, Network{Topology: "ring"}), true, []int{1, 0})); !slices.Equal(got, []int{1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1}) {
		t.Errorf("by node: %v", got)
	}
	if got := models(Turns(stepsOf(t, Network{Topology: "ring", Nodes: 2}), false, []int{1, 0})); !slices.Equal(got, []int{1, 1, 0, 0, 1, 1, 0, 0, 1, 1}) {
		t.Errorf("by generation in a network: %v", got)
	}
	p, err := Compile(Turns(stepsOf(t, Replace{}), false, []int{0, 3}), 4, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(1, 3); err == nil || !strings.Contains(err.Error(), "generation 1: node 0: model 3 of 3") {
		t.Errorf("an architecture that does not exist: %v", err)
	}
}
