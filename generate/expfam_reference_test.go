package generate

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// TestExpfamReference holds densities, distribution functions and quantiles to values of scipy and mpmath
// (testdata/expfam.py); -v prints the largest relative errors. The error of a logarithm is relative to the larger of 1 and itself.
func TestExpfamReference(t *testing.T) {
	b, err := os.ReadFile("testdata/expfam.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Family     string
		Parameters []float64
		Points     []struct{ X, Log, CDF float64 }
		Quantiles  []struct{ Share, X float64 }
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	worst := map[string][3]float64{}
	for _, c := range cases {
		f, w := referenceLaw(t, c.Family, c.Parameters), worst[c.Family]
		for _, p := range c.Points {
			nats := make([]float64, 1)
			if err := f.Score(t.Context(), []float64{p.X}, nats); err != nil {
				t.Fatal(err)
			}
			w[0] = math.Max(w[0], math.Abs(nats[0]-p.Log)/max(1, math.Abs(p.Log)))
			w[1] = math.Max(w[1], math.Abs(f.CDF(p.X)-p.CDF)/max(p.CDF, 1e-300))
		}
		for _, q := range c.Quantiles {
			w[2] = math.Max(w[2], math.Abs(f.Quantile(q.Share)-q.X)/max(math.Abs(q.X), 1e-300))
		}
		worst[c.Family] = w
	}
	if len(worst) != 7 {
		t.Errorf("%d families", len(worst))
	}
	for family, w := range worst {
		t.Logf("%-18s log density %.1e, distribution function %.1e, quantile %.1e", family, w[0], w[1], w[2])
		if !(w[0] < 1e-12 && w[1] < 1e-12 && w[2] < 1e-12) {
			t.Errorf("%s: relative errors %.1e", family, w)
		}
	}
}

func referenceLaw(t *testing.T, family string, p []float64) knownLaw {
	t.Helper()
	switch family {
	case "bernoulli":
		return Bernoulli{P: p[0]}
	case "poisson":
		return Poisson{Mean: p[0]}
	case "negative_binomial":
		return NegativeBinomial{Failures: p[0], Mean: p[1]}
	case "exponential":
		return Exponential{Mean: p[0]}
	case "gamma":
		return Gamma{Shape: p[0], Mean: p[1]}
	case "pareto":
		return Pareto{Index: p[0], Scale: p[1]}
	case "gaussian":
		return Normal{Mean: p[0], Variance: p[1]}
	}
	t.Fatalf("no family %s", family)
	return nil
}
