package evaluate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// gaussianReplaceLaw is what its lines say of themselves.
var gaussianReplaceLaw = law{"product of chi-squares", "Shumailov et al. 2024, theorem 3.1; Bertrand et al. 2024, arXiv 2310.00429; Cochran 1934 for each step"}

// replaceOf is the law of a normal under replace; an error where the plan is another, and not ok where fit or
// truth are no normals.
func replaceOf[E any](r Real[E]) (l GaussianReplace, ok bool, err error) {
	laws, err := lawsOf(r)
	if err != nil {
		return l, false, nil // the linear oracle says why
	}
	first, ok := laws[0].(generate.LocationScale)
	if !ok || first.Noise != 0 || len(laws) != 1 {
		return l, false, nil
	}
	if l.Rows, ok = newest(r.Plan); !ok {
		return l, false, fmt.Errorf("the mean of ln variance is known under replace alone")
	}
	l.DDOF, l.Scale = first.DDOF, first.Scale
	for _, n := range l.Rows {
		if n < 2 {
			return l, false, fmt.Errorf("one row has no variance")
		}
	}
	return l, true, nil
}

// ScalarGaussian is GaussianReplace for scalars: means of logarithms, and the Wasserstein distance, whose closed form
// needs E sd.
type ScalarGaussian struct{}

// Predict draws variance ("mean of ln"), log_variance_ratio and w2.squared ("mean").
func (ScalarGaussian) Predict(_ context.Context, r Real[float64]) ([]results.Prediction, error) {
	truth, normal := r.Truth.(generate.Normal)
	l, ok, err := replaceOf(r)
	if !ok || !normal {
		return nil, err
	}
	w := gaussianReplaceLaw
	lines := w.line(r.Plan, "variance", "mean of ln", func(at generate.At) float64 {
		return float64(truth.Variance * num.Exp(l.LogVariance(at.Generation)))
	})
	lines = append(lines, logRatios(r.Plan, l)...)
	return append(lines, w.line(r.Plan, "w2.squared", "mean", func(at generate.At) float64 {
		return float64(truth.Variance * l.W2Squared(at.Generation))
	})...), nil
}

// logRatios are the lines of ln variance over the truth's, and over generation 0's.
func logRatios(p *generate.Plan, l GaussianReplace) []results.Prediction {
	w := gaussianReplaceLaw
	lines := w.line(p, "log_variance_ratio", "mean", func(at generate.At) float64 { return l.LogVariance(at.Generation) })
	return append(lines, w.line(p, "log_variance_ratio.since", "mean", func(at generate.At) float64 {
		return l.LogVariance(at.Generation) - l.LogVariance(0)
	})...)
}

// VectorGaussian is GaussianReplace for vectors.
type VectorGaussian struct{}

// Predict draws log_variance_ratio of columns, log_det and log_det.ratio ("mean").
func (VectorGaussian) Predict(_ context.Context, r Real[generate.Vector]) ([]results.Prediction, error) {
	truth, normal := r.Truth.(generate.JointNormal)
	l, ok, err := replaceOf(r)
	if !ok || !normal || truth.Rank() == 0 {
		return nil, err
	}
	fit, ok := r.Fits[0].(generate.JointNormal)
	if !ok {
		return nil, nil
	}
	shape := fit.Shape()
	var lines []results.Prediction
	if shape != "spherical" {
		lines = logRatios(r.Plan, l)
	}
	start, real := truth.LogDet(), truth.LogDet()
	if shape == "diagonal" { // such a fit never sees the correlations
		start = 0
		for _, v := range truth.Variances() {
			start += num.Log(v)
		}
	}
	last := l.LogDet(r.Plan.Generations(), truth.Dim(), shape)
	if shape == "spherical" && !truth.Spherical() || math.IsInf(start, 0) || math.IsInf(last, 0) {
		return lines, nil
	}
	at := func(by float64) func(generate.At) float64 {
		return func(at generate.At) float64 { return start - by + l.LogDet(at.Generation, truth.Dim(), shape) }
	}
	lines = append(lines, gaussianReplaceLaw.line(r.Plan, "log_det", "mean", at(0))...)
	return append(lines, gaussianReplaceLaw.line(r.Plan, "log_det.ratio", "mean", at(real))...), nil
}
