package evaluate

import (
	"slices"
	"testing"

	"modelcollapse/generate"
)

// gaussianReference is one setting of testdata/laws.py.
type gaussianReference struct {
	Rows                                              int
	Estimator                                         string
	C4                                                float64
	Generations                                       []int
	MeanVariance, MeanSquaredMeanError, MeanW2Squared []float64
	MeanLogVariance, SdLogVariance                    []float64
}

func TestGaussianLaws(t *testing.T) {
	ref := readLaws(t)
	if len(ref.GaussianReplace) == 0 || len(ref.GaussianAccumulate) == 0 {
		t.Fatal("testdata/laws.json lacks the normal laws")
	}
	for _, r := range ref.GaussianReplace {
		last := r.Generations[len(r.Generations)-1]
		l := GaussianReplace{Rows: slices.Repeat([]int{r.Rows}, last+1), Scale: 1}
		if r.Estimator == "unbiased" {
			l.DDOF = 1
		}
		relative(t, "c4", C4(r.Rows), r.C4)
		for i, g := range r.Generations {
			relative(t, "E variance", l.Variance(g), r.MeanVariance[i])
			relative(t, "E squared error of the mean", l.SquaredMeanError(g), r.MeanSquaredMeanError[i])
			relative(t, "E ln variance", l.LogVariance(g), r.MeanLogVariance[i])
			relative(t, "SD ln variance", l.LogVarianceSD(g), r.SdLogVariance[i])
			relative(t, "E W2 squared", l.W2Squared(g), r.MeanW2Squared[i])
		}
	}
}

// Under accumulate the oracle is the product of Kazdan et al. and, unbiased, our own.
func TestLinearOracleAccumulate(t *testing.T) {
	for _, r := range readLaws(t).GaussianAccumulate {
		last := r.Generations[len(r.Generations)-1]
		law := generate.LocationScale{V0: 1, Scale: 1}
		if r.Estimator == "unbiased" {
			law.DDOF = 1
		}
		m, err := Linear(compiledPlan(t, generate.Accumulate{}, r.Rows, last), []generate.Law{law})
		if err != nil {
			t.Fatal(err)
		}
		for i, g := range r.Generations {
			relative(t, "accumulate: E variance", m[generate.At{Generation: g}].Row, r.MeanVariance[i])
			relative(t, "accumulate: E squared error of the mean", m[generate.At{Generation: g}].Var, r.MeanSquaredMeanError[i])
		}
	}
}

// Biased sampling, Alemohammad et al.: every generation's rows are drawn with a scaled variance.
func TestGaussianReplaceScaled(t *testing.T) {
	for _, r := range readWorkflows(t).GaussianBiasedSampling {
		last := r.Generations[len(r.Generations)-1]
		l := GaussianReplace{Rows: slices.Repeat([]int{r.Rows}, last+1), DDOF: 1, Scale: r.VarianceScale}
		for i, g := range r.Generations {
			relative(t, "scaled: E variance", l.Variance(g), r.MeanVariance[i])
			relative(t, "scaled: E squared error of the mean", l.SquaredMeanError(g), r.MeanSquaredMeanError[i])
		}
	}
}
