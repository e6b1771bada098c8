package num

import "math"

// Sum returns x[0] + x[1] + ... added in that order: 0 for no terms. It is the sum to use
// where two programs must agree to the bit; its error grows with the number of terms.
func Sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// Dot returns x[0] y[0] + x[1] y[1] + ... in that order, each product rounded; y must be
// at least as long as x, and its further elements are ignored. A shorter y ends the sum.
func Dot(x, y []float64) float64 {
	n := min(len(x), len(y))
	x, y = x[:n], y[:n]
	s := 0.0
	for i, v := range x {
		s += float64(v * y[i])
	}
	return s
}

// An Accumulator is a compensated sum (A. Neumaier, ZAMM 54, 1974): its error is about
// one rounding of the result however many terms there are, and however they cancel up to
// 1e16 times the result. The zero value is an empty sum.
type Accumulator struct{ sum, rest float64 }

// Add adds x.
func (a *Accumulator) Add(x float64) {
	t := a.sum + x
	if math.Abs(a.sum) >= math.Abs(x) {
		a.rest += (a.sum - t) + x
	} else {
		a.rest += (x - t) + a.sum
	}
	a.sum = t
}

// AddAll adds the terms in order.
func (a *Accumulator) AddAll(x []float64) {
	for _, v := range x {
		a.Add(v)
	}
}

// Merge adds the terms of b. Merging partial sums in a fixed order gives the same bits
// however the partial sums were computed.
func (a *Accumulator) Merge(b Accumulator) {
	a.Add(b.sum)
	a.rest += b.rest
}

// Sum returns the sum so far. Once a term or a partial sum was infinite or NaN, it is
// what the plain sum would be.
func (a Accumulator) Sum() float64 {
	if math.IsInf(a.sum, 0) || a.sum != a.sum {
		return a.sum
	}
	return a.sum + a.rest
}

// SumCompensated returns the sum of x by an Accumulator.
func SumCompensated(x []float64) float64 {
	var a Accumulator
	a.AddAll(x)
	return a.Sum()
}

// Mean returns the compensated mean of x; NaN for no values.
func Mean(x []float64) float64 { return SumCompensated(x) / float64(len(x)) }

// Variance returns the mean of x and the sum of squared deviations from it divided by
// n - 1, in two passes (with Chan's correction for the rounding of the mean). The mean of
// no values is NaN, the variance of fewer than two values is NaN.
func Variance(x []float64) (mean, variance float64) {
	mean = Mean(x)
	var squares, drift Accumulator
	for _, v := range x {
		d := v - mean
		squares.Add(float64(d * d))
		drift.Add(d)
	}
	n := float64(len(x))
	if n < 2 {
		return mean, math.NaN()
	}
	d := drift.Sum()
	return mean, (squares.Sum() - float64(d*d)/n) / (n - 1)
}
