package evaluate

import (
	"context"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// lawsOf are the laws of an experiment's models, as its interventions leave them; why not where one has none.
func lawsOf[E any](r Real[E]) (laws []generate.Law, err error) {
	if r.Plan == nil {
		return nil, fmt.Errorf("no plan")
	}
	for i, f := range r.Fits {
		lawful, ok := f.(generate.Lawful[E])
		if !ok {
			return nil, fmt.Errorf("linear oracle: %T has no law", f)
		}
		l, err := lawful.Law(r.Truth)
		if err != nil {
			return nil, fmt.Errorf("linear oracle: model %d: %w", i, err)
		}
		for _, iv := range r.Interventions {
			re, ok := iv.(generate.Reshaper)
			if !ok {
				return nil, fmt.Errorf("linear oracle: the intervention %s has no declared effect on the law", iv.Name())
			}
			if l = re.Reshape(l); l == nil {
				return nil, fmt.Errorf("linear oracle: the intervention %s does not act on a variance", iv.Name())
			}
		}
		laws = append(laws, l)
	}
	return laws, nil
}

// momentsOf runs the linear oracle on an experiment; why not where it is not covered.
func momentsOf[E any](r Real[E]) (m map[generate.At]Moment, laws []generate.Law, err error) {
	if laws, err = lawsOf(r); err != nil {
		return nil, nil, err
	}
	m, err = Linear(r.Plan, laws)
	return m, laws, err
}

// honest is what a fit's own variance is of E variance of a row drawn from it: samplers scale what is drawn, and the fit
// does not know.
func honest[E any](r Real[E], laws []generate.Law) (scale float64, err error) {
	plain := r
	plain.Interventions = nil
	own, err := lawsOf(plain)
	if err != nil {
		return 0, err
	}
	for i, l := range laws {
		of := own[i].Fitted(0, 1, 2) / l.Fitted(0, 1, 2)
		if i > 0 && of != scale {
			return 0, fmt.Errorf("linear oracle: models that are sampled differently")
		}
		scale = of
	}
	return scale, nil
}

// oracleLaw is what lines of the linear oracle say of themselves.
var oracleLaw = law{"exact second moments", "linear oracle over the plan (covariances of block means; own, after Kazdan et al. 2024, arXiv 2410.16713)"}

// ScalarMoments is the linear oracle for scalars: E variance of the fit, the mean of its error, which is 0, and of its square.
type ScalarMoments struct{}

// Predict draws variance, mean_drift and mean_drift.squared ("mean").
func (ScalarMoments) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	m, laws, err := momentsOf(r)
	if err != nil {
		return nil, err
	}
	scale, err := honest(r, laws)
	if err != nil {
		return nil, err
	}
	lines := oracleLaw.line(r.Plan, "variance", "mean", func(at generate.At) float64 { return float64(scale * m[at].Row) })
	lines = append(lines, oracleLaw.line(r.Plan, "mean_drift", "mean", func(generate.At) float64 { return 0 })...)
	return append(lines, squaredErrors(r.Plan, m)...), nil
}

func squaredErrors(p *generate.Plan, m map[generate.At]Moment) []results.Prediction {
	return oracleLaw.line(p, "mean_drift.squared", "mean", func(at generate.At) float64 { return m[at].Var })
}

// VectorMoments is the linear oracle for vectors, summed over columns.
type VectorMoments struct{}

// Predict draws trace, trace.ratio and mean_drift.squared ("mean").
func (VectorMoments) Predict(_ context.Context, r Real[generate.Vector]) ([]results.Prediction, error) {
	m, laws, err := momentsOf(r)
	if err != nil {
		return nil, err
	}
	scale, err := honest(r, laws)
	if err != nil {
		return nil, err
	}
	truth, ok := r.Truth.(interface{ Dim() int })
	if !ok {
		return nil, fmt.Errorf("linear oracle: %T does not say how many columns there are", r.Truth)
	}
	real, dim := laws[0].Real(), float64(truth.Dim())
	row := func(of float64) func(generate.At) float64 {
		return func(at generate.At) float64 { return float64(scale*m[at].Row) / of }
	}
	lines := oracleLaw.line(r.Plan, "trace", "mean", row(dim))
	lines = append(lines, oracleLaw.line(r.Plan, "trace.ratio", "mean", row(real))...)
	return append(lines, squaredErrors(r.Plan, m)...), nil
}

// CategoryMoments is the linear oracle for categories, where v2 = −1 in units of the true heterozygosity: Seddik et al. 2024
// (arXiv 2404.05090) under replace, a Pólya urn in batches under accumulate, mutation towards the truth under a mixture.
type CategoryMoments struct{}

// Predict draws heterozygosity and tail_mass ("mean").
func (CategoryMoments) Predict(_ context.Context, r Real[generate.Histogram]) ([]results.Prediction, error) {
	m, _, err := momentsOf(r)
	if err != nil || len(r.Interventions) > 0 {
		return nil, err
	}
	lines := oracleLaw.line(r.Plan, "heterozygosity", "mean", func(at generate.At) float64 { return m[at].Row })
	martingale := law{"martingale", "shares of an unbiased fit"}
	return append(lines, martingale.line(r.Plan, "tail_mass", "mean", func(generate.At) float64 { return 1 })...), nil
}
