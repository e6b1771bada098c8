package generate

import (
	"math"
	"testing"
)

func TestNetworkSteps(t *testing.T) {
	ten := Constant(10)
	start := "10 truth; 10 truth; 10 truth → [0,1)#0 / [0,1)#1 / [0,1)#2"
	draws := "10 fit 1; 10 fit 1.1; 10 fit 1.2 → "
	stepsAre(t, "complete", Network{Topology: "complete", Self: 1}, ten, 2, map[int]string{0: start,
		2: draws + "per block [2,3)#0 ×1 [2,3)#1 ×1 [2,3)#2 ×1 / per block [2,3)#0 ×1 [2,3)#1 ×1 [2,3)#2 ×1 / per block [2,3)#0 ×1 [2,3)#1 ×1 [2,3)#2 ×1"})
	stepsAre(t, "star", Network{Topology: "star", Self: .5}, ten, 2, map[int]string{0: start,
		2: draws + "per block [2,3)#0 ×0.5 [2,3)#1 ×1 [2,3)#2 ×1 / per block [2,3)#0 ×1 [2,3)#1 ×0.5 / per block [2,3)#0 ×1 [2,3)#2 ×0.5"})
	stepsAre(t, "ring of four", Network{Topology: "ring", Nodes: 4, Per: "row"}, ten, 1, map[int]string{
		1: "10 fit 0; 10 fit 0.1; 10 fit 0.2; 10 fit 0.3 → [1,2)#1 ×1 [1,2)#3 ×1 / [1,2)#0 ×1 [1,2)#2 ×1 / [1,2)#1 ×1 [1,2)#3 ×1 / [1,2)#0 ×1 [1,2)#2 ×1"})
	stepsAre(t, "ring of two", Network{Topology: "ring", Nodes: 2}, ten, 1, map[int]string{1: "10 fit 0; 10 fit 0.1 → [1,2)#1 / [1,2)#0"})
	stepsAre(t, "one alone", Network{Topology: "ring", Nodes: 1, Self: 1}, ten, 1, map[int]string{1: "10 fit 0 → [1,2)#0"})
	stepsAre(t, "given", Network{Topology: "given", Trust: [][]float64{{2, 1}, {0, 3}}, Self: 1}, ten, 1, map[int]string{0: "10 truth; 10 truth → [0,1)#0 / [0,1)#1",
		1: "10 fit 0; 10 fit 0.1 → per block [1,2)#0 ×2 [1,2)#1 ×1 / [1,2)#1"})
	stepsAre(t, "growing", Network{Topology: "ring", Nodes: 2}, sizesOf(10, 30), 1, map[int]string{0: "10 truth; 10 truth → [0,1)#0 / [0,1)#1", 1: "30 fit 0; 30 fit 0.1 → [1,2)#1 / [1,2)#0"})
}

func TestNetworkRefuses(t *testing.T) {
	given := func(rows ...[]float64) Network { return Network{Topology: "given", Trust: rows, Self: 1} }
	for _, c := range []struct {
		rule Network
		why  string
	}{
		{Network{Topology: "given", Self: 1}, "trust: belongs to topology: given"},
		{Network{Topology: "ring", Self: 1, Trust: [][]float64{{1}}}, "trust: belongs to topology: given"},
		{Network{Topology: "given", Trust: [][]float64{{1}}, Self: .5}, "self: 0.5: with topology: given"},
		{Network{Topology: "given", Trust: [][]float64{{1}}, Self: 1, Nodes: 2}, "nodes: 2, but trust has 1 rows"},
		{given([]float64{1, 1}, []float64{0, 0}), "trust[1]: node 1 learns from nobody"},
		{given([]float64{1, 1}, []float64{1}), "trust[1] has 1 weights for 2 nodes"},
		{given([]float64{1, -1}, []float64{1, 1}), "trust[0][1]: -1"},
		{given([]float64{1, 1}, []float64{math.NaN(), 1}), "trust[1][0]: NaN"},
		{given([]float64{1, math.Inf(1)}, []float64{1, 1}), "trust[0][1]: +Inf"},
		{Network{Topology: "ring", Nodes: 1}, "self: 0: node 0 of a ring of 1 learns from nobody"},
		{Network{Topology: "star", Nodes: 2, Self: -1}, "self: -1"},
		{Network{Topology: "star", Nodes: 2, Self: math.NaN()}, "self: NaN"},
	} {
		refused(t, c.rule, Constant(10), 2, c.why)
	}
}
