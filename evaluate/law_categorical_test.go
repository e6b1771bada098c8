package evaluate

import (
	"context"
	"math"
	"slices"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/results"
)

func compiledPlan(t testing.TB, rule generate.Rule, rows, generations int) *generate.Plan {
	t.Helper()
	w, err := rule.Over(generate.Constant(rows), generations)
	if err != nil {
		t.Fatal(err)
	}
	p, err := generate.Compile(w, generations, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func zipfTruth(t testing.TB, categories int, exponent float64) generate.Frequencies {
	t.Helper()
	s, err := generate.Zipf{Categories: categories, Exponent: exponent}.Open(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.(generate.Frequencies)
}

// categoryLaws are those that stand in the table of names, in its order.
func categoryLaws() []Theory[generate.Histogram] {
	return []Theory[generate.Histogram]{CategoryMoments{}, SmoothedLaws{}, DetectedMixture{}, CountLaws{}, AncestorLaws{}, RareCategoryLaws{},
		SampledCategories{}, DriftLaws{}, FixationLaws{}, BoundLaws{}}
}

func predict(t testing.TB, m Metric[generate.Histogram], r Real[generate.Histogram]) map[string][]results.Prediction {
	t.Helper()
	if r.Fits == nil {
		r.Fits = []generate.Fitted[generate.Histogram]{generate.Frequencies{}}
	}
	r.Metrics = []Metric[generate.Histogram]{m}
	all := theoryLines(r)
	lines := map[string][]results.Prediction{}
	for _, p := range all {
		if slices.ContainsFunc(m.Axes(), func(a results.Axis) bool { return a.Series == p.Series }) && p.Functional != "bound" {
			lines[p.Series] = append(lines[p.Series], p)
		}
	}
	return lines
}

func TestCategoricalLines(t *testing.T) {
	ref := readLaws(t)
	for _, r := range ref.CategoricalReplace {
		last := r.Generations[len(r.Generations)-1]
		real := Real[generate.Histogram]{Truth: zipfTruth(t, r.Types, r.Exponent), Plan: compiledPlan(t, generate.Replace{}, r.Rows, last)}
		check := func(m Metric[generate.Histogram], series string, scale float64, want []float64) {
			line := predict(t, m, real)[series]
			if len(line) != last+1 {
				t.Fatalf("%s: %d points", series, len(line))
			}
			for i, g := range r.Generations {
				relative(t, series, scale*line[g].X, want[i])
			}
		}
		tail := HistogramSupportLoss{From: r.TailRanks[0], To: r.TailRanks[1]}
		check(Heterozygosity{}, "heterozygosity", 1, r.Heterozygosity)
		check(Support{}, "support", 1, r.Support)
		check(HistogramMissingMass{}, "missing_mass", 1, r.MissingTrueMass)
		check(HistogramEntropy{}, "entropy", 1, r.Entropy)
		check(CrossEntropy{Alpha: .5}, "cross_entropy", 1, r.HeldoutCrossEntropy)
		check(TotalVariation{}, "tv", 1, r.TotalVariation)
		check(tail, "support_loss", float64(tail.To-tail.From+1), r.TailSupportLost)
	}
	for _, r := range ref.CategoricalAccumulate {
		last := r.Generations[len(r.Generations)-1]
		real := Real[generate.Histogram]{Truth: zipfTruth(t, r.Types, r.Exponent), Plan: compiledPlan(t, generate.Accumulate{}, r.Rows, last)}
		line := predict(t, Heterozygosity{}, real)["heterozygosity"]
		for i, g := range r.Generations {
			relative(t, "heterozygosity under accumulate", line[g].X, r.Heterozygosity[i])
		}
	}
}

// No line where the law does not hold: other plans, smoothed models, chains that cost too much.
func TestNoLine(t *testing.T) {
	truth := zipfTruth(t, 20, 1)
	for name, rule := range map[string]generate.Rule{"window": generate.Window{Generations: 3}, "subsample": generate.AccumulateSubsample{},
		"fixed": generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.2), Rows: "fixed", Per: "count"}}} {
		real := Real[generate.Histogram]{Truth: truth, Plan: compiledPlan(t, rule, 50, 5)}
		for _, m := range []Metric[generate.Histogram]{HistogramTailLoss{}, Support{}, TotalVariation{}, CrossEntropy{Alpha: .5}} {
			if lines := predict(t, m, real); len(lines) != 0 {
				t.Errorf("%s: %T has a line", name, m)
			}
		}
		if _, ok := resamplings(real.Plan); ok {
			t.Errorf("%s: Galton–Watson", name)
		}
	}
	for name, share := range map[string]generate.RealShare{
		"fresh": {Share: generate.ConstantSchedule(.2), Rows: "fresh", Per: "count"},
		"draw":  {Share: generate.ConstantSchedule(.2), Rows: "fresh", Per: "draw"}} {
		if _, ok := resamplings(compiledPlan(t, generate.Mix{Real: share}, 50, 5)); ok {
			t.Errorf("%s: Galton–Watson", name)
		}
	}
	steps, ok := resamplings(compiledPlan(t, generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.2), Rows: "resampled", Per: "draw"}}, 50, 5))
	if !ok || math.Abs(steps[4].Real-.2) > 1e-12 || math.Abs(steps[4].Synthetic-.8) > 1e-12 || steps[4].Replacement {
		t.Errorf("resampled: %v %v", steps, ok)
	}
	big := Real[generate.Histogram]{Truth: truth, Plan: compiledPlan(t, generate.Replace{}, 1_000_000, 50)}
	if lines := predict(t, HistogramTailLoss{}, big); len(lines) != 0 {
		t.Error("a chain of a million rows")
	}
	if lines := predict(t, Heterozygosity{}, big); len(lines) != 1 {
		t.Error("heterozygosity costs nothing")
	}
	for _, m := range histogramMetrics() {
		if lines := predict(t, m, Real[generate.Histogram]{Truth: truth}); len(lines) != 0 {
			t.Errorf("%T: a line without a plan", m)
		}
	}
	if unsmoothed[generate.Tokens](nil) {
		t.Error("no model is no unsmoothed model")
	}
}

// Where the exact chain costs too much, its limit: compared where both exist, and present where only one does.
func TestLivingLimit(t *testing.T) {
	const rows, last = 2000, 20
	p := zipfTruth(t, 300, 1).P
	sums, _ := Support{}.sums(p)
	c := replaceChain(rows, last)
	exact, ok := countPlan{CountChain: c}.expectations(p, sums)
	if !ok {
		t.Fatal("too dear")
	}
	for g, x := range sums[0].limit(c.Steps, classesOf(p, sums, false)) {
		agrees(t, "living", x, exact[0][g], 3e-3*exact[0][g])
	}
	r := Real[generate.Histogram]{Truth: zipfTruth(t, 1000, 1), Plan: compiledPlan(t, generate.Replace{}, 10_000_000, 50)}
	for _, m := range []Metric[generate.Histogram]{Support{}, HistogramSupportLoss{From: 500, To: 1000}, HistogramMissingMass{}} {
		if lines := predict(t, m, r); len(lines) != 1 {
			t.Errorf("%T: %d lines", m, len(lines))
		}
	}
}
