package evaluate

import (
	"context"
	"fmt"
	"strconv"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// OneStep puts the innovations of a generation: the probability integral transforms of what its draws became, each given
// the fit that it was drawn from. If draws and fits are what they claim to be these are independent and uniform on
// (0, 1), whatever has become of the chain, so that a few chains tell what averages over thousands do not: a stream
// used twice, a wrong divisor, a mean that is not updated. Series are one_step.NAME.ORIGIN, the origin real, synthetic or
// past, and one_step.count for the realised counts of a block that is mixed draw by draw. Blocks of one node are
// put under that node; further blocks of the same name are numbered.
type OneStep[E any] struct{}

// Needs are the parts of what was drawn.
func (OneStep[E]) Needs() Needs { return Needs{Parts: true} }

// Can asks for a fit that knows the law of its draws.
func (OneStep[E]) Can(fits generate.Fitted[E]) error {
	if _, ok := fits.(generate.Innovator[E]); !ok {
		return fmt.Errorf("one_step: %T does not know the law of one step", fits)
	}
	return nil
}

// Axes are the transforms.
func (OneStep[E]) Axes() []results.Axis {
	return []results.Axis{{Series: "one_step.*", Label: "probability integral transform of the step", Zero: 0.5}}
}

// Start keeps the plan.
func (OneStep[E]) Start(_ context.Context, r Real[E]) (Gauge[E], error) {
	return oneStep[E]{r.Plan}, nil
}

type oneStep[E any] struct{ plan *generate.Plan }

// Measure transforms the blocks of this node: block i belongs to node i, and the last node has the rest.
func (g oneStep[E]) Measure(_ context.Context, v View[E], to Sink) error {
	step, seen := g.plan.Steps[v.Generation], map[string]int{}
	put := func(name string, u float64) {
		if seen[name]++; seen[name] > 1 {
			name += "." + strconv.Itoa(seen[name])
		}
		to.Put("one_step."+name, u)
	}
	var block generate.At
	counts := map[int]int{}
	for i, p := range v.Parts {
		if min(p.Block.Index, len(step.Lessons)-1) != v.Node {
			continue
		}
		d := step.Draws[p.Block.Index]
		if p.Block != block {
			counts = map[int]int{}
		}
		block = p.Block
		counts[p.Origin] += p.N
		if last := i+1 == len(v.Parts) || v.Parts[i+1].Block != block; last && len(d.From) > 1 {
			mixed(d, counts, v, put)
		}
		for _, x := range transforms(p, d.From[p.Origin], v) {
			put(x.Name+"."+originName(d.From[p.Origin]), x.U)
		}
	}
	return nil
}

// mixed transforms the counts of a block that is mixed draw by draw: binomial, one origin after the other.
func mixed[E any](d generate.Draw, counts map[int]int, v View[E], put func(string, float64)) {
	left, chance := int64(d.Rows), 1.0
	for i, o := range d.From[:len(d.From)-1] {
		p, k := o.Chance()/chance, int64(counts[i])
		put("count", generate.Randomised(num.BinomialCDF(k-1, left, p), num.Exp(num.LogBinomial(k, left, p)), v.Rand))
		left, chance = left-k, chance-o.Chance()
	}
}

// transforms asks the source of a part, or for rows drawn again what they were drawn from.
func transforms[E any](p Part[E], o generate.Origin, v View[E]) []generate.Innovation {
	if p.Source == nil {
		if s, ok := p.Pool.(generate.Subsampler[E]); ok {
			return s.Subsampled(nil, p.Stats, o.Replacement, v.Rand)
		}
		return nil
	}
	if s, ok := p.Source.(generate.Innovator[E]); ok {
		return s.Innovations(nil, p.Outcome, v.Rand)
	}
	return nil
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
