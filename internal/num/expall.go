package num

import "math"

// roundTo adds and subtracts so that a number below 2^51 is rounded to an integer, which then stands in the low bits.
const roundTo = 0x1.8p52

// ExpAll writes e^x[i] to dst[i], within 1.3 ulp (other bits than Exp, which is within 1): for loops, where it takes less
// than half the time of as many calls. dst must be at least as long as x, and may be x.
func ExpAll(dst, x []float64) {
	dst = dst[:len(x)]
	for i, v := range x {
		if !(v >= -708 && v <= 709) {
			dst[i] = Exp(v)
			continue
		}
		// e^v is 2^(n/256) e^r; the low bits of shifted hold n.
		shifted := float64(v*fineInverse) + roundTo
		n := shifted - roundTo
		r := (v - float64(n*fineHi)) - float64(n*fineLo) // the first product is exact
		p := r + float64(float64(r*r)*(0.5+float64(r*(1.0/6+float64(r*(1.0/24))))))
		bits := math.Float64bits(shifted)
		t := exp2Fine[bits&255]
		dst[i] = math.Float64frombits(math.Float64bits(t+float64(t*p)) + bits>>8<<52)
	}
}

// SumExp returns e^x[0] + e^x[1] + … added in that order, each term as ExpAll has it.
func SumExp(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		if !(v >= -708 && v <= 709) {
			sum += Exp(v)
			continue
		}
		shifted := float64(v*fineInverse) + roundTo
		n := shifted - roundTo
		r := (v - float64(n*fineHi)) - float64(n*fineLo)
		p := r + float64(float64(r*r)*(0.5+float64(r*(1.0/6+float64(r*(1.0/24))))))
		bits := math.Float64bits(shifted)
		t := exp2Fine[bits&255]
		sum += math.Float64frombits(math.Float64bits(t+float64(t*p)) + bits>>8<<52)
	}
	return sum
}
