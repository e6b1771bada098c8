package evaluate

import (
	"context"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// CountLaws are the exact lines of every metric of categories that is a sum over categories (support, support_loss,
// missing_mass, entropy, kl, tv, cross_entropy, tail_loss, collapsed and more), by the exact law of a category's count,
// CountChain: under replace, accumulate and mixtures with fresh real rows (exact counts or draw by draw, at any
// schedule and size), with a generator that smooths or not, and for two categories under any way of sampling of which
// the probabilities are known. There is no line where it would cost more than about half a second.
type CountLaws struct{}

// Predict follows the laws that the metrics of r need.
func (CountLaws) Predict(_ context.Context, r Real[generate.Histogram]) (lines []results.Prediction, err error) {
	chain, p, ok := countPlanOf(r)
	if !ok || chain.work(1, 1) > chainWork {
		return nil, nil
	}
	groups := measuredSums(r, p)
	together := slices.Concat(groups...)
	if x, ok := chain.expectations(p, together); ok {
		return chain.lines(together, x), nil
	}
	for _, sums := range groups {
		if x, ok := chain.expectations(p, sums); ok {
			lines = append(lines, chain.lines(sums, x)...)
		}
	}
	return lines, nil
}

func (c countPlan) lines(sums []categorySum, x [][]float64) (lines []results.Prediction) {
	for i, s := range sums {
		lines = append(lines, s.lines(c.law(), c.source(), x[i])...)
	}
	return lines
}

// law is the name of the lines.
func (c countPlan) law() string {
	if c.sampled != nil {
		return "exact chain of two categories"
	}
	return "binomial counts"
}

// source is where the law of the chain comes from.
func (c countPlan) source() string {
	kept := len(c.Steps) > 1 && c.Steps[1].Keep
	switch {
	case c.sampled != nil:
		return "exact chain of binomial counts, two categories (our own)"
	case c.mutates() || c.Smoothing > 0:
		return "exact chain of binomial counts (Wright–Fisher with mutation; Ewens 2004, §3.2)"
	case kept:
		return "exact chain of binomial counts (Pólya urn in batches; our own)"
	}
	return "exact chain of binomial counts (Wright–Fisher; Ewens 2004, §3.2)"
}

// measuredSums are the sums of the metrics of r: all that are cheap together, and one metric after the other those of
// which every category must be followed by itself.
func measuredSums(r Real[generate.Histogram], p []float64) (groups [][]categorySum) {
	var cheap []categorySum
	for _, m := range r.Metrics {
		s, ok := m.(summed)
		if !ok {
			continue
		}
		sums, err := s.sums(p)
		if err != nil {
			continue // the metric says so itself when it starts
		}
		if slices.ContainsFunc(sums, func(s categorySum) bool { return s.weighs == byItself }) {
			groups = append(groups, sums)
		} else {
			cheap = append(cheap, sums...)
		}
	}
	if len(cheap) > 0 {
		groups = append([][]categorySum{cheap}, groups...)
	}
	return groups
}

// lines are the line of s and of its excess, x being the expectation of the sum.
func (s categorySum) lines(law, source string, x []float64) []results.Prediction {
	x = affine(slices.Clone(x), s.base, s.factor)
	for _, v := range x {
		if math.IsInf(v, 0) || v != v {
			return nil
		}
	}
	line := lineOf(s.series, law, source, x)
	if s.excess != "" {
		line = append(line, excess(line, s.excess)...)
	}
	return line
}

// expectations are E Σ of, by sum and generation; false: they cost too much.
func (c countPlan) expectations(p []float64, sums []categorySum) (out [][]float64, ok bool) {
	if len(sums) == 0 || len(sums) > 64 {
		return nil, false
	}
	follows := c.followings(classesOf(p, sums, c.sampled != nil), sums)
	work := 0.0
	for _, f := range follows {
		work += c.work(len(f.laws), len(f.reads))
	}
	if work > chainWork {
		return nil, false
	}
	acc := make([][]num.Accumulator, len(sums))
	for i := range acc {
		acc[i] = make([]num.Accumulator, len(c.Steps))
	}
	t := newCountTables(c.CountChain, sums)
	for _, f := range follows {
		f.run(sums, t, acc)
	}
	out = make([][]float64, len(sums))
	for i := range out {
		out[i] = make([]float64, len(c.Steps))
		for g := range out[i] {
			out[i][g] = acc[i][g].Sum()
		}
	}
	return out, true
}
