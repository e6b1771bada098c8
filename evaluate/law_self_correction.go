package evaluate

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// GaussianCorrection is the exact law of a normal fitted again and again to Rows draws of the fit before that are moved
// towards a truth N(0, 1) by x → (x + γT(x))/(1 + γ), T the transport map of the two normals: a draw of N(μ, σ²)
// becomes one of N(μ/(1+γ), ((σ+γ)/(1+γ))²), so that the first two moments of μ and σ follow linear recursions. The
// normal instance of Gillman et al. 2024 (arXiv 2402.07087), whose theorem is a bound, is our own.
type GaussianCorrection struct {
	Rows     int
	Unbiased bool
	Gamma    float64
}

// CorrectedMoments are E σ, E σ² and E μ² of a fit, in units of the truth's standard deviation.
type CorrectedMoments struct{ SD, Variance, SquaredMeanError float64 }

// W2Squared is E W₂² between truth and fit.
func (m CorrectedMoments) W2Squared() float64 {
	return m.SquaredMeanError + (m.Variance - float64(2*m.SD) + 1)
}

// first is generation 0's law, which no correction touches.
func (l GaussianCorrection) first() GaussianReplace {
	first := GaussianReplace{Rows: []int{l.Rows}, Scale: 1}
	if l.Unbiased {
		first.DDOF = 1
	}
	return first
}

// corrected is the sd and variance of what is drawn of a fit.
func (l GaussianCorrection) corrected(m CorrectedMoments) (sd, variance float64) {
	one := 1 + l.Gamma
	square := m.Variance + float64(float64(2*l.Gamma)*m.SD) + float64(l.Gamma*l.Gamma)
	return (m.SD + l.Gamma) / one, square / float64(one*one)
}

// Moments are those of generations 0 … last.
func (l GaussianCorrection) Moments(last int) (all []CorrectedMoments) {
	root, decay, one := l.first().SD(0), l.first().Variance(0), 1+l.Gamma
	m := CorrectedMoments{root, decay, 1 / float64(l.Rows)}
	for range last + 1 {
		all = append(all, m)
		sd, variance := l.corrected(m)
		m = CorrectedMoments{float64(root * sd), float64(decay * variance),
			m.SquaredMeanError/float64(one*one) + variance/float64(l.Rows)}
	}
	return all
}

// Limit is where they go: E σ → cγ/(1 + γ − c) with c = E σ̂/σ of one fit. NaN without correction.
func (l GaussianCorrection) Limit() CorrectedMoments {
	if l.Gamma == 0 {
		return CorrectedMoments{math.NaN(), math.NaN(), math.NaN()}
	}
	root, decay, one := l.first().SD(0), l.first().Variance(0), 1+l.Gamma
	m := CorrectedMoments{SD: float64(root*l.Gamma) / (one - root)}
	m.Variance = float64(decay*(float64(float64(2*l.Gamma)*m.SD)+float64(l.Gamma*l.Gamma))) / (float64(one*one) - decay)
	_, variance := l.corrected(m)
	m.SquaredMeanError = variance / float64(l.Rows) / (1 - 1/float64(one*one))
	return m
}

// SelfCorrected is the law of scalars under replace at one size where all that is done is self-correction:
// GaussianCorrection.
type SelfCorrected struct{}

// Predict recognises a normal truth and model, replace, and one self-correction.
func (SelfCorrected) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	truth, normal := r.Truth.(generate.Normal)
	if !normal || len(r.Interventions) != 1 {
		return nil, nil
	}
	c, ok := r.Interventions[0].(generate.SelfCorrection)
	plain := r
	plain.Interventions = nil
	fitted, replace, err := replaceOf(plain)
	rows, even := replaced(r.Plan)
	if !ok || !replace || !even {
		return nil, err
	}
	l, v := GaussianCorrection{rows, fitted.DDOF == 1, c.Gamma}, truth.Variance
	w := law{"self-correction", "ours, of the setting of Gillman et al. 2024, arXiv 2402.07087"}
	all, limit, last := l.Moments(r.Plan.Generations()), l.Limit(), r.Plan.Generations()
	lines := w.line(r.Plan, "mean_drift", "mean", func(generate.At) float64 { return 0 })
	for _, s := range []struct {
		series string
		of     func(CorrectedMoments) float64
	}{
		{"variance", func(m CorrectedMoments) float64 { return m.Variance }},
		{"mean_drift.squared", func(m CorrectedMoments) float64 { return m.SquaredMeanError }},
		{"w2.squared", CorrectedMoments.W2Squared},
	} {
		lines = append(lines, w.line(r.Plan, s.series, "mean", func(at generate.At) float64 { return float64(v * s.of(all[at.Generation])) })...)
		if x := s.of(limit); x == x {
			lines = append(lines, w.point(last, s.series, "limit", float64(v*x)))
		}
	}
	return lines, nil
}
