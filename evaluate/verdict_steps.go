package evaluate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// enoughSteps is the number below which a look says that it leans on the normal limit.
const enoughSteps = 30

// extreme keeps a transform that rounding took to 0 or 1 finite as a normal score.
const extreme = 1e-15

// Steps makes three looks at the transforms of one statistic over all replicates and generations (a series of OneStep):
// shift, the average of normal scores Φ⁻¹(u), in standard deviations of one step; shape, that transforms are uniform, by
// Kolmogorov and Smirnov; serial, that they are independent of the step before. Generations without a
// transform, as after a collapse to a point, are no steps; the next one has no neighbour before it.
func Steps(name string, curves ...results.Curves) []Look {
	var all []float64
	var series [][]float64
	var scores num.Accumulator
	for _, c := range curves {
		for _, line := range c.Lines {
			var run []float64
			for _, u := range line {
				if results.IsMissing(u) {
					series, run = append(series, run), nil
					continue
				}
				run, all = append(run, u), append(all, u)
				scores.Add(num.NormalQuantile(min(1-extreme, max(extreme, u))))
			}
			series = append(series, run)
		}
	}
	return stepLooks(name, all, series, scores.Sum())
}

func stepLooks(name string, all []float64, series [][]float64, scores float64) []Look {
	n := float64(len(all))
	normal, none := num.Float(math.Inf(1)), num.Float(math.NaN())
	shift := Look{Name: name + ": shift", Unit: "standard deviations of a step", DF: normal, N: len(all),
		Effect: num.Float(scores / n), SE: num.Float(1 / math.Sqrt(n)), P: num.Float(twoSided(scores / math.Sqrt(n)))}
	distance := uniformity(all)
	shape := Look{Name: name + ": shape", Unit: "in distribution", DF: none, N: len(all), SE: none,
		Effect: num.Float(distance.D), P: num.Float(distance.P)}
	looks := []Look{shift, shape}
	independence := SerialUniform(series)
	serial := Look{Name: name + ": serial", Unit: "in lag-1 correlation", DF: normal, N: independence.Pairs, SE: none,
		Effect: num.Float(independence.R), P: num.Float(independence.P)}
	if independence.Pairs > 0 || len(all) == 0 { // a statistic of one generation has no neighbours to look at
		looks = append(looks, serial)
	}
	for i := range looks {
		l := &looks[i]
		switch {
		case l.N == 0:
			l.SE, l.P, l.Note = none, none, "no steps"
		case l.N < enoughSteps && i != 1: // the shape's law is right for any number
			l.Note = "normal limit assumed, n = " + counted(l.N, "step", "steps")
		}
	}
	return looks
}

// Complete looks whether replicates have a value in every generation that was planned to be measured: a chain that is one
// generation short obeys every law of one step. It is rejected outright when one does not, unless its cell ended in a named
// outcome before (allowed).
func Complete(c results.Curves, measured func(g int) bool, last, allowed int) Look {
	short := 0
	for _, line := range c.Lines {
		for g := range last + 1 {
			if measured(g) && (g >= len(line) || results.IsMissing(line[g])) {
				short++
				break
			}
		}
	}
	l := Look{Name: seriesName(c.Series, c.Node) + ": generations", Unit: "replicates short of generations", N: len(c.Lines),
		Effect: num.Float(short), SE: num.Float(math.NaN()), P: 1}
	if short > allowed {
		l.P, l.Note = 0, fmt.Sprintf("%s of %d end before generation %d", counted(short, "replicate", "replicates"), len(c.Lines), last)
	}
	return l
}
