package evaluate

import (
	"context"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// KeptShare is the chance that a draw which is real with chance real passes a detector, and EffectiveReal the chance
// that one that passed is real: π(1−FPR)/(π(1−FPR)+(1−π)(1−TPR)); NaN where none passes.
func KeptShare(real, truePositive, falsePositive float64) float64 {
	return float64(real*(1-falsePositive)) + float64((1-real)*(1-truePositive))
}

// EffectiveReal: see KeptShare.
func EffectiveReal(real, truePositive, falsePositive float64) float64 {
	return float64(real*(1-falsePositive)) / KeptShare(real, truePositive, falsePositive)
}

// DetectedMixture is the law of categories where each draw is fresh from the truth by chance and from the last fit
// otherwise, and a detector drops draws of both: HeterozygosityMixture with the effective share of real draws. Without
// refill the number of draws that stay is binomial and independent of what they are, so 1/rows becomes its mean over
// the numbers above 0; with refill it is the full number, where the limit of a refill is out of reach. Shares of both
// are unbiased, so the tail mass stays 1. (The effective share is standard; its place in the recursion is our own.)
type DetectedMixture struct{}

// Predict recognises known categories, a mixture draw by draw or replace, and one detector.
func (DetectedMixture) Predict(_ context.Context, r Real[generate.Histogram]) ([]results.Prediction, error) {
	truth, known := r.Truth.(generate.Frequencies)
	rows, real, ok := mixture(r.Plan)
	if !known || !ok || len(r.Interventions) != 1 || !unsmoothed(r.Fits) {
		return nil, nil
	}
	d, ok := r.Interventions[0].(generate.CountDetector)
	if !ok {
		return nil, nil
	}
	inverse := []float64{1 / float64(rows[0])}
	for g := 1; g < len(rows); g++ {
		kept := KeptShare(real[g], d.TruePositive, d.FalsePositive)
		mean, ok := inverseRows(rows[g], r.Refill, kept)
		if !ok {
			return nil, nil
		}
		inverse = append(inverse, mean)
		real[g] = EffectiveReal(real[g], d.TruePositive, d.FalsePositive)
	}
	x := detectedHeterozygosity(gini(truth.P), inverse, real)
	const source = "mutation with the effective share of real draws (Ewens 2004, §3.2; the share is ours)"
	lines, still := lineOf("heterozygosity", "detected mixture", source, x), slices.Repeat([]float64{1}, len(x))
	return append(lines, lineOf("tail_mass", "martingale", "shares of an unbiased fit", still)...), nil
}

// detectedHeterozygosity is HeterozygosityMixture with E 1/rows in place of 1/rows.
func detectedHeterozygosity(h float64, inverse, real []float64) (out []float64) {
	truth := 1 - h
	f := truth
	for g, one := range inverse {
		kept := 1 - real[g]
		same := float64(float64(kept*kept)*f) + float64(float64(real[g]*(2-real[g]))*truth)
		f = one + float64((1-one)*same)
		out = append(out, 1-f)
	}
	return out
}

// never is a chance that no run will see.
const never = 1e-9

// inverseRows is E 1/rows of what stays of a block, each draw with chance kept, drawn again until it is full but at
// most refill times its rows; false: it may happen that nothing stays, or that a refill ends too early.
func inverseRows(rows, refill int, kept float64) (mean float64, ok bool) {
	n := float64(rows)
	switch {
	case kept >= 1:
		return 1 / n, true
	case refill > 0:
		return 1 / n, num.BinomialCDF(int64(rows)-1, int64(rows)*int64(refill), kept) < never
	case !(kept > 0) || float64(n*num.Log1p(-kept)) > num.Log(never):
		return 0, false
	}
	b := binomialBand(rows, kept)
	var sum, mass num.Accumulator
	for i, p := range b.p {
		if k := b.lo + i; k > 0 {
			sum.Add(p / float64(k))
			mass.Add(p)
		}
	}
	return sum.Sum() / mass.Sum(), !math.IsNaN(sum.Sum())
}
