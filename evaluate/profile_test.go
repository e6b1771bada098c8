package evaluate

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/results"
)

// curvesOf are replicates that go straight from the first value to the last in n generations.
func curvesOf(series string, log bool, n int, ends ...[2]float64) results.Curves {
	c := results.Curves{Arm: "a", Series: series, Log: log}
	for i, e := range ends {
		line := make([]float64, n)
		for g := range line {
			line[g] = e[0] + (e[1]-e[0])*float64(g)/float64(n-1)
		}
		c.Lines, c.Replicates = append(c.Lines, line), append(c.Replicates, i)
	}
	return c
}

var usual = Thresholds{Level: .95, Increase: .01, Variance: .05, Tail: .05, Entanglement: .05, Hallucination: .01, Scaling: .05}

func answers(p Profile) map[string]Answer {
	out := map[string]Answer{}
	for _, d := range p.Definitions {
		out[d.Name] = d.Answer
	}
	return out
}

// A run that plainly collapses, one that plainly does not, one too noisy to say, and one that measured nothing.
func TestProfileAnswers(t *testing.T) {
	bad := Witness{Arm: "a", Trivial: 3, Limit: math.Inf(1), Series: map[string]results.Curves{
		results.RoleRisk:          curvesOf("risk", false, 9, [2]float64{1, 4}, [2]float64{1, 4.1}, [2]float64{1, 3.9}, [2]float64{1.1, 4}),
		results.RoleVariance:      curvesOf("variance", true, 9, [2]float64{1, .1}, [2]float64{1, .11}, [2]float64{1, .09}, [2]float64{1.1, .1}),
		results.RoleTail:          curvesOf("tail_loss.excess", false, 9, [2]float64{0, .3}, [2]float64{0, .31}, [2]float64{0, .29}, [2]float64{0, .3}),
		results.RoleModes:         curvesOf("between_modes", false, 9, [2]float64{.1, .4}, [2]float64{.1, .41}, [2]float64{.1, .39}, [2]float64{.1, .4}),
		results.RoleHallucination: curvesOf("outside_support", false, 9, [2]float64{0, .2}, [2]float64{0, .21}, [2]float64{0, .19}, [2]float64{0, .2})},
		Scaling: &Exponents{First: []float64{.5, .51, .49, .5}, Last: []float64{.1, .11, .09, .1}}}
	for name, got := range answers(usual.Ask(bad)) {
		if got != Yes {
			t.Errorf("collapse: %s: %s", name, got)
		}
	}
	good, noisy := bad, bad
	good.Limit, good.Series, noisy.Series, noisy.Limit = 1, map[string]results.Curves{}, map[string]results.Curves{}, math.NaN()
	good.Scaling, noisy.Scaling = &Exponents{First: bad.Scaling.First, Last: bad.Scaling.First}, &Exponents{First: []float64{.5, .9}, Last: []float64{.9, .2}}
	for role, c := range bad.Series {
		still, wild := curvesOf(c.Series, c.Log, 9), curvesOf(c.Series, c.Log, 9)
		for i, l := range c.Lines {
			still.Lines = append(still.Lines, curvesOf("", false, 9, [2]float64{l[0], l[0]}).Lines[0])
			wild.Lines = append(wild.Lines, curvesOf("", false, 9, [2]float64{l[0], math.Abs(l[0] + []float64{-.5, 4, -.3, .9}[i])}).Lines[0])
		}
		for i := range still.Lines { // a little spread, so that there is an interval
			still.Lines[i][8] += 1e-4 * float64(i)
		}
		good.Series[role], noisy.Series[role] = still, wild
	}
	for name, got := range answers(usual.Ask(good)) {
		if got != No {
			t.Errorf("no collapse: %s: %s", name, got)
		}
	}
	for name, got := range answers(usual.Ask(noisy)) {
		if got != Unsettled {
			t.Errorf("noise: %s: %s", name, got)
		}
	}
	none := Witness{Trivial: math.NaN(), Limit: math.NaN(), Missing: map[string]string{results.RoleTail: "measure tail_loss"},
		NotApplicable: map[string]string{Entanglement: "no modes"}}
	for _, d := range usual.Ask(none).Definitions {
		want := NotMeasured
		if d.Name == Entanglement {
			want = NotApplicable
		}
		if d.Answer != want || d.Name == TailLost && d.Why != "measure tail_loss" {
			t.Errorf("nothing measured: %+v", d)
		}
	}
}

func TestProfileWords(t *testing.T) {
	risk := curvesOf("risk", true, 30, [2]float64{1, 1.5}, [2]float64{1, 1.6})
	w := Witness{Trivial: math.NaN(), Limit: math.NaN(), Series: map[string]results.Curves{results.RoleRisk: risk,
		results.RoleVariance: curvesOf("variance", true, 9, [2]float64{1, 0}, [2]float64{1, .9}, [2]float64{1, .95})}}
	p := usual.Ask(w)
	for i, want := range map[int]string{0: "give profile.trivial", 1: "ln risk since generation 0", 2: "its last third is linear or faster",
		3: "sweep rows over at least three sizes", 4: "1 of 3 replicates have none left; of the others, loss of ln variance"} {
		if d := p.Definitions[i]; !strings.Contains(d.Why, want) {
			t.Errorf("%s: %s", d.Name, d.Why)
		}
	}
	if p.Definitions[4].Answer != Yes {
		t.Error("a variance of 0 is a collapse")
	}
	flat := curvesOf("risk", false, 30)
	flat.Lines = [][]float64{make([]float64, 30)}
	for g := range flat.Lines[0] {
		flat.Lines[0][g] = 1 - math.Exp(-float64(g))
	}
	if got := shapeOf(flat); got != "flat" {
		t.Error(got)
	}
	for g := range flat.Lines[0] {
		flat.Lines[0][g] = math.Log(float64(g + 1))
	}
	if got := shapeOf(flat); got != "sublinear" {
		t.Error(got)
	}
}

// The exponent of a power law is found, replicate by replicate.
func TestExponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first, last := rapid.Float64Range(-1, 1).Draw(t, "first"), rapid.Float64Range(-1, 1).Draw(t, "last")
		rows := []float64{50, 100, 400, 900}
		var risks []results.Curves
		for _, n := range rows {
			risks = append(risks, curvesOf("risk", false, 3, [2]float64{7 * math.Pow(n, -first), 5 * math.Pow(n, -last)}))
		}
		e := ExponentsOf(rows, risks)
		if math.Abs(e.First[0]-first) > 1e-9 || math.Abs(e.Last[0]-last) > 1e-9 {
			t.Fatalf("%v %v, want %v %v", e.First, e.Last, first, last)
		}
		if ExponentsOf(rows[:2], risks[:2]) != nil {
			t.Fatal("two sizes are no law")
		}
	})
}

// A risk that became infinite is an increase, though no interval holds it; one that always was has not changed.
func TestInfiniteRisk(t *testing.T) {
	inf := math.Inf(1)
	ends := func(first, last float64) results.Curves {
		c := curvesOf("kl", false, 2)
		for range 3 {
			c.Lines = append(c.Lines, []float64{first, last})
		}
		return c
	}
	for _, c := range []struct {
		first, last            float64
		catastrophic, increase Answer
	}{{1, inf, Yes, Yes}, {inf, inf, Yes, Unsettled}, {1, 1, No, No}} {
		w := Witness{Trivial: 3, Limit: math.NaN(), Series: map[string]results.Curves{results.RoleRisk: ends(c.first, c.last)}}
		got := answers(usual.Ask(w))
		if got[Catastrophic] != c.catastrophic || got[AnyIncrease] != c.increase {
			t.Errorf("%g to %g: %s, %s", c.first, c.last, got[Catastrophic], got[AnyIncrease])
		}
	}
}
