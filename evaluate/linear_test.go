package evaluate

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"modelcollapse/generate"
)

// workflowsReference is what testdata/workflows.py computed: an expansion in the noises of every data set, and recursions
// of single workflows, none of them the oracle's recursion.
type workflowsReference struct {
	LinearWorkflows []struct {
		Workflow        string
		Generations     int
		Datasets        [][2]int
		Fits            [][][2]float64
		FitsAGeneration int
		Families        []linearFamily
	}
	GaussianAccumulateSubsample []struct {
		Rows                                                   int
		Replacement                                            bool
		Generations                                            []int
		MeanPooledVariance, MeanVariance, MeanSquaredMeanError []float64
	}
	GaussianBiasedSampling []struct {
		Rows                               int
		VarianceScale                      float64
		Generations                        []int
		MeanVariance, MeanSquaredMeanError []float64
	}
	KernelDensity []struct {
		Rows                                                    int
		Bandwidth                                               float64
		Generations                                             []int
		ReplaceMeanVarianceOfRows, AccumulateSecondMomentOfPool []float64
	}
	RealMixture       json.RawMessage
	WeightedFreshReal []struct {
		Weight                  float64
		RealRows, SyntheticRows int
		GenerationAndVariance   [][2]float64
		VarianceOfGeneration0   float64 `json:"varianceofgeneration0"`
	}
}

type linearFamily struct {
	Family                                             string
	VarianceFunctionAtTruth, VarianceFunctionCurvature float64
	VarianceOfMean                                     []float64
}

func readWorkflows(t *testing.T) (ref workflowsReference) {
	t.Helper()
	b, err := os.ReadFile("testdata/workflows.json")
	if err != nil {
		t.Fatal(err)
	}
	var raw any
	if err := json.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	if b, err = json.Marshal(camel(raw)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

// planned compiles a plan that is given as data sets and fits.
func planned(t *testing.T, sets [][2]int, fits [][][2]float64, perGeneration int) *generate.Plan {
	t.Helper()
	place := make([]generate.At, len(sets)) // a set is drawn in the generation of the fit that first uses it
	steps := make([]generate.Step, len(fits)/perGeneration)
	next := 0
	for i, f := range fits {
		g := i / perGeneration
		for _, blend := range f {
			for ; next <= int(blend[0]); next++ {
				from := generate.Origin{Truth: true}
				if src := sets[next][0]; src >= 0 {
					from = generate.Origin{Fit: &generate.At{Generation: src / perGeneration, Index: src % perGeneration}}
				}
				place[next] = generate.At{Generation: g, Index: len(steps[g].Draws)}
				steps[g].Draws = append(steps[g].Draws, generate.Draw{Rows: sets[next][1], From: []generate.Origin{from}})
			}
		}
		l := generate.Lesson{PerBlock: true}
		for _, blend := range f {
			at := place[int(blend[0])]
			l.Shares = append(l.Shares, generate.Share{Blocks: generate.Blocks{Lo: at.Generation, Hi: at.Generation + 1, Index: at.Index}, Weight: blend[1]})
		}
		steps[g].Lessons = append(steps[g].Lessons, l)
	}
	p, err := generate.Compile(generate.Steps(func(g int) generate.Step { return steps[g] }), len(steps)-1, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Nine workflows × seven families against an expansion in noises.
func TestLinearOracle(t *testing.T) {
	n, worst := 0, 0.0
	for _, w := range readWorkflows(t).LinearWorkflows {
		p := planned(t, w.Datasets, w.Fits, w.FitsAGeneration)
		for _, f := range w.Families {
			law := generate.Law(generate.QVF{V0: f.VarianceFunctionAtTruth, V2: f.VarianceFunctionCurvature})
			got, err := Linear(p, []generate.Law{law})
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range f.VarianceOfMean {
				at := generate.At{Generation: i / w.FitsAGeneration, Index: i % w.FitsAGeneration}
				n++
				worst = max(worst, math.Abs(got[at].Var/want-1))
				relative(t, fmt.Sprintf("%s, %s, %v", w.Workflow, f.Family, at), got[at].Var, want)
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d moments", n)
	}
	t.Logf("%d moments, largest relative error %.2g", n, worst)
}

// subsampled is Kazdan's workflow as the program has it; node 0 learns the subsample.
func TestLinearOracleSubsample(t *testing.T) {
	for _, r := range readWorkflows(t).GaussianAccumulateSubsample {
		p := compiledWorkflow(t, generate.Steps(func(g int) generate.Step { // generation 0 learns a sample of its rows, too
			s := over(t, generate.AccumulateSubsample{Replacement: r.Replacement}, r.Rows).Step(max(g, 1))
			if g == 0 {
				s.Draws[0].From = []generate.Origin{{Truth: true}}
				s.Draws[1].From = []generate.Origin{{Past: []generate.Blocks{{Lo: 0, Hi: 1}}, Replacement: r.Replacement}}
				s.Lessons[0].Shares[0].Blocks = generate.Blocks{Lo: 0, Hi: 1, Index: 1}
			}
			return s
		}), r.Generations[len(r.Generations)-1])
		got, err := Linear(p, []generate.Law{generate.LocationScale{V0: 1, Scale: 1}})
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range r.Generations {
			what := fmt.Sprintf("%d rows, replacement %v, generation %d", r.Rows, r.Replacement, g)
			relative(t, what+": variance", got[generate.At{Generation: g}].Row, r.MeanVariance[i])
			relative(t, what+": squared mean error", got[generate.At{Generation: g}].Var, r.MeanSquaredMeanError[i])
		}
	}
}

// Biased sampling and kernel densities are laws of the same form.
func TestLinearOracleScaleAndNoise(t *testing.T) {
	ref := readWorkflows(t)
	for _, r := range ref.GaussianBiasedSampling {
		p := compiledPlan(t, generate.Replace{}, r.Rows, r.Generations[len(r.Generations)-1])
		// The fit's own variance is unscaled: only what is drawn from it is.
		got, err := Linear(p, []generate.Law{generate.LocationScale{V0: 1, DDOF: 1, Scale: r.VarianceScale}})
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range r.Generations {
			relative(t, "biased sampling: mean", got[generate.At{Generation: g}].Var, r.MeanSquaredMeanError[i])
			agrees(t, "biased sampling: variance", got[generate.At{Generation: g}].Row, r.VarianceScale*r.MeanVariance[i], 1e-13)
		}
	}
	for _, r := range ref.KernelDensity {
		h2 := r.Bandwidth * r.Bandwidth
		law := []generate.Law{generate.LocationScale{V0: 1, Scale: 1, Noise: h2}}
		last := r.Generations[len(r.Generations)-1]
		replace, err := Linear(compiledPlan(t, generate.Replace{}, r.Rows, last), law)
		if err != nil {
			t.Fatal(err)
		}
		pool, err := Linear(compiledPlan(t, generate.Accumulate{}, r.Rows, last), law)
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range r.Generations {
			relative(t, "kernel density, replace", replace[generate.At{Generation: g}].Row-h2, r.ReplaceMeanVarianceOfRows[i])
			m := pool[generate.At{Generation: g}]
			relative(t, "kernel density, accumulate", m.Row-h2+m.Var, r.AccumulateSecondMomentOfPool[i])
		}
	}
}

// Categories are a family with v2 = −1 in units of the heterozygosity, mixed draw by draw: T8 of the tests' table.
func TestLinearOracleMixture(t *testing.T) {
	var r struct {
		Rows              int
		RealShare         float64
		Generations       []int
		SumOfSquares      []float64
		Truth, Stationary float64
	}
	if err := json.Unmarshal(readWorkflows(t).RealMixture, &r); err != nil {
		t.Fatal(err)
	}
	mix := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(r.RealShare), Rows: "fresh", Per: "draw"}}
	got, err := Linear(compiledPlan(t, mix, r.Rows, 200), []generate.Law{generate.QVF{V0: 1 - r.Truth, V2: -1}})
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range r.Generations {
		relative(t, "mixture", 1-got[generate.At{Generation: g}].Row, r.SumOfSquares[i])
	}
	agrees(t, "stationary", 1-got[generate.At{Generation: 200}].Row, r.Stationary, 1e-9)
}

// What the oracle does not cover it refuses by name.
func TestLinearOracleRefuses(t *testing.T) {
	law := []generate.Law{generate.QVF{V0: 1}}
	real := generate.Draw{Rows: 10, From: []generate.Origin{{Truth: true}}}
	drawn := generate.Draw{Rows: 10, From: []generate.Origin{{Fit: &generate.At{}}}}
	given := drawn
	given.Given = &generate.Origin{Truth: true}
	lesson := func(g, i int) generate.Lesson {
		return generate.Lesson{Shares: []generate.Share{{Blocks: generate.Blocks{Lo: g, Hi: g + 1, Index: i}}}}
	}
	second := real
	second.From = []generate.Origin{{Truth: true, Source: 1}}
	uneven := lesson(0, 0)
	uneven.Shares[0].Hi, uneven.Shares = 1, append(uneven.Shares, generate.Share{Blocks: generate.Blocks{Lo: 1, Hi: 2}, Weight: 3})
	anchored := lesson(1, 0)
	anchored.Start = &generate.At{}
	for _, c := range []struct {
		draw   generate.Draw
		lesson generate.Lesson
		laws   []generate.Law
		want   string
	}{
		{given, lesson(1, 0), law, "inputs that are not all those of generation 0's block"},
		{second, lesson(1, 0), law, "a second source"},
		{drawn, lesson(1, 0), []generate.Law{nil}, "has no law"},
		{drawn, uneven, []generate.Law{generate.LocationScale{V0: 1, DDOF: 1, Scale: 1}}, "unequal weights"},
		{drawn, anchored, []generate.Law{anchoredScale{generate.LocationScale{V0: 1, Scale: 1}}}, "anchor"},
	} {
		steps := []generate.Step{{Draws: []generate.Draw{real}, Lessons: []generate.Lesson{lesson(0, 0)}},
			{Draws: []generate.Draw{c.draw}, Lessons: []generate.Lesson{c.lesson}}}
		p, err := generate.Compile(generate.Steps(func(g int) generate.Step { return steps[g] }), 1, func(int) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Linear(p, c.laws); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
	}
}

type anchoredScale struct{ generate.LocationScale }

func (anchoredScale) Anchor() float64 { return 0.5 }

// An anchor is a weight on an earlier fit: towards the first fit, which learned block 0 alone, it is replay of block 0.
func TestLinearOracleAnchorIsReplay(t *testing.T) {
	const rho = 0.3
	anchored, err := Linear(compiledWorkflow(t, generate.Started(over(t, generate.Replace{}, 40), "first"), 12),
		[]generate.Law{anchoredQVF{generate.QVF{V0: 2, V2: .5}, rho}})
	if err != nil {
		t.Fatal(err)
	}
	replay := generate.Steps(func(g int) generate.Step {
		s := over(t, generate.Replace{}, 40).Step(g)
		if g > 0 {
			s.Lessons[0] = generate.Lesson{PerBlock: true, Shares: []generate.Share{{Blocks: generate.Blocks{Lo: 0, Hi: 1}, Weight: rho},
				{Blocks: generate.Blocks{Lo: g, Hi: g + 1}, Weight: 1 - rho}}}
		}
		return s
	})
	weighted, err := Linear(compiledWorkflow(t, replay, 12), []generate.Law{generate.QVF{V0: 2, V2: .5}})
	if err != nil {
		t.Fatal(err)
	}
	for at, m := range anchored {
		agrees(t, "anchor", m.Var, weighted[at].Var, 1e-13)
	}
}

type anchoredQVF struct {
	generate.QVF
	share float64
}

func (l anchoredQVF) Anchor() float64 { return l.share }

func over(t testing.TB, rule generate.Rule, rows int) generate.Workflow {
	t.Helper()
	w, err := rule.Over(generate.Constant(rows), 12)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func compiledWorkflow(t testing.TB, w generate.Workflow, generations int) *generate.Plan {
	t.Helper()
	p, err := generate.Compile(w, generations, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// T = 1000 generations of accumulate take a tenth of a second; of a pool that is subsampled, a few.
func TestLinearOracleIsQuick(t *testing.T) {
	law := []generate.Law{generate.LocationScale{V0: 1, Scale: 1}}
	for rule, limit := range map[generate.Rule]time.Duration{generate.Accumulate{}: time.Second, generate.AccumulateSubsample{}: 3 * time.Second} {
		p := compiledPlan(t, rule, 100, 1000)
		begin := time.Now()
		if _, err := Linear(p, law); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begin)
		t.Logf("%T: %v", rule, took)
		if took > limit {
			t.Errorf("%T: %v", rule, took)
		}
	}
}

func BenchmarkLinearOracle(b *testing.B) {
	for name, rule := range map[string]generate.Rule{"accumulate": generate.Accumulate{}, "subsample": generate.AccumulateSubsample{}} {
		p := compiledPlan(b, rule, 100, 1000)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Linear(p, []generate.Law{generate.LocationScale{V0: 1, Scale: 1}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
