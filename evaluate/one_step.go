package evaluate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// OneStep puts the innovations of a generation: the probability integral transforms of what its draws became, each given
// the fit that it was drawn from. If draws and fits are what they claim to be these are independent and uniform on
// (0, 1), whatever has become of the chain, so that a few chains tell what averages over thousands do not: a stream
// used twice, a wrong divisor, a mean that is not updated. Series are one_step.NAME.ORIGIN, the origin real, synthetic or
// past, and one_step.count for the realised counts of a block that is mixed draw by draw; one_step.unknown.ORIGIN (NaN)
// where nobody knows the law. A block is put under the first node that learns from it, else under node 0; further
// statistics of the same name are numbered.
type OneStep[E any] struct{}

// Needs are the parts of what was drawn.
func (OneStep[E]) Needs() Needs { return Needs{Parts: true} }

// Can asks for a fit, as it is sampled, that knows the law of its draws.
func (OneStep[E]) Can(fits generate.Fitted[E]) error {
	if _, ok := fits.(generate.Innovator[E]); !ok {
		return fmt.Errorf("one_step: %T does not know the law of one step", fits)
	}
	return nil
}

// OfSamples: it judges what is drawn from.
func (OneStep[E]) OfSamples() {}

// Axes are the transforms.
func (OneStep[E]) Axes() []results.Axis {
	return []results.Axis{{Series: "one_step.*", Label: "probability integral transform of the step", Zero: 0.5}}
}

// Start keeps the plan.
func (OneStep[E]) Start(_ context.Context, r Real[E]) (Gauge[E], error) {
	return oneStep[E]{r.Plan}, nil
}

type oneStep[E any] struct{ plan *generate.Plan }

// Measure transforms the blocks of this node.
func (g oneStep[E]) Measure(_ context.Context, v View[E], to Sink) error {
	seen, u := map[string]int{}, v.Key.Child("measure", v.Node).Child("one_step", 0).Stream()
	put := func(name string, u float64) {
		if seen[name]++; seen[name] > 1 {
			name += "." + strconv.Itoa(seen[name])
		}
		to.Put("one_step."+name, u)
	}
	for i, d := range g.plan.Steps[v.Generation].Draws {
		at := generate.At{Generation: v.Generation, Index: i}
		if g.owner(at) != v.Node {
			continue
		}
		asked := make([]int, len(d.From))
		for _, p := range v.Parts {
			if p.Block != at {
				continue
			}
			asked[p.Origin] += p.Asked
			name := originName(d.From[p.Origin])
			all, known := transforms(p, d.From[p.Origin], u)
			for _, x := range all {
				put(x.Name+"."+name, x.U)
			}
			if !known {
				put("unknown."+name, math.NaN())
			}
		}
		mixed(d, asked, u, put)
	}
	return nil
}

// owner is the first node that learns from a block of its own generation, else 0.
func (g oneStep[E]) owner(at generate.At) int {
	n := slices.IndexFunc(g.plan.Steps[at.Generation].Lessons, func(l generate.Lesson) bool {
		for b := range l.Each {
			if b == at {
				return true
			}
		}
		return false
	})
	return max(0, n)
}

// mixed transforms the counts of a block that is mixed draw by draw: binomial, one origin after the other.
func mixed(d generate.Draw, asked []int, u *rand.Rand, put func(string, float64)) {
	left, chance := int64(d.Rows), 1.0
	for i, o := range d.From[:len(d.From)-1] {
		p, k := o.Chance()/chance, int64(asked[i])
		put("count", generate.Randomised(num.BinomialCDF(k-1, left, p), num.Exp(num.LogBinomial(k, left, p)), u))
		left, chance = left-k, chance-o.Chance()
	}
}

// transforms asks the source of a part, or for rows drawn again what they were drawn from; false: it knows no law.
func transforms[E any](p Part[E], o generate.Origin, u *rand.Rand) (all []generate.Innovation, known bool) {
	if p.Source == nil {
		s, ok := p.Pool.(generate.Subsampler[E])
		if ok {
			all = s.Subsampled(nil, p.Stats, o.Replacement, u)
		}
		return all, ok
	}
	s, ok := p.Source.(generate.Innovator[E])
	if ok {
		all = s.Innovations(nil, p.Outcome, u)
	}
	return all, ok
}

func originName(o generate.Origin) string {
	switch {
	case o.Truth:
		return "real"
	case o.Fit != nil:
		return "synthetic"
	}
	return "past"
}
