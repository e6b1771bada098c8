package num

import "math"

const (
	expMax = 709.782712893384   // the largest x with a finite Exp(x)
	expMin = -745.1332191019411 // below it Exp(x) rounds to 0
)

// Exp returns e^x within 1 ulp (results below 2.2e-308 within the spacing of subnormals).
// It overflows to +Inf above 709.78 and underflows to 0 below -745.13.
func Exp(x float64) float64 {
	switch {
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	case x != x:
		return x
	}
	t, p, k := expKernel(x)
	return scale(t[0]+(float64(t[0]*p)+t[1]), k)
}

// expKernel writes e^x as 2^k t (1+p): x = (32 k + j) ln(2)/32 + r, t = 2^(j/32) as a
// rounded value and its rest, p = e^r - 1 with |r| < 0.0109.
func expKernel(x float64) (t *[2]float64, p float64, k int64) {
	n := math.Floor(float64(x*stepInverse) + 0.5)
	i := int64(n)
	hi := x - float64(n*stepHi) // exact: the product has at most 53 bits
	lo := float64(n * stepLo)
	r := hi - lo
	c := (hi - r) - lo
	q := float64(r * r)
	p = 1.0/6 + float64(r*(1.0/24+float64(r*(1.0/120+float64(r*(1.0/720))))))
	p = r + (c + float64(q*(0.5+float64(r*p))))
	return &exp2Table[i&31], p, i >> 5
}

// scale returns x 2^k for x in [1/2, 4), rounding once where the result is subnormal.
func scale(x float64, k int64) float64 {
	switch {
	case k > 1022: // 2^k may be too large although the product is not
		return float64(float64(x*0x1p1000) * power2(k-1000))
	case k < -1020:
		return float64(float64(x*power2(k+200)) * 0x1p-200)
	}
	return float64(x * power2(k))
}

// power2 returns 2^k for -1022 <= k <= 1023.
func power2(k int64) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// Expm1 returns e^x - 1 within 2 ulp, also where e^x would lose x.
func Expm1(x float64) float64 {
	switch {
	case x != x || (x > -0x1p-54 && x < 0x1p-54):
		return x
	case x > expMax:
		return math.Inf(1)
	case x < -40:
		return -1
	case x > -0.1 && x < 0.1:
		return expm1Small(x)
	}
	t, p, k := expKernel(x)
	if k > 60 {
		return scale(t[0]+(float64(t[0]*p)+t[1]), k)
	}
	// 2^k t - 1 is the exact sum of a and b; the small terms are added last.
	two := power2(k)
	big := float64(t[0] * two)
	a := big - 1
	b := (big - a) - 1
	return a + (b + float64(two*(float64(t[0]*p)+t[1])))
}

// expm1Small is the Taylor series for |x| < 0.1; x itself is added last.
func expm1Small(x float64) float64 {
	p := 1.0/362880 + float64(x*(1.0/3628800+float64(x*(1.0/39916800))))
	p = 1.0/720 + float64(x*(1.0/5040+float64(x*(1.0/40320+float64(x*p)))))
	p = 1.0/6 + float64(x*(1.0/24+float64(x*(1.0/120+float64(x*p)))))
	return x + float64(float64(x*x)*(0.5+float64(x*p)))
}
