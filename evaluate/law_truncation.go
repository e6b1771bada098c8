package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// TruncatedNormal is the mean and the variance of N(mean, variance) within [lo, hi], either of which may be infinite,
// and the chance to lie there: θ + σ(φ(a) − φ(b))/(Φ(b) − Φ(a)) and σ²[1 + (aφ(a) − bφ(b))/Z − ((φ(a) − φ(b))/Z)²], a
// and b the bounds in standard deviations. NaN where the chance is below 1e-12 or the variance 0.
func TruncatedNormal(mean, variance, lo, hi float64) (m, v, inside float64) {
	sd := math.Sqrt(variance)
	a, b := (lo-mean)/sd, (hi-mean)/sd
	if inside = num.NormalCDF(b) - num.NormalCDF(a); a > 0 { // the tail that does not cancel
		inside = num.NormalSurvival(a) - num.NormalSurvival(b)
	}
	if !(inside > 1e-12) || !(sd > 0) {
		return math.NaN(), math.NaN(), inside
	}
	shift := (density(a) - density(b)) / inside
	second := (moment(a) - moment(b)) / inside
	return mean + float64(sd*shift), float64(variance * (1 + second - float64(shift*shift))), inside
}

// density is that of N(0, 1), moment x times it.
func density(x float64) float64 {
	return num.Exp(-float64(0.5*float64(x*x))) / math.Sqrt(2*math.Pi)
}

func moment(x float64) float64 {
	if math.IsInf(x, 0) {
		return 0
	}
	return float64(x * density(x))
}

// VerifierRate is what the distance of the mean to a verifier's centre is multiplied by in a generation, near the
// centre, with rows without end and a known variance: 1 − 2bφ(b)/(2Φ(b) − 1), b the radius in standard deviations (the
// one-dimensional instance of Yi et al. 2025, arXiv 2510.16657, is our own).
func VerifierRate(b float64) float64 {
	return 1 - float64(2*moment(b))/(1-float64(2*num.NormalSurvival(b)))
}

// FilteredVariance is what the variance of a normal is multiplied by where the share keep of rows with the highest
// density is kept, or the lowest (ours): 1 ∓ 2zφ(z)/keep with z = Φ⁻¹((1 + keep)/2), or of 1 − keep/2.
func FilteredVariance(keep float64, low bool) float64 {
	if low {
		return 1 + float64(2*moment(-num.NormalQuantile(keep/2)))/keep
	}
	if keep >= 1 {
		return 1
	}
	return 1 - float64(2*moment(num.NormalQuantile((1+keep)/2)))/keep
}

// manyRows is the number from which on a law for rows without end is said for finite ones: what it neglects, of the
// order of generations / rows, is then below what replicates could tell.
const manyRows = 10_000

// Truncation is the law of scalars under replace at one size of many rows where one region verifier, or one filter by
// bounds or by the fit's own density, acts on them: what a truncated normal becomes, for rows without end. Where rows
// are dropped, they must be refilled until the block is full.
type Truncation struct{}

// Predict recognises a normal truth, a normal model or one of known variance, replace, and one such intervention.
func (Truncation) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	truth, ok := r.Truth.(generate.Normal)
	rows, replaces := replaced(r.Plan)
	if !ok || !replaces || rows < manyRows || len(r.Interventions) != 1 || len(r.Fits) != 1 {
		return nil, nil
	}
	_, normal := r.Fits[0].(generate.Normal)
	known := knownVariance(r.Fits[0], truth)
	step, ok := truncation(r.Interventions[0], r.Refill)
	if !ok || !normal && !known {
		return nil, nil
	}
	means, variances := []float64{truth.Mean}, []float64{truth.Variance}
	for g := range r.Plan.Generations() {
		m, v := step(means[g], variances[g])
		if known {
			v = truth.Variance
		}
		if m != m {
			return nil, nil // too few rows are kept
		}
		means, variances = append(means, m), append(variances, v)
	}
	const source = "moments of a truncated normal (ours, of the setting of Yi et al. 2025, arXiv 2510.16657)"
	w := law{"truncated normal, rows → ∞", source}
	lines := w.line(r.Plan, "mean_drift", "mean", func(at generate.At) float64 { return means[at.Generation] - truth.Mean })
	for _, functional := range []string{"mean", "mean of ln"} {
		lines = append(lines, w.line(r.Plan, "variance", functional, func(at generate.At) float64 { return variances[at.Generation] })...)
	}
	return lines, nil
}

// truncation is what an intervention makes of the moments of a normal; refill is how many times the rows may be drawn.
func truncation(iv generate.Intervention[float64], refill int) (step func(mean, variance float64) (m, v float64), ok bool) {
	lo, hi := math.Inf(-1), math.Inf(1)
	switch v := iv.(type) {
	case generate.RegionVerifier:
		lo, hi = v.Centre-v.Radius, v.Centre+v.Radius
	case generate.ScalarFilter:
		if v.Min == nil && v.Max == nil && v.By == "score" {
			by := FilteredVariance(v.Keep, v.Side == "low")
			return func(mean, variance float64) (float64, float64) { return mean, float64(variance * by) }, true
		}
		if v.Keep != 1 {
			return nil, false
		}
		if v.Min != nil {
			lo = *v.Min
		}
		if v.Max != nil {
			hi = *v.Max
		}
	default:
		return nil, false
	}
	return func(mean, variance float64) (float64, float64) {
		m, v, inside := TruncatedNormal(mean, variance, lo, hi)
		if float64(inside*float64(refill)) < 1.1 { // a tenth more than it takes on average
			return math.NaN(), math.NaN()
		}
		return m, v
	}, true
}

// knownVariance recognises a normal whose variance is known by its law: V(μ) is the true variance for all μ.
func knownVariance(fit generate.Fitted[float64], truth generate.Normal) bool {
	l, ok := fit.(generate.Lawful[float64])
	if !ok {
		return false
	}
	law, err := l.Law(truth)
	q, quadratic := law.(generate.QVF)
	return err == nil && quadratic && q == generate.QVF{V0: truth.Variance}
}
