package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// RegressionFresh is the law of least squares where every generation learns from the last fit's rows with fresh inputs, and
// perhaps fresh real rows: a fit is ŵ = A·w + noise with A random and independent of the w that labelled its rows, so that
// E|w|² and the share of the truth in E w follow a recursion, one step a generation, whatever the sizes and whoever's turn:
//
//   - ordinary least squares (LeastSquaresLaw), mixed with real rows (Kept), exactly, for inputs of any variances;
//   - of minimum norm with fewer rows than inputs (MinimumNormLaw), exactly, for inputs N(0, I);
//   - with a ridge, fixed or adaptive (RidgeLaw), to order 1/dim², for inputs N(0, I): the line's band is the correction of
//     order 1/dim divided by dim once more, the size of what is left out.
type RegressionFresh struct{}

// Predict reads the plan. What accumulates, and given inputs, are for other theories.
func (RegressionFresh) Predict(_ context.Context, r Real[generate.Labelled]) ([]results.Prediction, error) {
	e, about, why := regressionOf(r)
	if !about || e.given() {
		return nil, why
	}
	if _, pools := e.pooledRows(); pools && e.plan.Generations() > 0 {
		return nil, nil
	}
	first, err := e.freshRisk(false)
	if err != nil {
		return nil, fmt.Errorf("least squares: %w", err)
	}
	line, err := e.freshRisk(true)
	if err != nil {
		return nil, err
	}
	if line.rough {
		for g, x := range line.x {
			line.within = append(line.within, math.Abs(x-first.x[g])/e.dim)
		}
	}
	return e.lines(line.riskLine), nil
}

// A freshStep is what a generation makes of the weights that labelled its rows.
type freshStep struct {
	mean, squared float64 // E A = mean·I, E A′A = squared·I
	real          float64 // share of A's complement that is the truth's own, in the mean: 0, but for real rows among the synthetic
	noise         float64 // added squared length
	rough         bool    // to order 1/dim² only
	name, source  string
}

type freshLine struct {
	riskLine
	rough bool
}

// freshRisk follows the recursion: m is the share of the truth in E w.
func (e regression) freshRisk(corrected bool) (line freshLine, err error) {
	m, risk := 1.0, 0.0
	var steps []freshStep
	for g := range e.plan.Steps {
		s, err := e.freshStep(g, corrected)
		if err != nil {
			return line, fmt.Errorf("generation %d: %w", g, err)
		}
		risk = float64(s.squared*risk) + s.noise
		if s.real > 0 { // which pull towards the truth itself
			m = 1 + float64(s.mean*(m-1))
		} else { // E|w|² is risk + (2m − 1)·norm2 of the teacher, and squared·E|w|² + noise of the fit
			risk += float64(e.norm2 * (float64(s.squared*(float64(2*m)-1)) - float64(2*float64(s.mean*m)) + 1))
			m = float64(s.mean * m)
		}
		line.x, line.rough = append(line.x, risk), line.rough || s.rough
		if g == 0 || s.name != plainName {
			line.law, line.source = s.name, s.source
		}
		steps = append(steps, s)
	}
	line.limit = e.freshLimit(steps, risk)
	return line, nil
}

// freshLimit is where the line goes if the last step is repeated for ever; NaN where the steps so far were not alike.
func (e regression) freshLimit(steps []freshStep, last float64) float64 {
	s := steps[len(steps)-1]
	for _, other := range steps[1:] {
		if other != s {
			return math.NaN()
		}
	}
	switch {
	case s.real > 0:
		return s.noise / (1 - s.squared)
	case s.squared < 1:
		return s.noise/(1-s.squared) + e.norm2 // nothing of the truth is left
	case s.noise > 0:
		return math.Inf(1)
	}
	return last
}

// plainName is of the law that any other step of a plan gives its name to.
const plainName = "least squares, replace"

// freshStep reads generation g: one lesson of rows that weigh alike, with inputs of their own.
func (e regression) freshStep(g int, corrected bool) (s freshStep, err error) {
	real, synthetic, err := e.freshRows(g)
	if err != nil {
		return s, err
	}
	l, n := e.plan.Steps[g].Lessons[0], real+synthetic
	ridge, anchor := e.fits[l.Model].Estimator(n)
	alone := g == 0 || real == 0
	switch {
	case ridge == 0 && n > e.dim+tame && alone:
		s = freshStep{mean: 1, squared: 1, noise: inverse(e.dim, n), name: plainName,
			source: "(g+1)·noise²·dim/(rows−dim−1) (Gerstgrasser et al. 2024, arXiv 2404.01413, theorem 1)"}
	case ridge == 0 && n > e.dim+tame:
		s = freshStep{mean: synthetic / n, real: real / n, squared: Kept(e.dim, real, synthetic), noise: inverse(e.dim, n), name: "least squares, real and synthetic",
			source: "own finite-size form of strong model collapse (Dohmatob et al. 2024, arXiv 2410.04840)"}
	case ridge == 0 && n >= e.dim-tame:
		return s, fmt.Errorf("%g rows and %g inputs: the risk has no variance", n, e.dim)
	case !alone:
		return s, fmt.Errorf("a ridge, or too few rows, beside real ones")
	case !e.truth.Isotropic():
		return s, fmt.Errorf("a ridge, or too few rows, of inputs that are not N(0, I)")
	case ridge == 0:
		s = freshStep{mean: n / e.dim, squared: n / e.dim, noise: inverse(n, e.dim), name: "least squares of minimum norm, replace",
			source: "norm²·(1 − aᵍ⁺¹) and noise, a = rows/dim (Dohmatob et al. 2024, arXiv 2402.07712)"}
	default:
		s = freshStep{rough: true, name: "ridge regression, replace",
			source: "Marchenko–Pastur to order 1/dim² (Dohmatob et al. 2024, arXiv 2402.07712; Bai and Silverstein 2004)"}
		s.mean, s.squared, s.noise = RidgeLaw{int(e.dim), int(n), ridge}.Response(corrected)
	}
	s.noise = float64(s.noise * e.labelNoise(g, real, synthetic))
	if anchor > 0 && l.Start != nil {
		return s.anchored(anchor, g, real, l)
	}
	return s, nil
}

// labelNoise is the mean variance of a label of generation g: of real rows the truth's, of others the last fit's.
func (e regression) labelNoise(g int, real, synthetic float64) float64 {
	noise := float64(real * square(e.truth.Noise()))
	if g > 0 {
		noise += float64(synthetic * square(e.fits[e.plan.Steps[g-1].Lessons[0].Model].Noise()))
	}
	return noise / (real + synthetic)
}

// anchored is (1 − a)·step + a, for a fit that keeps a share a of the very weights that labelled its rows.
func (s freshStep) anchored(a float64, g int, real float64, l generate.Lesson) (freshStep, error) {
	if real > 0 || *l.Start != (generate.At{Generation: g - 1}) {
		return s, fmt.Errorf("an anchor at another fit than the one that labelled all rows")
	}
	b := 1 - a
	s.squared = float64(square(b)*s.squared) + float64(2*float64(a*b)*s.mean) + square(a)
	s.mean = float64(b*s.mean) + a
	s.noise = float64(square(b) * s.noise)
	return s, nil
}

// freshRows is how many real and synthetic rows generation g learns from, all of them of generation g.
func (e regression) freshRows(g int) (real, synthetic float64, err error) {
	s := e.plan.Steps[g]
	if len(s.Lessons) != 1 {
		return 0, 0, fmt.Errorf("several nodes")
	}
	l := s.Lessons[0]
	for at, w := range l.Each {
		d := e.plan.Draw(at)
		switch {
		case w != l.Shares[0].Relative() || l.PerBlock && len(s.Draws) > 1:
			return 0, 0, fmt.Errorf("rows that do not weigh alike")
		case at.Generation != g:
			return 0, 0, fmt.Errorf("rows of generation %d", at.Generation)
		case len(d.From) != 1:
			return 0, 0, fmt.Errorf("rows mixed draw by draw")
		}
		switch o := d.From[0]; {
		case o.Truth && o.Source == 0:
			real += float64(d.Rows)
		case o.Fit != nil && *o.Fit == generate.At{Generation: g - 1}:
			synthetic += float64(d.Rows)
		default:
			return 0, 0, fmt.Errorf("rows that are neither fresh and real nor the last fit's")
		}
	}
	return real, synthetic, nil
}
