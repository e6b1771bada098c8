package evaluate

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// A lawOfRows is a truth and a fit in one.
type lawOfRows interface {
	generate.Source[float64]
	generate.Distributed
}

func lawNamed(t *testing.T, family string, p []float64) lawOfRows {
	t.Helper()
	switch family {
	case "bernoulli":
		return generate.Bernoulli{P: p[0]}
	case "poisson":
		return generate.Poisson{Mean: p[0]}
	case "negative_binomial":
		return generate.NegativeBinomial{Failures: p[0], Mean: p[1]}
	case "exponential":
		return generate.Exponential{Mean: p[0]}
	case "gamma":
		return generate.Gamma{Shape: p[0], Mean: p[1]}
	case "normal":
		return generate.Normal{Mean: p[0], Variance: p[1]}
	}
	t.Fatalf("no family %s", family)
	return nil
}

func realOf(truth generate.Source[float64], fits ...generate.Fitted[float64]) Real[float64] {
	return Real[float64]{Kind: generate.Scalars, Truth: truth, Fits: fits, Key: rng.Root(1), Probe: 100}
}

// Tail losses by distribution are those of scipy's probabilities (testdata/expfam.py); auto takes them unless both are normals.
func TestTailLossByDistribution(t *testing.T) {
	var ref struct {
		Cases []struct {
			Truth, Fit      string
			TruthParameters []float64 `json:"truth_parameters"`
			FitParameters   []float64 `json:"fit_parameters"`
			Loss            float64
		} `json:"tail_loss"`
	}
	referenceOf(t, "expfam.json", &ref)
	worst := 0.0
	for _, c := range ref.Cases {
		truth, fit := lawNamed(t, c.Truth, c.TruthParameters), lawNamed(t, c.Fit, c.FitParameters)
		v := View[float64]{Model: fit}
		got := gaugeFor(t, TailLoss{By: "distribution"}, realOf(truth, fit), v)["tail_loss"]
		agrees(t, c.Truth+" by "+c.Fit, got, c.Loss, 1e-11)
		worst = max(worst, math.Abs(got-c.Loss))
		auto := gaugeFor(t, TailLoss{}, realOf(truth, fit), v)["tail_loss"]
		switch q, normal := fit.(generate.Normal); {
		case normal && c.Truth == "normal":
			p := truth.(generate.Normal)
			agrees(t, "auto of normals", auto, NormalTailLoss(p.Mean, p.Variance, q.Mean, q.Variance), 0)
		default:
			agrees(t, "auto", auto, got, 0)
		}
	}
	if len(ref.Cases) == 0 {
		t.Error("no reference values")
	}
	t.Logf("%d losses: largest error %.1e", len(ref.Cases), worst)
}

// A normal of known variance and one fitted by its median are normals, whose loss is by density.
func TestTailLossOfOtherNormals(t *testing.T) {
	truth := generate.Normal{Mean: 1, Variance: 4}
	moved := generate.Normal{Mean: 2, Variance: 4}
	for _, fit := range []generate.Fitted[float64]{generate.FixedVariance{Normal: moved}, generate.MedianNormal{Normal: moved}} {
		for _, by := range []string{"", "auto", "density"} {
			got := gaugeFor(t, TailLoss{By: by}, realOf(truth, fit), View[float64]{Model: fit})["tail_loss"]
			agrees(t, "loss", got, NormalTailLoss(1, 4, 2, 4), 0)
		}
	}
	for _, m := range []TailLoss{{}, {By: "density"}, {By: "distribution"}} {
		if err := m.Can(generate.Poisson{}); (err == nil) != (m.By != "density") {
			t.Errorf("%+v: %v", m, err)
		}
		if _, err := m.Start(t.Context(), realOf(finiteScalars{rows: []float64{1}})); err == nil || !strings.Contains(err.Error(), "bins") {
			t.Errorf("%+v of a finite truth: %v", m, err)
		}
	}
}

// Bins of fresh rows and masses of the fit say the same where the truth is continuous, or a count of many values.
func TestTailBinsOfFamilies(t *testing.T) {
	for _, c := range []struct{ truth, fit lawOfRows }{
		{generate.Exponential{Mean: 3}, generate.Exponential{Mean: 2.5}}, {generate.Gamma{Shape: 2, Mean: 1}, generate.Gamma{Shape: 2, Mean: 1.1}},
		{generate.Poisson{Mean: 1e5}, generate.Poisson{Mean: 1e5 - 100}},
	} {
		const n = 200000
		probe, err := c.fit.Draw(t.Context(), nil, n, rng.Root(3).Stream())
		if err != nil {
			t.Fatal(err)
		}
		v := View[float64]{Model: c.fit, Probe: probe}
		exact := gaugeFor(t, TailLoss{}, realOf(c.truth, c.fit), v)["tail_loss"]
		// 400 rows a bin of equal probability: a standard deviation of .05 a bin, .016 over ten of them.
		agrees(t, "bins", gaugeFor(t, TailLoss{By: "bins"}, realOf(c.truth, c.fit), v)["tail_loss"], exact, .06)
		if !(exact > .05 && exact < .95) {
			t.Errorf("%+v by %+v loses %g: too much or too little to compare", c.truth, c.fit, exact)
		}
	}
	// A Bernoulli has its rarer value, and a point has no tails.
	v := View[float64]{Model: generate.Bernoulli{}, Probe: []float64{0, 0, 0, 1}}
	agrees(t, "rarer value", gaugeFor(t, TailLoss{By: "bins"}, realOf(generate.Bernoulli{P: .4}), v)["tail_loss"], 1-.25/.4, 1e-12)
	v.Probe = []float64{1, 1, 1, 0}
	agrees(t, "rarer value", gaugeFor(t, TailLoss{By: "bins"}, realOf(generate.Bernoulli{P: .6}), v)["tail_loss"], 1-.25/.4, 1e-12)
	for _, by := range []string{"auto", "bins"} {
		agrees(t, "point", gaugeFor(t, TailLoss{By: by}, realOf(generate.Poisson{}), View[float64]{Model: generate.Poisson{}, Probe: v.Probe})["tail_loss"], math.NaN(), 0)
	}
}

// Whatever truth and fit, A is not empty, holds little more than 2 % of a truth of many values, and the loss is in [0, 1], 0 of
// the truth itself, and symmetric in nothing.
func TestTailLossBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(.02, 50)
		member := func(name string) lawOfRows {
			m := mean.Draw(t, name)
			switch rapid.IntRange(0, 5).Draw(t, name+" family") {
			case 0:
				return generate.Bernoulli{P: m / 50.5}
			case 1:
				return generate.Poisson{Mean: m}
			case 2:
				return generate.NegativeBinomial{Failures: 1.5, Mean: m}
			case 3:
				return generate.Exponential{Mean: m}
			case 4:
				return generate.Gamma{Shape: .7, Mean: m}
			}
			return generate.Normal{Mean: m, Variance: 3}
		}
		truth, fit := member("truth"), member("fit")
		c := tailCellsOf(truth)
		mass := 0.0
		for _, side := range c.p {
			for _, p := range side {
				mass += p
			}
		}
		if _, two := truth.(generate.Bernoulli); !(mass > 0) || !two && mass > .02+1e-12 {
			t.Fatalf("%+v: A has probability %g", truth, mass)
		}
		if own := c.loss(truth); math.Abs(own) > 1e-12 {
			t.Fatalf("%+v loses %g of itself", truth, own)
		}
		if loss := c.loss(fit); !(loss >= 0 && loss <= 1) {
			t.Fatalf("%+v by %+v: %g", truth, fit, loss)
		}
	})
}
