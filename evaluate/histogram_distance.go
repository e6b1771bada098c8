package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// TotalVariation is tv, ½ Σ |p − q|.
type TotalVariation struct{ exactNeeds }

// KL is Σ p ln(p/q) in nats (the divergence of the model from the truth): +Inf as soon as a category is lost, which
// is a result. kl.smoothed is finite: there q = (count + Alpha) / (total + Alpha·categories) of the training counts.
type KL struct {
	smoothing
	Alpha float64 `json:"alpha" default:"0.5" min:"1e-9" doc:"added to every count in kl.smoothed"`
}

// CrossEntropy is −Σ p ln q in nats, exactly what held-out draws of the truth cost on average, of an evaluator that adds
// Alpha to the training counts of the generation, q = (count + Alpha) / (total + Alpha·categories), whatever the
// generator does: a data cross entropy, its exp a data perplexity.
type CrossEntropy struct {
	smoothing
	Alpha float64 `json:"alpha" default:"0.5" min:"1e-9" doc:"added to every count by the evaluator"`
}

// smoothing is exactNeeds and the training counts.
type smoothing struct{ exactNeeds }

// Needs are the statistics of what each generation learned from, or else its rows.
func (smoothing) Needs() Needs { return Needs{Stats: true} }

// Axes is the distance.
func (TotalVariation) Axes() []results.Axis {
	return []results.Axis{{Series: "tv", Label: "total variation from the truth", Better: -1}}
}

// Axes are both divergences.
func (m KL) Axes() []results.Axis {
	return []results.Axis{
		{Series: "kl", Label: "KL(truth ‖ model) (nats)", Better: -1, Role: results.RoleRisk},
		{Series: "kl.smoothed", Label: fmt.Sprintf("KL(truth ‖ training counts + %g) (nats)", m.Alpha), Better: -1},
	}
}

// Axes is the cross entropy.
func (m CrossEntropy) Axes() []results.Axis {
	return []results.Axis{{Series: "cross_entropy", Label: fmt.Sprintf("cross entropy of training counts + %g (nats)", m.Alpha), Better: -1, Role: results.RoleRisk}}
}

// Start finds the truth.
func (TotalVariation) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return whole(r, "tv", func(p, q []float64) float64 {
		var sum num.Accumulator
		for i, x := range q {
			sum.Add(math.Abs(x - p[i]))
		}
		return sum.Sum() / 2
	})
}

func (TotalVariation) sums([]float64) ([]categorySum, error) {
	return []categorySum{{series: "tv", factor: .5, of: func(p float64, c categoryCount) float64 { return math.Abs(p - c.q) }}}, nil
}

// Start finds the truth.
func (m CrossEntropy) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := smoothedTruth(r, "cross_entropy", m.Alpha)
	if err != nil {
		return nil, err
	}
	return &exactGauge{p: p, measure: func(v View[generate.Histogram], _ []float64, to Sink) error {
		x, err := crossEntropy(p, v, m.Alpha)
		to.Put("cross_entropy", x)
		return err
	}}, nil
}

func (m CrossEntropy) sums(p []float64) ([]categorySum, error) {
	return []categorySum{evaluatorSum("cross_entropy", m.Alpha, len(p), 0)}, nil
}

// Start finds the truth.
func (m KL) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	p, err := smoothedTruth(r, "kl", m.Alpha)
	if err != nil {
		return nil, err
	}
	entropy := entropyOf(p)
	return &exactGauge{p: p, measure: func(v View[generate.Histogram], q []float64, to Sink) error {
		to.Put("kl", divergence(p, q))
		x, err := crossEntropy(p, v, m.Alpha)
		to.Put("kl.smoothed", x-entropy)
		return err
	}}, nil
}

// sums are both divergences; that of kl is infinite, and has no line, unless the generator smooths.
func (m KL) sums(p []float64) ([]categorySum, error) {
	entropy := entropyOf(p)
	return []categorySum{
		{series: "kl", base: -entropy, factor: 1, weighs: byMass, of: func(_ float64, c categoryCount) float64 { return -num.Log(c.q) }},
		evaluatorSum("kl.smoothed", m.Alpha, len(p), -entropy),
	}, nil
}

// evaluatorSum is base plus the cross entropy of an evaluator that adds alpha to the training counts.
func evaluatorSum(series string, alpha float64, categories int, base float64) categorySum {
	added := float64(alpha * float64(categories))
	return categorySum{series: series, base: base, factor: 1, weighs: byMass, of: func(_ float64, c categoryCount) float64 {
		return -num.Log((c.count + alpha) / (c.rows + added))
	}}
}

// entropyOf is −Σ p ln p, in nats.
func entropyOf(p []float64) float64 {
	var sum num.Accumulator
	for _, x := range p {
		sum.Add(plogp(x))
	}
	return sum.Sum()
}

func smoothedTruth(r Real[generate.Histogram], series string, alpha float64) ([]float64, error) {
	if !(alpha > 0) {
		return nil, fmt.Errorf("%s: alpha: %g: must be positive", series, alpha)
	}
	p, err := truthOf(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", series, err)
	}
	return p, nil
}

// divergence is Σ p ln(p/q).
func divergence(p, q []float64) float64 {
	var sum num.Accumulator
	for i, x := range p {
		if x > 0 && q[i] == 0 {
			return math.Inf(1)
		}
		if x > 0 {
			sum.Add(float64(x * num.Log(x/q[i])))
		}
	}
	return sum.Sum()
}

// crossEntropy is −Σ p ln((count + alpha) / (total + alpha·categories)) of the training counts in v.
func crossEntropy(p []float64, v View[generate.Histogram], alpha float64) (float64, error) {
	count, err := trainingCounts(v, len(p))
	if err != nil {
		return math.NaN(), err
	}
	total := num.SumCompensated(count) + float64(alpha*float64(len(p)))
	var sum num.Accumulator
	for i, x := range p {
		if x > 0 {
			sum.Add(-float64(x * num.Log((count[i]+alpha)/total)))
		}
	}
	return sum.Sum(), nil
}

// trainingCounts are the weighted counts of what the model learned from.
func trainingCounts(v View[generate.Histogram], categories int) ([]float64, error) {
	switch s := v.Stats.(type) {
	case interface{ Counts() []float64 }:
		return s.Counts(), nil
	case nil:
	default:
		return nil, fmt.Errorf("%T has no counts by category", s)
	}
	count := make([]float64, categories)
	for h, weight := range v.Train.All() {
		if len(h) > categories {
			return nil, fmt.Errorf("a histogram of %d categories, the truth has %d", len(h), categories)
		}
		for i, c := range h {
			count[i] += float64(weight * float64(c))
		}
	}
	return count, nil
}
