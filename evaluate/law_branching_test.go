package evaluate

import (
	"fmt"
	"math"
	"testing"

	"modelcollapse/internal/num"
)

// The law of whole counts against its own zero, its mean, and a closed form.
func TestBranching(t *testing.T) {
	const last = 12
	for _, steps := range [][]Resampling{resampled(0, false, last), resampled(.2, false, last), resampled(.2, true, last)} {
		for _, count := range []int64{1, 3, 25} {
			b := newBranching(count, last)
			b.follow(count, steps, func(g int, law []float64) {
				what := fmt.Sprintf("count %d, %v, generation %d", count, steps[0], g)
				agrees(t, what+": absent", law[0], math.Pow(Extinction(steps[:g], 0), float64(count)), 1e-12)
				agrees(t, what+": all", num.SumCompensated(law), 1, 1e-12)
				mean := band{0, law}.expectation(func(k int) float64 { return float64(k) })
				agrees(t, what+": mean", mean, float64(count), 1e-6*float64(count)) // what lies beyond the limit is cut
			})
		}
	}
	// E min(1, K/probe) of K Poisson is 1 − P(K = 0) at probe 1, and E min(1, 2K) the same at probe 1/2.
	b := newBranching(3, 0)
	for a, x := range b.coverage(1, 1, 1) {
		agrees(t, "covers one", x, -math.Expm1(-float64(a)), 1e-12)
	}
	for a, x := range b.coverage(1, .5, .5) {
		agrees(t, "half a probe covers one", x, -math.Expm1(-float64(a)/2), 1e-12)
	}
}

// Large counts of small probability are the exact binomial chain's: tail loss of fresh rows, given the real counts.
func TestTailCoverageAgainstCountChain(t *testing.T) {
	const rows, real, last = 3000, 4, 10
	x, ok := tailCoverage([]countClass{{real, 1}}, rows, resampled(0, false, last), 1)
	if !ok {
		t.Fatal("too dear")
	}
	// the probe of generation 0: counts drawn from the fit on real data
	replaceChain(rows, last).Law(real/float64(rows), func(g int, law []float64) {
		agrees(t, fmt.Sprintf("generation %d", g), x[g], band{0, law}.expectation(func(k int) float64 { return min(real, float64(k)) }), 2e-3*x[g])
	})
}

func TestTailCoverageRefuses(t *testing.T) {
	replace := resampled(0, false, 10)
	for name, try := range map[string]func() bool{
		"no tail":          func() bool { _, ok := tailCoverage(nil, 1000, replace, 1); return ok },
		"no probe":         func() bool { _, ok := tailCoverage([]countClass{{1, 1}}, 1000, replace, 0); return ok },
		"a frequent type":  func() bool { _, ok := tailCoverage([]countClass{{11, 1}}, 1000, replace, 1); return ok },
		"too much work":    func() bool { _, ok := tailCoverage([]countClass{{100_000, 1}}, 1e9, replace, 1); return ok },
		"no real training": func() bool { _, ok := tailCoverage([]countClass{{1, 1}}, 1000, replace, math.Inf(1)); return ok },
	} {
		if try() {
			t.Errorf("%s: there is a line", name)
		}
	}
}

// A type that occurs three times in the real data, after ten generations of replace and of a tenth of resampled real rows.
func ExampleExtinction() {
	replace, mixed := make([]Resampling, 10), make([]Resampling, 10)
	for i := range 10 {
		replace[i], mixed[i] = Resampling{Synthetic: 1}, Resampling{Synthetic: .9, Real: .1}
	}
	absent := func(steps []Resampling) float64 { return math.Pow(Extinction(steps, 0), 3) }
	fmt.Printf("absent: %.3f under replace, %.3f with real rows\n", absent(replace), absent(mixed))
	// Output: absent: 0.596 under replace, 0.279 with real rows
}
