package generate

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/rng"
)

func kernelsOn[E real](t testing.TB, m KernelDensity[E], spans ...Span[E]) Kernels[E] {
	t.Helper()
	f, err := m.Fit(context.Background(), Task[E]{Train: spans})
	if err != nil {
		t.Fatal(err)
	}
	return f.(Kernels[E])
}

func scoresOf[E any](t testing.TB, s Scorer[E], rows []E) []float64 {
	t.Helper()
	nats := make([]float64, len(rows))
	if err := s.Score(context.Background(), rows, nats); err != nil {
		t.Fatal(err)
	}
	return nats
}

func firstColumn(rows []Vector) (x []float64) {
	for _, row := range rows {
		x = append(x, row[0])
	}
	return x
}

func TestKernelScoresAgreeWithScipy(t *testing.T) {
	var ref struct {
		KDE []struct {
			Rows, At                 [][]float64
			Weights, Score, Weighted []float64
			Bandwidth                float64
		}
	}
	densityReference(t, &ref)
	worst := 0.0
	for i, c := range ref.KDE {
		m := KernelDensity[Vector]{Bandwidth: c.Bandwidth}
		e := relative(scoresOf(t, kernelsOn(t, m, Span[Vector]{Rows: c.Rows, Weight: 3}), c.At), c.Score)
		e = math.Max(e, relative(scoresOf(t, kernelsOn(t, m, Span[Vector]{Rows: c.Rows, Weight: 1, Weights: c.Weights}), c.At), c.Weighted))
		if len(c.Rows[0]) == 1 {
			f := kernelsOn(t, KernelDensity[float64]{Bandwidth: c.Bandwidth}, Span[float64]{Rows: firstColumn(c.Rows), Weight: 1})
			e = math.Max(e, relative(scoresOf(t, f, firstColumn(c.At)), c.Score))
		}
		if worst = math.Max(worst, e); e > 1e-12 {
			t.Errorf("case %d: relative error %.1e", i, e)
		}
	}
	t.Logf("%d cases, largest relative error %.1e", len(ref.KDE), worst)
	if len(ref.KDE) == 0 {
		t.Error("no reference values")
	}
}

func TestBandwidthRulesAgreeWithScipy(t *testing.T) {
	var ref struct {
		Bandwidth []struct {
			Rows              [][]float64
			Weights           []float64
			PlainScott        float64 `json:"plain_scott"`
			PlainSilverman    float64 `json:"plain_silverman"`
			WeightedScott     float64 `json:"weighted_scott"`
			WeightedSilverman float64 `json:"weighted_silverman"`
		}
	}
	densityReference(t, &ref)
	worst := 0.0
	for _, c := range ref.Bandwidth {
		for _, w := range []struct {
			rule    string
			weights []float64
			want    float64
		}{{"scott", nil, c.PlainScott}, {"silverman", nil, c.PlainSilverman}, {"scott", c.Weights, c.WeightedScott}, {"silverman", c.Weights, c.WeightedSilverman}} {
			f := kernelsOn(t, KernelDensity[Vector]{Rule: w.rule}, Span[Vector]{Rows: c.Rows, Weight: 2, Weights: w.weights})
			worst = math.Max(worst, relative([]float64{f.Bandwidth()}, []float64{w.want}))
		}
	}
	if t.Logf("largest relative error %.1e", worst); worst > 1e-13 || len(ref.Bandwidth) == 0 {
		t.Errorf("relative error %.1e in %d cases", worst, len(ref.Bandwidth))
	}
}

// What blocks remember changes no bit, is used when the same rows come again, and is not when their numbers changed in place.
func TestRememberedSumsAreTheSame(t *testing.T) {
	truth, r := independent([]float64{1, 2}, 1), rng.Root(4).Stream()
	m := KernelDensity[Vector]{Bandwidth: .4}
	rows, _ := truth.Draw(t.Context(), nil, 900, r)
	held, _ := truth.Draw(t.Context(), nil, 300, r)
	held = append(held, Vector{90, -70}, Vector{math.NaN(), 0}, Vector{math.Inf(1), 0}) // far ones underflow
	fresh := func(n int) Kernels[Vector] {
		var spans []Span[Vector]
		for i := range n {
			spans = append(spans, Span[Vector]{Rows: rows[i*300 : (i+1)*300], Weight: 1})
		}
		return kernelsOn(t, m, spans...)
	}
	pool := m.Empty()
	for i := range 3 {
		pool.Add(Span[Vector]{Rows: rows[i*300 : (i+1)*300], Weight: 1})
		fit, err := m.FitStats(t.Context(), Task[Vector]{}, pool)
		if err != nil {
			t.Fatal(err)
		}
		f := fit.(Kernels[Vector])
		var sums []*kernelSums
		for _, c := range f.clouds {
			sums = append(sums, c.last.Load())
		}
		got := scoresOf(t, f, held)
		if !identical(got, scoresOf(t, fresh(i+1), held)) {
			t.Fatalf("generation %d: other scores than those of new blocks", i)
		}
		for k, c := range f.clouds[:i] {
			if c.last.Load() != sums[k] {
				t.Errorf("generation %d: block %d was looked at again", i, k)
			}
		}
	}
	fit, _ := m.FitStats(t.Context(), Task[Vector]{}, pool)
	held[0][0]++
	if !identical(scoresOf(t, fit.(Kernels[Vector]), held), scoresOf(t, fresh(3), held)) {
		t.Error("rows that were changed in place were taken for what they had been")
	}
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			some := held[i*10 : 200+i*10]
			if !identical(scoresOf(t, fit.(Kernels[Vector]), some), scoresOf(t, fresh(3), some)) {
				t.Error("concurrent scores differ")
			}
		})
	}
	wait.Wait()
}

// Merging shares blocks, leaves earlier fits as they were, and gives the density of all rows with their weights.
func TestKernelRowsAreShared(t *testing.T) {
	r := rng.Root(5).Stream()
	rows, _ := Normal{Variance: 1}.Draw(t.Context(), nil, 50, r)
	at := []float64{-1, 0, 2.5}
	m := KernelDensity[float64]{Bandwidth: .3}
	part := m.Empty()
	part.Add(Span[float64]{Rows: rows[:20], Weight: 1})
	pool := m.Empty()
	pool.Merge(part, 1)
	fit, _ := m.FitStats(t.Context(), Task[float64]{}, pool)
	before := scoresOf(t, fit.(Kernels[float64]), at)
	mean, variance := fit.(Kernels[float64]).Moment2()
	other := m.Empty()
	other.Add(Span[float64]{Rows: rows[20:], Weight: 2})
	pool.Merge(other, 1.5)
	if pool.(*KernelRows[float64]).clouds[0].cloud != part.(*KernelRows[float64]).clouds[0].cloud {
		t.Error("a block was copied")
	}
	if x, v := fit.(Kernels[float64]).Moment2(); x != mean || v != variance || !identical(before, scoresOf(t, fit.(Kernels[float64]), at)) {
		t.Error("merging changed an earlier fit")
	}
	weights := slices.Repeat([]float64{1}, 20)
	for range rows[20:] {
		weights = append(weights, 3)
	}
	all := kernelsOn(t, m, Span[float64]{Rows: rows, Weight: 1, Weights: weights})
	last, _ := m.FitStats(t.Context(), Task[float64]{}, pool)
	merged := last.(Kernels[float64])
	near(t, "scores", scoresOf(t, merged, at), scoresOf(t, all, at), 1e-13)
	a, b := merged.Normal(), all.Normal()
	near(t, "moments", []float64{a.Mean()[0], a.Trace(), merged.effective()}, []float64{b.Mean()[0], b.Trace(), all.effective()}, 1e-13)
	if pool.Rows() != 50 {
		t.Errorf("%g rows", pool.Rows())
	}
}

// Drawn rows obey the density: by the distribution function of its kernels, with weights, over several blocks.
func TestKernelSampler(t *testing.T) {
	spans := []Span[float64]{{Rows: []float64{-3, 0, 1}, Weight: 1, Weights: []float64{1, 0, 3}}, {Rows: []float64{5}, Weight: 2}, {Rows: []float64{2, 7}, Weight: 0}, {Rows: []float64{9, 9.5}, Weight: .5}}
	f := kernelsOn(t, KernelDensity[float64]{Bandwidth: .6}, spans...)
	law := ScalarMixture{Weights: []float64{1, 3, 2, .5, .5}, Means: []float64{-3, 1, 5, 9, 9.5}, SDs: slices.Repeat([]float64{.6}, 5)}
	opened, err := law.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	law = opened.(ScalarMixture)
	rows, err := f.Draw(t.Context(), []float64{7}, 50000, rng.Root(6).Stream())
	if err != nil || rows[0] != 7 || len(rows) != 50001 {
		t.Fatal("Draw does not append")
	}
	u := make([]float64, 0, len(rows))
	for _, x := range rows[1:] {
		u = append(u, law.CDF(x))
	}
	if d := uniformDistance(u); d > 2.5 {
		t.Errorf("distance to the law: %.2f", d)
	}
	wantMean, wantVariance := law.Moment2()
	mean, variance := f.Moment2()
	near(t, "moments", []float64{mean, variance}, []float64{wantMean, wantVariance}, 1e-14)
	at := []float64{-4, 0, 8, 60}
	near(t, "density", scoresOf(t, f, at), scoresOf(t, law, at), 1e-13)
}

// Given the density that rows were drawn from, the transforms are uniform; at another bandwidth they are not.
func TestKernelInnovations(t *testing.T) {
	r := rng.Root(7).Stream()
	rows, _ := independent([]float64{0, 5}, 1).Draw(t.Context(), nil, 30, r)
	f := kernelsOn(t, KernelDensity[Vector]{Bandwidth: .5}, Span[Vector]{Rows: rows[:20], Weight: 1}, Span[Vector]{Rows: rows[20:], Weight: 2})
	wide := f
	wide.bandwidth = .7
	right, wrong := map[string][]float64{}, map[string][]float64{}
	for i := range 250 {
		drawn, _ := f.Draw(t.Context(), nil, 40, rng.Root(8).Child("step", i).Stream())
		for _, x := range f.Innovations(nil, Outcome[Vector]{N: 40, Rows: drawn}, nil) {
			right[x.Name] = append(right[x.Name], x.U)
		}
		for _, x := range wide.Innovations(nil, Outcome[Vector]{N: 40, Rows: drawn}, nil) {
			wrong[x.Name] = append(wrong[x.Name], x.U)
		}
	}
	for _, name := range []string{"scores", "spread"} {
		if u := right[name]; len(u) != 250 || uniformDistance(u) > 2.5 {
			t.Errorf("%s: %d transforms, %.2f from uniform", name, len(u), uniformDistance(u))
		}
	}
	if d := uniformDistance(wrong["spread"]); d < 2.5 {
		t.Errorf("a bandwidth of .7 for .5 was not seen: %.2f", d)
	}
}

func TestKernelDegenerate(t *testing.T) {
	for _, c := range []struct {
		name string
		m    KernelDensity[float64]
		rows []float64
		want string
	}{
		{"none", KernelDensity[float64]{Bandwidth: 1}, nil, "no rows"}, {"fixed 0", KernelDensity[float64]{}, []float64{1, 2}, "bandwidth 0"},
		{"one row, by rule", KernelDensity[float64]{Rule: "scott"}, []float64{1}, "bandwidth 0"}, {"duplicates, by rule", KernelDensity[float64]{Rule: "silverman"}, []float64{4, 4, 4}, "bandwidth 0"},
		{"one row", KernelDensity[float64]{Bandwidth: 1}, []float64{1}, ""}, {"NaN", KernelDensity[float64]{Bandwidth: 1}, []float64{1, math.NaN()}, "rows not finite"},
		{"NaN, by rule", KernelDensity[float64]{Rule: "scott"}, []float64{1, math.NaN()}, "bandwidth not finite"}, {"huge", KernelDensity[float64]{Rule: "scott"}, []float64{1e308, -1e308}, "bandwidth not finite"},
	} {
		f := kernelsOn(t, c.m, Span[float64]{Rows: c.rows, Weight: 1})
		if why := f.Degenerate(); why != c.want {
			t.Errorf("%s: %q, want %q", c.name, why, c.want)
		}
	}
	points := kernelsOn(t, KernelDensity[float64]{}, Span[float64]{Rows: []float64{1, 2}, Weight: 1})
	if s := scoresOf(t, points, []float64{2, 2.5}); !math.IsInf(s[0], 1) || !math.IsInf(s[1], -1) {
		t.Errorf("points score %v", s)
	}
	m := KernelDensity[Vector]{Bandwidth: 1}
	_, err := m.Fit(t.Context(), Task[Vector]{Train: onRows([]Vector{{1, 2}, {3}})})
	if err == nil || !strings.Contains(err.Error(), "row 1 has 1 columns, want 2") {
		t.Errorf("%v", err)
	}
	_, err = m.Fit(t.Context(), Task[Vector]{Train: Sample[Vector]{{Rows: []Vector{{1, 2}}, Weight: 1}, {Rows: []Vector{{3}}, Weight: 1}}})
	if err == nil {
		t.Error("blocks of different columns were taken")
	}
	f := kernelsOn(t, m, Span[Vector]{Rows: []Vector{{1, 2}}, Weight: 1})
	if f.Score(t.Context(), []Vector{{1}}, make([]float64, 1)) == nil {
		t.Error("a row of one column was scored")
	}
}

func TestKernelLawRefuses(t *testing.T) {
	for _, c := range []struct {
		m     KernelDensity[Vector]
		truth Source[Vector]
	}{{KernelDensity[Vector]{Rule: "scott"}, independent([]float64{0}, 1)}, {KernelDensity[Vector]{Bandwidth: 1}, noDimension{}}, {KernelDensity[Vector]{Bandwidth: 1}, &Sheet{}}} {
		if _, err := c.m.Fits().(Lawful[Vector]).Law(c.truth); err == nil {
			t.Errorf("%+v of %T has a law", c.m, c.truth)
		}
	}
	law, err := KernelDensity[Vector]{Bandwidth: .5}.Fits().(Lawful[Vector]).Law(twoModesTruth(t))
	if want := (LocationScale{V0: twoModesTruth(t).Normal().Trace(), Scale: 1, Noise: .5}); err != nil || law != want {
		t.Errorf("%+v, %v", law, err)
	}
}

// Odd data give fits, never panics.
func TestKernelsOfAnything(t *testing.T) {
	odd := rapid.OneOf(rapid.SampledFrom([]float64{0, 0, 1, 1, math.NaN(), math.Inf(1), -1e308, 1e308, 5e-324, 1e-170}), rapid.Float64Range(-5, 5))
	rapid.Check(t, func(t *rapid.T) {
		dim := rapid.IntRange(1, 3).Draw(t, "dim")
		rows := rapid.SliceOfN(rapid.SliceOfN(odd, dim, dim), 0, 9).Draw(t, "rows")
		weights := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 1, 2.5, 1e-200, 1e200}), len(rows), len(rows)).Draw(t, "weights")
		m := KernelDensity[Vector]{Bandwidth: rapid.SampledFrom([]float64{0, 1, .01, 1e-310, 1e308}).Draw(t, "bandwidth"), Rule: rapid.SampledFrom([]string{"fixed", "scott", "silverman"}).Draw(t, "rule")}
		fit, err := m.Fit(context.Background(), Task[Vector]{Train: Sample[Vector]{{Rows: rows, Weight: 1, Weights: weights}, {Rows: rows, Weight: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		f := fit.(Kernels[Vector])
		drawn, err := f.Draw(context.Background(), nil, 4, rng.Root(1).Stream())
		if err != nil || len(drawn) != 4 {
			t.Fatal(err)
		}
		nats := make([]float64, 4)
		if err := f.Score(context.Background(), drawn, nats); err != nil {
			t.Fatal(err)
		}
		if f.Degenerate() == "" && f.bandwidth > 1e-300 && f.bandwidth < 1e300 {
			for i, x := range nats {
				if math.IsNaN(x) || math.IsInf(x, 1) {
					t.Fatalf("a fit that is not degenerate drew %v and scores it %v", drawn[i], x)
				}
			}
		}
		f.Normal()
		f.Moment2()
		f.Innovations(nil, Outcome[Vector]{N: 4, Rows: drawn}, nil)
	})
}

// The variance v of a drawn row follows E v′ = (1 − 1/n) v + h² under replace: exactly linear, so the mean over chains stays on
// the line; and the pooled second moment of generation g under accumulate is s0² + h² (H_{g+1} − 1) whatever n is.
func TestKernelVarianceFollowsItsLaw(t *testing.T) {
	const n, generations, chains, h = 10, 12, 2000, .7
	for _, accumulate := range []bool{false, true} {
		var sum, squares [generations + 1]float64
		for i := range chains {
			var from Source[float64] = Normal{Variance: 2}
			pool := KernelDensity[float64]{}.Empty()
			for g := range generations + 1 {
				rows, _ := from.Draw(t.Context(), nil, n, rng.Root(11).Child("replicate", i).Child("generation", g).Stream())
				if !accumulate {
					pool = KernelDensity[float64]{}.Empty()
				}
				pool.Add(Span[float64]{Rows: rows, Weight: 1})
				f, err := KernelDensity[float64]{Bandwidth: h}.FitStats(context.Background(), Task[float64]{}, pool)
				if err != nil {
					t.Fatal(err)
				}
				mean, x := f.(Kernels[float64]).Moment2()
				if accumulate {
					x += mean*mean - h*h
				}
				sum[g] += x
				squares[g] += x * x
				from = f
			}
		}
		law, err := KernelDensity[float64]{Bandwidth: h}.Fits().(Lawful[float64]).Law(Normal{Variance: 2})
		if err != nil {
			t.Fatal(err)
		}
		want, harmonic := law.Fitted(law.Real()/n, law.Real(), n), 1.0
		if accumulate {
			want = 2
		}
		for g := range generations + 1 {
			mean := sum[g] / chains
			se := math.Sqrt((squares[g]/chains - mean*mean) / chains)
			if z := (mean - want) / se; !(math.Abs(z) < 4.5) {
				t.Errorf("accumulate %v, generation %d: %.4f ± %.4f, the law says %.4f", accumulate, g, mean, se, want)
			}
			if accumulate {
				harmonic += 1 / float64(g+2)
				want = 2 + h*h*(harmonic-1)
			} else {
				want = (1-1./n)*want + h*h
			}
		}
	}
}
