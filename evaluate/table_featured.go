package evaluate

import "modelcollapse/generate"

// Features are the numbers of one row that are not 0, by rising index.
type Features struct {
	At []int
	X  []float64
}

// Featured turns rows of a table into few numbers each, most of them 0, of which there are dim: a constant 1; numbers, standardised,
// their squares and, of up to 8 columns, products; which numbers are missing; and the 30 most frequent categories of a column. It
// is what TwoSample's classifier sees. Means, deviations and frequencies are those of learn.
func Featured(s generate.Schema, learn, rows []generate.Record) (dim int, all []Features) {
	f := featuresOf(s, learn)
	for _, row := range f.all(rows) {
		all = append(all, Features{row.at, row.x})
	}
	return f.dim, all
}

// PositiveSolver is Cholesky's factor of a positive definite matrix, to solve many systems by it.
type PositiveSolver struct {
	factor []float64
	dim    int
}

// NewPositiveSolver factorises the lower triangle of a dim × dim matrix, which it overwrites.
func NewPositiveSolver(a []float64, dim int) PositiveSolver {
	factorPositive(a, dim)
	return PositiveSolver{a, dim}
}

// Solve is x of Ax = b.
func (s PositiveSolver) Solve(b []float64) []float64 { return solveFactored(s.factor, b, s.dim) }
