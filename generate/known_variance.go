package generate

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// FixedVariance is a normal of which the mean was fitted and the variance is known: the family with V(μ) constant, v2 = 0
// (Morris 1982, table 1).
type FixedVariance struct {
	Normal
	anchor float64
}

func (f FixedVariance) with(mean, anchor float64) FixedVariance {
	return FixedVariance{Normal{Mean: mean, Variance: f.Variance}, anchor}
}

// Degenerate reports a mean that is not finite.
func (f FixedVariance) Degenerate() string { return degenerate(f) }

// Law has v2 = 0.
func (f FixedVariance) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(Normal)
	if !ok || t.Variance != f.Variance {
		return nil, fmt.Errorf("the law of a normal of known variance %g is known where that is the variance of a normal truth, not for %+v", f.Variance, truth)
	}
	return quadratic(t.Variance, 0, f.anchor), nil
}

// Innovations of a normal of known variance: the mean of n rows is normal.
func (f FixedVariance) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	total, ok := learnedTotal[FixedVariance](o)
	return f.meanInnovation(dst, total, ok, float64(o.N))
}

// meanInnovation is the transform of the sum of n rows.
func (f Normal) meanInnovation(dst []Innovation, total float64, ok bool, n float64) []Innovation {
	if !ok || !(math.Sqrt(f.Variance) > float64(faint*math.Abs(f.Mean))) {
		return dst
	}
	return append(dst, Innovation{"mean", num.NormalCDF(float64(math.Sqrt(n/f.Variance) * (total/n - f.Mean)))})
}

// Save writes the mean.
func (f FixedVariance) Save(w io.Writer) error { return saveMean(w, f.Mean) }

// GaussianKnownVariance fits the mean of a normal of known variance.
type GaussianKnownVariance struct {
	Variance float64 `json:"variance" default:"0" min:"0" doc:"known variance; 0: the truth's"`
	ByMean[FixedVariance]
}

// Bind takes the variance from the truth unless it was given.
func (m GaussianKnownVariance) Bind(truth Source[float64]) (Model[float64], error) {
	v, err := knownVariance(m.Variance, truth)
	if err != nil {
		return nil, err
	}
	m.known.Variance = v
	return m.ByMean.Bind(truth)
}

// knownVariance is the variance given, or the truth's.
func knownVariance(given float64, truth Source[float64]) (float64, error) {
	if t, ok := truth.(momented); ok && given == 0 {
		_, given = t.Moment2()
	}
	if !(given > 0 && given <= math.MaxFloat64) {
		return 0, fmt.Errorf("variance: %T has no variance above 0 to be known: give one", truth)
	}
	return given, nil
}
