package generate

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

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
		far := farFrom(got.weights, r.Solution)
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

// labelledRows draws rows for property tests: small whole numbers, so that ranks are often low and never in doubt.
func labelledRows(t *rapid.T, dim int) []Labelled {
	n := rapid.IntRange(0, 12).Draw(t, "rows")
	number := rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return float64(i) })
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
		if farFrom(parts.Gram(), whole.Gram()) > 1e-12 || farFrom(parts.Cross(), whole.Cross()) > 1e-12 || math.Abs(parts.Squares()-whole.Squares()) > 1e-10 {
			t.Fatalf("%v, want %v", parts, whole)
		}
		w, _ := whole.solution()
		gram, left, size := whole.Gram(), append([]float64(nil), whole.Cross()...), 1+math.Sqrt(whole.Squares()) // of what is subtracted
		for i := range dim {
			for j := range dim {
				g := gram[min(i, j)*dim+max(i, j)]
				left[i] -= g * w[j]
				size = max(size, math.Abs(g*w[j]), math.Sqrt(whole.Squares()*math.Abs(g)))
			}
		}
		if farFrom(left, make([]float64, dim)) > 1e-9*size {
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
		if farFrom(a, b) > 1e-10 || rank != sameRank || rank != min(n, 4) || math.Abs(pool.residual(a)-sums.residual(b)) > 1e-9*sums.squares {
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
		if pool.design != nil || farFrom(pool.Gram(), sums.Gram()) > 1e-12 || farFrom(pool.Cross(), sums.Cross()) > 1e-12 {
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
		both = append(both, Labelled{r.X, start.Expected(r.X)})
	}
	penalised, err := boundLeastSquares(t, LeastSquares{}, truth).Fit(t.Context(), Task[Labelled]{Train: append(train, Span[Labelled]{Rows: both, Weight: k})})
	if err != nil || farFrom(anchored.weights, penalised.(Linear).weights) > 1e-12 {
		t.Errorf("anchored %v, by penalty %v, %v", anchored.weights, penalised, err)
	}
	if farFrom(fit(LeastSquares{Anchor: .25}, nil).weights, plain.weights) != 0 {
		t.Error("an anchor without a start does something")
	}
	adaptive := fit(LeastSquares{Ridge: .3, RidgeRule: "adaptive", Rate: .5}, nil)
	if fixed := fit(LeastSquares{Ridge: .3 / math.Sqrt(20), Rate: .5}, nil); farFrom(adaptive.weights, fixed.weights) > 1e-13 {
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
	sure.Score(t.Context(), []Labelled{{rows[0].X, sure.Expected(rows[0].X)}, rows[1]}, nats)
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
