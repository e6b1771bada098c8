package rng

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
)

// TestMultinomialLaw holds each count, and the sum of two, to its binomial law.
func TestMultinomialLaw(t *testing.T) {
	p := []float64{0, 3, 1, 0, 0.5, 5.5, 0}
	r := stream("multinomial")
	var dst []int64
	draw := func(f func([]int64) int64) func() int64 {
		return func() int64 { dst = Multinomial(r, 50, p, dst); return f(dst) }
	}
	law := func(w float64) func(int64) float64 {
		return func(k int64) float64 { return num.LogBinomial(k, 50, w) }
	}
	checkCounts(t, "count 1", 30_000, draw(func(c []int64) int64 { return c[1] }), law(0.3), 0, 50)
	checkCounts(t, "count 4", 30_000, draw(func(c []int64) int64 { return c[4] }), law(0.05), 0, 50)
	checkCounts(t, "counts 2 + 5", 30_000, draw(func(c []int64) int64 { return c[2] + c[5] }), law(0.65), 0, 50)
}

// TestMultivariateHypergeometricLaw does the same without replacement.
func TestMultivariateHypergeometricLaw(t *testing.T) {
	urn := []int64{30, 0, 100, 7, 63}
	r := stream("urn")
	var dst []int64
	draw := func(f func([]int64) int64) func() int64 {
		return func() int64 { dst = MultivariateHypergeometric(r, urn, 60, dst); return f(dst) }
	}
	law := func(good int64) func(int64) float64 {
		return func(k int64) float64 { return num.LogHypergeometric(k, good, 200-good, 60) }
	}
	checkCounts(t, "kind 2", 30_000, draw(func(c []int64) int64 { return c[2] }), law(100), 0, 60)
	checkCounts(t, "kind 3", 30_000, draw(func(c []int64) int64 { return c[3] }), law(7), 0, 7)
	checkCounts(t, "kinds 0 + 4", 30_000, draw(func(c []int64) int64 { return c[0] + c[4] }), law(93), 0, 60)
}

func TestMultinomialKeepsEveryDraw(t *testing.T) {
	weight := rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 1), rapid.Float64Range(0, 1e-300), rapid.Float64Range(0, 1e300), rapid.Just(math.NaN()), rapid.Just(-1.0))
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(weight, 0, 40).Draw(t, "p")
		n := rapid.Int64Range(-5, 1e15).Draw(t, "n")
		r := Root(rapid.Uint64().Draw(t, "seed")).Stream()
		got := Multinomial(r, n, p, nil)
		var sum int64
		living := false
		for i, c := range got {
			if c < 0 || (c > 0 && !(p[i] > 0)) {
				t.Fatalf("count %d of weight %v", c, p[i])
			}
			living = living || p[i] > 0
			sum += c
		}
		if want := max(0, n); living && sum != want || !living && sum != 0 {
			t.Fatalf("counts sum to %d of %d", sum, want)
		}
	})
}

func TestUrnKeepsEveryDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		urn := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(-3, 20), rapid.Int64Range(0, 1e14)), 0, 30).Draw(t, "urn")
		var total int64
		for _, c := range urn {
			total += max(0, c)
		}
		n := rapid.Int64Range(-3, total+3).Draw(t, "n")
		got := MultivariateHypergeometric(Root(rapid.Uint64().Draw(t, "seed")).Stream(), urn, n, nil)
		var sum int64
		for i, c := range got {
			if c < 0 || c > max(0, urn[i]) {
				t.Fatalf("%d of %d", c, urn[i])
			}
			sum += c
		}
		if want := max(0, min(n, total)); sum != want {
			t.Fatalf("counts sum to %d of %d", sum, want)
		}
	})
}

func TestDrawsOfInvalidArguments(t *testing.T) {
	r, nan, inf := stream("invalid"), math.NaN(), math.Inf(1)
	counts := map[string][2]int64{
		"binomial n<0":          {Binomial(r, -1, 0.5), 0},
		"binomial p<0":          {Binomial(r, 9, -0.5), 0},
		"binomial p NaN":        {Binomial(r, 9, nan), 0},
		"binomial p>1":          {Binomial(r, 9, 2), 9},
		"poisson <0":            {Poisson(r, -1), 0},
		"poisson NaN":           {Poisson(r, nan), 0},
		"hypergeometric <0":     {Hypergeometric(r, -5, 3, 2), 0},
		"hypergeometric all":    {Hypergeometric(r, 5, 3, 99), 5},
		"hypergeometric no bad": {Hypergeometric(r, 5, -1, 2), 2},
		"hypergeometric none":   {Hypergeometric(r, 0, 0, 2), 0},
	}
	for name, c := range counts {
		if c[0] != c[1] {
			t.Errorf("%s: %d, want %d", name, c[0], c[1])
		}
	}
	if k := Poisson(r, inf); k < 1<<60 {
		t.Errorf("Poisson(+Inf) = %d", k)
	}
	if k := Hypergeometric(r, math.MaxInt64, math.MaxInt64, math.MaxInt64); k < 0 {
		t.Errorf("huge urn: %d", k)
	}
	for name, x := range map[string]float64{"gamma -1": Gamma(r, -1), "gamma NaN": Gamma(r, nan), "log gamma -1": LogGamma(r, -1), "chi -1": ChiSquared(r, -1), "beta NaN": Beta(r, nan, 2), "beta 0 0": Beta(r, 0, 0), "beta Inf Inf": Beta(r, inf, inf)} {
		if x == x {
			t.Errorf("%s = %v, want NaN", name, x)
		}
	}
	for name, x := range map[string]float64{"gamma 0": Gamma(r, 0), "gamma tiny": Gamma(r, 1e-300), "beta 0 1": Beta(r, 0, 1), "beta 2 Inf": Beta(r, 2, inf)} {
		if x != 0 {
			t.Errorf("%s = %v, want 0", name, x)
		}
	}
	if Gamma(r, inf) != inf || Beta(r, inf, 2) != 1 || Beta(r, 1, 0) != 1 {
		t.Error("infinite or zero parameters")
	}
}

func TestScalarDrawsDoNotAllocate(t *testing.T) {
	r := stream("allocate")
	p, dst := []float64{1, 2, 3}, make([]int64, 3)
	urn := []int64{10, 20, 30}
	if n := testing.AllocsPerRun(100, func() {
		Normal(r)
		Exponential(r)
		Gamma(r, 0.3)
		Beta(r, 2, 3)
		Binomial(r, 1e13, 0.3)
		Poisson(r, 1e13)
		Hypergeometric(r, 1e13, 1e13, 1e13)
		Multinomial(r, 1e13, p, dst)
		MultivariateHypergeometric(r, urn, 20, dst)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
