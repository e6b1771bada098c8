package rng

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
)

// bracketed is a law beside its bracket.
type bracketed struct {
	name     string
	mode, sd float64
	lo, hi   int64 // support
	near     bracket
	logp     func(k int64) float64
}

func bracketedBinomial(n int64, p float64) bracketed {
	mean, nq := float64(n)*p, float64(n)*(1-p)
	mode := int64(mean + p)
	b := bracketed{fmt.Sprint("binomial ", n, " ", p), float64(mode), math.Sqrt(mean * (1 - p)), 0, n, bracket{},
		func(k int64) float64 { return num.LogBinomial(k, n, p) }}
	b.near.set(mean-float64(mode), 1/mean, 1/nq, 1, 0)
	return b
}

func bracketedPoisson(mean float64) bracketed {
	b := bracketed{fmt.Sprint("Poisson ", mean), math.Floor(mean), math.Sqrt(mean), 0, math.MaxInt64, bracket{},
		func(k int64) float64 { return num.LogPoisson(k, mean) }}
	b.near.set(mean-b.mode, 1/mean, 0, 1, 0)
	return b
}

func bracketedHypergeometric(x table) bracketed {
	n, k, d := float64(x.total), float64(x.marked), float64(x.draws)
	rest, left := float64(x.total-x.marked), float64(x.total-x.draws)
	mode := int64((d + 1) * (k + 1) / (n + 2))
	b := bracketed{fmt.Sprint("hypergeometric ", x), float64(mode), math.Sqrt(x.mean() * (rest / n) * (left / n)), 0, x.draws, bracket{},
		func(i int64) float64 { return num.LogHypergeometric(i, x.marked, x.total-x.marked, x.draws) }}
	b.near.set(x.mean()-float64(mode), n/k, n/rest, 1/d, 1/left)
	return b
}

// TestBracketEncloses holds brackets of laws of any size to the exact probabilities, out
// to 12 standard deviations, and to their use: narrow where the mean is large.
func TestBracketEncloses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := num.Exp(rapid.Float64Range(2.3026, 36).Draw(t, "log mean"))
		more := num.Exp(rapid.Float64Range(0.7, 20).Draw(t, "log n"))
		n := int64(min(mean*more, 0x1p60)) + 1
		d := rapid.Int64Range(int64(2*mean)+1, int64(2*mean)+2+n/64).Draw(t, "draws")
		// total >= 2 marked and marked = mean total/draws >= draws
		total := max(2*d, int64(min(float64(d)*(float64(d)/mean), 0x1p60)))
		x := table{marked: max(d, min(total/2, int64(mean/float64(d)*float64(total)))), draws: d, total: total}
		laws := []bracketed{bracketedBinomial(n, min(0.5, mean/float64(n))), bracketedPoisson(mean)}
		if x.total < 1<<61 && x.marked <= x.total/2 && x.mean() >= inversionMean {
			laws = append(laws, bracketedHypergeometric(x))
		}
		z := rapid.SliceOfN(rapid.Float64Range(-12, 12), 20, 20).Draw(t, "z")
		for _, law := range laws {
			for _, z := range z {
				offset := int64(z * law.sd)
				k := int64(law.mode) + offset
				if k < law.lo || k > law.hi {
					continue
				}
				lo, hi := law.near.ratio(offset)
				want := law.logp(k) - law.logp(int64(law.mode))
				if slack := 1e-14 * (10 + math.Abs(want)); !(lo <= want+slack && want-slack <= hi) {
					t.Fatalf("%s at %d: %.17g is not in [%.17g, %.17g]", law.name, k, want, lo, hi)
				}
				if width := hi - lo; mean > 1e4 && math.Abs(z) < 3 && !(width < 1e-3) {
					t.Fatalf("%s at %d: bracket of width %g", law.name, k, width)
				}
			}
		}
	})
}

// binomialPlain, poissonPlain and hypergeometricPlain are the rejection methods without
// a bracket: every proposal is held to the exact probability.
func binomialPlain(r *rand.Rand, n int64, p float64) int64 {
	mean := float64(float64(n) * p)
	mode := int64(mean + p)
	h := newHat(math.Sqrt(float64(mean*(1-p))), p)
	h.centre = (mean - float64(mode)) + 0.5
	for {
		offset, v, sure := h.propose(r)
		k := mode + offset
		if k >= 0 && k <= n && (sure || num.Log(v) <= num.LogBinomial(k, n, p)-num.LogBinomial(mode, n, p)) {
			return k
		}
	}
}

func poissonPlain(r *rand.Rand, mean float64) int64 {
	mode := int64(mean)
	b := 0.931 + float64(2.53*math.Sqrt(mean))
	h := hat{
		scale: 1.1239 + 1.1328/(b-3.4), a: -0.059 + float64(0.02483*b), b: b, top: 0.9277 - 3.6224/(b-2),
		centre: (mean - float64(mode)) + 0.43,
	}
	for {
		offset, v, sure := h.propose(r)
		if k := mode + offset; k >= 0 && (sure || num.Log(v) <= num.LogPoisson(k, mean)) {
			return k
		}
	}
}

func hypergeometricPlain(r *rand.Rand, x table) int64 {
	n, k, d := float64(x.total), float64(x.marked), float64(x.draws)
	variance := float64(x.mean() * ((n - k) / n) * ((n - d) / (n - 1)))
	width := float64(1.7155277699214135*math.Sqrt(variance+0.5)) + 0.8989161620588988
	mode := int64(float64((d+1)*(k+1)) / (n + 2))
	logp := func(i int64) float64 { return num.LogHypergeometric(i, x.marked, x.total-x.marked, x.draws) }
	for {
		u := 1 - r.Float64()
		i := mode + int64(math.Floor((x.mean()-float64(mode))+0.5+float64(width*((r.Float64()-0.5)/u))))
		if i >= 0 && i <= x.draws && 2*num.Log(u) <= logp(i)-logp(mode) {
			return i
		}
	}
}

// TestSqueeze draws each law with its bracket and without, from equal streams: every draw
// must be the same one, and the law the exact one, from just above the threshold on.
func TestSqueeze(t *testing.T) {
	const draws = 60_000
	check := func(name string, near, plain func(r *rand.Rand) int64, logp func(int64) float64, hi int64) {
		r, s := stream(name), stream(name)
		checkCounts(t, name, draws, func() int64 {
			k := near(r)
			if l := plain(s); k != l {
				t.Fatalf("%s: %d, without the bracket %d", name, k, l)
			}
			return k
		}, logp, 0, hi)
	}
	for _, mean := range []float64{10, 12, 30, 1e3, 1e6} {
		check(fmt.Sprint("Poisson ", mean), func(r *rand.Rand) int64 { return Poisson(r, mean) },
			func(r *rand.Rand) int64 { return poissonPlain(r, mean) },
			func(k int64) float64 { return num.LogPoisson(k, mean) }, math.MaxInt64)
		for _, p := range []float64{0.5, 0.125, 0x1p-19} {
			n := int64(math.Ceil(mean / p))
			check(fmt.Sprint("binomial ", n, " ", p), func(r *rand.Rand) int64 { return Binomial(r, n, p) },
				func(r *rand.Rand) int64 { return binomialPlain(r, n, p) },
				func(k int64) float64 { return num.LogBinomial(k, n, p) }, n)
			x := table{marked: n * 3, draws: n, total: int64(3 * float64(n) / p)}
			if p == 0.5 {
				x.marked, x.total = n, 2*n
			}
			check(fmt.Sprint("hypergeometric ", x), func(r *rand.Rand) int64 { return Hypergeometric(r, x.marked, x.total-x.marked, x.draws) },
				func(r *rand.Rand) int64 { return hypergeometricPlain(r, x) },
				func(k int64) float64 { return num.LogHypergeometric(k, x.marked, x.total-x.marked, x.draws) }, n)
		}
	}
}
