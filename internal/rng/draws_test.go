package rng

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"modelcollapse/internal/num"
)

// alpha is the chance of a correct sampler to fail one check; seeds are fixed, so a
// sampler that passed once passes always.
const alpha = 1e-4

// checkDKW holds n draws to a distribution function by the Dvoretzky-Kiefer-Wolfowitz bound.
func checkDKW(t *testing.T, name string, n int, draw func() float64, cdf func(float64) float64) {
	t.Helper()
	x := make([]float64, n)
	for i := range x {
		x[i] = draw()
	}
	sort.Float64s(x)
	d := 0.0
	for i, v := range x {
		p := cdf(v)
		d = max(d, math.Abs(p-float64(i)/float64(n)), math.Abs(p-float64(i+1)/float64(n)))
	}
	if bound := num.DKW(n, alpha); !(d < bound) {
		t.Errorf("%s: distance %.5f, bound %.5f", name, d, bound)
	}
}

// checkCounts holds n draws of a discrete law to its log probabilities by a chi-square
// test over cells of about equal probability that are whole intervals of the support.
func checkCounts(t *testing.T, name string, n int, draw func() int64, logp func(int64) float64, lo, hi int64) {
	t.Helper()
	x := make([]int64, n)
	for i := range x {
		x[i] = draw()
		if x[i] < lo || x[i] > hi {
			t.Fatalf("%s: %d is outside [%d, %d]", name, x[i], lo, hi)
		}
	}
	sort.Slice(x, func(i, j int) bool { return x[i] < x[j] })
	// Cells of width 1 near a small support, wider where the law is wide: the draws say where.
	from, to := max(lo, x[0]-1), min(hi, x[n-1]+1)
	if to-from > 4_000_000 {
		t.Fatalf("%s: too wide for an exact test", name)
	}
	var stat, mass, seen, total float64
	cells, i := 0, 0
	for k := from; k <= to; k++ {
		mass += math.Exp(logp(k))
		for i < n && x[i] == k {
			seen++
			i++
		}
		if want := mass * float64(n); want >= float64(n)/40 || want >= 20 && to-from < 60 {
			stat += (seen - want) * (seen - want) / want
			total += mass
			cells++
			mass, seen = 0, 0
		}
	}
	if rest := 1 - total; rest*float64(n) > 5 {
		want := rest * float64(n)
		stat += (seen - want) * (seen - want) / want
		cells++
	} else if seen > 25 {
		t.Errorf("%s: %v draws in a tail of %v expected", name, seen, rest*float64(n))
	}
	if cells < 2 {
		return
	}
	if p := num.ChiSquaredSurvival(stat, float64(cells-1)); !(p > alpha) {
		t.Errorf("%s: chi-square %.1f over %d cells, p = %.2g", name, stat, cells, p)
	}
}

// checkWide holds draws of a nearly normal count (standard deviation sd >= 1e4) to the
// normal law with the first Edgeworth term: what is left is below the bound's resolution.
func checkWide(t *testing.T, name string, n int, draw func() int64, mean, sd, skew float64) {
	t.Helper()
	checkDKW(t, name, n, func() float64 { return (float64(draw()) - mean) / sd }, func(z float64) float64 {
		return num.NormalCDF(z) - skew/6*(z*z-1)*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
	})
}

func stream(name string) *rand.Rand { return Root(7).Child(name, 0).Stream() }

func TestNormal(t *testing.T) {
	r := stream("normal")
	checkDKW(t, "normal", 1_000_000, func() float64 { return Normal(r) }, num.NormalCDF)
	tail := func() float64 {
		for {
			if x := Normal(r); x > 3 {
				return x
			}
		}
	}
	checkDKW(t, "normal beyond 3", 10_000, tail, func(x float64) float64 {
		return 1 - num.NormalSurvival(x)/num.NormalSurvival(3)
	})
}

func TestNormalTailAlone(t *testing.T) {
	r := stream("tail")
	checkDKW(t, "beyond the edge", 100_000, func() float64 { return normalTail(r) }, func(x float64) float64 {
		return 1 - num.NormalSurvival(x)/num.NormalSurvival(normalEdge)
	})
}

func TestExponential(t *testing.T) {
	r := stream("exponential")
	cdf := func(x float64) float64 { return -math.Expm1(-x) }
	checkDKW(t, "exponential", 1_000_000, func() float64 { return Exponential(r) }, cdf)
	tail := func() float64 {
		for {
			if x := Exponential(r); x > 6 {
				return x - 6
			}
		}
	}
	checkDKW(t, "exponential beyond 6", 5_000, tail, cdf)
}

func TestGamma(t *testing.T) {
	for _, shape := range []float64{0.02, 0.1, 0.5, 0.999, 1, 1.5, 4, 100, 1e4} {
		r := stream(fmt.Sprint("gamma", shape))
		cdf := func(x float64) float64 { return num.GammaCDF(x, shape) }
		checkDKW(t, fmt.Sprint("gamma ", shape), 50_000, func() float64 { return Gamma(r, shape) }, cdf)
	}
	for _, shape := range []float64{1e9, 1e13, 1e15} {
		r := stream(fmt.Sprint("gamma", shape))
		checkWide(t, fmt.Sprint("gamma ", shape), 50_000, func() int64 { return int64(Gamma(r, shape)) }, shape, math.Sqrt(shape), 2/math.Sqrt(shape))
	}
}

func TestLogGammaTiny(t *testing.T) {
	// For a tiny shape, shape * ln G is minus an exponential.
	r := stream("log gamma")
	checkDKW(t, "log gamma", 50_000, func() float64 { return -1e-6 * LogGamma(r, 1e-6) }, func(x float64) float64 { return -math.Expm1(-x) })
}

func TestChiSquared(t *testing.T) {
	for _, k := range []float64{0.3, 1, 2, 9, 1e5} {
		r := stream(fmt.Sprint("chi", k))
		checkDKW(t, fmt.Sprint("chi-square ", k), 50_000, func() float64 { return ChiSquared(r, k) }, func(x float64) float64 { return num.ChiSquaredCDF(x, k) })
	}
}

func TestBeta(t *testing.T) {
	for _, c := range [][2]float64{{0.1, 0.2}, {0.5, 0.5}, {1, 1}, {0.3, 7}, {2, 3}, {1000, 30}} {
		r := stream(fmt.Sprint("beta", c))
		checkDKW(t, fmt.Sprint("beta ", c), 50_000, func() float64 { return Beta(r, c[0], c[1]) }, func(x float64) float64 {
			if x == 1 {
				return 1
			}
			return num.BetaCDF(x, c[0], c[1])
		})
	}
}

func TestBinomial(t *testing.T) {
	for _, c := range []struct {
		n int64
		p float64
	}{
		{1, 0.3}, {2, 0.999}, {10, 0.5}, {19, 0.5}, {20, 0.5}, {21, 0.5}, {30, 0.35}, {40, 0.75}, {1000, 0.009}, {1000, 0.0101},
		{1000, 0.5}, {1000, 0.995}, {1e6, 0.3}, {1e13, 1e-14}, {1e13, 5e-13}, {1e13, 1.1e-12}, {1e13, 1e-8}, {1e9, 1 - 1e-6}, {1 << 62, 0x1p-58}, {math.MaxInt64, 1e-17},
	} {
		r := stream(fmt.Sprint("binomial", c))
		name := fmt.Sprint("binomial ", c)
		checkCounts(t, name, 40_000, func() int64 { return Binomial(r, c.n, c.p) }, func(k int64) float64 { return num.LogBinomial(k, c.n, c.p) }, 0, c.n)
	}
	for _, c := range []struct{ n, p float64 }{{1e13, 0.5}, {1e13, 0.3}, {1e13, 1e-4}, {1e13, 0.9999}, {1e15, 1e-3}, {0x1p61, 0.25}} {
		r := stream(fmt.Sprint("binomial", c))
		sd := math.Sqrt(c.n * c.p * (1 - c.p))
		checkWide(t, fmt.Sprint("binomial ", c), 100_000, func() int64 { return Binomial(r, int64(c.n), c.p) }, c.n*c.p, sd, (1-2*c.p)/sd)
	}
}

func TestPoisson(t *testing.T) {
	for _, mean := range []float64{1e-3, 0.5, 3, 9.99, 10, 10.5, 15, 100, 12345.6, 1e8} {
		r := stream(fmt.Sprint("poisson", mean))
		checkCounts(t, fmt.Sprint("poisson ", mean), 40_000, func() int64 { return Poisson(r, mean) }, func(k int64) float64 { return num.LogPoisson(k, mean) }, 0, math.MaxInt64)
	}
	for _, mean := range []float64{1e13, 1e15, 0x1p60} {
		r := stream(fmt.Sprint("poisson", mean))
		checkWide(t, fmt.Sprint("poisson ", mean), 100_000, func() int64 { return Poisson(r, mean) }, mean, math.Sqrt(mean), 1/math.Sqrt(mean))
	}
}

func TestHypergeometric(t *testing.T) {
	for _, c := range [][3]int64{
		{1, 1, 1}, {5, 5, 5}, {3, 100, 50}, {30, 40, 20}, {40, 30, 60}, {100, 3, 50}, {25, 25, 25}, {45, 50, 44}, {1000, 1000, 1000}, {1000, 9000, 99},
		{20, 1e6, 5e5}, {1000, 1e14, 1e12}, {1e14, 1000, 1e12}, {1e14, 1e13, 1000}, {1e7, 1e14, 1e7}, {4e7, 1e14, 4e7}, {4e7, 1e14, 1e14}, {1e10, 1e10, 1e6},
	} {
		r := stream(fmt.Sprint("hypergeometric", c))
		name := fmt.Sprint("hypergeometric ", c)
		checkCounts(t, name, 40_000, func() int64 { return Hypergeometric(r, c[0], c[1], c[2]) },
			func(k int64) float64 { return num.LogHypergeometric(k, c[0], c[1], c[2]) }, max(0, c[2]-c[1]), min(c[0], c[2]))
	}
	for _, c := range [][3]float64{{5e13, 5e13, 5e13}, {1e13, 9e13, 3e13}, {9e13, 1e13, 9e13}, {0x1p60, 0x1p60, 0x1p58}} {
		r := stream(fmt.Sprint("hypergeometric", c))
		k, d, n := c[0], c[2], c[0]+c[1]
		mean := d * (k / n)
		sd := math.Sqrt(mean * (c[1] / n) * ((n - d) / (n - 1)))
		checkWide(t, fmt.Sprint("hypergeometric ", c), 100_000, func() int64 { return Hypergeometric(r, int64(k), int64(c[1]), int64(d)) }, mean, sd, 0)
	}
}
