package num

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Every term against x ln x, and the sum against their compensated sum.
func TestEntropy(t *testing.T) {
	check := func(x float64) {
		want := -x * Log(x)
		if got := Entropy([]float64{x}); math.Abs(got-want) > 6e-16*x*math.Max(1, math.Abs(want/x))+1e-322 {
			t.Errorf("%g: %.17g, want %.17g", x, got, want)
		}
	}
	for i := range 200_000 {
		check((float64(i) + 0.5) / 200_000)
		check(math.Ldexp(1+float64(i)/200_000, -i%1000))
	}
	for _, x := range []float64{1, 0.5, 1 - 0x1p-53, 1 + 0x1p-52, 0x1p-1022, 0x1p-1030, 5e-324, 1e300} {
		check(x)
	}
	if Entropy(nil) != 0 || Entropy([]float64{0, 0}) != 0 || !math.IsNaN(Entropy([]float64{math.NaN(), 1})) || !math.IsNaN(Entropy([]float64{-1})) ||
		!math.IsInf(Entropy([]float64{math.Inf(1)}), -1) {
		t.Error("nothing, zeros, NaN, a negative number, infinity")
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "x")
		var want Accumulator
		for _, v := range x {
			if v > 0 {
				want.Add(-v * Log(v))
			}
		}
		if got := Entropy(x); math.Abs(got-want.Sum()) > 1e-14*float64(len(x)+1) {
			t.Fatalf("%g, want %g", got, want.Sum())
		}
	})
}

func BenchmarkEntropy(b *testing.B) {
	x := make([]float64, 10_000)
	for i := range x {
		x[i] = 1 / float64(i+11) / 9.8
	}
	for b.Loop() {
		Entropy(x)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/term")
}

func BenchmarkEntropyByLog(b *testing.B) {
	x := make([]float64, 10_000)
	for i := range x {
		x[i] = 1 / float64(i+11) / 9.8
	}
	for b.Loop() {
		var sum Accumulator
		for _, v := range x {
			sum.Add(-float64(v * Log(v)))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/term")
}
