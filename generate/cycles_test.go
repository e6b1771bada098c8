package generate

import (
	"math"
	"testing"
)

func TestCycleSteps(t *testing.T) {
	hundred := Constant(100)
	stepsAre(t, "balanced", BalancedCycle{}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "100 fit 0; 50 past [0,1)#0; 50 past [1,2)#0 → [1,2)#1 [1,2)#2",
		2: "100 fit 1; 34 past [0,1)#0; 33 past [1,2)#0; 33 past [2,3)#0 → [2,3)#1 [2,3)#2 [2,3)#3"})
	stepsAre(t, "balanced, growing", BalancedCycle{}, sizesOf(100, 150, 200), 2, map[int]string{
		2: "200 fit 1; 67 past [0,1)#0; 67 past [1,2)#0; 66 past [2,3)#0 → [2,3)#1 [2,3)#2 [2,3)#3"})
	stepsAre(t, "incremental", IncrementalCycle{ConstantSchedule(.25)}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "25 fit 0; 75 past [0,1)#0 → [1,2)#0 [1,2)#1", 3: "25 fit 2; 75 past [2,3)#0 [2,3)#1 → [3,4)#0 [3,4)#1"})
	stepsAre(t, "incremental, all and half", IncrementalCycle{Schedule{list: []float64{1, .5, 1}}}, hundred, 3, map[int]string{
		1: "100 fit 0 → [1,2)#0", 2: "50 fit 1; 50 past [1,2)#0 → [2,3)#0 [2,3)#1", 3: "100 fit 2 → [3,4)#0"})
	stepsAre(t, "incremental, growing", IncrementalCycle{ConstantSchedule(.5)}, sizesOf(100, 150, 300), 2, map[int]string{
		1: "75 fit 0; 75 past [0,1)#0 → [1,2)#0 [1,2)#1", 2: "150 fit 1; 150 past [1,2)#0 [1,2)#1 → [2,3)#0 [2,3)#1"})
	stepsAre(t, "expanding", ExpandingCycle{ConstantSchedule(.25)}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "25 fit 0 → [0,2)#0", 3: "25 fit 2 → [0,4)#0"})
	stepsAre(t, "expanding, growing", ExpandingCycle{ConstantSchedule(.25)}, sizesOf(100, 200), 3, map[int]string{1: "50 fit 0 → [0,2)#0"})
	stepsAre(t, "refresh", Refresh{ConstantSchedule(.2)}, hundred, 3, map[int]string{0: "100 truth → [0,1)#0",
		1: "100 0.8 past [0,1)#0 | 0.2 fit 0 → [1,2)#0", 3: "100 0.8 past [2,3)#0 | 0.2 fit 2 → [3,4)#0"})
	stepsAre(t, "refresh, all and nothing", Refresh{Schedule{list: []float64{1, 0, .5}}}, hundred, 3, map[int]string{
		1: "100 fit 0 → [1,2)#0", 2: "100 past [1,2)#0 → [2,3)#0", 3: "100 0.5 past [2,3)#0 | 0.5 fit 2 → [3,4)#0"})
	stepsAre(t, "refresh, growing", Refresh{ConstantSchedule(.2)}, sizesOf(100, 150, 150, 80), 3, map[int]string{
		1: "100 0.8 past [0,1)#0 | 0.2 fit 0; 50 fit 0 → [1,2)#0 [1,2)#1", 2: "150 0.8 past [1,2)#0 [1,2)#1 | 0.2 fit 1 → [2,3)#0",
		3: "80 0.8 past [2,3)#0 | 0.2 fit 2 → [3,4)#0"})
}

func TestCyclesRefuse(t *testing.T) {
	hundred, growing := Constant(100), sizesOf(100, 300)
	refused(t, BalancedCycle{}, Constant(3), 3, "rows: 3 rows of generation 3 have no equal parts of 4 generations")
	refused(t, BalancedCycle{}, growing, 3, "growth: generation 1 wants 150 rows of generation 0, which has 100")
	for _, share := range []struct {
		s   Schedule
		why string
	}{
		{ConstantSchedule(0), "share: 0 of 100 rows in generation 1 is no row"},
		{ConstantSchedule(.004), "share: 0.004 of 100 rows in generation 1 is no row"},
		{Schedule{rule: Rate{.5, .1, 0}}, "share: 0.0005 of 100 rows in generation 4 is no row"},
		{Schedule{list: []float64{.5}}, "share: a list of 1 for 4 generations"},
		{ConstantSchedule(math.NaN()), "share: NaN"},
	} {
		refused(t, IncrementalCycle{share.s}, hundred, 4, share.why)
		refused(t, ExpandingCycle{share.s}, hundred, 4, share.why)
	}
	refused(t, IncrementalCycle{ConstantSchedule(.5)}, growing, 3, "growth: generation 1 would keep 150 rows of the 100 before it")
	refused(t, Refresh{ConstantSchedule(0)}, hundred, 3, "rate: 0 in every generation")
	refused(t, Refresh{Schedule{list: []float64{.5}}}, hundred, 3, "rate: a list of 1 for 3 generations")
}

// Equal parts differ by a row at most, and add to the whole.
func TestParts(t *testing.T) {
	for _, n := range []int{1, 7, 100, 1<<52 - 1} {
		for g := range 9 {
			sum := 0
			for h := range g + 1 {
				sum += part(n, g, h)
				if d := part(n, g, h) - n/(g+1); d < 0 || d > 1 {
					t.Errorf("%d rows of %d generations: part %d is %d", n, g+1, h, part(n, g, h))
				}
			}
			if sum != n {
				t.Errorf("%d rows of %d generations: parts add to %d", n, g+1, sum)
			}
		}
	}
}

// What is left of the real rows, by formula: (1−η)^g refreshed or renewed, 1/(g+1) balanced, 1/(1+λg) expanded.
func TestRealSharesOfCycles(t *testing.T) {
	const last = 6
	var kept, balanced, expanded, inverse, golden, trusted []float64
	sum := 0.0
	for g := range last + 1 {
		sum += 1 / float64(g+1)
		kept, balanced = append(kept, math.Pow(.75, float64(g))), append(balanced, 1/float64(g+1))
		expanded, inverse = append(expanded, 1/(1+.25*float64(g))), append(inverse, 1/sum)
		golden, trusted = append(golden, math.Pow(2-math.Phi, float64(g))), append(trusted, .4)
	}
	trusted[0] = 1
	quarter, rows := ConstantSchedule(.25), Constant(420)
	near(t, "refresh", planOf(t, Refresh{quarter}, rows, last).RealShares(0), kept, 1e-14)
	near(t, "incremental", planOf(t, IncrementalCycle{quarter}, Constant(400), 3).RealShares(0), kept[:4], 1e-14)
	near(t, "balanced", planOf(t, BalancedCycle{}, rows, last).RealShares(0), balanced, 1e-14)
	near(t, "expanding", planOf(t, ExpandingCycle{quarter}, rows, last).RealShares(0), expanded, 1e-14)
	near(t, "subsample", planOf(t, AccumulateSubsample{}, rows, last).RealShares(0), balanced, 1e-14)
	near(t, "inverse", planOf(t, Weighted{By: "inverse_generation"}, rows, last).RealShares(0), inverse, 1e-14)
	near(t, "golden", planOf(t, Weighted{By: "golden_ratio", Per: "block"}, rows, last).RealShares(0), golden, 1e-14)
	near(t, "replay", planOf(t, Replay{.4}, rows, last).RealShares(0), trusted, 1e-14)
	near(t, "fresh", planOf(t, Fresh{Real: 280, RealWeight: Weighing(.4)}, rows, last).RealShares(0), trusted, 1e-14)
	near(t, "fresh alike", planOf(t, Fresh{Real: 280}, rows, last).RealShares(0), trusted, 1e-14)
}
