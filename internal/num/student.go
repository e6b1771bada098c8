package num

import "math"

// StudentTCDF returns P(T <= t) for Student's t with df > 0 degrees of freedom, to about
// 1e-13 relative in the lower tail; df = +Inf is the normal distribution.
func StudentTCDF(t, df float64) float64 {
	switch {
	case !(df > 0) || t != t:
		return math.NaN()
	case df > 1e15: // normal to the last digit unless far out in the tail
		return NormalCDF(t)
	case t > 0:
		return 1 - studentTail(t, df)
	}
	return studentTail(-t, df)
}

// studentTail returns P(T > t) for t >= 0.
func studentTail(t, df float64) float64 {
	if t > 1e150 {
		t = 1e150
	}
	s := float64(t * t)
	return float64(0.5 * betaBoth(df/(df+s), s/(df+s), df/2, 0.5))
}

// StudentTQuantile returns the t with StudentTCDF(t, df) = p, to about 1e-13 relative:
// StudentTQuantile(0.975, n-1) times s/sqrt(n) is half a 95 % interval of a mean.
// It is -Inf at 0, +Inf at 1, NaN for p outside [0, 1] or df <= 0.
func StudentTQuantile(p, df float64) float64 {
	switch {
	case !(df > 0) || !(p >= 0 && p <= 1):
		return math.NaN()
	case df > 1e15:
		return NormalQuantile(p)
	case p == 0:
		return math.Inf(-1)
	case p == 1:
		return math.Inf(1)
	case p == 0.5:
		return 0
	case p > 0.5:
		return studentUpper(1-p, df)
	}
	return -studentUpper(p, df)
}

// studentUpper solves P(T > t) = q for 0 < q < 1/2. The logarithm of the tail is
// monotone, so a bracket in ln t is halved where Newton's step leaves it.
func studentUpper(q, df float64) float64 {
	target := Log(q)
	lo, hi := -700.0, 345.0 // ln t
	x := Log(NormalQuantile(1-q) + 1e-300)
	density := LgammaDiff(df/2, 0.5) - float64(0.5*Log(float64(math.Pi*df)))
	for range 200 {
		t := Exp(x)
		tail := studentTail(t, df)
		gap := Log(tail) - target
		if gap > 0 {
			lo = x
		} else {
			hi = x
		}
		// d ln tail / d ln t = -t density(t) / tail
		slope := Exp(density-float64(0.5*(df+1)*Log1p(float64(t*t)/df))+x) / tail
		next := x + gap/slope
		if !(next > lo && next < hi) {
			next = float64(0.5 * (lo + hi))
		}
		if math.Abs(next-x) <= float64(1e-15*math.Max(1, math.Abs(x))) {
			return Exp(next)
		}
		x = next
	}
	return Exp(x)
}
