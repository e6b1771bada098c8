package generate

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// uniformDistance is the Kolmogorov–Smirnov statistic of u against the uniform law, times √n: 2.5 has p = 7e-6.
func uniformDistance(u []float64) float64 {
	slices.Sort(u)
	worst, n := 0.0, float64(len(u))
	for i, x := range u {
		worst = max(worst, x-float64(i)/n, float64(i+1)/n-x)
	}
	return worst * math.Sqrt(n)
}

func TestNormalSampler(t *testing.T) {
	rows, err := Normal{Mean: -3, Variance: 4}.Draw(t.Context(), []float64{7}, 100000, rng.Root(1).Stream())
	if err != nil || rows[0] != 7 || len(rows) != 100001 {
		t.Fatal("Draw does not append")
	}
	u := make([]float64, 0, len(rows))
	for _, x := range rows[1:] {
		u = append(u, num.NormalCDF((x+3)/2))
	}
	if d := uniformDistance(u); d > 2.5 {
		t.Errorf("distance to the normal law: %.2f", d)
	}
}

// Given a fit, n·variance′/variance is χ² with n − 1 degrees of freedom and √n (mean′ − mean)/sd is standard normal,
// generation after generation, independently: over rows and over statistics.
func TestGaussianOneStepLaw(t *testing.T) {
	const n, generations, chains = 7, 20, 150
	for _, byRows := range []bool{false, true} {
		var squares, means []float64
		lag, last := 0.0, 0.0
		for i := range chains {
			f := Normal{Mean: 1, Variance: 9}
			for g := range generations {
				r, s := rng.Root(2).Child("replicate", i).Child("generation", g).Stream(), Gaussian{}.Empty()
				if byRows {
					rows, _ := f.Draw(t.Context(), nil, n, r)
					s.Add(Span[float64]{Rows: rows, Weight: 1})
				} else {
					f.DrawStats(s, n, r)
				}
				next, _ := Gaussian{}.FitStats(t.Context(), Task[float64]{}, s)
				to := next.(Normal)
				squares = append(squares, num.ChiSquaredCDF(n*to.Variance/f.Variance, n-1))
				u := num.NormalCDF(math.Sqrt(n/f.Variance) * (to.Mean - f.Mean))
				means = append(means, u)
				lag, last, f = lag+(u-.5)*(last-.5), u, to
			}
		}
		if d := uniformDistance(squares); d > 2.5 {
			t.Errorf("by rows %v: variances: %.2f", byRows, d)
		}
		if z := 12 * lag / math.Sqrt(generations*chains); math.Abs(z) > 4.5 {
			t.Errorf("by rows %v: lag-1 correlation: z = %.1f", byRows, z)
		}
		if d := uniformDistance(means); d > 2.5 {
			t.Errorf("by rows %v: means: %.2f", byRows, d)
		}
	}
}

func TestGaussianEstimators(t *testing.T) {
	train := Sample[float64]{{Rows: []float64{1, 2}, Weight: 1}, {Rows: []float64{6}, Weight: 1}}
	for _, c := range []struct {
		m        Gaussian
		variance float64
	}{{Gaussian{}, 14.0 / 3}, {Gaussian{Estimator: "mle"}, 14.0 / 3}, {Gaussian{Estimator: "unbiased"}, 7}} {
		f, err := c.m.Fit(t.Context(), Task[float64]{Train: train})
		if err != nil || f.(Normal).Mean != 3 || math.Abs(f.(Normal).Variance-c.variance) > 1e-14 {
			t.Errorf("%+v: %+v, %v", c.m, f, err)
		}
		if f.(Normal).DDOF() != c.m.Fits().(Normal).DDOF() {
			t.Errorf("%+v: the fit and Fits disagree about the divisor", c.m)
		}
	}
}

// Odd data give fits, never panics; what they draw and score is defined.
func TestGaussianOfOddData(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		rows []float64
		why  string // of maximum likelihood
	}{{nil, "variance not finite"}, {[]float64{5}, "variance 0"}, {[]float64{2, 2, 2}, "variance 0"}, {[]float64{1, nan}, "variance not finite"},
		{[]float64{1, inf}, "variance not finite"}, {[]float64{-inf, inf}, "variance not finite"}, {[]float64{1e308, -1e308}, "variance not finite"}, {[]float64{1, 2}, ""}} {
		for _, m := range []Gaussian{{}, {Estimator: "unbiased"}} {
			f, err := m.Fit(t.Context(), Task[float64]{Train: Sample[float64]{{Rows: c.rows, Weight: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			if why := f.(Degenerate).Degenerate(); why != c.why && m.Estimator == "" {
				t.Errorf("%v: %q, want %q", c.rows, why, c.why)
			}
			rows, err := f.Draw(t.Context(), nil, 3, rng.Root(1).Stream())
			if err != nil || len(rows) != 3 {
				t.Errorf("%v: %v, %v", c.rows, rows, err)
			}
			if err := f.(Scorer[float64]).Score(t.Context(), rows, make([]float64, 3)); err != nil {
				t.Error(err)
			}
			f.(StatDrawer[float64]).DrawStats(m.Empty(), 1, rng.Root(1).Stream())
		}
	}
	nats := make([]float64, 2)
	Normal{Mean: 2}.Score(t.Context(), []float64{2, 3}, nats)
	if !math.IsInf(nats[0], 1) || !math.IsInf(nats[1], -1) {
		t.Errorf("a point scores %v", nats)
	}
	Normal{Mean: 1, Variance: 4}.Score(t.Context(), []float64{1, 3}, nats)
	// scipy.stats.norm(1, 2).logpdf([1, 3])
	near(t, "density", nats, []float64{-1.612085713764618, -2.112085713764618}, 1e-15)
}

func TestSaveRestoreNormal(t *testing.T) {
	var b bytes.Buffer
	if err := (Normal{Mean: 1, Variance: 2}).Save(&b); err != nil {
		t.Fatal(err)
	}
	f, err := Gaussian{Estimator: "unbiased"}.Restore(&b)
	if err != nil || f.(Normal) != (Normal{1, 2, 1}) {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := (Gaussian{}).Restore(bytes.NewReader([]byte{1, 2})); err == nil {
		t.Error("two bytes were a fit")
	}
}

// sameBits compares floats with their NaN.
func sameBits(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }

func TestScalarCodec(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(-1), math.Copysign(0, -1)}))).Draw(t, "rows")
		var b bytes.Buffer
		if err := Scalars.Encode(&b, rows); err != nil {
			t.Fatal(err)
		}
		whole := b.Bytes()
		got, err := Scalars.Decode(&b)
		if err != nil || !slices.EqualFunc(got, rows, sameBits) {
			t.Fatalf("%v, %v, %v", rows, got, err)
		}
		if _, err := Scalars.Decode(bytes.NewReader(whole[:rapid.IntRange(0, len(whole)-1).Draw(t, "cut")])); err == nil {
			t.Fatal("a torn block was read")
		}
	})
}
