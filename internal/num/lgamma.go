package num

import "math"

// Lgamma returns ln Gamma(x) for x > 0, to about 1e-15 relative (absolute near its zeros
// 1 and 2 no worse than relative). Lgamma(0) = +Inf; x < 0 gives NaN.
func Lgamma(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0 || x > math.MaxFloat64:
		return math.Inf(1)
	case x < 0.5:
		return lgamma2(x) - Log1p(x) - Log(x)
	case x < 1.5:
		return lgamma2(x-1) - Log1p(x-1)
	case x <= 2.5:
		return lgamma2(x - 2)
	case x < 10:
		product := 1.0
		for x > 2.5 {
			x--
			product = float64(product * x)
		}
		return lgamma2(x-2) + Log(product)
	}
	return float64((x-0.5)*(Log(x)-1)) + (halfLog2Pi - 0.5 + stirlingSeries(x))
}

// lgamma2 returns ln Gamma(2+z) for |z| <= 1/2.
func lgamma2(z float64) float64 {
	p := 0.0
	for i := len(lgammaPoly) - 1; i >= 0; i-- {
		p = lgammaPoly[i] + float64(z*p)
	}
	return float64(z * p)
}

// stirlingSeries returns ln Gamma(x) - ((x-1/2) ln x - x + ln(2 pi)/2) for x >= 10.
func stirlingSeries(x float64) float64 {
	y := 1 / x
	z := float64(y * y)
	c := &stirlingPoly
	if x > 1000 {
		return float64(y * (c[0] + float64(z*c[1])))
	}
	p := c[3] + float64(z*(c[4]+float64(z*(c[5]+float64(z*(c[6]+float64(z*c[7])))))))
	p = c[0] + float64(z*(c[1]+float64(z*(c[2]+float64(z*p)))))
	return float64(y * p)
}

// LgammaDiff returns ln Gamma(x+d) - ln Gamma(x) for x > 0 and x+d > 0, without the
// cancellation of two huge logarithms: for x = 1e13 and d = 1 it is ln 1e13 to the last
// digits. Where the result passes through 0 the error is absolute, about 1e-15.
// Arguments outside that range give NaN.
func LgammaDiff(x, d float64) float64 {
	if !(x > 0 && x+d > 0) {
		return math.NaN()
	}
	if low := math.Min(x, x+d); low < 10 && (math.Abs(d) > 1 || d > float64(1e6*x)) {
		return Lgamma(x+d) - Lgamma(x)
	}
	// Gamma(x+1) = x Gamma(x) moves both arguments to where the series holds.
	shift := 0.0
	for ; x < 10 || x+d < 10; x++ {
		shift += Log1p(d / x)
	}
	t := d / x
	rest := stirlingSeries(x+d) - stirlingSeries(x)
	return float64(d*Log(x+d)) + float64(x*Log1pmx(t)) - float64(0.5*Log1p(t)) + rest - shift
}
