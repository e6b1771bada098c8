package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// A SerialTest is a test of independence between neighbours in time.
type SerialTest struct {
	R     float64 // lag-1 correlation; NaN when there are no neighbours
	Z     float64 // about standard normal if the series are independent
	P     float64 // two-sided; NaN when there is no test
	Pairs int     // neighbours
}

// SerialUniform tests that values known to be uniform on [0, 1], such as probability integral transforms, are
// independent of the value before, over several series: Z is the sum of 12 (u − ½)(u′ − ½) over neighbours, divided by
// the square root of their number, of mean 0 and variance 1 exactly. Mean and variance are known, not estimated, so
// that a series that repeats one value is seen, too.
func SerialUniform(series [][]float64) SerialTest {
	var sum num.Accumulator
	t := SerialTest{}
	for _, u := range series {
		for i := 1; i < len(u); i++ {
			sum.Add(float64(12 * float64((u[i]-0.5)*(u[i-1]-0.5))))
			t.Pairs++
		}
	}
	n := float64(t.Pairs)
	t.R, t.Z = sum.Sum()/n, sum.Sum()/math.Sqrt(n)
	t.P = twoSided(t.Z)
	return t
}

// Lag1 tests that one series of unknown mean and variance is independent of the value before: R is the sample
// autocorrelation, and Z² = n (n + 2) R² / (n − 1) is about chi-square with one degree of freedom (Ljung and Box,
// Biometrika 65, 1978). Fewer than three values, or values that do not differ: no test.
func Lag1(x []float64) SerialTest {
	t := SerialTest{R: math.NaN(), Z: math.NaN(), P: math.NaN(), Pairs: max(0, len(x)-1)}
	mean, variance := num.Variance(x)
	n := float64(len(x))
	squares := float64(variance * (n - 1))
	if len(x) < 3 || !(math.Sqrt(variance) > float64(rounding*largest(0, x))) {
		return t
	}
	var sum num.Accumulator
	for i := 1; i < len(x); i++ {
		sum.Add(float64((x[i] - mean) * (x[i-1] - mean)))
	}
	t.R = sum.Sum() / squares
	t.Z = float64(t.R * math.Sqrt(n*(n+2)/(n-1)))
	t.P = twoSided(t.Z)
	return t
}

// twoSided is P(|Z| ≥ |z|) of a standard normal Z.
func twoSided(z float64) float64 { return min(1, 2*num.NormalSurvival(math.Abs(z))) }
