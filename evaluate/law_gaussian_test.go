package evaluate

import "testing"

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
		l := GaussianReplace{r.Rows, r.Estimator == "unbiased"}
		relative(t, "c4", C4(r.Rows), r.C4)
		for i, g := range r.Generations {
			relative(t, "E variance", l.Variance(g), r.MeanVariance[i])
			relative(t, "E squared error of the mean", l.SquaredMeanError(g), r.MeanSquaredMeanError[i])
			relative(t, "E ln variance", l.LogVariance(g), r.MeanLogVariance[i])
			relative(t, "SD ln variance", l.LogVarianceSD(g), r.SdLogVariance[i])
			relative(t, "E W2 squared", l.W2Squared(g), r.MeanW2Squared[i])
		}
	}
	for _, r := range ref.GaussianAccumulate {
		l := GaussianAccumulate{r.Rows, r.Estimator == "unbiased"}
		for i, g := range r.Generations {
			relative(t, "accumulate: E variance", l.Variance(g), r.MeanVariance[i])
			relative(t, "accumulate: E squared error of the mean", l.SquaredMeanError(g), r.MeanSquaredMeanError[i])
		}
	}
}
