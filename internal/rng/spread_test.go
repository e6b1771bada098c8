package rng

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
)

// zipf is n weights i^(−exponent), not normalised.
func zipfWeights(n int, exponent float64) []float64 {
	p := make([]float64, n)
	for i := range p {
		p[i] = num.Exp(-float64(exponent * num.Log(float64(i+1))))
	}
	return p
}

// Counts are whole, sum to n, and do not depend on the type that they are written as.
func TestSpreadSumsToN(t *testing.T) {
	room := &Room{}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(1e-12, 1e3), 1, 60).Draw(t, "weights")
		n := rapid.Int64Range(-1, 3000).Draw(t, "n")
		seed := rapid.Uint64().Draw(t, "seed")
		whole, real := make([]int64, len(p)), make([]float64, len(p))
		Spread(Root(seed).Stream(), n, p, whole, nil)
		Spread(Root(seed).Stream(), n, p, real, room)
		sum := int64(0)
		for i, k := range whole {
			if sum += k; k < 0 || float64(k) != real[i] {
				t.Fatalf("category %d: %d and %g", i, k, real[i])
			}
		}
		if sum != max(0, n) {
			t.Fatalf("%d draws, want %d", sum, n)
		}
	})
}

// Every outcome of few draws over few categories has its multinomial probability, whichever way it is drawn: by itself, from
// the tables, one by one, or taken away again.
func TestSpreadOutcomes(t *testing.T) {
	const draws = 60_000
	room := &Room{}
	for _, c := range []struct {
		n int64
		p []float64
	}{{1, []float64{1, 2, 3}}, {5, []float64{1, 2, 3}}, {24, []float64{21, 1, 2}}, {60, []float64{40, 1, 30}}, {260, []float64{254, 4, 2}}} {
		seen, r := map[[3]int64]float64{}, stream(fmt.Sprint("spread ", c.n))
		total := c.p[0] + c.p[1] + c.p[2]
		for range draws {
			var dst [3]int64
			s := spread[int64]{Room: room, r: r, p: c.p, dst: dst[:]}
			s.draw(c.n)
			seen[dst]++
		}
		chi2, df, rest, restSeen := 0.0, -1, float64(draws), float64(draws)
		for a := range c.n + 1 {
			for b := range c.n - a + 1 {
				l := num.LogBinomial(a, c.n, c.p[0]/total) + num.LogBinomial(b, c.n-a, c.p[1]/(c.p[1]+c.p[2]))
				if want := draws * num.Exp(l); want >= 5 {
					got := seen[[3]int64{a, b, c.n - a - b}]
					chi2, df = chi2+(got-want)*(got-want)/want, df+1
					rest, restSeen = rest-want, restSeen-got
				}
			}
		}
		if rest > 5 {
			chi2, df = chi2+(restSeen-rest)*(restSeen-rest)/rest, df+1
		}
		if p := num.ChiSquaredSurvival(chi2, float64(df)); p < 1e-4 {
			t.Errorf("n = %d: chi-square %.1f on %d, p = %.1g", c.n, chi2, df, p)
		}
	}
}

// Categories of every kind of expectation have binomial counts, and two of them the covariance −n p q.
func TestSpreadMarginals(t *testing.T) {
	const n, k, draws = 4000, 1500, 3000
	p, total := zipfWeights(k, 1.1), 0.0
	for _, w := range p {
		total += w
	}
	var room Room
	r, dst := stream("spread marginals"), make([]float64, k)
	look := []int{0, 3, 9, 10, 14, 20, 40, 100, 101, 400, 1499}
	u, counts := map[int][]float64{}, map[int][]float64{}
	for range draws {
		Spread(r, n, p, dst, &room)
		for _, i := range look {
			q, x := p[i]/total, int64(dst[i])
			below := num.BinomialCDF(x-1, n, q)
			u[i] = append(u[i], below+float64(r.Float64()*num.Exp(num.LogBinomial(x, n, q))))
			counts[i] = append(counts[i], dst[i])
		}
	}
	for _, i := range look {
		if d := num.KolmogorovP(uniformity(u[i]), draws); d < 1e-4 {
			t.Errorf("category %d: distance to the binomial law, p = %.1g", i, d)
		}
	}
	for _, pair := range [][2]int{{0, 3}, {3, 20}, {9, 10}, {100, 101}, {20, 40}} {
		a, b := p[pair[0]]/total, p[pair[1]]/total
		var products []float64
		for d := range draws {
			products = append(products, (counts[pair[0]][d]-n*a)*(counts[pair[1]][d]-n*b))
		}
		mean, v := num.Variance(products)
		if z := (mean + n*a*b) / math.Sqrt(v/draws); math.Abs(z) > 4.5 {
			t.Errorf("categories %v: covariance %g, want %g (z %.1f)", pair, mean, -n*a*b, z)
		}
	}
}

// The rates of the table fall short of the true ones by less than 1/64, and their counts are Poisson.
func TestSmallPoisson(t *testing.T) {
	tables := smallPoisson()
	for c, table := range tables.rates {
		if rateClass(table.rate) != c || shortfall(table.rate) != 0 || shortfall(table.rate+3*rateStep) != 0 {
			t.Fatalf("rate %g: class %d, want %d", table.rate, rateClass(table.rate), c)
		}
		above := table.rate * (1 + 1/140.0)
		if d := shortfall(above); c+1 < rateCount && (d <= 0 || d > above/64) {
			t.Errorf("rate %g falls short by %g", above, d)
		}
	}
	for _, table := range slices.Concat(tables.rates, tables.step[:]) {
		var ends []uint64
		for k, end := range table.end[:len(table.rest)] {
			ends = append(ends, uint64(end)<<48|table.rest[k])
		}
		for k, end := range ends[:len(ends)-1] {
			if want := num.PoissonCDF(int64(table.base+k), table.rate); math.Abs(float64(end)*0x1p-64-want) > 4e-15 {
				t.Errorf("rate %g: P(X ≤ %d) = %g, want %g", table.rate, table.base+k, float64(end)*0x1p-64, want)
			}
			for _, u := range []uint64{end, end + 1, end ^ 1<<40} {
				want := table.base + slices.IndexFunc(ends, func(e uint64) bool { return u <= e })
				// 16 bits, then 48 of another number
				if got := table.draw(&quarters{r: rand.New(fixed(u << 16)), left: 1, bits: [32]uint16{uint16(u >> 48)}}); got != int64(want) {
					t.Errorf("rate %g: %#x draws %d, want %d", table.rate, u, got, want)
				}
			}
		}
	}
}

// fixed is a source of one number.
type fixed uint64

func (f fixed) Uint64() uint64 { return uint64(f) }

// The same counts on every platform.
func TestSpreadBits(t *testing.T) {
	var room Room
	d, r := digest{sha256.New()}, stream("bits spread")
	for _, n := range []int64{1, 20, 500, 1e5, 1e13} {
		for _, exponent := range []float64{0, 1, 2.5} {
			p := zipfWeights(700, exponent)
			dst := make([]int64, len(p))
			for range 20 {
				Spread(r, n, p, dst, &room)
				d.int(dst...)
			}
		}
	}
	const pinned = "b3c5a0c8c9d48630e3a8afa58cc1dd53a9bd433f42b6dea8217a9fc1ce80acdb"
	if got := hex.EncodeToString(d.Sum(nil)); got != pinned {
		t.Errorf("hash %s, want %s", got, pinned)
	}
}

func BenchmarkSpread(b *testing.B) {
	for _, c := range []struct {
		k int
		n int64
	}{{10, 10_000}, {10_000, 100_000}, {10_000, 1e13}} {
		p := zipfWeights(c.k, 1)
		var room Room
		r, dst := stream("bench spread"), make([]int64, c.k)
		b.Run(fmt.Sprintf("K=%d,n=%.0e", c.k, float64(c.n)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Spread(r, c.n, p, dst, &room)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.k), "ns/category")
		})
		b.Run(fmt.Sprintf("Multinomial/K=%d,n=%.0e", c.k, float64(c.n)), func(b *testing.B) {
			for b.Loop() {
				Multinomial(r, c.n, p, dst)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.k), "ns/category")
		})
	}
}

// uniformity is the largest distance of u from the uniform distribution function.
func uniformity(u []float64) (d float64) {
	u = slices.Sorted(slices.Values(u))
	for i, x := range u {
		d = max(d, float64(i+1)/float64(len(u))-x, x-float64(i)/float64(len(u)))
	}
	return d
}
