package generate

import (
	"fmt"
	"sync/atomic"

	"modelcollapse/internal/num"
)

// A cloud is the rows of one block as a kernel density needs them, column by column. It is not changed once made, but for
// what it remembers of the last rows that were scored, so that many fits may share it.
type cloud struct {
	dim, n         int
	x              []float64 // column j is x[j·n:(j+1)·n]
	weights        []float64 // of the rows; nil: 1 each
	ends           []float64 // cumulated weights; nil where weights is
	total, squares float64   // Σ w, Σ w²
	last           atomic.Pointer[kernelSums]
}

// kernelSums are Σ w e^(−|t − x|²/2h²) over the rows of a cloud for every t of a target, each value·e^shift.
type kernelSums struct {
	at    *target
	by    float64 // 1/(h√2)
	value []float64
	shift []float64 // nil: 0 each, as it is but for targets so far away that the sum underflows
}

// A target is rows to be scored, row by row.
type target struct {
	dim int
	x   []float64
}

// real is the two kinds of row that a kernel density may have.
type real interface{ float64 | Vector }

// newCloud copies the rows that have a weight; dim 0: as many columns as the first has.
func newCloud[E real](rows []E, weights []float64, dim int) (*cloud, error) {
	c := &cloud{dim: dim}
	kept := make([]int, 0, len(rows))
	for i := range rows {
		if weights == nil || weights[i] != 0 {
			kept = append(kept, i)
		}
	}
	c.n = len(kept)
	if weights != nil {
		c.weights = make([]float64, c.n)
		for to, i := range kept {
			c.weights[to] = weights[i]
		}
	}
	var err error
	switch rows := any(rows).(type) {
	case []float64:
		c.dim, c.x = 1, make([]float64, c.n)
		for to, i := range kept {
			c.x[to] = rows[i]
		}
	case []Vector:
		err = c.fill(rows, kept)
	}
	c.weigh()
	return c, err
}

// fill copies vectors.
func (c *cloud) fill(rows []Vector, kept []int) error {
	if c.dim == 0 {
		c.dim = len(rows[0])
	}
	c.x = make([]float64, c.n*c.dim)
	for to, i := range kept {
		if len(rows[i]) != c.dim {
			return fmt.Errorf("row %d has %d columns, want %d", i, len(rows[i]), c.dim)
		}
		for j, x := range rows[i] {
			c.x[j*c.n+to] = x
		}
	}
	return nil
}

func (c *cloud) weigh() {
	c.total, c.squares = float64(c.n), float64(c.n)
	if c.weights == nil {
		return
	}
	c.ends, c.total, c.squares = cumulated(c.weights), 0, 0
	for _, w := range c.weights {
		c.total += w
		c.squares += float64(w * w)
	}
}

func (c *cloud) column(j int) []float64 { return c.x[j*c.n : (j+1)*c.n] }

// scatter about the mean.
func (c *cloud) scatter(rows int) *Scatter {
	s := newScatter(c.dim, false)
	s.rows, s.weight = float64(rows), c.total
	if !(c.total > 0) {
		return s
	}
	s.sum = s.zeros()
	d := make([]float64, c.dim*c.n)
	for j := range c.dim {
		column, at := c.column(j), d[j*c.n:(j+1)*c.n]
		s.mean[j] = c.dot(column) / c.total
		for i, x := range column {
			at[i] = x - s.mean[j]
		}
	}
	weighted := make([]float64, c.n)
	for j := range c.dim {
		for i, x := range d[j*c.n : (j+1)*c.n] {
			if weighted[i] = x; c.weights != nil {
				weighted[i] = float64(x * c.weights[i])
			}
		}
		for l := j; l < c.dim; l++ {
			s.sum[j*c.dim+l] = num.Dot(weighted, d[l*c.n:(l+1)*c.n])
		}
	}
	return s
}

// dot is Σ w x.
func (c *cloud) dot(x []float64) float64 {
	if c.weights == nil {
		return num.Sum(x)
	}
	return num.Dot(c.weights, x)
}
