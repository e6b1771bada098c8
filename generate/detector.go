package generate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Detector tells synthetic rows from real ones, or knows them by a watermark, with error: it flags a synthetic row with
// chance TruePositive and a real one with chance FalsePositive. It looks at synthetic rows, and at those that come from
// the truth from generation 1 on: generation 0 is known to be real, and so are rows of it that are drawn again.
//
// Mode drop drops what is flagged: of rows that are real with chance π a share π(1−FPR)/(π(1−FPR)+(1−π)(1−TPR)) is then
// real. Mode weight weighs every row by (1 − confidence)^bias (Drayson et al. 2025, arXiv 2502.15654): a detector of
// this ROC whose score is N(0, 1) for real rows and N(d, 1) for synthetic ones, d = Φ⁻¹(TPR) − Φ⁻¹(FPR), and whose
// confidence is the chance that a row is synthetic, given its score, where both are equally many.
type Detector[E any] struct {
	TruePositive  float64 `json:"true_positive" default:"0.9" min:"0" max:"1" doc:"chance that a synthetic row is flagged (TPR)"`
	FalsePositive float64 `json:"false_positive" default:"0.1" min:"0" max:"1" doc:"chance that a real row is flagged (FPR)"`
	Mode          string  `json:"mode" default:"drop" enum:"drop,weight" doc:"drop: flagged rows are dropped; weight: every row weighs (1 − confidence)^bias"`
	Bias          float64 `json:"bias" default:"1" min:"0" doc:"weight: power of 1 − confidence"`
}

// Name is detector.
func (Detector[E]) Name() string { return "detector" }

// Validate refuses rates that no score gives, where rows are weighed.
func (d Detector[E]) Validate() error {
	inside := func(p float64) bool { return p > 0 && p < 1 }
	if d.Mode == "weight" && !(inside(d.TruePositive) && inside(d.FalsePositive)) {
		return fmt.Errorf("mode weight: true_positive %g and false_positive %g must lie between 0 and 1",
			d.TruePositive, d.FalsePositive)
	}
	return nil
}

// Real is every generation but the first.
func (Detector[E]) Real(generation int) bool { return generation > 0 }

// Weighs reports fractional weights.
func (d Detector[E]) Weighs() bool { return d.Mode == "weight" && d.Bias > 0 }

// Apply drops or weighs.
func (d Detector[E]) Apply(_ context.Context, b Batch[E]) error {
	if d.Mode != "weight" {
		rate := flagged(d.TruePositive, d.FalsePositive, b.Real)
		for i := range b.Rows {
			if b.Rand.Float64() < rate {
				b.Weights[i] = 0
			}
		}
		return nil
	}
	apart, centre := d.Separation(), 0.0
	if !b.Real {
		centre = apart
	}
	for i := range b.Rows {
		b.Weights[i] = float64(b.Weights[i] * d.Weight(centre+rng.Normal(b.Rand), apart))
	}
	return nil
}

// Separation is d, in standard deviations of the score.
func (d Detector[E]) Separation() float64 {
	return num.NormalQuantile(d.TruePositive) - num.NormalQuantile(d.FalsePositive)
}

// Weight is (1 − confidence)^bias of a score, the confidence being l/(1 + l) with the likelihood ratio l = exp(d(score
// − d/2)).
func (d Detector[E]) Weight(score, separation float64) float64 {
	return num.Exp(-float64(d.Bias * softplus(float64(separation*(score-separation/2)))))
}

// softplus is ln(1 + e^x).
func softplus(x float64) float64 { return max(x, 0) + num.Log1p(num.Exp(-math.Abs(x))) }

// flagged is the chance that a row is.
func flagged(truePositive, falsePositive float64, real bool) float64 {
	if real {
		return falsePositive
	}
	return truePositive
}

// CountDetector is Detector for counted categories: it drops draws, since a histogram has no weight a draw.
type CountDetector struct {
	TruePositive  float64 `json:"true_positive" default:"0.9" min:"0" max:"1" doc:"chance that a synthetic draw is dropped (TPR)"`
	FalsePositive float64 `json:"false_positive" default:"0.1" min:"0" max:"1" doc:"chance that a real draw is dropped (FPR)"`
}

// Name is detector.
func (CountDetector) Name() string { return "detector" }

// Real is every generation but the first.
func (CountDetector) Real(generation int) bool { return generation > 0 }

// Apply thins every category alike.
func (d CountDetector) Apply(_ context.Context, b Batch[Histogram]) error {
	keep := 1 - flagged(d.TruePositive, d.FalsePositive, b.Real)
	return thin(b, func(int) float64 { return keep })
}
