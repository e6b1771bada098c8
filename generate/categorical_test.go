package generate

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func categories(t testing.TB, truth Source[Histogram]) Categorical {
	t.Helper()
	m, err := Categorical{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	return m.(Categorical)
}

func TestZipfTruth(t *testing.T) {
	s, err := Zipf{Categories: 3, Exponent: 1, Offset: 1}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	// 1/2 : 1/3 : 1/4
	near(t, "probabilities", s.(Distribution).Probabilities(), []float64{6.0 / 13, 4.0 / 13, 3.0 / 13}, 1e-15)
	for _, bad := range []Zipf{{}, {Categories: -1}, {Categories: 3, Exponent: math.Inf(1), Offset: 1}, {Categories: 2, Exponent: 1e6, Offset: 9}} {
		if _, err := bad.Open(t.Context(), nil); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

// Shares are counts over the total, weights and all, and probabilities add to 1.
func TestCategoricalFit(t *testing.T) {
	m := Categorical{categories: 3}
	train := Sample[Histogram]{{Rows: []Histogram{{1, 0, 2}, {3, 0, 0}}, Weight: 1}, {Rows: []Histogram{{0, 1, 3}}, Weight: .5}}
	f, err := m.Fit(t.Context(), Task[Histogram]{Train: train})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shares", f.(Frequencies).P, []float64{4.0 / 8, .5 / 8, 3.5 / 8}, 1e-15)
	f, _ = m.Fit(t.Context(), Task[Histogram]{})
	if why := f.(Frequencies).Degenerate(); why != "no category" {
		t.Errorf("nothing to learn from: %q", why)
	}
	if rows, err := f.Draw(t.Context(), nil, 5, rng.Root(1).Stream()); err != nil || len(rows) != 1 {
		t.Errorf("a fit of nothing draws %v, %v", rows, err)
	}
	f, _ = m.Fit(t.Context(), Task[Histogram]{Train: Sample[Histogram]{{Rows: []Histogram{{0, 9, 0}}, Weight: 1}}})
	if why := f.(Frequencies).Degenerate(); why != "one category left" {
		t.Errorf("one category: %q", why)
	}
}

// Statistics are counted as histograms are, to the bit, and merged by weight.
func TestTallyIsTheHistogram(t *testing.T) {
	truth, _ := Zipf{Categories: 40, Exponent: 1.3}.Open(t.Context(), nil)
	m := categories(t, truth)
	drawn, counted := m.Empty(), m.Empty()
	if !truth.(Frequencies).DrawStats(drawn, 1000, rng.Root(1).Stream()) {
		t.Fatal("DrawStats refused")
	}
	rows, _ := truth.Draw(t.Context(), nil, 1000, rng.Root(1).Stream())
	counted.Add(Span[Histogram]{Rows: rows, Weight: 1})
	if !slices.Equal(drawn.(*Tally).Counts(), counted.(*Tally).Counts()) || drawn.Rows() != 1000 || Histograms.Draws(rows) != 1000 {
		t.Error("statistics are not those of the histogram")
	}
	counted.Merge(drawn, 2)
	for i, c := range counted.(*Tally).Counts() {
		if c != 3*drawn.(*Tally).Counts()[i] {
			t.Errorf("category %d: %g", i, c)
		}
	}
}

// A category's count given the fit before is binomial: its randomised probability integral transform is uniform.
func TestCategoricalOneStepLaw(t *testing.T) {
	const n, generations, chains = 30, 15, 150
	truth, _ := Zipf{Categories: 6, Exponent: 1}.Open(t.Context(), nil)
	m, coin := categories(t, truth), rng.Root(3).Stream()
	var u []float64
	for i := range chains {
		f := truth.(Frequencies)
		for g := range generations {
			s := m.Empty()
			f.DrawStats(s, n, rng.Root(2).Child("replicate", i).Child("generation", g).Stream())
			next, _ := m.FitStats(t.Context(), Task[Histogram]{}, s)
			if p := f.P[g%6]; p > 0 && p < 1 {
				count, below := int64(math.Round(n*next.(Frequencies).P[g%6])), 0.0
				for k := range count {
					below += num.Exp(num.LogBinomial(k, n, p))
				}
				u = append(u, below+coin.Float64()*num.Exp(num.LogBinomial(count, n, p)))
			}
			f = next.(Frequencies)
		}
	}
	if d := uniformDistance(u); d > 2.5 {
		t.Errorf("%d counts: distance to the binomial law %.2f", len(u), d)
	}
}

func TestSaveRestoreFrequencies(t *testing.T) {
	var b bytes.Buffer
	f := Frequencies{P: []float64{.25, 0, .75}}
	if err := f.Save(&b); err != nil {
		t.Fatal(err)
	}
	g, err := Categorical{}.Restore(bytes.NewReader(b.Bytes()))
	if err != nil || !slices.Equal(g.(Frequencies).P, f.P) {
		t.Errorf("%v, %v", g, err)
	}
	if _, err := (Categorical{}).Restore(bytes.NewReader(b.Bytes()[:20])); err == nil {
		t.Error("a torn fit was read")
	}
}

func TestHistogramCodec(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.SliceOf(rapid.Int64())).Draw(t, "rows")
		var b bytes.Buffer
		if err := Histograms.Encode(&b, rows); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		got, err := Histograms.Decode(&b)
		if err != nil || !slices.EqualFunc(got, rows, slices.Equal[Histogram]) {
			t.Fatalf("%v, %v, %v", rows, got, err)
		}
		if _, err := Histograms.Decode(bytes.NewReader(whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "cut")])); err == nil {
			t.Fatal("a torn block was read")
		}
	})
}

// Draws from histograms that exist: n of them, without replacement never more than there are.
func TestResampleHistograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 6).Draw(t, "categories")
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.Int64Range(0, 20), k, k), 1, 4).Draw(t, "rows")
		urn, total := make(Histogram, k), int64(0)
		for _, h := range rows {
			for i, c := range h {
				urn[i], total = urn[i]+c, total+c
			}
		}
		if total == 0 {
			return
		}
		replace := rapid.Bool().Draw(t, "replace")
		n := rapid.IntRange(0, int(total)).Draw(t, "n")
		out := Histograms.Resample(nil, Sample[Histogram]{{Rows: rows, Weight: 1}}, n, replace, rng.Root(rapid.Uint64().Draw(t, "seed")).Stream())
		if len(out) != 1 || Histograms.Draws(out) != n {
			t.Fatalf("%d draws, want %d", Histograms.Draws(out), n)
		}
		for i, c := range out[0] {
			if c < 0 || c > 0 && urn[i] == 0 || !replace && c > urn[i] {
				t.Fatalf("category %d: %d of %d", i, c, urn[i])
			}
		}
	})
}

// The mean of a resampled count is its share of the draws, and its variance hypergeometric or binomial.
func TestResampleMoments(t *testing.T) {
	from := Sample[Histogram]{{Rows: []Histogram{{10, 30}, {10, 10}}, Weight: 1}}
	for _, replace := range []bool{false, true} {
		var x []float64
		for i := range 4000 {
			out := Histograms.Resample(nil, from, 30, replace, rng.Root(4).Child("draw", i).Stream())
			x = append(x, float64(out[0][0]))
		}
		mean, variance := num.Variance(x)
		want := 30.0 / 3 * 2 / 3
		if !replace {
			want *= 30.0 / 59
		}
		if z := (mean - 10) / math.Sqrt(want/4000); math.Abs(z) > 4 {
			t.Errorf("replace %v: mean %g", replace, mean)
		}
		if math.Abs(variance/want-1) > .1 {
			t.Errorf("replace %v: variance %g, want %g", replace, variance, want)
		}
	}
}

func ExampleCategorical() {
	truth, _ := Zipf{Categories: 4, Exponent: 1}.Open(context.Background(), nil)
	m, _ := Categorical{}.Bind(truth)
	rows, _ := truth.Draw(context.Background(), nil, 1e6, rng.Root(1).Stream())
	f, _ := m.Fit(context.Background(), Task[Histogram]{Train: Sample[Histogram]{{Rows: rows, Weight: 1}}})
	for _, p := range f.(Distribution).Probabilities() {
		fmt.Printf("%.2f ", p)
	}
	// Output: 0.48 0.24 0.16 0.12
}
