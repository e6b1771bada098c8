package generate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestWeightedSteps(t *testing.T) {
	hundred := Constant(100)
	stepsAre(t, "inverse", Weighted{By: "inverse_generation"}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		2: "100 fit 1 → [0,1)#0 ×1 [1,2)#0 ×0.5 [2,3)#0 ×0.3333"})
	stepsAre(t, "inverse per block", Weighted{By: "inverse_generation", Per: "block"}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "100 fit 0 → per block [0,1)#0 ×1 [1,2)#0 ×0.5"})
	stepsAre(t, "given", Weighted{By: "given", Weights: []float64{3, 0, 2, 1}}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "100 fit 0 → [0,1)#0", 2: "100 fit 1 → [0,1)#0 ×3 [2,3)#0 ×2", 3: "100 fit 2 → [0,1)#0 ×3 [2,3)#0 ×2 [3,4)#0 ×1"})
	stepsAre(t, "given, never real again", Weighted{By: "given", Weights: []float64{0, 1, 1, 0, 9}}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "100 fit 0 → [1,2)#0", 3: "100 fit 2 → [1,2)#0 ×1 [2,3)#0 ×1"})
	stepsAre(t, "decay", Weighted{By: "decay", Factor: .5}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0", 3: "100 fit 2 → [0,1)#0 ×0.125 [1,2)#0 ×0.25 [2,3)#0 ×0.5 [3,4)#0 ×1"})
	stepsAre(t, "golden", Weighted{By: "golden_ratio", Per: "block"}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "100 fit 0 → per block [0,1)#0 ×0.382 [1,2)#0 ×0.618", 2: "100 fit 1 → per block [0,1)#0 ×0.1459 [1,2)#0 ×0.2361 [2,3)#0 ×0.618"})
	// A weight that vanishes leaves its block out: in a Share 0 would mean 1.
	stepsAre(t, "decay to nothing", Weighted{By: "decay", Factor: 1e-200}, hundred, 3, map[int]string{1: "100 fit 0 → [0,1)#0 ×1e-200 [1,2)#0 ×1",
		3: "100 fit 2 → [2,3)#0 ×1e-200 [3,4)#0 ×1"})
}

func TestWeightedRefuses(t *testing.T) {
	given := func(w ...float64) Weighted { return Weighted{By: "given", Weights: w} }
	for _, c := range []struct {
		rule Rule
		why  string
	}{
		{given(), "weights: belong to by: given"},
		{Weighted{By: "decay", Factor: .5, Weights: []float64{1, 1, 1, 1}}, "weights: belong to by: given"},
		{given(1, 1, 1), "weights: 3 of them for generations 0 to 3: give 4"},
		{given(0, 0, 1, 1), "weights: those of generations 0 and 1 are 0"},
		{given(1, 0, 0, 0, 1), "weights: those of all generations but 0 are 0"},
		{given(1, -1, 0, 0), "weights[1]: -1"},
		{given(1, 1, math.NaN(), 0), "weights[2]: NaN"},
		{given(1, 1, math.Inf(1), 0), "weights[2]: +Inf"},
		{Weighted{By: "decay"}, "factor: 0"},
		{Weighted{By: "decay", Factor: 1.5}, "factor: 1.5"},
		{Weighted{By: "decay", Factor: math.NaN()}, "factor: NaN"},
		{Weighted{By: "golden_ratio", Per: "row"}, "per: row: golden_ratio weighs whole generations"},
	} {
		refused(t, c.rule, Constant(100), 3, c.why)
	}
}

// Golden weights add to 1, the newest generation has 0.618 of it, and those before keep their proportions.
func TestGoldenGenerations(t *testing.T) {
	w := Weighted{By: "golden_ratio", Per: "block"}
	for g := 1; g < 200; g++ {
		now, before, sum := w.shares(g), w.shares(g-1), 0.0
		for _, s := range now {
			sum += s.Weight
		}
		if math.Abs(sum-1) > 1e-14 || math.Abs(now[g].Weight-.6180339887498949) > 1e-15 {
			t.Fatalf("generation %d: %g in all, %g the newest", g, sum, now[g].Weight)
		}
		for h := range g {
			if a, b := now[h].Weight, before[h].Weight*(2-math.Phi); math.Abs(a-b) > 1e-14*b {
				t.Fatalf("generation %d: %d weighs %g, want %g", g, h, a, b)
			}
		}
	}
}

// Weights that do not change from one generation to the next let a running sum grow.
func TestWeightedGrows(t *testing.T) {
	for _, w := range []Weighted{{By: "inverse_generation"}, {By: "given", Weights: []float64{0, 2, 0, 2, 3, 1}}} {
		steps, err := w.Over(Constant(5), 5)
		if err != nil {
			t.Fatal(err)
		}
		grown := 0
		for g := 2; g <= 5; g++ {
			if _, ok := steps.Step(g).Lessons[0].Grows(steps.Step(g - 1).Lessons[0]); ok {
				grown++
			}
		}
		if w.By == "inverse_generation" && grown != 4 || grown < 3 {
			t.Errorf("%s: only %d of 4 lessons grew", w.By, grown)
		}
	}
}

// Per row and per block are one where all generations have equally many rows: the real share is the same.
func TestPerRowAndPerBlockAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := anyWeighted(rt)
		if w.By == "golden_ratio" {
			w.By = "decay"
		}
		w.Per = "row"
		a, err := w.Over(Constant(20), 6)
		if err != nil {
			return
		}
		w.Per = "block"
		b, _ := w.Over(Constant(20), 6)
		pa, _ := Compile(a, 6, func(int) bool { return true })
		pb, _ := Compile(b, 6, func(int) bool { return true })
		near(t, "real shares", pa.RealShares(0), pb.RealShares(0), 1e-14)
	})
}
