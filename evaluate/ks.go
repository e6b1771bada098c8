package evaluate

import (
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// A DistanceTest is a Kolmogorov–Smirnov test: the largest distance between two distribution functions.
type DistanceTest struct {
	D float64 // in [0, 1]; NaN for no values
	P float64 // NaN for no values
}

// KolmogorovSmirnov tests that x are independent draws from a continuous law, P by Stephens (num.KolmogorovP). A
// discrete law must be randomised first: on its own steps the test always alarms. NaN among x gives NaN.
func KolmogorovSmirnov(x []float64, cdf func(float64) float64) DistanceTest {
	u := make([]float64, len(x))
	for i, v := range x {
		u[i] = cdf(v)
	}
	return uniformity(u)
}

// uniformity tests that u are uniform on [0, 1]; it sorts u.
func uniformity(u []float64) DistanceTest {
	if len(u) == 0 || slices.ContainsFunc(u, math.IsNaN) {
		return DistanceTest{math.NaN(), math.NaN()}
	}
	slices.Sort(u)
	d, n := 0.0, float64(len(u))
	for i, v := range u {
		d = max(d, v-float64(i)/n, float64(i+1)/n-v)
	}
	return DistanceTest{d, num.KolmogorovP(d, len(u))}
}

// exactPaths is the number of lattice points up to which the two-sample test enumerates paths.
const exactPaths = 4_000_000

// KolmogorovSmirnov2 tests that x and y are draws from one law. P is exact given the pooled values, ties among them
// included: the share of all splits of the pool that lie at least as far apart (Schröer and Trenkler, Comput. Stat.
// Data Anal. 20, 1995). From four million pairs on it is Kolmogorov's limit, which ties make conservative.
func KolmogorovSmirnov2(x, y []float64) DistanceTest {
	n, m := len(x), len(y)
	if n == 0 || m == 0 || slices.ContainsFunc(x, math.IsNaN) || slices.ContainsFunc(y, math.IsNaN) {
		return DistanceTest{math.NaN(), math.NaN()}
	}
	seen, ends := largestGap(x, y)
	d := float64(seen) / (float64(n) * float64(m))
	if n*m > exactPaths {
		return DistanceTest{d, num.KolmogorovSurvival(float64(d * math.Sqrt(float64(n)*float64(m)/float64(n+m))))}
	}
	return DistanceTest{d, reaching(n, m, seen, ends)}
}

// largestGap returns n m D, and after which counts of pooled values both distribution functions can be read: not
// between ties.
func largestGap(x, y []float64) (seen int, ends []bool) {
	x, y = slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y))
	n, m := len(x), len(y)
	ends = make([]bool, n+m+1)
	for i, j := 0, 0; i < n || j < m; {
		var v float64
		if j == m || i < n && x[i] <= y[j] {
			v = x[i]
		} else {
			v = y[j]
		}
		for i < n && x[i] == v {
			i++
		}
		for j < m && y[j] == v {
			j++
		}
		seen, ends[i+j] = max(seen, gap(i, j, n, m)), true
	}
	return seen, ends
}

func gap(i, j, n, m int) int { return max(i*m-j*n, j*n-i*m) }

// reaching is the chance that a random order of n and m things is at least seen apart at one of the ends: the mass of
// lattice paths that are stopped there.
func reaching(n, m, seen int, ends []bool) float64 {
	if seen == 0 {
		return 1
	}
	var stopped num.Accumulator
	at := make([]float64, m+1) // mass of paths at (i, j) that were not stopped
	for i := 0; i <= n; i++ {
		for j := 0; j <= m; j++ {
			if i == 0 && j == 0 {
				at[0] = 1
				continue
			}
			left := float64(n + m - i - j + 1)
			mass := 0.0
			if i > 0 {
				mass = float64(at[j] * (float64(n-i+1) / left))
			}
			if j > 0 {
				mass += float64(at[j-1] * (float64(m-j+1) / left))
			}
			if ends[i+j] && gap(i, j, n, m) >= seen {
				stopped.Add(mass)
				mass = 0
			}
			at[j] = mass
		}
	}
	return min(1, stopped.Sum())
}
