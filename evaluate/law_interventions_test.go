package evaluate

import (
	"context"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// interventionsReference is what testdata/interventions.py computed, by routes of its own.
type interventionsReference struct {
	Biased []struct {
		Rows        int
		Unbiased    bool
		Spread      float64
		Variance    []float64
		Squared     []float64 `json:"squared_mean_error"`
		LogVariance []float64 `json:"log_variance"`
		W2          []float64
	}
	Corrected []struct {
		Rows     int
		Unbiased bool
		Gamma    float64
		SD       []float64
		Variance []float64
		Squared  []float64 `json:"squared_mean_error"`
	}
	Truncated []struct {
		Mean, Variance    float64
		Lo, Hi            *float64
		TruncatedMean     float64 `json:"truncated_mean"`
		TruncatedVariance float64 `json:"truncated_variance"`
		Inside            float64
	}
	Rates    []struct{ Radius, Rate float64 }
	Filtered []struct {
		Keep, Variance float64
		Low            bool
	}
	Chosen []struct {
		P, Reward, Chosen []float64
		K                 int
		Temperature       float64
	}
	BestOf twoReference `json:"best_of"`
	Cold   twoReference
	Heat   []struct {
		Categories                  int
		Exponent, Temperature       float64
		Heterozygosity, Entropy, TV []float64
	}
	Detected []struct {
		P              []float64
		Rows           int
		Real           float64
		TruePositive   float64 `json:"true_positive"`
		FalsePositive  float64 `json:"false_positive"`
		Heterozygosity []float64
	}
	Labels []struct {
		Error, Right, Wrong, Accuracy float64
		Rows, Dim                     int
	}
}

type twoReference struct {
	P                                    []float64
	Rows, Last                           int
	Heterozygosity, Entropy, TV, Support []float64
	MissingMass                          []float64 `json:"missing_mass"`
}

// worst follows the largest relative error of a law.
type worst struct {
	t     *testing.T
	name  string
	limit float64
	most  float64
}

func (w *worst) see(got, want float64) {
	w.t.Helper()
	e := math.Abs(got-want) / math.Max(math.Abs(want), 1e-12)
	if w.most = math.Max(w.most, e); !(e <= w.limit) {
		w.t.Errorf("%s: %.15g, want %.15g", w.name, got, want)
	}
}

func (w *worst) say() { w.t.Logf("%s: largest relative error %.1e", w.name, w.most) }

func interventionLaws(t *testing.T) (ref interventionsReference) {
	t.Helper()
	referenceOf(t, "interventions.json", &ref)
	if len(ref.Biased)*len(ref.Corrected)*len(ref.Truncated)*len(ref.Rates)*len(ref.Filtered)*len(ref.Chosen)*len(ref.Heat)*
		len(ref.Detected)*len(ref.Labels)*len(ref.BestOf.Support)*len(ref.Cold.Support) == 0 {
		t.Fatal("testdata/interventions.json lacks a law")
	}
	return ref
}

func TestInterventionLawsOfNormals(t *testing.T) {
	ref := interventionLaws(t)
	w := worst{t: t, name: "biased sampling", limit: 1e-11}
	for _, c := range ref.Biased {
		l := GaussianReplace{Rows: slices.Repeat([]int{c.Rows}, len(c.Variance)), Scale: c.Spread}
		if c.Unbiased {
			l.DDOF = 1
		}
		for g := range c.Variance {
			w.see(l.Variance(g), c.Variance[g])
			w.see(l.SquaredMeanError(g), c.Squared[g])
			w.see(l.LogVariance(g), c.LogVariance[g])
			w.see(l.W2Squared(g), c.W2[g])
		}
	}
	w.say()
	w = worst{t: t, name: "self-correction", limit: 1e-11}
	for _, c := range ref.Corrected {
		l := GaussianCorrection{c.Rows, c.Unbiased, c.Gamma}
		all := l.Moments(len(c.SD) - 1)
		for g, m := range all {
			w.see(m.SD, c.SD[g])
			w.see(m.Variance, c.Variance[g])
			w.see(m.SquaredMeanError, c.Squared[g])
		}
		far, limit := l.Moments(3000)[3000], l.Limit()
		w.see(limit.SD, far.SD)
		w.see(limit.Variance, far.Variance)
		w.see(limit.SquaredMeanError, far.SquaredMeanError)
	}
	w.say()
	w = worst{t: t, name: "truncated normal", limit: 1e-9}
	for _, c := range ref.Truncated {
		lo, hi := math.Inf(-1), math.Inf(1)
		if c.Lo != nil {
			lo = *c.Lo
		}
		if c.Hi != nil {
			hi = *c.Hi
		}
		m, v, inside := TruncatedNormal(c.Mean, c.Variance, lo, hi)
		w.see(m, c.TruncatedMean)
		w.see(v, c.TruncatedVariance)
		w.see(inside, c.Inside)
	}
	for _, c := range ref.Rates {
		w.see(VerifierRate(c.Radius), c.Rate)
	}
	for _, c := range ref.Filtered {
		w.see(FilteredVariance(c.Keep, c.Low), c.Variance)
	}
	w.say()
	w = worst{t: t, name: "verified labels", limit: 1e-12}
	for _, c := range ref.Labels {
		w.see(VerifiedLabels{c.Error, c.Right, c.Wrong, c.Rows, c.Dim}.Accuracy(), c.Accuracy)
	}
	w.say()
	l := VerifiedLabels{Right: 0.9, Wrong: 0.3, Rows: 1e9, Dim: 10}
	for _, at := range []struct{ error, accuracy float64 }{{l.Threshold() - 0.01, 1}, {l.Threshold() + 0.01, 0}} {
		if l.Error = at.error; math.Abs(l.Accuracy()-at.accuracy) > 1e-2 {
			t.Errorf("label error %g beside the threshold %g: accuracy %g with a billion rows", l.Error, l.Threshold(), l.Accuracy())
		}
	}
}

func TestChosenAgainstEnumeration(t *testing.T) {
	w := worst{t: t, name: "chosen of k", limit: 1e-12}
	for _, c := range interventionLaws(t).Chosen {
		for i, x := range generate.Chosen(c.P, c.Reward, c.K, c.Temperature) {
			w.see(x, c.Chosen[i])
		}
	}
	w.say()
}

// withInterventions is categories under replace, bound to their truth.
func withInterventions(t testing.TB, p []float64, rule generate.Rule, rows, generations int, all ...generate.Intervention[generate.Histogram]) Real[generate.Histogram] {
	t.Helper()
	truth := generate.Frequencies{P: p}
	r := Real[generate.Histogram]{Kind: generate.Histograms, Truth: truth, Plan: planFor(t, rule, rows, generations),
		Fits: []generate.Fitted[generate.Histogram]{generate.Frequencies{}}}
	for _, iv := range all {
		if b, ok := iv.(generate.BoundIntervention[generate.Histogram]); ok {
			var err error
			if iv, err = b.Bind(truth); err != nil {
				t.Fatal(err)
			}
		}
		r.Interventions = append(r.Interventions, iv)
	}
	return r
}

// predicted are the lines of a theory by series and functional.
func predicted[E any](t testing.TB, law Theory[E], r Real[E]) map[string][]results.Prediction {
	t.Helper()
	all, _ := law.Predict(context.Background(), r) // the error says what it does not cover
	out := map[string][]results.Prediction{}
	for _, p := range all {
		if p.Law == "" || p.Source == "" || p.Lo != p.X || p.Hi != p.X {
			t.Errorf("%+v", p)
		}
		name := p.Series + ", " + p.Functional
		out[name] = append(out[name], p)
	}
	return out
}

// onReference holds a line to reference values, generation by generation.
func onReference(t *testing.T, w *worst, line []results.Prediction, want []float64) {
	t.Helper()
	if len(line) != len(want) {
		t.Fatalf("%s: %d points, want %d", w.name, len(line), len(want))
	}
	for g, p := range line {
		if p.Generation != g {
			t.Fatalf("point %d is of generation %d", g, p.Generation)
		}
		w.see(p.X, want[g])
	}
}

func TestSampledCategoriesAgainstReference(t *testing.T) {
	ref := interventionLaws(t)
	w := &worst{t: t, name: "two categories", limit: 1e-10}
	for _, c := range []struct {
		ref twoReference
		iv  generate.Intervention[generate.Histogram]
	}{
		{ref.BestOf, generate.CountBestOf{K: 3, Reward: generate.RewardList(0, 1), Temperature: 1}},
		{ref.Cold, generate.Decoding[generate.Histogram]{Sampling: generate.Sampling{Temperature: 0.8}}},
	} {
		r := withInterventions(t, c.ref.P, generate.Replace{}, c.ref.Rows, c.ref.Last, c.iv)
		r.Metrics = []Metric[generate.Histogram]{Heterozygosity{}, HistogramEntropy{}, TotalVariation{}, Support{}, HistogramMissingMass{}}
		lines := predicted(t, CountLaws{}, r)
		onReference(t, w, lines["heterozygosity, mean"], c.ref.Heterozygosity)
		onReference(t, w, lines["entropy, mean"], c.ref.Entropy)
		onReference(t, w, lines["tv, mean"], c.ref.TV)
		onReference(t, w, lines["support, mean"], c.ref.Support)
		onReference(t, w, lines["missing_mass, mean"], c.ref.MissingMass)
	}
	w.say()
	w = &worst{t: t, name: "heat death", limit: 1e-9}
	for _, c := range ref.Heat {
		truth, err := generate.Zipf{Categories: c.Categories, Exponent: c.Exponent}.Open(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		iv := generate.Decoding[generate.Histogram]{Sampling: generate.Sampling{Temperature: c.Temperature}}
		r := withInterventions(t, truth.(generate.Frequencies).P, generate.Replace{}, 1_000_000, len(c.Entropy)-1, iv)
		lines := predicted(t, SampledCategories{}, r)
		onReference(t, w, lines["heterozygosity, mean"], c.Heterozygosity)
		onReference(t, w, lines["entropy, mean"], c.Entropy)
		onReference(t, w, lines["tv, mean"], c.TV)
	}
	w.say()
}

func TestDetectedMixtureAgainstReference(t *testing.T) {
	w := &worst{t: t, name: "detected mixture", limit: 1e-10}
	for _, c := range interventionLaws(t).Detected {
		rule := generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(c.Real), Rows: "fresh", Per: "draw"}}
		r := withInterventions(t, c.P, rule, c.Rows, len(c.Heterozygosity)-1, generate.CountDetector{TruePositive: c.TruePositive, FalsePositive: c.FalsePositive})
		onReference(t, w, predicted(t, DetectedMixture{}, r)["heterozygosity, mean"], c.Heterozygosity)
	}
	w.say()
	if x := EffectiveReal(0.1, 0.9, 0.1); math.Abs(x-0.5) > 1e-15 { // .09 of .18
		t.Errorf("effective share %g, want a half", x)
	}
}

// A law says nothing of what it does not cover.
func TestInterventionLawsRefuse(t *testing.T) {
	spread := generate.Decoding[float64]{Sampling: generate.Sampling{Spread: 0.5}}
	normal := func(rule generate.Rule, rows int, all ...generate.Intervention[float64]) Real[float64] {
		r := normalReal(generate.Normal{Variance: 1})
		r.Plan, r.Fits, r.Interventions = planFor(t, rule, rows, 4), []generate.Fitted[float64]{generate.Gaussian{}.Fits()}, all
		return r
	}
	region := generate.RegionVerifier{Centre: 1, Radius: 2}
	refilled := normal(generate.Replace{}, 10_000, region)
	refilled.Refill = 10
	if len(predicted(t, ScalarGaussian{}, normal(generate.Replace{}, 50, spread))) != 4 || len(predicted(t, Truncation{}, refilled)) != 3 {
		t.Error("a law lacks lines where it holds")
	}
	for name, r := range map[string]Real[float64]{
		"accumulate":           normal(generate.Accumulate{}, 50, spread),
		"a filter besides":     normal(generate.Replace{}, 50, spread, generate.ScalarFilter{Keep: 0.5}),
		"one that is no scale": normal(generate.Replace{}, 50, generate.Decoding[float64]{Sampling: generate.Sampling{TopK: 3}}),
		"few rows":             normal(generate.Replace{}, 50, region),
		"no refill":            normal(generate.Replace{}, 10_000, region),
	} {
		for _, law := range []Theory[float64]{ScalarGaussian{}, SelfCorrected{}, Truncation{}} {
			if lines := predicted(t, law, r); len(lines) > 0 {
				t.Errorf("%s: %T says %d lines", name, law, len(lines))
			}
		}
	}
	three := []float64{0.5, 0.3, 0.2}
	hot := generate.Decoding[generate.Histogram]{Sampling: generate.Sampling{Temperature: 2}}
	detector := generate.CountDetector{TruePositive: 0.9, FalsePositive: 0.1}
	for name, r := range map[string]Real[generate.Histogram]{
		"no interventions":                withInterventions(t, three, generate.Replace{}, 100_000, 4),
		"too few rows to be without end":  withInterventions(t, three, generate.Replace{}, 1000, 4, hot),
		"accumulate":                      withInterventions(t, three, generate.Accumulate{}, 100_000, 4, hot),
		"a verifier besides":              withInterventions(t, three, generate.Replace{}, 100_000, 4, hot, generate.CountVerifier{Right: 1}),
		"a detector that may drop it all": withInterventions(t, three, generate.Replace{}, 5, 4, detector),
		"a detector under accumulate":     withInterventions(t, three, generate.Accumulate{}, 1000, 4, detector),
	} {
		for _, law := range []Theory[generate.Histogram]{SampledCategories{}, DetectedMixture{}} {
			if lines := predicted(t, law, r); len(lines) > 0 {
				t.Errorf("%s: %T says %d lines", name, law, len(lines))
			}
		}
	}
}

// fixedSpread is a normal of known variance.
type fixedSpread struct{ generate.Normal }

func (f fixedSpread) Law(truth generate.Source[float64]) (generate.Law, error) {
	return generate.QVF{V0: truth.(generate.Normal).Variance}, nil
}

// With a known variance the distance of the mean to the verifier's centre shrinks by VerifierRate in the end.
func TestTruncationOfKnownVariance(t *testing.T) {
	r := normalReal(generate.Normal{Mean: 0, Variance: 1})
	r.Plan, r.Refill = planFor(t, generate.Replace{}, 10_000, 60), 10
	r.Fits = []generate.Fitted[float64]{fixedSpread{}}
	r.Interventions = []generate.Intervention[float64]{generate.RegionVerifier{Centre: 1, Radius: 2}}
	lines := predicted(t, Truncation{}, r)
	drift, variance := lines["mean_drift, mean"], lines["variance, mean"]
	left := func(g int) float64 { return drift[g].X - 1 }
	if rate := left(40) / left(39); math.Abs(rate-VerifierRate(2)) > 1e-9 || variance[60].X != 1 {
		t.Errorf("rate %.12g, want %.12g; variance %g", rate, VerifierRate(2), variance[60].X)
	}
}

// A correction by γ moves a fit along the geodesic to the truth: what is left of the distance is 1/(1 + γ) of it.
func TestSelfCorrectionFollowsTheGeodesic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 5).Draw(t, "dim")
		r := rng.Root(rapid.Uint64().Draw(t, "seed")).Stream()
		random := func(rows int) generate.JointNormal {
			truth, err := generate.MultivariateNormal{Dim: dim, Variance: 1}.Open(context.Background(), nil)
			if err != nil {
				t.Fatal(err)
			}
			some, err := truth.Draw(context.Background(), nil, rows, r)
			if err != nil {
				t.Fatal(err)
			}
			f, err := generate.MultivariateGaussian{}.Fit(context.Background(), generate.Task[generate.Vector]{Train: generate.Sample[generate.Vector]{{Rows: some, Weight: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			return f.(generate.JointNormal)
		}
		truth, fit, gamma := random(3*dim+5), random(2*dim+3), rapid.Float64Range(0.01, 20).Draw(t, "gamma")
		iv, err := generate.VectorSelfCorrection{Gamma: gamma}.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		moved, err := iv.(generate.Sampler[generate.Vector]).Sampled(fit)
		if err != nil {
			t.Fatal(err)
		}
		before, after := NormalW2Squared(truth, fit), NormalW2Squared(truth, moved.(generate.JointNormal))
		want := before / ((1 + gamma) * (1 + gamma))
		if math.Abs(math.Sqrt(after)-math.Sqrt(want)) > 1e-7*math.Sqrt(before) {
			t.Fatalf("distance² %g of %g is left, want %g", after, before, want)
		}
	})
}

// Validity counts whole rows that are right.
func TestValidityByHand(t *testing.T) {
	truth, err := generate.Arithmetic{Digits: 1, Operators: "+"}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	row := func(symbols string, end bool) (row generate.Tokens) {
		v := truth.(generate.Lexical).Vocabulary()
		for _, s := range symbols {
			row = append(row, v.ID(string(s)))
		}
		if end {
			row = append(row, generate.End)
		}
		return row
	}
	r := Real[generate.Tokens]{Kind: generate.TokenRows, Truth: truth}
	probe := []generate.Tokens{row("1+1=2", true), row("1+1=3", true), row("7+8=15", true), row("+=", true), row("1+1=", false)}
	later := []generate.Tokens{row("2+2=5", true), row("0+0=0", true)}
	got := gaugeFor(t, Validity[generate.Tokens]{}, r, View[generate.Tokens]{Probe: probe}, View[generate.Tokens]{Generation: 1, Probe: later},
		View[generate.Tokens]{Generation: 2})
	if v := got["validity"]; !math.IsNaN(v) {
		t.Errorf("validity of no rows: %g", v)
	}
	got = gaugeFor(t, Validity[generate.Tokens]{}, r, View[generate.Tokens]{Probe: probe}, View[generate.Tokens]{Generation: 1, Probe: later})
	if got["validity"] != 0.5 || got["validity.change"] != 0 {
		t.Errorf("%v", got)
	}
	if _, err := (Validity[float64]{}).Start(t.Context(), normalReal(generate.Normal{Variance: 1})); err == nil {
		t.Error("a truth that knows nothing of right and wrong was taken")
	}
}
