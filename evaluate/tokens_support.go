package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// TokenSupportLoss is the share of the types of the real training data that do not occur in fresh rows of the model:
// 1 − |supp q ∩ supp p| / |supp p|. It grows as the probe shrinks; read it beside generation 0.
type TokenSupportLoss struct{}

// TokenMissingMass is the real mass of the types that do not occur in fresh rows of the model: Σ p(x) over x with
// count 0, p the shares of words in the real training data.
type TokenMissingMass struct{}

// TokenEntropy is the plug-in entropy of the words in fresh rows of the model, −Σ q ln q, in nats. It is biased down
// by about (types − 1) / (2 words), and nearly blind to the tail.
type TokenEntropy struct{}

// Needs are the real training rows and a probe.
func (TokenSupportLoss) Needs() Needs { return Needs{Real: true, Probe: true} }

// Needs are the real training rows and a probe.
func (TokenMissingMass) Needs() Needs { return Needs{Real: true, Probe: true} }

// Needs is a probe.
func (TokenEntropy) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (TokenSupportLoss) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Can is nil: every model can be drawn from.
func (TokenMissingMass) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Can is nil: every model can be drawn from.
func (TokenEntropy) Can(generate.Fitted[generate.Tokens]) error { return nil }

// Axes is the share of lost types.
func (TokenSupportLoss) Axes() []results.Axis {
	return []results.Axis{{Series: "support_loss", Label: "lost share of real types", Better: -1}}
}

// Axes is the lost mass.
func (TokenMissingMass) Axes() []results.Axis {
	return []results.Axis{{Series: "missing_mass", Label: "real mass of lost types", Better: -1}}
}

// Axes is the entropy.
func (TokenEntropy) Axes() []results.Axis {
	return []results.Axis{{Series: "entropy", Label: "entropy of words (nats)"}}
}

// Start counts the real words.
func (TokenSupportLoss) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	return wordGauge{"support_loss", countSample(r.Train), func(real, probe *wordCounts) float64 {
		return lostShare(ones(real.count), func(i int) bool { return probe.of(uint32(i)) > 0 })
	}}, nil
}

// Start counts the real words.
func (TokenMissingMass) Start(_ context.Context, r Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	return wordGauge{"missing_mass", countSample(r.Train), func(real, probe *wordCounts) float64 {
		return lostShare(real.count, func(i int) bool { return probe.of(uint32(i)) > 0 })
	}}, nil
}

// Start fixes nothing.
func (TokenEntropy) Start(context.Context, Real[generate.Tokens]) (Gauge[generate.Tokens], error) {
	return wordGauge{"entropy", nil, func(_, probe *wordCounts) float64 { return probe.entropy() }}, nil
}

// A wordGauge puts one number of the real and the probe's word counts.
type wordGauge struct {
	series string
	real   *wordCounts
	of     func(real, probe *wordCounts) float64
}

// Measure counts the probe.
func (g wordGauge) Measure(_ context.Context, v View[generate.Tokens], to Sink) error {
	to.Put(g.series, g.of(g.real, countWords(v.Probe)))
	return nil
}

// ones is 1 for every positive count.
func ones(count []int64) []int64 {
	one := make([]int64, len(count))
	for i, c := range count {
		if c > 0 {
			one[i] = 1
		}
	}
	return one
}

// entropy is −Σ q ln q over words; NaN when there are none.
func (c *wordCounts) entropy() float64 {
	if c.total == 0 {
		return math.NaN()
	}
	var sum num.Accumulator
	for _, k := range c.count {
		if k > 0 {
			q := float64(k) / float64(c.total)
			sum.Add(-float64(q * num.Log(q)))
		}
	}
	return sum.Sum()
}
