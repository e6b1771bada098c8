package rng

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
	"testing"

	"modelcollapse/internal/num"
)

// pinned is the hash of every draw and function below, on every platform and CPU. If a
// change of a draw moves it on purpose, change version in key.go too.
const pinned = "ae5f75a6f0e61fb7ea74b6193374e0aa2a0717377a825a3d58c35e07afc9cbeb"

// digest collects values; a NaN counts as one value whatever its payload.
type digest struct{ hash.Hash }

func (d digest) float(xs ...float64) {
	for _, x := range xs {
		if x != x {
			x = math.NaN()
		}
		d.int(int64(math.Float64bits(x)))
	}
}

func (d digest) int(ks ...int64) {
	for _, k := range ks {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], uint64(k))
		d.Write(b[:])
	}
}

// TestBits is the promise of portability: one hash on amd64 at every GOAMD64 level with
// and without FMA, on arm64 and on s390x.
func TestBits(t *testing.T) {
	d := digest{sha256.New()}
	for _, part := range []func(digest){hashContinuous, hashCounts, hashVectors, hashFunctions, hashLaws, hashSums} {
		part(d)
		t.Logf("so far %x", d.Sum(nil)[:6])
	}
	if got := hex.EncodeToString(d.Sum(nil)); got != pinned {
		t.Errorf("hash of the strict core is\n%s, want\n%s", got, pinned)
	}
}

func hashContinuous(d digest) {
	r := stream("bits continuous")
	for range 300_000 {
		d.float(Normal(r), Exponential(r), 3+float64(2*Normal(r)))
	}
	for _, shape := range []float64{1e-300, 1e-3, 0.1, 0.5, 1, 1.5, 7, 1e3, 1e8, 1e13, 1e300} {
		for range 3_000 {
			d.float(Gamma(r, shape), LogGamma(r, shape), ChiSquared(r, shape), Beta(r, shape, 2), Beta(r, 0.3, shape))
		}
	}
	for range 2_000 {
		d.float(normalTail(r), r.Float64())
	}
}

func hashCounts(d digest) {
	r := stream("bits counts")
	for _, n := range []int64{1, 7, 20, 100, 1e4, 1e9, 1e13, 1 << 53, 1 << 60, math.MaxInt64} {
		for _, p := range []float64{1e-18, 1e-13, 1e-9, 1e-4, 0.03, 0.3, 0.5, 0.7, 0.99999, 1 - 1e-13} {
			for range 500 {
				d.int(Binomial(r, n, p))
			}
		}
	}
	for _, mean := range []float64{1e-9, 0.3, 5, 9.99, 10, 33, 1e3, 1e7, 1e13, 0x1p60} {
		for range 2_000 {
			d.int(Poisson(r, mean))
		}
	}
	sizes := []int64{1, 12, 50, 3000, 1e7, 1e13, 1e14, 1 << 60}
	for _, good := range sizes {
		for _, bad := range sizes {
			for _, part := range []int64{2, 3, 50, 1e6, 1e13} {
				for range 60 {
					d.int(Hypergeometric(r, good, bad, (good+bad)/part), Hypergeometric(r, good, bad, (good+bad)-(good+bad)/part))
				}
			}
		}
	}
}

func hashVectors(d digest) {
	r := stream("bits vectors")
	p, urn := make([]float64, 200), make([]int64, 200)
	var dst []int64
	for range 60 {
		for i := range p {
			p[i] = Gamma(r, 0.1)
			urn[i] = Poisson(r, float64(p[i]*1e4))
		}
		for _, n := range []int64{1, 1000, 1e13} {
			dst = Multinomial(r, n, p, dst)
			d.int(dst...)
			dst = MultivariateHypergeometric(r, urn, n/2, dst)
			d.int(dst...)
		}
		for _, i := range r.Perm(50) {
			d.int(int64(i))
		}
		r.Shuffle(len(urn), func(i, j int) { urn[i], urn[j] = urn[j], urn[i] })
		d.int(urn...)
		d.int(r.Int64N(1e13), int64(r.IntN(77)), int64(r.Uint64N(1<<63+5)>>1))
	}
}

func hashFunctions(d digest) {
	r := stream("bits functions")
	for range 60_000 {
		x := Normal(r)
		wide := num.Exp(float64(200 * x))
		small := float64(x * 1e-3)
		d.float(num.Log(wide), num.Log1p(wide), num.Log1p(small), num.Log1pmx(small), num.Log1pmx(x))
		d.float(num.Exp(x), num.Exp(float64(300*x)), num.Expm1(small), num.Expm1(float64(9*x)))
		d.float(num.Erf(x), num.Erfc(float64(6*x)), num.Erfcx(wide), num.NormalCDF(float64(9*x)), num.LogNormalTail(wide))
		d.float(num.Lgamma(wide), num.Digamma(wide), num.Trigamma(wide), num.LogStirling(wide), num.LgammaDiff(wide, math.Abs(x)))
		d.float(num.Deviance(wide, float64(wide*(1+small))), num.Deviance(math.Abs(x), wide))
	}
	for _, x := range []float64{0, math.Copysign(0, -1), 1, -1, 5e-324, 1e-310, math.MaxFloat64, math.Inf(1), math.Inf(-1), math.NaN(), 709.78, -745, -708.5, -740.1} {
		d.float(num.Log(x), num.Log1p(x), num.Log1pmx(x), num.Exp(x), num.Expm1(x), num.Erf(x), num.Erfc(x), num.NormalCDF(x), num.NormalQuantile(x))
		d.float(num.Lgamma(x), num.Digamma(x), num.Trigamma(x), num.LogStirling(x), num.KolmogorovSurvival(x))
	}
}

func hashLaws(d digest) {
	r := stream("bits laws")
	for range 1_000 {
		u, a, b := r.Float64(), num.Exp(float64(3*Normal(r))), num.Exp(float64(3*Normal(r)))
		d.float(num.NormalQuantile(u), num.BetaCDF(u, a, b), num.GammaCDF(a, b), num.GammaSurvival(a, b), num.ChiSquaredSurvival(a, b))
		d.float(num.StudentTCDF(Normal(r), b), num.StudentTQuantile(u, 1+b), num.KolmogorovSurvival(float64(3*u)), num.DKW(77, u))
		n := r.Int64N(1e15) + 1
		k := Binomial(r, n, u)
		d.float(num.LogBinomial(k, n, u), num.LogPoisson(k, float64(float64(n)*u)), num.LogChoose(n, k), num.LogFactorial(n%300), num.LogHypergeometric(n/3, n, n, n))
	}
}

func hashSums(d digest) {
	r := stream("bits sums")
	x, y := make([]float64, 1000), make([]float64, 1000)
	for range 100 {
		for i := range x {
			x[i], y[i] = float64(Normal(r)*num.Exp(float64(20*Normal(r)))), Normal(r)
		}
		mean, variance := num.Variance(x)
		d.float(num.Sum(x), num.SumCompensated(x), num.Dot(x, y), mean, variance)
	}
}
