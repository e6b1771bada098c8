package generate

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// Innovations of labels w·x + noise·ε: with ŵ the least squares of n rows of dim inputs, (ŵ − w)′X′X(ŵ − w)/noise² is
// chi-square with dim degrees of freedom and the residual sum of squares over noise² with n − dim, independent of each
// other and of the inputs; Σ x²/variance of fresh inputs is chi-square with n·dim. The next fit is judged where it is
// ordinary least squares (without a ridge), by the inputs that were given where any were, so that a design that was drawn
// again, or weights that were not, are seen. Labels whose noise rounding would drown say nothing.
func (f Linear) Innovations(dst []Innovation, o Outcome[Labelled], _ *rand.Rand) []Innovation {
	s, ok := o.Stats.(*Regression)
	if !ok || s.dim != f.dim || s.weight != float64(o.N) {
		return dst
	}
	n, d := float64(o.N), float64(f.dim)
	if o.Given == nil {
		dst = append(dst, Innovation{"inputs", num.ChiSquaredCDF(s.sumOfSquares(f.inputs), float64(n*d))})
	}
	next, ok := o.Fit.(Linear)
	if !ok || next.dim != f.dim || next.by.Ridge > 0 || next.rank < f.dim || !(n > d) {
		return dst
	}
	variance := float64(f.noise * f.noise)
	if !(float64(f.noise*math.Sqrt(n)) > float64(faint*math.Sqrt(s.Squares()))) {
		return dst
	}
	given, ok := o.Given.(*Regression)
	if !ok {
		given = s
	}
	moved := make([]float64, f.dim)
	for k := range moved {
		moved[k] = next.weights[k] - f.weights[k]
	}
	return append(dst, Innovation{"coefficients", num.ChiSquaredCDF(given.quadratic(moved)/variance, d)},
		Innovation{"residual", num.ChiSquaredCDF(s.residual(next.weights)/variance, n-d)})
}

// sumOfSquares is Σ x²/variance over all inputs.
func (s *Regression) sumOfSquares(in inputs) (total float64) {
	diagonal := make([]float64, s.dim)
	switch {
	case s.design != nil:
		s.design.addSquares(diagonal, s.scale)
	case s.gram != nil:
		for k := range diagonal {
			diagonal[k] = s.gram[k*s.dim+k]
		}
	}
	for k, x := range diagonal {
		if in.sd != nil {
			x /= float64(in.sd[k] * in.sd[k])
		}
		total += x
	}
	return total
}
