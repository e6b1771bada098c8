package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// GaussianSpread is GaussianReplace whose fits are drawn from with Spread times their variance: the biased sampling of
// Alemohammad et al. 2024 (arXiv 2307.01850), who call it λ. Generation 0 learns from the truth, so that g generations
// later the spread has acted g times.
type GaussianSpread struct {
	Rows     int
	Unbiased bool
	Spread   float64 // above 0
}

func (l GaussianSpread) honest() GaussianReplace { return GaussianReplace{l.Rows, l.Unbiased} }

// Variance is E variance: Spread^g times the honest one.
func (l GaussianSpread) Variance(g int) float64 {
	return float64(power(l.Spread, float64(g)) * l.honest().Variance(g))
}

// SquaredMeanError is E (mean − true mean)² = 1/Rows + Spread/Rows · Σ_{k<g} E variance_k; if unbiased, 1/Rows +
// (Spread/Rows)(1 − Spread^g)/(1 − Spread).
func (l GaussianSpread) SquaredMeanError(g int) float64 {
	sum, v, step := 1.0, l.honest().decay(), float64(l.Spread*l.honest().decay())
	for range g {
		sum += float64(l.Spread * v)
		v = float64(v * step)
	}
	return sum / float64(l.Rows)
}

// LogVariance is E ln variance: the honest one plus g ln Spread.
func (l GaussianSpread) LogVariance(g int) float64 {
	return l.honest().LogVariance(g) + float64(float64(g)*num.Log(l.Spread))
}

// SD is E sd: Spread^(g/2) times the honest one.
func (l GaussianSpread) SD(g int) float64 {
	return float64(power(math.Sqrt(l.Spread), float64(g)) * l.honest().SD(g))
}

// W2Squared is E W₂² between truth and fit.
func (l GaussianSpread) W2Squared(g int) float64 {
	return l.SquaredMeanError(g) + (l.Variance(g) - float64(2*l.SD(g)) + 1)
}

// BiasedSampling is the law of scalars under replace at one size where normals are drawn from with another spread, and
// nothing else is done to rows: GaussianSpread.
type BiasedSampling struct{}

// Predict recognises a normal truth and model, replace, and interventions that scale the variance.
func (BiasedSampling) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	plan, truth, ok := scalarPlan(r)
	spread, scaled := spreadOf(r.Interventions)
	if !ok || !plan.replace || !scaled || !(spread > 0) {
		return nil, nil
	}
	l, v := GaussianSpread{plan.rows, plan.unbiased, spread}, truth.Variance
	line := lawLine{"biased sampling", "Alemohammad et al. 2024, arXiv 2307.01850", plan.generation}
	lines := line.of("mean_drift", "mean", func(int) float64 { return 0 })
	for _, s := range []struct {
		series, functional string
		of                 func(g int) float64
	}{
		{"variance", "mean", l.Variance},
		{"variance", "mean of ln", func(g int) float64 { return num.Exp(l.LogVariance(g)) }},
		{"mean_drift.squared", "mean", l.SquaredMeanError},
		{"w2.squared", "mean", l.W2Squared},
	} {
		lines = append(lines, line.of(s.series, s.functional, func(g int) float64 { return float64(v * s.of(g)) })...)
	}
	return lines, nil
}

// spreadOf is what interventions multiply a drawn variance by, if there are any and none does anything else.
func spreadOf(all []generate.Intervention[float64]) (spread float64, ok bool) {
	var unit generate.Law = generate.LocationScale{V0: 1, Scale: 1}
	for _, iv := range all {
		s, is := iv.(generate.Reshaper)
		if !is {
			return 0, false
		}
		if unit = s.Reshape(unit); unit == nil {
			return 0, false
		}
	}
	return unit.Fitted(0, 1, 1), len(all) > 0
}

// A lawLine makes the points of a law for generations 0 … last of node 0.
type lawLine struct {
	law, source string
	last        int
}

func (l lawLine) of(series, functional string, x func(g int) float64) (line []results.Prediction) {
	for g := range l.last + 1 {
		line = append(line, l.at(g, series, functional, x(g)))
	}
	return line
}

// at is one point.
func (l lawLine) at(g int, series, functional string, x float64) results.Prediction {
	return results.Prediction{Generation: g, Series: series, Functional: functional, Law: l.law, Source: l.source,
		X: x, Lo: x, Hi: x}
}
