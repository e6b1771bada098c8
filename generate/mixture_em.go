package generate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// em is one run of EM over rows that are held column by column.
//
// An iteration goes through the rows once. The sums of the M step are taken about the means of the E step, so that the
// covariance about the new mean loses no digits where EM has nearly come to rest.
type em struct {
	dim, parts, n int
	shape         string
	floor         float64 // added to variances
	tolerance     float64
	most          int // iterations
	x             []float64
	row           []float64 // weights of the rows; nil: all alike
	total         float64   // of row
	now           *densities
	weights       []float64 // parts
	covariance    []float64 // parts × dim × dim, upper triangle
	sums          []float64 // parts × (1 + dim + dim²): weight, deviations, upper triangle of their products
	logs          []float64 // parts × lane
	norm, sum     []float64 // lane
	deviation     []float64 // dim × lane
	root          []float64 // dim × dim
	iterations    int
	bound         float64 // mean log likelihood of a row before the last step
	why           string  // it ended early
}

// newEM gathers the rows that have a weight.
func newEM(m GaussianMixture, train Sample[Vector]) (*em, error) {
	e := &em{dim: m.dim, parts: max(1, m.Components), shape: m.shape(), floor: m.Regularisation, tolerance: m.Tolerance, most: max(1, m.MaxIterations)}
	first, alike := math.NaN(), true
	for row, w := range train.All() {
		if e.dim == 0 {
			e.dim = len(row)
		}
		if len(row) != e.dim {
			return nil, fmt.Errorf("a row of %d columns, want %d", len(row), e.dim)
		}
		if w != 0 {
			if e.n++; e.n == 1 {
				first = w
			}
			alike = alike && w == first
		}
	}
	e.x = make([]float64, e.n*e.dim)
	if !alike {
		e.row = make([]float64, e.n)
	}
	i := 0
	for row, w := range train.All() {
		if w == 0 {
			continue
		}
		for j, v := range row {
			e.x[j*e.n+i] = v
		}
		if e.row != nil {
			e.row[i] = w
		}
		i++
	}
	e.total = float64(e.n)
	if e.row != nil {
		e.total = num.Sum(e.row)
	}
	e.room()
	return e, nil
}

func (m GaussianMixture) shape() string {
	if m.Covariance == "" {
		return "full"
	}
	return m.Covariance
}

// room makes what is reused.
func (e *em) room() {
	e.now = newDensities(e.dim, e.parts)
	e.weights, e.covariance = make([]float64, e.parts), make([]float64, e.parts*e.dim*e.dim)
	e.sums = make([]float64, e.parts*(1+e.dim+e.dim*e.dim))
	e.logs, e.norm, e.sum = make([]float64, e.parts*lane), make([]float64, lane), make([]float64, lane)
	e.deviation, e.root = make([]float64, e.dim*lane), make([]float64, e.dim*e.dim)
}

func (e *em) means(k int) []float64 { return e.now.mean[k*e.dim : (k+1)*e.dim] }

// run iterates until the likelihood rests, or why is set.
func (e *em) run(ctx context.Context, progress func(float64, string)) error {
	last := math.Inf(-1)
	for e.iterations = 0; e.iterations < e.most && e.why == ""; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.bound = e.step(); math.IsNaN(e.bound) || math.IsInf(e.bound, 0) {
			e.why = "likelihood not finite"
			return nil
		}
		e.iterations++
		e.update()
		if math.Abs(e.bound-last) < e.tolerance {
			return nil
		}
		last = e.bound
		if e.iterations%100 == 0 && progress != nil {
			progress(float64(e.iterations)/float64(e.most), "EM")
		}
	}
	return nil
}

// step is the E step and the sums of the M step; it returns the mean log likelihood of a row.
func (e *em) step() float64 {
	clear(e.sums)
	var likelihood num.Accumulator
	for from := 0; from < e.n; from += lane {
		size := min(lane, e.n-from)
		e.now.logs(e.logs, e.x[from:], e.n, size)
		var row []float64
		if e.row != nil {
			row = e.row[from : from+size]
		}
		if e.parts == 2 && row == nil {
			likelihood.Add(e.halves(size))
		} else {
			likelihood.Add(e.responsibilities(size, row))
		}
		for k := range e.parts {
			e.gather(k, from, size)
		}
	}
	return likelihood.Sum() / e.total
}
