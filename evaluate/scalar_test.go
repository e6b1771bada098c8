package evaluate

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func TestNormalW2(t *testing.T) {
	var ref struct {
		Wasserstein struct {
			Normals []struct{ Mean1, SD1, Mean2, SD2, W2 float64 }
		}
	}
	referenceOf(t, "distances.json", &ref)
	for _, c := range ref.Wasserstein.Normals {
		p := gaugeFor(t, W2{}, normalReal(generate.Normal{Mean: c.Mean1, Variance: c.SD1 * c.SD1}),
			View[float64]{Model: generate.Normal{Mean: c.Mean2, Variance: c.SD2 * c.SD2}})
		agrees(t, "w2.squared", p["w2.squared"], c.W2*c.W2, 1e-11*(1+c.W2*c.W2))
	}
	if len(ref.Wasserstein.Normals) == 0 {
		t.Error("no reference values")
	}
}

func TestQuantileDistance(t *testing.T) {
	var ref struct {
		Wasserstein struct {
			Empirical []struct {
				X, Y []float64
				W2   float64
			}
		}
	}
	referenceOf(t, "distances.json", &ref)
	for _, c := range ref.Wasserstein.Empirical {
		slices.Sort(c.X)
		slices.Sort(c.Y)
		agrees(t, "w2", QuantileDistance(c.X, c.Y), c.W2, 1e-11)
		agrees(t, "w2, the other way", QuantileDistance(c.Y, c.X), c.W2, 1e-11)
	}
	agrees(t, "nothing", QuantileDistance(nil, []float64{1}), math.NaN(), 0)
	agrees(t, "itself", QuantileDistance([]float64{1, math.Inf(1)}, []float64{1, math.Inf(1)}), 0, 0)
}

func TestNormalTailLossReference(t *testing.T) {
	var ref struct {
		Cases []struct {
			Mean, SD float64
			Density  float64 `json:"tail_loss_density"`
			Bins     float64 `json:"tail_loss_5_bins"`
		} `json:"normal_tail_overlap"`
	}
	referenceOf(t, "distances.json", &ref)
	for _, c := range ref.Cases {
		// The same on another scale: a normal truth N(3, 4).
		got := NormalTailLoss(3, 4, 3+2*c.Mean, 4*c.SD*c.SD)
		agrees(t, "density", got, c.Density, 1e-11)
		const n = 100000 // quantiles of the fit instead of rows: no noise
		probe := make([]float64, n)
		for i := range probe {
			probe[i] = 3 + 2*(c.Mean+c.SD*num.NormalQuantile((float64(i)+.5)/n))
		}
		p := gaugeFor(t, TailLoss{By: "bins"}, normalReal(generate.Normal{Mean: 3, Variance: 4}),
			View[float64]{Model: generate.Normal{}, Probe: probe})
		agrees(t, "bins", p["tail_loss"], c.Bins, 1.0/n/.002)
	}
	if len(ref.Cases) == 0 {
		t.Error("no reference values")
	}
}

func TestNormalTailLossLimits(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][5]float64{{0, 1, 0, 1, 0}, {0, 1, 0, 0, 1}, {0, 1, 0, 1e-300, 1}, {0, 1, 1e9, 1, 1}, {0, 0, 0, 1, nan},
		{0, 1, nan, 1, nan}, {0, 1, 0, inf, nan}, {0, 1, 0, 1e300, 1}, {0, 1, 1e-17, 1, 0}, {0, 1, 0, 1 + 1e-15, 0}} {
		agrees(t, "tail loss", NormalTailLoss(c[0], c[1], c[2], c[3]), c[4], 1e-12)
	}
	rapid.Check(t, func(t *rapid.T) { // against quadrature of the densities
		m, s := rapid.Float64Range(-3, 3).Draw(t, "mean"), rapid.Float64Range(.05, 5).Draw(t, "sd")
		kept, h := 0.0, 1e-3
		density := func(x, m, s float64) float64 { return math.Exp(-(x-m)*(x-m)/2/s/s) / s / math.Sqrt(2*math.Pi) }
		for x := -num.NormalQuantile(.01) + h/2; x < 7; x += h {
			kept += h * (min(density(x, 0, 1), density(x, m, s)) + min(density(-x, 0, 1), density(-x, m, s)))
		}
		if got := NormalTailLoss(0, 1, m, s*s); math.Abs(got-(1-kept/.02)) > 1e-4 {
			t.Errorf("N(%g, %g²): %g, by quadrature %g", m, s, got, 1-kept/.02)
		}
	})
}

func TestTailLossOfFiniteTruth(t *testing.T) {
	rows := make([]float64, 2000)
	for i := range rows {
		rows[i] = float64(i)
	}
	r := normalReal(generate.Normal{})
	r.Truth = finiteScalars{rows: rows}
	m := TailLoss{By: "bins"}
	agrees(t, "itself", gaugeFor(t, m, r, View[float64]{Probe: rows})["tail_loss"], 0, 1e-12)
	agrees(t, "cut tails", gaugeFor(t, m, r, View[float64]{Probe: rows[20:1980]})["tail_loss"], 1, 1e-12)
	agrees(t, "one tail cut", gaugeFor(t, m, r, View[float64]{Probe: rows[20:]})["tail_loss"], .5, 1e-12)
	agrees(t, "one bin cut", gaugeFor(t, m, r, View[float64]{Probe: append(rows[4:2000:2000], 500, 500, 500, 500)})["tail_loss"], .1, 1e-12)
	same := normalReal(generate.Normal{})
	same.Truth = finiteScalars{rows: make([]float64, 1000)}
	agrees(t, "constant truth", gaugeFor(t, m, same, View[float64]{Probe: rows})["tail_loss"], math.NaN(), 0)
	p := gaugeFor(t, m, r, View[float64]{Probe: rows}, View[float64]{Generation: 1, Probe: rows[20:]})
	agrees(t, "excess", p["tail_loss.excess"], .5, 1e-12)
}

func TestExpectedShortfallReference(t *testing.T) {
	var ref struct {
		Cases []struct {
			Level, Mean, SD float64
			Upper           float64 `json:"upper_shortfall"`
			Lower           float64 `json:"lower_shortfall"`
		} `json:"normal_expected_shortfall"`
	}
	referenceOf(t, "distances.json", &ref)
	for _, c := range ref.Cases {
		const n = 1 << 16
		rows := make([]float64, n)
		for i := range rows {
			rows[i] = c.Mean + c.SD*num.NormalQuantile((float64(i)+.5)/n)
		}
		low, high := Shortfalls(rows, 1-c.Level)
		agrees(t, "lower", low, c.Lower, 1e-3)
		agrees(t, "upper", high, c.Upper, 1e-3)
		// Half the spread about a mean that moved: .5 over both tails.
		truth := generate.Normal{Mean: c.Mean, Variance: c.SD * c.SD}
		for i := range rows {
			rows[i] = rows[i]/2 + 7
		}
		p := gaugeFor(t, ExpectedShortfall{Level: c.Level}, normalReal(truth), View[float64]{Probe: rows})
		agrees(t, "ratio", p["expected_shortfall"], .5, 1e-3)
		moved := 7 - c.Mean/2
		agrees(t, "upper ratio", p["expected_shortfall.upper"], .5+moved/(c.Upper-c.Mean), 5e-3)
	}
	low, high := Shortfalls([]float64{1, 2, 3, 4, 5}, .3) // 1.5 rows a side
	agrees(t, "low", low, (1+.5*2)/1.5, 1e-15)
	agrees(t, "high", high, (5+.5*4)/1.5, 1e-15)
}

func TestMomentMetrics(t *testing.T) {
	r := normalReal(generate.Normal{Mean: 1, Variance: 4})
	v := View[float64]{Model: generate.Normal{Mean: 3, Variance: 1}, Baseline: generate.Normal{Variance: 2}}
	agrees(t, "variance", gaugeFor(t, Variance{}, r, v)["variance"], 1, 0)
	agrees(t, "ratio", gaugeFor(t, LogVarianceRatio{}, r, v)["log_variance_ratio"], -math.Log(4), 1e-15)
	agrees(t, "ratio to generation 0", gaugeFor(t, LogVarianceRatio{Against: "generation_0"}, r, v)["log_variance_ratio.since"], -math.Log(2), 1e-15)
	agrees(t, "drift", gaugeFor(t, MeanDrift{}, r, v)["mean_drift"], 2, 0)
	agrees(t, "squared", gaugeFor(t, MeanDrift{}, r, v)["mean_drift.squared"], 4, 0)
	r.Truth = finiteScalars{rows: []float64{1, 2, 3, 4, 10}} // mean 4, variance 10
	agrees(t, "ratio to rows", gaugeFor(t, LogVarianceRatio{}, r, v)["log_variance_ratio"], -math.Log(10), 1e-15)
	agrees(t, "drift from rows", gaugeFor(t, MeanDrift{}, r, v)["mean_drift"], -1, 0)
}

func TestW2EmpiricalAndItsNull(t *testing.T) {
	truth := generate.Normal{Variance: 1}
	held, _ := truth.Draw(t.Context(), nil, 2000, rng.Root(2).Stream())
	probe, _ := truth.Draw(t.Context(), nil, 2000, rng.Root(3).Stream())
	r := normalReal(truth)
	r.HeldOut, r.Probe = held, 2000
	p := gaugeFor(t, W2Empirical{Null: 20}, r, View[float64]{Model: truth, Probe: probe})
	if x, null := p["w2_empirical"], p["w2_empirical.null"]; !(null > .01 && null < .15 && x < 3*null) {
		t.Errorf("honest rows: %g, null %g", x, null)
	}
	for i := range probe {
		probe[i] = .5*probe[i] + 1
	}
	p = gaugeFor(t, W2Empirical{Null: 20}, r, View[float64]{Model: truth, Probe: probe})
	agrees(t, "N(1, 1/4)", p["w2_empirical"], math.Sqrt(1.25), .1)
	r.Truth = finiteScalars{rows: probe, held: held} // a finite truth lends its training rows
	agrees(t, "null of a finite truth", gaugeFor(t, W2Empirical{Null: 1}, r, View[float64]{Probe: probe})["w2_empirical.null"], p["w2_empirical"], 1e-12)
}
