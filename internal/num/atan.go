package num

import "math"

// Atan returns the arc tangent of x, in (-pi/2, pi/2), to a few units in the last place: three times
// atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))), then Taylor's series below tan(pi/32).
func Atan(x float64) float64 {
	t := math.Abs(x)
	if t > 1 {
		y := math.Pi/2 - Atan(1/t)
		if x < 0 {
			return -y
		}
		return y
	}
	if t < 0x1p-28 || x != x {
		return x
	}
	for range 3 {
		t /= 1 + math.Sqrt(1+float64(t*t))
	}
	z, s := float64(t*t), 0.0
	for k := 19; k >= 1; k -= 2 {
		s = 1/float64(k) - float64(z*s)
	}
	y := float64(8 * t * s)
	if x < 0 {
		return -y
	}
	return y
}
