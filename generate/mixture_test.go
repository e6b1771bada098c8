package generate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// densityReference is testdata/density.json, which density.py wrote.
func densityReference(t testing.TB, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/density.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// relative is the largest error of got, relative to the larger of |want| and 1.
func relative(got, want []float64) (worst float64) {
	for i, w := range want {
		if e := math.Abs(got[i]-w) / math.Max(1, math.Abs(w)); !(e <= worst) {
			worst = e
		}
	}
	return worst
}

func mixtureOf(t testing.TB, weights []float64, parts ...JointNormal) Mixture {
	t.Helper()
	m, err := NewMixture(weights, parts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func normalAt(t testing.TB, mean []float64, covariance [][]float64) JointNormal {
	t.Helper()
	f, err := NewJointNormal(mean, covariance)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func fitMixture(t testing.TB, m GaussianMixture, task Task[Vector]) Mixture {
	t.Helper()
	f, err := m.Fit(context.Background(), task)
	if err != nil {
		t.Fatal(err)
	}
	return f.(Mixture)
}

func onRows(rows []Vector) Sample[Vector] { return Sample[Vector]{{Rows: rows, Weight: 1}} }

// EM takes as many iterations as scikit-learn from the same start and ends where it ends; so do the scores of its fit.
func TestEMAgreesWithScikitLearn(t *testing.T) {
	var ref struct {
		EM []struct {
			Shape            string
			Tolerance, Floor float64
			Rows, Means, At  [][]float64
			Weights, Score   []float64
			Covariances      [][][]float64
			StartMeans       [][]float64 `json:"start_means"`
			Bound            float64
			StartVariance    float64 `json:"start_variance"`
			Iterations       int
		}
	}
	densityReference(t, &ref)
	if len(ref.EM) == 0 {
		t.Fatal("no reference values")
	}
	worst := 0.0
	for i, c := range ref.EM {
		start := Mixture{}
		for _, mean := range c.StartMeans {
			start.weights = append(start.weights, 1/float64(len(c.StartMeans)))
			start.parts = append(start.parts, independent(mean, c.StartVariance))
		}
		m := GaussianMixture{Components: len(c.Means), Covariance: c.Shape, Tolerance: c.Tolerance, MaxIterations: 5000, Regularisation: c.Floor}
		f := fitMixture(t, m, Task[Vector]{Train: onRows(c.Rows), Start: start})
		if n, _ := f.Iterations(); n != c.Iterations {
			t.Errorf("case %d: %d iterations, scikit-learn took %d", i, n, c.Iterations)
		}
		got, want := append([]float64{f.bound}, f.weights...), append([]float64{c.Bound}, c.Weights...)
		for k, p := range f.parts {
			got, want = append(got, p.Mean()...), append(want, c.Means[k]...)
			for j, row := range c.Covariances[k] {
				got, want = append(got, p.Covariance()[j*len(row):(j+1)*len(row)]...), append(want, row...)
			}
		}
		nats := make([]float64, len(c.At))
		if err := f.Score(t.Context(), c.At, nats); err != nil {
			t.Fatal(err)
		}
		e := math.Max(relative(got, want), relative(nats, c.Score))
		if worst = math.Max(worst, e); e > 1e-9 {
			t.Errorf("case %d (%s): relative error %.1e", i, c.Shape, e)
		}
	}
	t.Logf("largest relative error %.1e", worst)
}

func TestMixtureOfOneIsItsNormal(t *testing.T) {
	var ref struct {
		Normal struct {
			Covariance, At [][]float64
			Score          []float64
		}
	}
	densityReference(t, &ref)
	p := normalAt(t, []float64{1, -2, .5}, ref.Normal.Covariance)
	nats := make([]float64, len(ref.Normal.At))
	if err := mixtureOf(t, nil, p).Score(t.Context(), ref.Normal.At, nats); err != nil {
		t.Fatal(err)
	}
	if e := relative(nats, ref.Normal.Score); e > 1e-13 {
		t.Errorf("relative error %.1e", e)
	}
	if mixtureOf(t, nil, p).Score(t.Context(), []Vector{{1}}, nats) == nil {
		t.Error("a row of one column was scored")
	}
}

// A singular component is +Inf in its subspace and counts for nothing elsewhere.
func TestSingularComponents(t *testing.T) {
	m := mixtureOf(t, []float64{1, 3}, normalAt(t, []float64{0, 0}, [][]float64{{0, 0}, {0, 0}}), normalAt(t, []float64{0, 0}, [][]float64{{1, 0}, {0, 1}}))
	nats := make([]float64, 2)
	if err := m.Score(t.Context(), []Vector{{0, 0}, {1, 0}}, nats); err != nil {
		t.Fatal(err)
	}
	if want := math.Log(.75/(2*math.Pi)) - .5; !math.IsInf(nats[0], 1) || math.Abs(nats[1]-want) > 1e-14 {
		t.Errorf("%v, want +Inf and %v", nats, want)
	}
	if m.Degenerate() != "component 0: covariance 0" {
		t.Errorf("%q", m.Degenerate())
	}
}

func TestMixtureConfig(t *testing.T) {
	one := independent([]float64{0, 0}, 1)
	for _, c := range []struct {
		weights []float64
		parts   []JointNormal
	}{{nil, nil}, {[]float64{1}, []JointNormal{one, one}}, {[]float64{1, -1}, []JointNormal{one, one}}, {[]float64{0, 0}, []JointNormal{one, one}},
		{[]float64{1, math.NaN()}, []JointNormal{one, one}}, {[]float64{1, math.Inf(1)}, []JointNormal{one, one}}, {nil, []JointNormal{one, independent([]float64{0}, 1)}}} {
		if _, err := NewMixture(c.weights, c.parts); err == nil {
			t.Errorf("%v of %d was taken", c.weights, len(c.parts))
		}
	}
}

// The moments, by hand; and the law of each column by its distribution function.
func TestMixtureMomentsAndSampler(t *testing.T) {
	m := mixtureOf(t, []float64{1, 3}, normalAt(t, []float64{-3, 1}, [][]float64{{1, .5}, {.5, 1}}), normalAt(t, []float64{1, 0}, [][]float64{{.25, 0}, {0, 4}}))
	n := m.Normal()
	near(t, "mean", n.Mean(), []float64{0, .25}, 1e-15)
	// Σ w (Σ_k + μμ′) − mean mean′
	near(t, "covariance", n.Covariance(), []float64{.25*10 + .75*1.25, .25 * (.5 - 3), .25 * (.5 - 3), .25*2 + .75*4 - .0625}, 1e-14)
	rows, err := m.Draw(t.Context(), nil, 50000, rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	for j := range 2 {
		u, s := make([]float64, len(rows)), m.Marginal(j)
		for i, row := range rows {
			u[i] = s.CDF(row[j])
		}
		if d := uniformDistance(u); d > 2.5 {
			t.Errorf("column %d: distance to its law %.2f", j, d)
		}
	}
	if got := m.Quantile(0, m.Marginal(0).CDF(-1.7)); math.Abs(got+1.7) > 1e-12 {
		t.Errorf("quantile %g, want -1.7", got)
	}
}

// Of many components the sampler searches: the same law.
func TestPickFollowsItsWeights(t *testing.T) {
	r := rng.Root(3).Stream()
	for _, k := range []int{1, 2, 7, 40} {
		weights, want, n := make([]float64, k), make([]float64, k), 20000.
		for i := range weights {
			if weights[i] = float64(i % 3); k == 1 {
				weights[i] = 2
			}
		}
		upTo := cumulated(weights)
		for range int(n) {
			want[pick(upTo, r)]++
		}
		square, cells := 0.0, -1.0
		for i, w := range weights {
			e := n * w / upTo[k-1]
			if w == 0 && want[i] > 0 {
				t.Errorf("%d: a component of weight 0 was picked", k)
			} else if w > 0 {
				square, cells = square+(want[i]-e)*(want[i]-e)/e, cells+1
			}
		}
		if p := num.ChiSquaredSurvival(square, cells); cells > 0 && p < 1e-5 {
			t.Errorf("%d components: chi-square %.1f, p = %.1e", k, square, p)
		}
	}
}

var twoModes = []float64{.3, .7}

func twoModesTruth(t testing.TB) Mixture {
	return mixtureOf(t, twoModes, normalAt(t, []float64{-3, 0}, [][]float64{{1, .6}, {.6, 1}}), normalAt(t, []float64{3, 1}, [][]float64{{.5, 0}, {0, 2}}))
}

// EM finds what the rows were drawn from, from wherever it starts, with every shape that can hold it.
func TestEMRecoversTheTruth(t *testing.T) {
	truth := twoModesTruth(t)
	rows, _ := truth.Draw(t.Context(), nil, 4000, rng.Root(2).Stream())
	for seed := range 3 {
		m := GaussianMixture{Components: 2, Tolerance: 1e-7, MaxIterations: 500, Regularisation: 1e-6}
		f := fitMixture(t, m, Task[Vector]{Train: onRows(rows), Rand: rng.Root(uint64(seed)).Stream()})
		first := 0
		if f.parts[0].mean[0] > 0 {
			first = 1
		}
		if f.Degenerate() != "" || math.Abs(f.weights[first]-.3) > 5*math.Sqrt(.3*.7/4000) {
			t.Errorf("seed %d: %q, weights %v", seed, f.Degenerate(), f.weights)
		}
		for k, want := range truth.parts {
			got := f.parts[(k+first)%2]
			for j := range 2 {
				sd := math.Sqrt(want.Variances()[j] / (4000 * twoModes[k]))
				if math.Abs(got.mean[j]-want.mean[j]) > 6*sd || math.Abs(got.Variances()[j]-want.Variances()[j]) > 6*sd*math.Sqrt(2*want.Variances()[j]) {
					t.Errorf("seed %d: component %d, column %d: mean %g, variance %g", seed, k, j, got.mean[j], got.Variances()[j])
				}
			}
		}
	}
}

// EM never goes down: with one more iteration the likelihood of the same start is no smaller. Without a floor this is a theorem.
func TestEMClimbs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dim, k := rapid.IntRange(1, 3).Draw(t, "dim"), rapid.IntRange(1, 4).Draw(t, "components")
		r := rng.Root(rapid.Uint64().Draw(t, "seed")).Stream()
		rows, _ := independent(make([]float64, dim), 1).Draw(context.Background(), nil, 60, r)
		m := GaussianMixture{Components: k, Covariance: rapid.SampledFrom([]string{"full", "diagonal", "spherical"}).Draw(t, "shape"), MaxIterations: 1}
		last := math.Inf(-1)
		var start Fitted[Vector]
		for range 8 {
			f, err := m.Fit(context.Background(), Task[Vector]{Train: onRows(rows), Start: start, Rand: r})
			if err != nil {
				t.Fatal(err)
			}
			if f.(Mixture).Degenerate() != "" {
				return
			}
			if _, bound := f.(Mixture).Iterations(); bound < last-1e-9 {
				t.Fatalf("from %v down to %v", last, bound)
			} else {
				last, start = bound, f
			}
		}
	})
}

// A weight is as many rows, whatever all weights are multiplied by.
func TestEMWeightsAreCopies(t *testing.T) {
	truth := twoModesTruth(t)
	rows, _ := truth.Draw(t.Context(), nil, 60, rng.Root(4).Stream())
	var copies []Vector
	weights := make([]float64, len(rows))
	for i, row := range rows {
		weights[i] = float64(i % 3)
		for range i % 3 {
			copies = append(copies, row)
		}
	}
	m := GaussianMixture{Components: 2, Tolerance: 1e-10, MaxIterations: 500, Regularisation: 1e-6}
	a := fitMixture(t, m, Task[Vector]{Train: Sample[Vector]{{Rows: rows, Weight: .7, Weights: weights}}, Start: truth})
	b := fitMixture(t, m, Task[Vector]{Train: onRows(copies), Start: truth})
	near(t, "weights", a.weights, b.weights, 1e-10)
	for k := range a.parts {
		near(t, "covariance", a.parts[k].Covariance(), b.parts[k].Covariance(), 1e-9)
	}
	if a.iterations != b.iterations {
		t.Errorf("%d and %d iterations", a.iterations, b.iterations)
	}
}

// A warm start is taken from a fit of the same shape alone; restarts keep the likeliest; a stream decides everything.
func TestEMStarts(t *testing.T) {
	truth := twoModesTruth(t)
	rows, _ := truth.Draw(t.Context(), nil, 300, rng.Root(5).Stream())
	m := GaussianMixture{Components: 2, Tolerance: 1e-8, MaxIterations: 1000, Regularisation: 1e-6}
	fit := func(m GaussianMixture, start Fitted[Vector], seed uint64) Mixture {
		return fitMixture(t, m, Task[Vector]{Train: onRows(rows), Start: start, Rand: rng.Root(seed).Stream()})
	}
	cold := fit(m, nil, 1)
	if again := fit(m, nil, 1); fmt.Sprint(again) != fmt.Sprint(cold) {
		t.Error("the same stream gave another fit")
	}
	if warm := fit(m, cold, 1); warm.iterations > 3 || math.Abs(warm.bound-cold.bound) > 1e-7 {
		t.Errorf("%d iterations from where EM had ended, likelihood %v after %v", warm.iterations, warm.bound, cold.bound)
	}
	m.Components = 5
	if five := fit(m, cold, 1); len(five.parts) != 5 {
		t.Error("five components began at two")
	}
	one := fit(m, nil, 7)
	m.Restarts = 8
	if best := fit(m, nil, 7); best.bound < one.bound {
		t.Errorf("the likeliest of 8 starts has %v, the first of them %v", best.bound, one.bound)
	}
}

// ∫ p q: of normals by hand, of mixtures by the mean of q over rows of p.
func TestOverlap(t *testing.T) {
	one := mixtureOf(t, nil, independent([]float64{0}, 1))
	near(t, "of itself", []float64{one.Overlap(one)}, []float64{1 / (2 * math.Sqrt(math.Pi))}, 1e-15)
	p, q := twoModesTruth(t), mixtureOf(t, []float64{1, 2}, normalAt(t, []float64{0, 0}, [][]float64{{4, 1}, {1, 2}}), normalAt(t, []float64{-2, 1}, [][]float64{{1, 0}, {0, 1}}))
	near(t, "the other way", []float64{p.Overlap(q)}, []float64{q.Overlap(p)}, 1e-15)
	rows, _ := p.Draw(t.Context(), nil, 40000, rng.Root(9).Stream())
	nats := make([]float64, len(rows))
	if err := q.Score(t.Context(), rows, nats); err != nil {
		t.Fatal(err)
	}
	for i, x := range nats {
		nats[i] = math.Exp(x)
	}
	mean, variance := num.Variance(nats)
	if z := (mean - p.Overlap(q)) / math.Sqrt(variance/float64(len(nats))); math.Abs(z) > 4.5 {
		t.Errorf("overlap %g, by simulation %g: z = %.1f", p.Overlap(q), mean, z)
	}
	point := mixtureOf(t, nil, independent([]float64{1, 1}, 0))
	if !math.IsInf(point.Overlap(point), 1) || point.Overlap(mixtureOf(t, nil, independent([]float64{0, 0}, 0))) != 0 {
		t.Error("points overlap by something else than +Inf and 0")
	}
}

// Given the mixture that rows were drawn from, the transforms are uniform; given another, they are not.
func TestMixtureInnovations(t *testing.T) {
	narrow := normalAt(t, []float64{0, 0}, [][]float64{{.05, .02}, {.02, .5}}) // in the midst of the other: their scales tell them apart
	truth := mixtureOf(t, twoModes, narrow, normalAt(t, []float64{.3, 3}, [][]float64{{4, 1}, {1, 2}}))
	wider := mixtureOf(t, twoModes, narrow, normalAt(t, []float64{.3, 3}, [][]float64{{4, 1}, {1, 3}}))
	right, wrong := map[string][]float64{}, map[string][]float64{}
	for i := range 400 {
		rows, _ := truth.Draw(t.Context(), nil, 30, rng.Root(12).Child("step", i).Stream())
		for _, x := range truth.Innovations(nil, Outcome[Vector]{N: 30, Rows: rows}, nil) {
			right[x.Name] = append(right[x.Name], x.U)
		}
		for _, x := range wider.Innovations(nil, Outcome[Vector]{N: 30, Rows: rows}, nil) {
			wrong[x.Name] = append(wrong[x.Name], x.U)
		}
	}
	for _, name := range []string{"scores", "spread"} {
		if u := right[name]; len(u) != 400 || uniformDistance(u) > 2.5 {
			t.Errorf("%s: %d transforms, %.2f from uniform", name, len(u), uniformDistance(u))
		}
	}
	if d := uniformDistance(wrong["spread"]); d < 2.5 {
		t.Errorf("a variance of 3 for 2 was not seen: %.2f", d)
	}
	if x := (Mixture{}).Innovations(nil, Outcome[Vector]{}, nil); x != nil {
		t.Errorf("%v of nothing", x)
	}
}

func TestMixtureSaveRestore(t *testing.T) {
	truth := twoModesTruth(t)
	rows, _ := truth.Draw(t.Context(), nil, 50, rng.Root(6).Stream())
	for _, m := range []GaussianMixture{{Components: 3, MaxIterations: 9, Regularisation: 1e-6}, {Components: 2, Covariance: "diagonal", MaxIterations: 9},
		{Components: 60, MaxIterations: 3, Regularisation: 1e-6}} {
		f := fitMixture(t, m, Task[Vector]{Train: onRows(rows), Rand: rng.Root(7).Stream()})
		var b bytes.Buffer
		if err := f.Save(&b); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		back, err := m.Restore(bytes.NewReader(whole))
		if err != nil || fmt.Sprintf("%#v", back) != fmt.Sprintf("%#v", Fitted[Vector](f)) {
			t.Errorf("restored %v, %v", back, err)
		}
		for n := range whole {
			if _, err := m.Restore(bytes.NewReader(whole[:n])); err == nil {
				t.Errorf("%d of %d bytes were enough", n, len(whole))
			}
		}
		if _, err := (GaussianMixture{Components: m.Components + 1}).Restore(bytes.NewReader(whole)); err == nil {
			t.Error("a fit of another number of components was restored")
		}
	}
}

// Degenerate rows are named, not fatal.
func TestEMDegenerate(t *testing.T) {
	same := []Vector{{1, 2}, {1, 2}, {1, 2}, {1, 2}}
	line := []Vector{{0, 0}, {1, 1}, {2, 2}, {7, 7}, {8, 8}, {9, 9}}
	for _, c := range []struct {
		name  string
		rows  []Vector
		floor float64
		k     int
		want  string
	}{
		{"none", nil, 1e-6, 2, "no rows"}, {"one row", same[:1], 1e-6, 1, ""}, {"one row, no floor", same[:1], 0, 1, "component 0: covariance of rank 0 of 2"},
		{"more components than rows", line, 1e-6, 9, "6 rows for 9 components"}, {"duplicates", same, 1e-6, 2, ""},
		{"a line", line, 1e-6, 2, ""}, {"a line, no floor", line, 0, 2, "covariance of rank 1 of 2"},
		{"NaN", append([]Vector{{math.NaN(), 1}}, line...), 1e-6, 2, "not finite"}, {"Inf", append([]Vector{{math.Inf(1), 1}}, line...), 1e-6, 2, "not finite"},
		{"huge", []Vector{{1e308, 1}, {-1e308, 2}, {1e308, 3}}, 1e-6, 1, "not finite"},
	} {
		f := fitMixture(t, GaussianMixture{Components: c.k, MaxIterations: 50, Regularisation: c.floor, dim: 2}, Task[Vector]{Train: onRows(c.rows), Rand: rng.Root(8).Stream()})
		if why := f.Degenerate(); !strings.Contains(why, c.want) || (why == "") != (c.want == "") && c.name != "duplicates" {
			t.Errorf("%s: %q, want %q", c.name, why, c.want)
		}
	}
	_, err := GaussianMixture{dim: 2}.Fit(t.Context(), Task[Vector]{Train: onRows([]Vector{{1, 2}, {3}}), Rand: rng.Root(1).Stream()})
	if err == nil || !strings.Contains(err.Error(), "a row of 1 columns, want 2") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (GaussianMixture{Components: 2, Regularisation: 1e-6}).Fit(ctx, Task[Vector]{Train: onRows(line), Rand: rng.Root(1).Stream()}); err == nil {
		t.Error("EM went on after its context ended")
	}
}

// Odd data give fits, never panics; what they draw, score and store is defined.
func TestMixtureOfAnything(t *testing.T) {
	odd := rapid.OneOf(rapid.SampledFrom([]float64{0, 0, 1, 1, math.NaN(), math.Inf(1), -1e308, 1e308, 5e-324, 1e-170}), rapid.Float64Range(-5, 5))
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 3).Draw(t, "dim")
		m := GaussianMixture{Components: rapid.IntRange(1, 4).Draw(t, "components"), MaxIterations: 20, Tolerance: 1e-5, dim: dim,
			Covariance:     rapid.SampledFrom([]string{"full", "diagonal", "spherical"}).Draw(t, "covariance"),
			Regularisation: rapid.SampledFrom([]float64{0, 1e-6, 1}).Draw(t, "floor")}
		rows := rapid.SliceOfN(rapid.SliceOfN(odd, dim, dim), 0, 9).Draw(t, "rows")
		var weights []float64
		if rapid.Bool().Draw(t, "weighted") {
			weights = rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 2.5}), len(rows), len(rows)).Draw(t, "weights")
		}
		var start Fitted[Vector]
		for range 2 {
			fit, err := m.Fit(context.Background(), Task[Vector]{Train: Sample[Vector]{{Rows: rows, Weight: 1, Weights: weights}}, Start: start, Rand: rng.Root(1).Stream()})
			if err != nil {
				t.Fatal(err)
			}
			f := fit.(Mixture)
			drawn, err := f.Draw(context.Background(), nil, 4, rng.Root(2).Stream())
			if err != nil || len(drawn) != 4 || len(drawn[0]) != dim {
				t.Fatalf("%v, %v", drawn, err)
			}
			nats := make([]float64, len(drawn))
			if err := f.Score(context.Background(), drawn, nats); err != nil {
				t.Fatal(err)
			}
			if f.Degenerate() == "" {
				for i, x := range nats {
					if math.IsNaN(x) || math.IsInf(x, -1) {
						t.Fatalf("a fit that is not degenerate drew %v and scores it %v", drawn[i], x)
					}
				}
			}
			f.Normal()
			f.Overlap(f)
			f.Innovations(nil, Outcome[Vector]{N: 4, Rows: drawn}, nil)
			start = f
		}
	})
}
