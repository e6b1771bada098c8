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
	return []results.Axis{{Series: "heterozygosity", Label: "heterozygosity 1 − Σ q²"}}
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
	return one(r, "heterozygosity", func(_, q []float64) float64 { return gini(q) }, func(p []float64) []results.Prediction {
		return heterozygosityLine(gini(p), r.Plan)
	})
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

func heterozygosityLine(h float64, p *generate.Plan) []results.Prediction {
	if rows, real, ok := mixture(p); ok {
		if _, plain := replaced(p); plain {
			return lineOf("heterozygosity", "replace", "Seddik et al. 2024, arXiv 2404.05090", HeterozygosityReplace(h, rows))
		}
		x := HeterozygosityMixture(h, rows, real)
		return lineOf("heterozygosity", "fresh real draws", "Wright–Fisher with mutation (Ewens 2004, §3.2)", x)
	}
	if rows, ok := accumulated(p); ok {
		return lineOf("heterozygosity", "accumulate", "Pólya urn in batches (recursion of Kazdan et al. 2024, arXiv 2410.16713)",
			HeterozygosityAccumulate(h, rows))
	}
	return nil
}
