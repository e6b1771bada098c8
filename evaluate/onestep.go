package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// innovations collects the steps of chains under one law: how far each is from its conditional mean, and the
// probability integral transform, uniform and independent if the law holds.
type innovations struct {
	name, unit      string
	sum, weight     num.Accumulator // of deviations, weighted by 1 / their variance
	transforms      []float64
	series          [][]float64
	startsNewSeries bool
}

func newInnovations(name, unit string) *innovations { return &innovations{name: name, unit: unit} }

// begin starts a chain: its first step has no neighbour before it.
func (n *innovations) begin() { n.startsNewSeries = true }

// add takes a step: its deviation from the conditional mean, the variance of that, and its transform.
func (n *innovations) add(deviation, variance, transform float64) {
	n.sum.Add(deviation / variance)
	n.weight.Add(1 / variance)
	if n.startsNewSeries {
		n.series, n.startsNewSeries = append(n.series, nil), false
	}
	last := len(n.series) - 1
	n.series[last] = append(n.series[last], transform)
	n.transforms = append(n.transforms, transform)
}

// enoughSteps is the number below which a look says that it leans on the normal limit.
const enoughSteps = 30

// looks are shift, shape and serial.
func (n *innovations) looks() []Look {
	steps := len(n.transforms)
	normal, none := num.Float(math.Inf(1)), num.Float(math.NaN())
	weight := n.weight.Sum()
	shift := Look{Name: n.name + ": shift", Unit: n.unit, DF: normal, N: steps,
		Effect: num.Float(n.sum.Sum() / weight), SE: num.Float(1 / math.Sqrt(weight)),
		P: num.Float(twoSided(n.sum.Sum() / math.Sqrt(weight)))}
	distance := uniformity(n.transforms)
	shape := Look{Name: n.name + ": shape", Unit: "in distribution", DF: none, N: steps, SE: none,
		Effect: num.Float(distance.D), P: num.Float(distance.P)}
	independence := SerialUniform(n.series)
	serial := Look{Name: n.name + ": serial", Unit: "in lag-1 correlation", DF: normal, N: independence.Pairs, SE: none,
		Effect: num.Float(independence.R), P: num.Float(independence.P)}
	looks := []Look{shift, shape, serial}
	for i := range looks {
		l := &looks[i]
		switch {
		case l.N == 0:
			l.SE, l.Note = none, "no steps"
		case l.N < enoughSteps && i != 1: // the shape's law is right for any number
			l.Note = "normal limit assumed, n = " + counted(l.N, "step", "steps")
		}
	}
	return looks
}
