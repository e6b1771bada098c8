package evaluate

import "modelcollapse/internal/num"

// gauss5 are the nodes and weights of Gauss and Legendre with five points on [−1, 1] (Abramowitz and Stegun 1964, table
// 25.4): the roots of P₅ are 0 and ±√(5 ∓ 2√(10/7))/3.
var gauss5 = [5][2]float64{
	{-0.9061798459386640, 0.2369268850561891}, {-0.5384693101056831, 0.4786286704993665}, {0, 0.5688888888888889},
	{0.5384693101056831, 0.4786286704993665}, {0.9061798459386640, 0.2369268850561891},
}

// integral of a smooth f over [a, b], by so many panels of five points.
func integral(f func(x float64) float64, a, b float64, panels int) float64 {
	half, sum := (b-a)/float64(2*panels), num.Accumulator{}
	for i := range panels {
		middle := a + float64(float64(2*i+1)*half)
		for _, g := range gauss5 {
			sum.Add(float64(g[1] * f(middle+float64(half*g[0]))))
		}
	}
	return float64(half * sum.Sum())
}
