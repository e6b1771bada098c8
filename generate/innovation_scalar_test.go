package generate

import (
	"math"
	"testing"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Transforms of given sums are the probabilities of scipy.stats: of the sum itself, or anywhere between those of the counts
// below and up to it.
func TestTransformsOfGivenSums(t *testing.T) {
	for _, c := range []struct {
		f        Innovator[float64]
		rows     []float64
		low, top float64
	}{
		{FixedVariance{Normal: Normal{Mean: 0, Variance: 1}}, []float64{1, -1, 2, 0}, .8413447460685429, .8413447460685429},
		{Normal{Mean: 3, Variance: 4}, []float64{5, 1, 7, 3}, .8413447460685429, .8413447460685429}, // fitted by another family
		{Exponential{Mean: 2}, []float64{1, 2.5, 4}, .7229315566338927, .7229315566338927},
		{Gamma{Shape: 2, Mean: 1}, []float64{1, 1.5, 1.5}, .8087639379203747, .8087639379203747},
		{Poisson{Mean: 1.5}, []float64{0, 4, 2}, .7029304348608274, .8310505787254115},
		{Bernoulli{P: .3}, []float64{0, 1, 0}, .343, .784},
		{NegativeBinomial{Failures: 2.5, Mean: 2}, []float64{1, 3, 0}, .23729697264176713, .36316284524435133},
		{MedianNormal{Normal{Mean: 1, Variance: 16}}, []float64{2, 0, 9, -4, 3}, .6803221303405818, .6803221303405818},
		{MedianNormal{Normal{Mean: 1, Variance: 16}}, []float64{2, 0, 9, 3}, .8193064756281803, .8193064756281803},
	} {
		for i := range 20 {
			got := c.f.Innovations(nil, Outcome[float64]{N: len(c.rows), Rows: c.rows}, rng.Root(43).Child("u", i).Stream())
			if len(got) != 1 || !(got[0].U >= c.low-1e-13 && got[0].U <= c.top+1e-13) {
				t.Errorf("%+v of %v: %v, want %g to %g", c.f, c.rows, got, c.low, c.top)
			}
		}
	}
	// The estimator is judged where a fit is there.
	o := Outcome[float64]{N: 2, Rows: []float64{1, 1}, Fit: Exponential{Mean: 4}}
	near(t, "by the fit", []float64{Exponential{Mean: 2}.Innovations(nil, o, nil)[0].U}, []float64{num.GammaCDF(4, 2)}, 1e-15)
	// A point, a fit that is none, and nothing to look at say nothing.
	for _, f := range []Innovator[float64]{Poisson{}, Bernoulli{P: 1}, NegativeBinomial{Failures: 1}, Exponential{}, Gamma{Shape: 1, Mean: math.NaN()},
		FixedVariance{}, MedianNormal{}, Normal{Mean: 1e20, Variance: 1}} {
		if got := f.Innovations(nil, o, rng.Root(1).Stream()); len(got) > 0 {
			t.Errorf("%+v: %v", f, got)
		}
	}
	if got := (Poisson{Mean: 1}).Innovations(nil, Outcome[float64]{N: 2}, rng.Root(1).Stream()); len(got) > 0 {
		t.Errorf("of nothing: %v", got)
	}
}
