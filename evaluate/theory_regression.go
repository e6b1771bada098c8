package evaluate

import (
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// tame is by how much rows and inputs must differ, at least, for the risk to have a variance (that of an inverse Wishart
// matrix; von Rosen 1988, Scand. J. Statist. 15). With less there is a mean that no number of replicates comes near, or none,
// and no line.
const tame = 3

// A regression is what theories of least squares know of an experiment.
type regression struct {
	plan  *generate.Plan
	truth generate.Linear
	fits  []generate.Linear // what each model returns
	dim   float64
	norm2 float64 // risk of weights of 0
}

// regressionOf reads an experiment of least squares: about is false of any other, and why says what of it has no law here.
func regressionOf(r Real[generate.Labelled]) (e regression, about bool, why error) {
	e.plan = r.Plan
	var ok bool
	if e.truth, ok = r.Truth.(generate.Linear); !ok || r.Plan == nil || len(r.Fits) == 0 {
		return e, false, nil
	}
	for _, f := range r.Fits {
		l, ok := f.(generate.Linear)
		if !ok || l.Dim() != e.truth.Dim() {
			return e, false, nil
		}
		e.fits = append(e.fits, l)
	}
	if len(r.Interventions) > 0 {
		return e, false, fmt.Errorf("least squares: the intervention %s has no declared effect on the law", r.Interventions[0].Name())
	}
	e.dim, e.norm2 = float64(e.truth.Dim()), e.truth.SquaredLength(e.truth.Weights())
	return e, true, nil
}

// given reports a plan that draws rows given others.
func (e regression) given() bool {
	for _, s := range e.plan.Steps {
		if slices.ContainsFunc(s.Draws, func(d generate.Draw) bool { return d.Given != nil }) {
			return true
		}
	}
	return false
}

// A riskLine is E risk of node 0 in every generation, how far the truth may be from it, and where it goes.
type riskLine struct {
	law, source string
	x           []float64
	within      []float64 // nil: exact
	limit       float64   // NaN: not known
}

// lines are those of risk and of test_error, and their limits.
func (e regression) lines(l riskLine) (all []results.Prediction) {
	last := len(l.x) - 1
	for _, s := range []struct {
		series string
		noise  float64
	}{{"risk", 0}, {"test_error", square(e.truth.Noise())}} {
		point := func(g int, functional, law, source string, x, within float64) {
			all = append(all, results.Prediction{Generation: g, Series: s.series, Functional: functional, Law: law, Source: source,
				X: x + s.noise, Lo: x + s.noise - within, Hi: x + s.noise + within})
		}
		for g, x := range l.x {
			within := 0.0
			if l.within != nil {
				within = l.within[g]
			}
			if !math.IsNaN(x) && !math.IsInf(x, 0) {
				point(g, "mean", l.law, l.source, x, within)
			}
		}
		if !math.IsNaN(l.limit) {
			point(last, "limit", l.law, l.source, l.limit, 0)
		}
	}
	return all
}
