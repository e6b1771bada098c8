package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// A TTest is a Student's t-test of an effect, two-sided, with the interval of the effect. Normality of the values is
// assumed; on fewer than 6 of them that is nothing that could be checked.
type TTest struct {
	Effect float64 // mean minus the claimed mean, or the difference of two means, in the values' unit
	SE     float64 // standard error of Effect, from variances with divisor n − 1
	DF     float64 // degrees of freedom
	T      float64 // Effect / SE
	P      float64 // P(|T| at least this); NaN when there is no test
	Lo, Hi float64 // interval of Effect; NaN when there is no test
}

// OneSampleT tests that the mean of x is mean, with n − 1 degrees of freedom (Student, Biometrika 6, 1908), and
// gives the interval of the difference at the level, 0.95 say. Fewer than two values: Effect, and no test. Values
// that do not differ have no spread to judge by: P is 1 where they are the mean itself, otherwise NaN; Lo and Hi are
// the effect.
func OneSampleT(x []float64, mean, level float64) TTest {
	m, variance := num.Variance(x)
	n := float64(len(x))
	return tTest(m-mean, math.Sqrt(variance/n), n-1, largest(math.Abs(mean), x), level)
}

// MeanInterval is Student's t-interval of the mean of x at the level, 0.95 say; NaN for fewer than two values.
func MeanInterval(x []float64, level float64) (mean, lo, hi float64) {
	t := OneSampleT(x, 0, level)
	return t.Effect, t.Lo, t.Hi
}

// PairedT tests that the differences x[i] − y[i] have mean 0, by OneSampleT; y must be as long as x.
func PairedT(x, y []float64, level float64) TTest {
	d := make([]float64, len(x))
	for i := range d {
		d[i] = x[i] - y[i]
	}
	mean, variance := num.Variance(d)
	n := float64(len(d))
	return tTest(mean, math.Sqrt(variance/n), n-1, largest(largest(0, x), y), level)
}

// WelchT tests that x and y have one mean, their variances being free (B. L. Welch, Biometrika 34, 1947): Effect is
// mean x − mean y, DF Welch's and Satterthwaite's, not rounded. Fewer than two values on a side: Effect, and no test.
func WelchT(x, y []float64, level float64) TTest {
	mx, vx := num.Variance(x)
	my, vy := num.Variance(y)
	nx, ny := float64(len(x)), float64(len(y))
	a, b := vx/nx, vy/ny
	df := float64((a+b)*(a+b)) / (float64(a*a)/(nx-1) + float64(b*b)/(ny-1))
	return tTest(mx-my, math.Sqrt(a+b), df, largest(largest(0, x), y), level)
}

// rounding is the share of the largest value below which spread is taken for rounding errors.
const rounding = 1e-14

func tTest(effect, se, df, scale, level float64) TTest {
	t := TTest{Effect: effect, SE: se, DF: df, T: effect / se, P: math.NaN(), Lo: math.NaN(), Hi: math.NaN()}
	switch {
	case se != se:
	case se <= float64(rounding*scale):
		t.SE, t.DF, t.Lo, t.Hi = 0, math.NaN(), effect, effect
		t.T = math.Copysign(math.Inf(1), effect)
		if math.Abs(effect) <= float64(rounding*scale) {
			t.T, t.P = 0, 1
		}
	default:
		half := float64(num.StudentTQuantile(0.5+level/2, df) * se)
		t.P = math.Min(1, 2*num.StudentTCDF(-math.Abs(t.T), df))
		t.Lo, t.Hi = effect-half, effect+half
	}
	return t
}

// largest is the largest of m and the sizes of x.
func largest(m float64, x []float64) float64 {
	for _, v := range x {
		m = math.Max(m, math.Abs(v))
	}
	return m
}
