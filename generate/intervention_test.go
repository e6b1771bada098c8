package generate

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// toTruth is an intervention bound to a truth.
func toTruth[E any](t testing.TB, iv Intervention[E], truth Source[E]) Intervention[E] {
	t.Helper()
	b, ok := iv.(BoundIntervention[E])
	if !ok {
		return iv
	}
	iv, err := b.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return iv
}

// left applies an intervention to rows and returns those that stay, with their weights. It fails if the rows that were
// handed out have changed.
func left[E any](t testing.TB, iv Intervention[E], b Batch[E], same func(x, y E) bool) (rows []E, weights []float64) {
	t.Helper()
	before := slices.Clone(b.Rows)
	if b.Rand == nil {
		b.Rand = rng.Root(8).Stream()
	}
	if b.Weights == nil {
		b.Weights = slices.Repeat([]float64{1}, len(b.Rows))
	}
	given := b.Rows
	b.Rows = slices.Clone(b.Rows)
	if err := iv.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(given, before, same) {
		t.Fatal("rows were changed in place")
	}
	for i, w := range b.Weights {
		if w != 0 {
			rows, weights = append(rows, b.Rows[i]), append(weights, w)
		}
	}
	return rows, weights
}

func equalScalars(x, y float64) bool { return x == y || x != x && y != y }

func TestFilterKeepsTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(-5, 5).Draw(t, "x")) }), 1, 40).Draw(t, "rows")
		keep := rapid.Float64Range(0.01, 1).Draw(t, "keep")
		side := rapid.SampledFrom([]string{"high", "low"}).Draw(t, "side")
		kept, _ := leftOf(t, ScalarFilter{Keep: keep, By: "value", Side: side}, rows)
		want := max(1, int(math.Round(keep*float64(len(rows)))))
		sorted := slices.Clone(rows)
		if slices.Sort(sorted); side == "high" {
			slices.Reverse(sorted)
		}
		slices.Sort(kept)
		most := slices.Clone(sorted[:want])
		if slices.Sort(most); !slices.Equal(kept, most) {
			t.Fatalf("%v are kept of %v, want %v", kept, rows, most)
		}
	})
}

// leftOf is left in a property test, of scalars.
func leftOf(t *rapid.T, iv Intervention[float64], rows []float64) ([]float64, []float64) {
	b := Batch[float64]{Rows: rows, Weights: slices.Repeat([]float64{1}, len(rows)), Rand: rng.Root(1).Stream(), Model: Normal{Variance: 1}}
	if err := iv.Apply(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	var kept, weights []float64
	for i, w := range b.Weights {
		if w != 0 {
			kept, weights = append(kept, rows[i]), append(weights, w)
		}
	}
	return kept, weights
}

// By score the likeliest rows under the fit stay, by truth those under the truth; bounds come first; NaN goes first.
func TestFilterByScoreAndBounds(t *testing.T) {
	rows := []float64{-4, -1, 0, 1, 2, 5, math.NaN(), math.Inf(1)}
	fit := Batch[float64]{Rows: rows, Model: Normal{Mean: 2, Variance: 1}}
	for _, c := range []struct {
		iv   Intervention[float64]
		want []float64
	}{
		{ScalarFilter{Keep: 0.25, By: "score", Side: "high"}, []float64{1, 2}},
		{ScalarFilter{Keep: 0.25, By: "score", Side: "low"}, []float64{-4, math.Inf(1)}},
		{ScalarFilter{Keep: 0.25, By: "truth", Side: "high"}, []float64{-4, -1}},
		{ScalarFilter{Keep: 1, By: "score", Min: new(float64)}, []float64{0, 1, 2, 5, math.Inf(1)}},
		{ScalarFilter{Keep: 0.4, By: "value", Side: "high", Min: new(float64)}, []float64{5, math.Inf(1)}},
		{Filter[float64]{Keep: 0.25, Side: "high"}, []float64{1, 2}},
		{Filter[float64]{Keep: 1e-9, Side: "high"}, []float64{2}},
	} {
		kept, _ := left(t, toTruth(t, c.iv, Source[float64](Normal{Mean: -3, Variance: 4})), fit, equalScalars)
		if !slices.Equal(kept, c.want) {
			t.Errorf("%+v keeps %v, want %v", c.iv, kept, c.want)
		}
	}
	zero := new(float64)
	one := 1.0
	for _, f := range []ScalarFilter{{Keep: 0}, {Keep: 1, Min: &one, Max: zero}} {
		if f.Validate() == nil {
			t.Errorf("%+v passes", f)
		}
	}
	if _, err := (Filter[float64]{By: "truth"}).Bind(nothing{}); err == nil {
		t.Error("a truth without a density was taken")
	}
	if (Filter[float64]{}).Can(nothing{}) == nil || (ScalarFilter{By: "value"}).Can(nothing{}) != nil {
		t.Error("a fit without a density is asked for one, or is not")
	}
}

// Of counted draws the most probable categories stay, the last of them in part.
func TestCountFilterKeepsTheShare(t *testing.T) {
	model := Frequencies{P: []float64{0.2, 0.5, 0.3}}
	for _, c := range []struct {
		iv   Intervention[Histogram]
		want Histogram
	}{
		{CountFilter{Keep: 0.7, By: "score", Side: "high"}, Histogram{0, 40, 30}},
		{CountFilter{Keep: 0.5, By: "score", Side: "high"}, Histogram{0, 40, 10}},
		{CountFilter{Keep: 0.4, By: "score", Side: "low"}, Histogram{30, 0, 10}},
		{CountFilter{Keep: 0.4, By: "truth", Side: "high"}, Histogram{30, 0, 10}},
		{CountFilter{Keep: 0.001, By: "score", Side: "high"}, Histogram{0, 1, 0}},
	} {
		iv := toTruth(t, c.iv, Source[Histogram](Frequencies{P: []float64{0.5, 0.1, 0.4}}))
		kept, _ := left(t, iv, Batch[Histogram]{Rows: []Histogram{{30, 40, 30}, {0, 0, 0}}, Model: model}, slices.Equal[Histogram])
		if !slices.Equal(kept[0], c.want) || Histograms.Draws(kept[1:]) != 0 {
			t.Errorf("%+v keeps %v, want %v", c.iv, kept, c.want)
		}
	}
}

// odd is a truth in which odd numbers are right.
type odd struct{ Normal }

func (odd) True(x float64) bool { return math.Mod(math.Abs(x), 2) == 1 }

// labelling is a truth of labels, 1 above 0.
type labelling struct{ Source[Labelled] }

func (labelling) TrueLabel(x []float64) float64 {
	if x[0] > 0 {
		return 1
	}
	return -1
}

// Right rows stay with one chance, wrong ones with the other, each by itself.
func TestNoisyVerifierRates(t *testing.T) {
	const n = 20_000
	rows := make([]float64, n)
	for i := range rows {
		rows[i] = float64(i)
	}
	iv := toTruth(t, Intervention[float64](NoisyVerifier[float64]{Right: 0.8, Wrong: 0.3}), Source[float64](odd{}))
	kept, _ := left(t, iv, Batch[float64]{Rows: rows}, equalScalars)
	right := int64(0)
	for _, x := range kept {
		if (odd{}).True(x) {
			right++
		}
	}
	binomial(t, "right rows", right, n/2, 0.8)
	binomial(t, "wrong rows", int64(len(kept))-right, n/2, 0.3)
	if s := iv.(Scoped); s.Real(3) || !(NoisyVerifier[float64]{OnReal: true}).Real(0) {
		t.Error("real rows are looked at, or are not")
	}
	labels := []Labelled{{[]float64{1}, 1}, {[]float64{1}, -1}, {[]float64{-2}, -1}}
	exact := toTruth(t, Intervention[Labelled](NoisyVerifier[Labelled]{Right: 1}), Source[Labelled](labelling{}))
	some, _ := left(t, exact, Batch[Labelled]{Rows: labels}, func(x, y Labelled) bool { return x.Y == y.Y })
	if len(some) != 2 || some[0].X[0] != 1 || some[1].X[0] != -2 {
		t.Errorf("%v are kept", some)
	}
	if _, err := (NoisyVerifier[float64]{}).Bind(Normal{}); err == nil {
		t.Error("a truth that knows nothing of right and wrong was taken")
	}
}

// binomial looks whether k of n came with chance p, at a level of 1e-6.
func binomial(t testing.TB, what string, k, n int64, p float64) {
	t.Helper()
	if low, high := num.BinomialCDF(k, n, p), 1-num.BinomialCDF(k-1, n, p); low < 5e-7 || high < 5e-7 {
		t.Errorf("%s: %d of %d, want a share of %g", what, k, n, p)
	}
}

// Counts are thinned category by category, and no draw is made.
func TestCountVerifierThins(t *testing.T) {
	h := Histogram{50_000, 40_000, 0, 30_000}
	truth := Source[Histogram](Frequencies{P: []float64{0.5, 0, 0.1, 0.4}})
	for first, chance := range map[int][]float64{0: {0.9, 0.2, 0.9, 0.9}, 2: {0.9, 0.9, 0.2, 0.2}} {
		iv := toTruth(t, Intervention[Histogram](CountVerifier{Right: 0.9, Wrong: 0.2, First: first}), truth)
		kept, _ := left(t, iv, Batch[Histogram]{Rows: []Histogram{h}}, slices.Equal[Histogram])
		for i, c := range kept[0] {
			binomial(t, "category", c, h[i], chance[i])
		}
	}
	if _, err := (CountVerifier{First: 5}).Bind(truth); err == nil {
		t.Error("five of four categories are right")
	}
}

// Rows stay exactly where they lie within the radius; a row that is no number goes.
func TestRegionVerifier(t *testing.T) {
	rows := []float64{-1, 0, 0.5, 3, 3.1, math.NaN(), math.Inf(-1)}
	kept, _ := left(t, Intervention[float64](RegionVerifier{Centre: 1.5, Radius: 1.5}), Batch[float64]{Rows: rows}, equalScalars)
	if !slices.Equal(kept, []float64{0, 0.5, 3}) {
		t.Errorf("%v are kept", kept)
	}
	truth := Source[Vector](jointNormal(t, []float64{0, 0}, [][]float64{{1, 0}, {0, 1}}))
	vectors := []Vector{{3, 4}, {3.1, 4}, {0, 0}, {1e200, 0}, {math.NaN(), 0}}
	for _, c := range []struct {
		iv   VectorRegionVerifier
		want int
	}{{VectorRegionVerifier{Radius: 5}, 2}, {VectorRegionVerifier{Centre: []float64{3, 4}, Radius: 0.2}, 2}, {VectorRegionVerifier{}, 1}} {
		some, _ := left(t, toTruth(t, Intervention[Vector](c.iv), truth), Batch[Vector]{Rows: vectors}, func(x, y Vector) bool { return &x[0] == &y[0] })
		if len(some) != c.want {
			t.Errorf("%+v keeps %v", c.iv, some)
		}
	}
	if _, err := (VectorRegionVerifier{Centre: []float64{1}}).Bind(truth); err == nil {
		t.Error("a centre of one column for two")
	}
}

// A detector drops at its rates, thins counts at them, and leaves generation 0 alone.
func TestDetectorDrops(t *testing.T) {
	const n = 20_000
	d := Detector[float64]{TruePositive: 0.7, FalsePositive: 0.2, Mode: "drop"}
	for _, real := range []bool{false, true} {
		keep := 1 - flagged(0.7, 0.2, real)
		kept, _ := left(t, Intervention[float64](d), Batch[float64]{Rows: make([]float64, n), Real: real}, equalScalars)
		binomial(t, "rows", int64(len(kept)), n, keep)
		counts, _ := left(t, Intervention[Histogram](CountDetector{TruePositive: 0.7, FalsePositive: 0.2}), Batch[Histogram]{Rows: []Histogram{{n, 3 * n}}, Real: real}, slices.Equal[Histogram])
		binomial(t, "first category", counts[0][0], n, keep)
		binomial(t, "second category", counts[0][1], 3*n, keep)
	}
	if d.Real(0) || !d.Real(1) || d.Weighs() || !(Detector[float64]{Mode: "weight", Bias: 1}).Weighs() {
		t.Error("which generations, or which weights")
	}
}

// Weighed rows: a real row weighs (1 − confidence)^bias, whose mean is known by quadrature, and a threshold on the
// score that flags a share FPR of real rows flags a share TPR of synthetic ones.
func TestDetectorWeighs(t *testing.T) {
	const n = 40_000
	d := Detector[float64]{TruePositive: 0.8, FalsePositive: 0.3, Mode: "weight", Bias: 1.5}
	if d.Validate() != nil || (Detector[float64]{TruePositive: 1, FalsePositive: 0.3, Mode: "weight"}).Validate() == nil {
		t.Error("rates that a score gives, or not")
	}
	apart := d.Separation()
	edge := num.NormalQuantile(1 - 0.3)
	if tpr := num.NormalSurvival(edge - apart); math.Abs(tpr-0.8) > 1e-12 {
		t.Errorf("a threshold for FPR 0.3 flags %g of synthetic rows", tpr)
	}
	for _, real := range []bool{false, true} {
		_, weights := left(t, Intervention[float64](d), Batch[float64]{Rows: make([]float64, n), Real: real, Weights: slices.Repeat([]float64{2}, n)}, equalScalars)
		centre := apart
		if real {
			centre = 0
		}
		var mean, square float64 // of (1 − c)^1.5 by the trapezoid rule
		const step = 1e-3
		for z := -9.0; z <= 9; z += step {
			c := 1 / (1 + math.Exp(-apart*(centre+z-apart/2)))
			w := math.Pow(1-c, 1.5)
			p := step * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
			mean, square = mean+p*w, square+p*w*w
		}
		got := num.Mean(weights) / 2
		if z := (got - mean) / math.Sqrt((square-mean*mean)/n); math.Abs(z) > 5 || len(weights) != n {
			t.Errorf("real %v: mean weight %g of %d rows, want %g: z = %.1f", real, got, len(weights), mean, z)
		}
	}
	if w := d.Weight(-1e6, apart); w != 1 {
		t.Errorf("weight %g of a row that is surely real", w)
	}
	if w := d.Weight(1e6, apart); w != 0 {
		t.Errorf("weight %g of a row that is surely synthetic", w)
	}
}
