package generate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

// labelledReference is what testdata/labelled.py computed.
type labelledReference struct {
	LeastSquares []struct {
		fitted
		Rank     int
		Residual float64
	} `json:"least_squares"`
	Logistic []fitted
	Scores   struct {
		X                [][]float64
		Weights          []float64
		Noise, Steepness float64
		Y, Linear        []float64
		Labels, Logistic []float64
	}
}

type fitted struct {
	X        [][]float64
	Y        []float64
	Weights  []float64
	Ridge    float64
	Solution []float64
}

func (f fitted) train() Sample[Labelled] {
	var rows []Labelled
	for i, x := range f.X {
		rows = append(rows, Labelled{x, f.Y[i]})
	}
	return Sample[Labelled]{{Rows: rows, Weight: 1, Weights: f.Weights}}
}

func readLabelled(t testing.TB) (ref labelledReference) {
	t.Helper()
	b, err := os.ReadFile("testdata/labelled.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		t.Fatal(err)
	}
	if len(ref.LeastSquares)*len(ref.Logistic)*len(ref.Scores.Linear) == 0 {
		t.Fatal("testdata/labelled.json lacks a part")
	}
	return ref
}

// linearTruth opens a truth of weights.
func linearTruth(t testing.TB, c LinearLabels) Linear {
	t.Helper()
	src, err := c.Open(t.Context(), rng.Root(9).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return src.(Linear)
}

func boundLeastSquares(t testing.TB, m LeastSquares, truth Source[Labelled]) LeastSquares {
	t.Helper()
	b, err := m.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return b.(LeastSquares)
}

// distance is |got − want| over the size of want, at least 1.
func distance(got, want []float64) float64 {
	worst, size := 0.0, 1.0
	for k, w := range want {
		size, worst = max(size, math.Abs(w)), max(worst, math.Abs(got[k]-w))
		if math.IsNaN(got[k]) {
			return math.Inf(1)
		}
	}
	return worst / size
}

// Fits of all shapes, full rank or not, weighted or not, with a ridge or without, against decompositions of the rows.
func TestLeastSquaresAgainstReference(t *testing.T) {
	worst := 0.0
	for i, r := range readLabelled(t).LeastSquares {
		truth := linearTruth(t, LinearLabels{Dim: len(r.Solution), Norm: 1})
		m := boundLeastSquares(t, LeastSquares{Ridge: r.Ridge}, truth)
		f, err := m.Fit(t.Context(), Task[Labelled]{Train: r.train()})
		if err != nil {
			t.Fatal(err)
		}
		got := f.(Linear)
		far := distance(got.weights, r.Solution)
		worst = max(worst, far)
		if far > 2e-9 || got.rank != r.Rank {
			t.Errorf("case %d: %v of rank %d, want %v of rank %d: %.2g", i, got.weights, got.rank, r.Solution, r.Rank, far)
		}
		s := m.Empty().(*Regression)
		s.Add(r.train()[0])
		if left := s.residual(got.weights); r.Ridge == 0 && math.Abs(left-r.Residual) > 1e-9*(1+s.squares) {
			t.Errorf("case %d: residual %g, want %g", i, left, r.Residual)
		}
	}
	t.Logf("largest error, relative to the largest weight: %.2g", worst)
}

// labelledRows draws rows for property tests.
func labelledRows(t *rapid.T, dim int) []Labelled {
	n := rapid.IntRange(0, 12).Draw(t, "rows")
	number := rapid.Float64Range(-5, 5)
	var rows []Labelled
	for range n {
		rows = append(rows, Labelled{rapid.SliceOfN(number, dim, dim).Draw(t, "x"), number.Draw(t, "y")})
	}
	return rows
}

// Statistics of parts merge into those of the whole, with weights, in either form; a fit obeys the normal equations and, of
// all that do, is the shortest: it lies in the span of the inputs.
func TestRegressionMerges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const dim = 3
		a, b := labelledRows(t, dim), labelledRows(t, dim)
		by := rapid.SampledFrom([]float64{.5, 1, 3}).Draw(t, "weight")
		whole, parts, part := &Regression{dim: dim}, &Regression{dim: dim}, &Regression{dim: dim}
		whole.Add(Span[Labelled]{Rows: a, Weight: 1})
		whole.Add(Span[Labelled]{Rows: b, Weight: by})
		parts.Add(Span[Labelled]{Rows: a, Weight: 1})
		part.Add(Span[Labelled]{Rows: b, Weight: 1})
		before := fmt.Sprint(part)
		parts.Merge(part, by)
		if fmt.Sprint(part) != before || parts.Rows() != float64(len(a)+len(b)) {
			t.Fatal("merging changed what was merged, or lost rows")
		}
		if distance(parts.Gram(), whole.Gram()) > 1e-12 || distance(parts.Cross(), whole.Cross()) > 1e-12 || math.Abs(parts.Squares()-whole.Squares()) > 1e-10 {
			t.Fatalf("%v, want %v", parts, whole)
		}
		w, _ := whole.solution()
		gram, left := whole.Gram(), append([]float64(nil), whole.Cross()...)
		for i := range dim {
			for j := range dim {
				left[i] -= gram[min(i, j)*dim+max(i, j)] * w[j]
			}
		}
		if distance(left, make([]float64, dim)) > 1e-6 {
			t.Fatalf("the normal equations of %v leave %v", whole.Gram(), left)
		}
	})
}

// Blocks of one design pool by their projections, as their sums do.
func TestPooledDesignIsTheSums(t *testing.T) {
	for _, n := range []int{9, 4, 2} {
		truth := linearTruth(t, LinearLabels{Dim: 4, Noise: 1, Norm: 1, Spectrum: 1})
		m, r := boundLeastSquares(t, LeastSquares{}, truth), rng.Root(5).Stream()
		first := m.Empty().(*Regression)
		truth.DrawStats(first, n, r)
		pool, sums := m.Empty().(*Regression), m.Empty().(*Regression)
		pool.Merge(first, 1)
		sums.Merge(first.sums(), 1)
		for i := range 6 {
			next := m.Empty().(*Regression)
			if !truth.DrawStatsGiven(next, first, n, r) || next.design != first.design {
				t.Fatal("a design that was given is not kept")
			}
			weight := 1 + .5*float64(i%3)
			pool.Merge(next, weight)
			sums.Merge(next.sums(), weight)
		}
		if pool.design == nil || sums.design != nil {
			t.Fatal("forms are not what they were to be")
		}
		a, rank := pool.solution()
		b, sameRank := sums.solution()
		if distance(a, b) > 1e-10 || rank != sameRank || rank != min(n, 4) || math.Abs(pool.residual(a)-sums.residual(b)) > 1e-9*sums.squares {
			t.Errorf("%d rows: %v of rank %d leave %g, sums: %v of rank %d leave %g", n, a, rank, pool.residual(a), b, sameRank, sums.residual(b))
		}
		v := []float64{1, -2, .5, 3}
		if x, y := pool.quadratic(v), sums.quadratic(v); math.Abs(x-y) > 1e-10*y || math.Abs(pool.Squares()-sums.Squares()) > 1e-10*sums.Squares() {
			t.Errorf("%d rows: quadratic %g, of sums %g", n, x, y)
		}
		other := m.Empty().(*Regression)
		truth.DrawStats(other, n, r)
		pool.Merge(other, 2)
		sums.Merge(other.sums(), 2)
		if pool.design != nil || distance(pool.Gram(), sums.Gram()) > 1e-12 || distance(pool.Cross(), sums.Cross()) > 1e-12 {
			t.Errorf("%d rows: another design is not summed", n)
		}
	}
}

// The anchor is the minimum of the penalised squares in the metric of the design; a ridge may adapt to the rows.
func TestAnchorAndAdaptiveRidge(t *testing.T) {
	truth := linearTruth(t, LinearLabels{Dim: 3, Noise: 1, Norm: 2})
	rows, _ := truth.Draw(t.Context(), nil, 20, rng.Root(2).Stream())
	train := Sample[Labelled]{{Rows: rows, Weight: 1}}
	fit := func(m LeastSquares, start Fitted[Labelled]) Linear {
		f, err := boundLeastSquares(t, m, truth).Fit(t.Context(), Task[Labelled]{Train: train, Start: start})
		if err != nil {
			t.Fatal(err)
		}
		return f.(Linear)
	}
	start := Linear{inputs: truth.inputs, weights: []float64{5, -1, 2}}
	plain, anchored := fit(LeastSquares{}, nil), fit(LeastSquares{Anchor: .25}, start)
	const k = 1.0 / 3 // anchor = k/(1+k)
	var both []Labelled
	for _, r := range rows { // rows labelled by the start weigh k
		both = append(both, Labelled{r.X, start.TrueLabel(r.X)})
	}
	penalised, err := boundLeastSquares(t, LeastSquares{}, truth).Fit(t.Context(), Task[Labelled]{Train: append(train, Span[Labelled]{Rows: both, Weight: k})})
	if err != nil || distance(anchored.weights, penalised.(Linear).weights) > 1e-12 {
		t.Errorf("anchored %v, by penalty %v, %v", anchored.weights, penalised, err)
	}
	if distance(fit(LeastSquares{Anchor: .25}, nil).weights, plain.weights) != 0 {
		t.Error("an anchor without a start does something")
	}
	adaptive := fit(LeastSquares{Ridge: .3, RidgeRule: "adaptive", Rate: .5}, nil)
	if fixed := fit(LeastSquares{Ridge: .3 / math.Sqrt(20), Rate: .5}, nil); distance(adaptive.weights, fixed.weights) > 1e-13 {
		t.Errorf("adaptive %v, fixed %v", adaptive.weights, fixed.weights)
	}
	if ridge, anchor := boundLeastSquares(t, LeastSquares{Ridge: .3, RidgeRule: "adaptive", Rate: 1, Anchor: .1}, truth).Fits().(Linear).Estimator(10); math.Abs(ridge-.03) > 1e-16 || anchor != .1 {
		t.Errorf("ridge %g, anchor %g", ridge, anchor)
	}
	if _, err := boundLeastSquares(t, LeastSquares{Anchor: .5}, truth).Fit(t.Context(), Task[Labelled]{Train: train, Start: Linear{weights: []float64{1}}}); err == nil {
		t.Error("a start of other inputs was an anchor")
	}
}

func TestLinearScoresAndSaves(t *testing.T) {
	ref := readLabelled(t).Scores
	f := Linear{inputs: newInputs(3, 0), weights: ref.Weights, noise: ref.Noise, rank: 3}
	var rows []Labelled
	for i, x := range ref.X {
		rows = append(rows, Labelled{x, ref.Y[i]})
	}
	nats := make([]float64, len(rows))
	if err := f.Score(t.Context(), rows, nats); err != nil {
		t.Fatal(err)
	}
	near(t, "density", nats, ref.Linear, 1e-13)
	sure := f
	sure.noise = 0
	sure.Score(t.Context(), []Labelled{{rows[0].X, sure.TrueLabel(rows[0].X)}, rows[1]}, nats)
	if !math.IsInf(nats[0], 1) || !math.IsInf(nats[1], -1) || f.Score(t.Context(), []Labelled{{[]float64{1}, 1}}, nats) == nil {
		t.Errorf("without noise: %v", nats[:2])
	}
	m := boundLeastSquares(t, LeastSquares{}, f)
	for i, r := range readLabelled(t).LeastSquares {
		if len(r.Solution) != 3 {
			continue
		}
		g, _ := m.Fit(t.Context(), Task[Labelled]{Train: r.train()})
		var b bytes.Buffer
		if err := g.(Saver).Save(&b); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		back, err := m.Restore(bytes.NewReader(whole))
		if err != nil || fmt.Sprint(back) != fmt.Sprint(g) {
			t.Errorf("case %d: %v, %v, want %v", i, back, err, g)
		}
		if _, err := m.Restore(bytes.NewReader(whole[:len(whole)-3])); err == nil {
			t.Error("a torn fit was restored")
		}
	}
}

// Odd data give fits or clear errors, never panics; what they draw is defined.
func TestLeastSquaresOfOddData(t *testing.T) {
	truth := linearTruth(t, LinearLabels{Dim: 2, Noise: 1, Norm: 1})
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		rows []Labelled
		why  string
	}{{nil, "inputs of rank 0 of 2"}, {[]Labelled{{[]float64{1, 2}, 3}}, "inputs of rank 1 of 2"}, {[]Labelled{{[]float64{0, 0}, 1}, {[]float64{0, 0}, 2}}, "inputs of rank 0 of 2"},
		{[]Labelled{{[]float64{1, 2}, 3}, {[]float64{1, 2}, 4}}, "inputs of rank 1 of 2"}, {[]Labelled{{[]float64{1, 2}, 3}, {[]float64{2, 1}, 4}}, ""},
		{[]Labelled{{[]float64{nan, 2}, 3}, {[]float64{2, 1}, 4}}, "weights not finite"}, {[]Labelled{{[]float64{1, inf}, 3}}, "weights not finite"},
		{[]Labelled{{[]float64{1, 2}, nan}, {[]float64{2, 1}, 4}}, "weights not finite"}, {[]Labelled{{[]float64{1e308, 2}, 3}, {[]float64{2, 1}, 4}}, "weights not finite"}} {
		for _, m := range []LeastSquares{{}, {Ridge: .5}} {
			b := boundLeastSquares(t, m, truth)
			f, err := b.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: c.rows, Weight: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			if why := f.(Degenerate).Degenerate(); why != c.why && m.Ridge == 0 {
				t.Errorf("%v: %q, want %q", c.rows, why, c.why)
			}
			rows, err := f.Draw(t.Context(), nil, 3, rng.Root(1).Stream())
			if err != nil || len(rows) != 3 {
				t.Errorf("%v: %v, %v", c.rows, rows, err)
			}
			s := b.Empty()
			if !f.(StatDrawer[Labelled]).DrawStats(s, 1, rng.Root(1).Stream()) || s.Rows() != 1 {
				t.Error("no statistics of one row")
			}
			f.(Innovator[Labelled]).Innovations(nil, Outcome[Labelled]{N: 1, Stats: s, Fit: f}, nil)
		}
	}
	m := boundLeastSquares(t, LeastSquares{}, truth)
	if _, err := m.Fit(t.Context(), Task[Labelled]{Train: Sample[Labelled]{{Rows: []Labelled{{[]float64{1}, 2}}, Weight: 1}}}); err == nil || err.Error() != "least_squares: row 0 has 1 inputs, want 2" {
		t.Errorf("a row of one input: %v", err)
	}
	if _, err := truth.DrawGiven(t.Context(), nil, []Labelled{{[]float64{1, 2, 3}, 2}}, rng.Root(1).Stream()); err == nil {
		t.Error("a given row of three inputs was labelled")
	}
	if truth.DrawStats(&signedSum{}, 3, nil) || truth.DrawStats(m.Empty(), 0, nil) || truth.DrawStatsGiven(m.Empty(), m.Empty(), 3, nil) {
		t.Error("statistics that cannot be drawn were")
	}
}

func TestLabelledConfigsRefuse(t *testing.T) {
	r, truth := rng.Root(1).Stream(), linearTruth(t, LinearLabels{Dim: 2, Noise: 1, Norm: 1})
	nan, minus := math.NaN(), -1.0
	for i, c := range []Opener[Labelled]{LinearLabels{}, LinearLabels{Dim: 3, Weights: []float64{1}}, LinearLabels{Dim: 2, Noise: -1}, LinearLabels{Dim: 2, Norm: nan}, LinearLabels{Dim: 2, Spectrum: -1},
		LinearLabels{Weights: []float64{1, nan}}, LogisticLabels{}, LogisticLabels{Dim: 1, Norm: math.Inf(1)}, NoisyLabels{}, NoisyLabels{Dim: 2, Error: 1.5}} {
		if _, err := c.Open(t.Context(), r); err == nil {
			t.Errorf("%d: %+v was opened", i, c)
		}
	}
	logistic, _ := LogisticLabels{Dim: 2}.Open(t.Context(), r)
	half, _ := NoisyLabels{Dim: 2}.Open(t.Context(), r)
	for i, c := range []struct {
		m     Bound[Labelled]
		truth Source[Labelled]
	}{{LeastSquares{Ridge: -1}, truth}, {LeastSquares{Ridge: nan}, truth}, {LeastSquares{Anchor: 1.5}, truth}, {LeastSquares{LabelNoise: &minus}, truth}, {LeastSquares{}, logistic},
		{LogisticRegression{Ridge: -1}, logistic}, {LogisticRegression{}, half}, {PlugInClassifier{LabelError: 2}, half}} {
		if _, err := c.m.Bind(c.truth); err == nil {
			t.Errorf("%d: %+v was bound", i, c.m)
		}
	}
	f := linearTruth(t, LinearLabels{Weights: []float64{3, 4}})
	if f.Dim() != 2 || f.weights[1] != 4 || math.Abs(linearTruth(t, LinearLabels{Dim: 7, Norm: 3}).SquaredLength(linearTruth(t, LinearLabels{Dim: 7, Norm: 3}).weights)-9) > 1e-14 {
		t.Error("weights are not those of the config")
	}
	if in := newInputs(3, 2); math.Abs(in.SquaredLength([]float64{1, 1, 1})-(1+1./4+1./9)) > 1e-15 || in.Isotropic() {
		t.Errorf("a spectrum of %v", in.sd)
	}
}
