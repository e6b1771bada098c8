package evaluate

import (
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// enoughSteps is the number below which a look says that it leans on the normal limit.
const enoughSteps = 30

// extreme keeps a transform that rounding took to 0 or 1 finite as a normal score.
const extreme = 1e-15

// Steps makes four looks at the transforms of one statistic over all replicates and generations (a series of OneStep):
// shift, the average of normal scores z = Φ⁻¹(u), in standard deviations of one step; spread, their mean square less 1, N
// times which plus N is chi-square; shape, that transforms are uniform, by Kolmogorov and Smirnov; serial, that they are independent of the step before. Generations without a
// transform, as after a collapse to a point, are no steps; the next one has no neighbour before it.
func Steps(name string, curves ...results.Curves) []Look {
	var all []float64
	var series [][]float64
	var scores, squares num.Accumulator
	for _, c := range curves {
		for _, line := range c.Lines {
			var run []float64
			for _, u := range line {
				if results.IsMissing(u) {
					series, run = append(series, run), nil
					continue
				}
				run, all = append(run, u), append(all, u)
				z := num.NormalQuantile(min(1-extreme, max(extreme, u)))
				scores.Add(z)
				squares.Add(float64(z * z))
			}
			series = append(series, run)
		}
	}
	return stepLooks(name, all, series, scores.Sum(), squares.Sum())
}

func stepLooks(name string, all []float64, series [][]float64, scores, squares float64) []Look {
	n := float64(len(all))
	normal, none := num.Float(math.Inf(1)), num.Float(math.NaN())
	shift := Look{Name: name + ": shift", Unit: "standard deviations of a step", DF: normal, N: len(all),
		Effect: num.Float(scores / n), SE: num.Float(1 / math.Sqrt(n)), P: num.Float(twoSided(scores / math.Sqrt(n)))}
	distance := uniformity(all)
	shape := Look{Name: name + ": shape", Unit: "in distribution", DF: none, N: len(all), SE: none,
		Effect: num.Float(distance.D), P: num.Float(distance.P)}
	tail := num.ChiSquaredCDF(squares, n)
	spread := Look{Name: name + ": spread", Unit: "in the variance of a step", DF: normal, N: len(all), Effect: num.Float(squares/n - 1),
		SE: num.Float(math.Sqrt(2 / n)), P: num.Float(min(1, 2*min(tail, num.ChiSquaredSurvival(squares, n))))}
	looks := []Look{shift, spread}
	if len(all) >= 5 || len(all) == 0 { // of fewer the p of a distance is far too large
		looks = append(looks, shape)
	}
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
		case l.N < enoughSteps && l.Name != shape.Name && l.Name != spread.Name:
			l.Note = "normal limit assumed, n = " + counted(l.N, "step", "steps")
		}
	}
	return looks
}
