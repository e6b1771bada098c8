package evaluate

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
)

func TestAbsorptionTimes(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Absorption {
		for k, x := range AbsorptionTimes(r.Rows) {
			most.near(t, "absorption", x, r.Times[k], 1e-11)
			most.near(t, "diffusion", DiffusionAbsorption(r.Rows, float64(k)/float64(r.Rows)), r.Diffusion[k], 1e-11)
			if k > 0 && k < r.Rows && math.Abs(x/r.Diffusion[k]-1) > .3 {
				t.Errorf("%d of %d: %g, by diffusion %g", k, r.Rows, x, r.Diffusion[k])
			}
		}
	}
	agrees(t, "thirty rows from a third", AbsorptionTimes(30)[10], 36.6202, 5e-5)
	for rows, want := range map[int]int{0: 1, 1: 2, 2: 3} {
		if got := AbsorptionTimes(rows); len(got) != want || got[0] != 0 || rows == 2 && got[1] != 2 {
			t.Errorf("%d rows: %v", rows, got)
		}
	}
	t.Logf("largest relative error %.1e", float64(most))
}

func TestAncestors(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Ancestors {
		a := NewAncestors(r.Rows)
		most.near(t, "resamplings", a.Resamplings(), r.Resamplings, 1e-12)
		if x := a.Resamplings() / float64(2*(r.Rows-1)); x < .9 || x > 1.02 {
			t.Errorf("%d rows: %g of 2(M − 1)", r.Rows, x)
		}
		a.Laws(len(r.Mean)-1, func(g int, law band) {
			most.near(t, "one ancestor", law.at(1), r.OneAncestorBy[g], 1e-12)
			most.near(t, "mean", law.expectation(func(k int) float64 { return float64(k) }), r.Mean[g], 1e-12)
		})
	}
	t.Logf("largest relative error %.1e", float64(most))
}

// The coalescent and the count chain say the same of any truth.
func TestAncestorsAreDualToCounts(t *testing.T) {
	const rows, last = 70, 40
	p := zipfTruth(t, 25, 1.1).P
	plan := compiledPlan(t, generate.Replace{}, rows, last)
	for _, m := range []Metric[generate.Histogram]{Support{}, HistogramSupportLoss{From: 5, To: 9}, HistogramMissingMass{}, Collapsed{}, Fixation{Rank: 3}, MemoriserTestError{}} {
		r := Real[generate.Histogram]{Truth: generate.Frequencies{P: p}, Plan: plan, Fits: []generate.Fitted[generate.Histogram]{generate.Frequencies{}}, Metrics: []Metric[generate.Histogram]{m}}
		exact, _ := CountLaws{}.Predict(t.Context(), r)
		if again, _ := (AncestorLaws{}).Predict(t.Context(), r); len(again) > 0 {
			t.Errorf("%T: computed twice", m)
		}
		sums, _ := m.(summed).sums(p)
		dual := ancestorLines(rows, last, p, sums)
		if len(exact) != last+1 || len(dual) != last+1 {
			t.Fatalf("%T: %d and %d points", m, len(exact), len(dual))
		}
		for g := range exact {
			agrees(t, exact[g].Series, dual[g].X, exact[g].X, 1e-12+1e-11*exact[g].X)
		}
	}
}

// Beyond what the count chain can do the ancestors go on, and beyond them the limit of rare categories.
func TestLinesOfManyRows(t *testing.T) {
	for rows, law := range map[int]string{4000: "binomial counts", 15_000: "ancestors", 10_000_000: "Galton–Watson"} {
		r := Real[generate.Histogram]{Truth: zipfTruth(t, 1000, 1), Plan: compiledPlan(t, generate.Replace{}, rows, 60)}
		for series, line := range predict(t, Support{}, r) {
			if len(line) != 61 || line[0].Law != law {
				t.Errorf("%d rows: %s by %s, %d points", rows, series, line[0].Law, len(line))
			}
		}
	}
}

// The limit of rare categories under fresh rows, growth and accumulation.
func TestRareCategories(t *testing.T) {
	const rows, last = 1000, 8
	p := []float64{.9935, .001, .0015, .004}
	sums, _ := HistogramSupportLoss{From: 2, To: 4}.sums(p)
	for name, steps := range map[string]CountStep{"fresh count": {Drawn: 900, Fresh: 100}, "fresh draw": {Drawn: 1000, Real: .1}, "accumulate": {Keep: true, Drawn: 500}, "growing": {Drawn: 1500}} {
		c := CountChain{Steps: []CountStep{{Fresh: rows}}}
		for range last {
			c.Steps = append(c.Steps, steps)
		}
		exact, ok := countPlan{CountChain: c}.expectations(p, sums)
		if !ok {
			t.Fatalf("%s: too dear", name)
		}
		for g, x := range sums[0].limit(c.Steps, classesIn(classesOf(p, sums, false), 0)) {
			agrees(t, name, x, exact[0][g], 4e-3*exact[0][g])
		}
	}
}

// What is left in the end is a draw of the truth.
func TestFixationLimit(t *testing.T) {
	p := zipfTruth(t, 4, 1).P
	r := Real[generate.Histogram]{Truth: generate.Frequencies{P: p}, Plan: compiledPlan(t, generate.Replace{}, 12, 400)}
	for _, m := range []Metric[generate.Histogram]{Collapsed{}, Fixation{Rank: 3}} {
		for series, line := range predict(t, m, r) {
			end, limit := line[400], line[401]
			if end.Functional != "mean" || limit.Functional != "limit" || limit.Generation != 400 {
				t.Fatalf("%s: %+v, %+v", series, end, limit)
			}
			agrees(t, series, end.X, limit.X, 1e-9)
		}
	}
	fresh := Real[generate.Histogram]{Truth: r.Truth, Plan: compiledPlan(t, generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.2), Rows: "fresh", Per: "draw"}}, 12, 4)}
	for _, p := range predict(t, Collapsed{}, fresh)["collapsed"] {
		if p.Functional == "limit" {
			t.Error("fresh rows end no chain")
		}
	}
}

func TestFixedReal(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Drift {
		l := FixedReal{r.First, r.Fixed, r.Synthetic}
		for g, x := range l.Drift(r.Heterozygosity, len(r.Drift)-1) {
			most.near(t, "drift", x, r.Drift[g], 1e-12)
		}
		most.near(t, "limit", l.DriftLimit(r.Heterozygosity), r.Limit, 1e-12)
	}
	t.Logf("largest relative error %.1e", float64(most))
}

func TestBounds(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Bounds {
		for g, x := range r.Lines {
			lo, hi := SureshBounds(r.Probability, r.Rows, g)
			most.near(t, "Suresh, lower", lo, x[0], 1e-12)
			most.near(t, "Suresh, upper", hi, x[2], 1e-12)
			lo, hi = SeddikBounds(r.Probability, r.Rows, g)
			most.near(t, "Seddik, lower", lo, x[3], 1e-12)
			most.near(t, "Seddik, upper", hi, x[5], 1e-12)
		}
		replaceChain(r.Rows, len(r.Lines)-1).Law(r.Probability, func(g int, law []float64) {
			most.near(t, "alive", 1-law[0], r.Lines[g][1], 1e-11)
			if x := r.Lines[g]; !(x[0] <= 1-law[0] && 1-law[0] <= x[2] && x[3] <= x[4] && x[4] <= x[5]) {
				t.Errorf("generation %d: %v", g, x)
			}
		})
	}
	lo, hi := SureshBounds(.01, 100, 9)
	agrees(t, "ten fits, lower", lo, .1582, 5e-5)
	agrees(t, "ten fits, upper", hi, .4360, 5e-5)
	t.Logf("largest relative error %.1e", float64(most))
}

// The bounds hold whatever the probability and the size, as far as theorem 1 asks.
func TestBoundsHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.IntRange(5, 120).Draw(rt, "rows")
		p := rapid.Float64Range(1e-6, .5).Draw(rt, "p")
		replaceChain(rows, 12).Law(p, func(g int, law []float64) {
			lo, hi := SureshBounds(p, rows, g)
			if alive := 1 - law[0]; alive < lo-1e-12 || alive > hi+1e-12 {
				rt.Errorf("generation %d: %g ≤ %g ≤ %g does not hold", g, lo, alive, hi)
			}
			lo, hi = SeddikBounds(p, rows, g)
			if both := 1 - law[0] - law[rows]; both < lo-1e-12 || both > hi+1e-12 {
				rt.Errorf("generation %d: Seddik %g ≤ %g ≤ %g does not hold", g, lo, both, hi)
			}
		})
	})
}

func TestHeatDeath(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).HeatDeath {
		p := zipfTruth(t, r.Categories, r.Exponent).P
		for g, want := range r.Generations {
			for i, x := range HeatDeath(p, r.Temperature, g) {
				most.near(t, "heat death", x, want[i], 1e-12)
			}
		}
	}
	cold, hot := HeatDeath([]float64{.6, .4, 0}, .5, 40), HeatDeath([]float64{.6, .4, 0}, 2, 60)
	if cold[0] != 1 || cold[1] != 0 || hot[2] != 0 || math.Abs(hot[0]-.5) > 1e-12 {
		t.Errorf("in the end %v and %v", cold, hot)
	}
	t.Logf("largest relative error %.1e", float64(most))
}

func TestMemoriser(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Memoriser {
		p := zipfTruth(t, r.Categories, r.Beta).P
		for i, rows := range r.Rows {
			most.near(t, "error", MemoriserError(p, float64(rows)), r.Error[i], 1e-11)
			most.near(t, "power", MemoriserPower(r.Beta, p[0], float64(rows)), r.Power[i], 1e-11)
			most.near(t, "mixed", MixedMemoriserError(p, TopK(p, r.Cut), r.Real, float64(rows)), r.Mixed[i], 1e-11)
		}
		for i, g := range r.Generations {
			most.near(t, "growth", ReplaceGrowth(r.Beta, g), r.Growth[i], 1e-11)
			most.near(t, "replace", ReplaceMemoriserError(p, float64(r.ReplaceRows), g), r.Replaced[i], 1e-11)
		}
		most.near(t, "cut", CutTail(r.Beta, p[0], r.Cut), r.CutTail, 1e-11)
	}
	for g := 50; g < 5000; g *= 10 { // ((g + 1)/2)^c, slowly: f_g has a term ln g
		agrees(t, "growth", ReplaceGrowth(1.5, g)/math.Cbrt(float64(g+1)/2), 1, .03)
	}
	p := zipfTruth(t, 100_000, 1.5).P
	for rows, want := range map[float64]float64{1000: .1108, 20_000: .0837} {
		agrees(t, "grokking", MixedMemoriserError(p, TopK(p, 50), .05, rows), want, 5e-5)
	}
	t.Logf("largest relative error %.1e", float64(most))
}
