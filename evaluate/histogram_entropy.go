package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// HistogramEntropy is −Σ q ln q, in nats.
type HistogramEntropy struct{ exactNeeds }

// Heterozygosity is 1 − Σ q², the chance that two draws of the model differ (Gini–Simpson).
type Heterozygosity struct{ exactNeeds }

// Axes is the entropy.
func (HistogramEntropy) Axes() []results.Axis {
	return []results.Axis{{Series: "entropy", Label: "entropy (nats)"}}
}

// Axes is the heterozygosity.
func (Heterozygosity) Axes() []results.Axis {
	return []results.Axis{{Series: "heterozygosity", Label: "heterozygosity 1 − Σ q²", Role: results.RoleVariance}}
}

// plogp is −x ln x.
func plogp(x float64) float64 {
	if x == 0 {
		return 0
	}
	return -float64(x * num.Log(x))
}

// Start finds the truth.
func (HistogramEntropy) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return ofShares(r, "entropy", num.Entropy)
}

func (HistogramEntropy) sums([]float64) ([]categorySum, error) {
	return []categorySum{{series: "entropy", factor: 1, weighs: equally,
		of: func(_ float64, c categoryCount) float64 { return plogp(c.q) }}}, nil
}

// Start finds the truth.
func (Heterozygosity) Start(_ context.Context, r Real[generate.Histogram]) (Gauge[generate.Histogram], error) {
	return one(r, "heterozygosity", func(_, q []float64) float64 { return gini(q) })
}

func (Heterozygosity) sums([]float64) ([]categorySum, error) {
	return []categorySum{{series: "heterozygosity", base: 1, factor: -1, weighs: equally,
		of: func(_ float64, c categoryCount) float64 { return float64(c.q * c.q) }}}, nil
}

// gini is 1 − Σ q².
func gini(q []float64) float64 {
	var sum num.Accumulator
	sum.Add(1)
	for _, x := range q {
		sum.Add(-float64(x * x))
	}
	return sum.Sum()
}
