package num

import "math"

// SinCos returns the sine and the cosine of x (radians), each within 3e-16, for |x| up to 1e5; NaN beyond and for NaN.
func SinCos(x float64) (sin, cos float64) {
	if !(math.Abs(x) <= 1e5) {
		return math.NaN(), math.NaN()
	}
	n := math.Floor(float64(x*twoOverPi) + 0.5)
	r := ((x - float64(n*quarterHi)) - float64(n*quarterMid)) - float64(n*quarterLo) // the first two products are exact
	z := float64(r * r)
	s := r + float64(float64(r*z)*horner(z, &sinSeries))
	c := 1 + float64(z*horner(z, &cosSeries))
	switch int64(n) & 3 {
	case 1:
		return c, -s
	case 2:
		return -s, -c
	case 3:
		return -c, s
	}
	return s, c
}

// sinSeries and cosSeries are (sin r − r)/r³ and (cos r − 1)/r² in r², |r| ≤ π/4.
var (
	sinSeries = [8]float64{-1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800,
		-1.0 / 1307674368000, 1.0 / 355687428096000}
	cosSeries = [8]float64{-1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600,
		-1.0 / 87178291200, 1.0 / 20922789888000}
)

func horner(z float64, c *[8]float64) float64 {
	p := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		p = c[i] + float64(z*p)
	}
	return p
}
