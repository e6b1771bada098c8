package evaluate

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func blobsAt(t testing.TB, spread float64, points ...[]float64) generate.Source[generate.Vector] {
	t.Helper()
	s, err := generate.Blobs{Points: points, Spread: spread}.Open(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A mixture of two and its moments as one normal are the same to every metric of moments.
func TestMomentsOfMixturesAndKernels(t *testing.T) {
	truth := jointOf(t, []float64{0, 0}, [][]float64{{2, 1}, {1, 2}})
	mixture := blobsAt(t, .5, []float64{1, 3}, []float64{-1, 0}).(generate.Mixture)
	kernels, err := generate.KernelDensity[generate.Vector]{Bandwidth: .3}.Fit(t.Context(), generate.Task[generate.Vector]{Train: generate.Sample[generate.Vector]{
		{Rows: []generate.Vector{{0, 1}, {2, -1}, {1, 1}}, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Metric[generate.Vector]{Trace{}, LogDet{}, VectorLogVarianceRatio{Against: "generation_0"}, VectorMeanDrift{}, VectorW2{}} {
		for _, f := range []normalled{mixture, kernels.(normalled)} {
			fit := f.(generate.Fitted[generate.Vector])
			got := gaugeFor(t, m, vectorReal(truth), View[generate.Vector]{Model: fit, Baseline: mixture})
			want := gaugeFor(t, m, vectorReal(truth), View[generate.Vector]{Model: f.Normal(), Baseline: mixture.Normal()})
			for series, x := range want {
				if got[series] != x || math.IsNaN(x) {
					t.Errorf("%T of %T: %s is %v, of its normal %v", m, f, series, got[series], x)
				}
			}
		}
	}
	v := gaugeFor(t, Trace{}, vectorReal(mixture), View[generate.Vector]{Model: kernels})
	agrees(t, "trace of the rows plus bandwidth", v["trace"], (2./3+8./9)/2+.09, 1e-15)
	agrees(t, "over that of the truth", v["trace.ratio"], ((2./3+8./9)/2+.09)/(.25+(1+2.25)/2), 1e-15)
}

func TestDensityDistance(t *testing.T) {
	truth := blobsAt(t, 1, []float64{0}, []float64{3})
	r := vectorReal(truth)
	same := gaugeFor(t, DensityDistance{}, r, View[generate.Vector]{Model: truth})
	agrees(t, "to itself", same["density_distance.squared"], 0, 1e-15)
	// one column: ∫ (p − q)² by the trapezoidal rule, which is exact for normals at this step
	fit := jointOf(t, []float64{1}, [][]float64{{2}})
	sum, square := 0.0, 0.0
	at := make([]generate.Vector, 0, 2000)
	for x := -20.0; x < 20; x += .02 {
		at = append(at, generate.Vector{x})
	}
	p, q := make([]float64, len(at)), make([]float64, len(at))
	truth.(generate.Mixture).Score(t.Context(), at, p)
	fit.Score(t.Context(), at, q)
	for i := range at {
		d := math.Exp(p[i]) - math.Exp(q[i])
		sum += .02 * d * d
		square += .02 * math.Exp(2*p[i])
	}
	got := gaugeFor(t, DensityDistance{}, r, View[generate.Vector]{Model: fit})
	agrees(t, "squared", got["density_distance.squared"], sum, 1e-12)
	agrees(t, "relative", got["density_distance.relative"], sum/square, 1e-12)
	point := gaugeFor(t, DensityDistance{}, r, View[generate.Vector]{Model: jointOf(t, []float64{1}, [][]float64{{0}})})
	if !math.IsInf(point["density_distance.squared"], 1) {
		t.Errorf("a point is %v away", point)
	}
	if err := (DensityDistance{}).Can(generate.KernelDensity[generate.Vector]{}.Fits()); err == nil || !strings.Contains(err.Error(), "use a model such as gaussian_mixture") {
		t.Errorf("%v", err)
	}
	moons, _ := generate.Moons{Noise: .1}.Open(t.Context(), nil)
	if _, err := (DensityDistance{}).Start(t.Context(), vectorReal(moons)); err == nil || !strings.Contains(err.Error(), "use a truth such as blobs") {
		t.Errorf("%v", err)
	}
}

// Of two modes on a line the posterior is logistic: rows are between where |x| < ln 9 / 4 for modes at ±2 of variance 1.
func TestBetweenModes(t *testing.T) {
	truth := blobsAt(t, 1, []float64{-2}, []float64{2})
	edge := math.Log(9) / 4
	probe := []generate.Vector{{0}, {edge - 1e-9}, {-edge + 1e-9}, {edge + 1e-9}, {-edge - 1e-9}, {9}, {math.NaN()}, {math.Inf(1)}}
	start := View[generate.Vector]{Model: truth, Probe: []generate.Vector{{0}, {5}, {5}, {5}}}
	p := gaugeFor(t, BetweenModes{}, vectorReal(truth), start, View[generate.Vector]{Generation: 1, Model: truth, Probe: probe})
	agrees(t, "share", p["between_modes"], 3./8, 0)
	agrees(t, "excess", p["between_modes.excess"], 3./8-1./4, 0)
	// of fresh real rows it is the mass of that interval
	rows, _ := truth.Draw(t.Context(), nil, 40000, rng.Root(1).Stream())
	mass := num.NormalCDF(edge+2) - num.NormalCDF(2-edge)
	p = gaugeFor(t, BetweenModes{}, vectorReal(truth), View[generate.Vector]{Model: truth, Probe: rows})
	if z := (p["between_modes"] - mass) / math.Sqrt(mass*(1-mass)/40000); math.Abs(z) > 4.5 {
		t.Errorf("%v of real rows, want %v: z = %.1f", p["between_modes"], mass, z)
	}
	for _, s := range []generate.Source[generate.Vector]{jointOf(t, []float64{0}, [][]float64{{1}}), blobsAt(t, 1, []float64{0})} {
		if _, err := (BetweenModes{}).Start(t.Context(), vectorReal(s)); err == nil || !strings.Contains(err.Error(), "no labelled modes") {
			t.Errorf("%v", err)
		}
	}
	moons, _ := generate.Moons{Noise: .1}.Open(t.Context(), nil)
	p = gaugeFor(t, BetweenModes{}, vectorReal(moons), View[generate.Vector]{Model: truth, Probe: []generate.Vector{{0, 1}, {.5, .25}, {1, -.5}, {2, .5}}})
	agrees(t, "moons", p["between_modes"], 1./4, 0)
}

// Of one normal the support is a ball: rows lie outside beyond the radius that a share of real rows exceeds.
func TestOutsideSupport(t *testing.T) {
	truth := jointOf(t, []float64{0, 0}, [][]float64{{1, 0}, {0, 1}})
	m := OutsideSupport{Quantile: .01, Rows: 100000}
	radius := math.Sqrt(-2 * math.Log(.01)) // P(|x| > r) = e^(−r²/2)
	p := gaugeFor(t, m, vectorReal(truth), View[generate.Vector]{Model: truth, Probe: []generate.Vector{{radius * .97, 0}, {0, radius * 1.03}, {0, 0}, {math.NaN(), 0}}})
	agrees(t, "share", p["outside_support"], 2./4, 0)
	agrees(t, "excess", p["outside_support.excess"], 0, 0)
	if _, err := m.Start(t.Context(), vectorReal(finiteVectors{[]generate.Vector{{1}}})); err == nil || !strings.Contains(err.Error(), "does not know its density") {
		t.Errorf("%v", err)
	}
	circles, _ := generate.Circles{Factor: .5}.Open(t.Context(), nil)
	if _, err := m.Start(t.Context(), vectorReal(circles)); err == nil || !strings.Contains(err.Error(), "no density without noise") {
		t.Errorf("%v", err)
	}
	moons, _ := generate.Moons{Noise: .1}.Open(t.Context(), nil)
	p = gaugeFor(t, m, vectorReal(moons), View[generate.Vector]{Model: moons, Probe: []generate.Vector{{0, 1}, {1, -.5}, {.5, .25}, {3, 3}}})
	agrees(t, "moons", p["outside_support"], 2./4, 0)
}

// The tails of a truth by its quantiles and by its rows: fresh real rows lose next to nothing, rows without tails lose all.
func TestTailsOfTruthsThatAreNoNormals(t *testing.T) {
	moons, _ := generate.Moons{Noise: .1}.Open(t.Context(), nil)
	for _, truth := range []generate.Source[generate.Vector]{blobsAt(t, 1, []float64{-4, 0}, []float64{4, 1}), moons} {
		rows, _ := truth.Draw(t.Context(), nil, 60000, rng.Root(2).Stream())
		p := gaugeFor(t, VectorTailLoss{By: "bins"}, vectorReal(truth), View[generate.Vector]{Model: truth, Probe: rows})
		if x := p["tail_loss.worst"]; !(x >= 0 && x < .08) {
			t.Errorf("%T: real rows lose %v of their tails", truth, x)
		}
		p = gaugeFor(t, VectorTailLoss{By: "bins"}, vectorReal(truth), View[generate.Vector]{Model: truth, Probe: []generate.Vector{{.5, .2}}})
		agrees(t, "without tails", p["tail_loss"], 1, 0)
		if _, err := (VectorTailLoss{}).Start(t.Context(), vectorReal(truth)); err == nil {
			t.Errorf("%T was taken for a normal", truth)
		}
	}
	s, err := generate.ScalarMixture{Means: []float64{-3, 3}, SDs: []float64{1, 2}}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Real[float64]{Kind: generate.Scalars, Truth: s, Key: rng.Root(1), Probe: 100}
	rows, _ := s.Draw(t.Context(), nil, 60000, rng.Root(3).Stream())
	if x := gaugeFor(t, TailLoss{By: "bins"}, r, View[float64]{Model: s, Probe: rows})["tail_loss"]; !(x >= 0 && x < .08) {
		t.Errorf("real rows lose %v of their tails", x)
	}
	kernels, _ := generate.KernelDensity[float64]{Bandwidth: 2}.Fit(t.Context(), generate.Task[float64]{Train: generate.Sample[float64]{{Rows: []float64{1, 5}, Weight: 1}}})
	agrees(t, "variance", gaugeFor(t, Variance{}, r, View[float64]{Model: kernels})["variance"], 8, 1e-15)
	agrees(t, "drift", gaugeFor(t, MeanDrift{}, r, View[float64]{Model: kernels})["mean_drift"], 3, 1e-15)
}

func TestDensityMetricsSurviveAnything(t *testing.T) {
	plan := planFor(t, generate.Accumulate{}, 3, 2)
	truths := []generate.Source[generate.Vector]{blobsAt(t, 1, []float64{-2, 0}, []float64{2, 1}), blobsAt(t, 0, []float64{1, 1}, []float64{1, 1})}
	for _, o := range []generate.Opener[generate.Vector]{generate.Moons{Noise: .2}, generate.Circles{}, generate.SwissRoll{Noise: 1, Dim: 2}} {
		s, err := o.Open(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		truths = append(truths, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(odd(), 2, 2), 0, 8).Draw(t, "rows")
		task := generate.Task[generate.Vector]{Train: generate.Sample[generate.Vector]{{Rows: rows, Weight: 1}}, Rand: rng.Root(3).Stream()}
		truth := rapid.SampledFrom(truths).Draw(t, "truth")
		mixture, err := generate.GaussianMixture{Components: 2, MaxIterations: 9, Regularisation: rapid.SampledFrom([]float64{0, 1e-6}).Draw(t, "floor")}.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		kernels, err := generate.KernelDensity[generate.Vector]{Bandwidth: .5, Rule: rapid.SampledFrom([]string{"fixed", "scott"}).Draw(t, "rule")}.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		model := rapid.SampledFrom([]generate.Model[generate.Vector]{mixture, kernels}).Draw(t, "model")
		fit, err := model.Fit(context.Background(), task)
		if err != nil {
			t.Fatal(err)
		}
		probe, _ := fit.Draw(context.Background(), nil, rapid.IntRange(0, 20).Draw(t, "probe"), rng.Root(1).Stream())
		r := Real[generate.Vector]{Truth: truth, Plan: plan, Fits: []generate.Fitted[generate.Vector]{model.Fits()}, Probe: len(probe), Key: rng.Root(2)}
		for _, m := range append(vectorMetrics(), DensityDistance{}, BetweenModes{}, OutsideSupport{Quantile: .1, Rows: 100}) {
			if _, bins := m.(VectorTailLoss); !bins {
				survives(t, m, r, View[generate.Vector]{Model: fit, Baseline: fit, Probe: probe})
			}
		}
	})
}
