package generate

import (
	"fmt"
	"math"
)

// A Scatter is the weight, rows, mean and weighted scatter matrix (sum of products of deviations from the mean) of
// vectors, or only its diagonal where a model needs no more.
type Scatter struct {
	dim          int
	diagonal     bool
	weight, rows float64
	mean         []float64
	sum          []float64 // upper triangle of dim × dim, or dim squares; nil while root holds it
	root         factor    // its factor, where it was drawn and nothing was added since; never changed
	bad          error     // of a row that is no vector of dim columns
}

func newScatter(dim int, diagonal bool) *Scatter {
	return &Scatter{dim: dim, diagonal: diagonal, mean: make([]float64, dim)}
}

// Rows is the plain number of rows.
func (s *Scatter) Rows() float64 { return s.rows }

// Mean of what was added, weighted; not to be changed or kept.
func (s *Scatter) Mean() []float64 { return s.mean }

// Add adds the rows of a span, in two passes.
func (s *Scatter) Add(sp Span[Vector]) {
	if len(sp.Rows) == 0 {
		return
	}
	t := newScatter(s.dim, s.diagonal)
	for i, row := range sp.Rows {
		if len(row) != s.dim {
			s.bad = fmt.Errorf("row %d has %d columns, want %d", i, len(row), s.dim)
			return
		}
		w := 1.0
		if sp.Weights != nil {
			w = sp.Weights[i]
		}
		if w != 0 {
			addScaled(t.mean, row, w)
			t.weight += w
		}
	}
	t.rows = float64(len(sp.Rows))
	for j := range t.mean {
		t.mean[j] /= t.weight
	}
	if t.weight != 0 {
		t.sum = t.deviations(sp)
	}
	s.Merge(t, sp.Weight)
}

// deviations is the second pass: products of deviations from the mean.
func (s *Scatter) deviations(sp Span[Vector]) []float64 {
	sum, d := s.zeros(), make([]float64, s.dim)
	for i, row := range sp.Rows {
		w := 1.0
		if sp.Weights != nil {
			w = sp.Weights[i]
		}
		if w == 0 {
			continue
		}
		for j, x := range row {
			d[j] = x - s.mean[j]
		}
		s.addProducts(sum, d, w)
	}
	return sum
}

// addProducts adds weight × d′d.
func (s *Scatter) addProducts(sum, d []float64, weight float64) {
	if s.diagonal {
		for j, x := range d {
			sum[j] += float64(weight * float64(x*x))
		}
		return
	}
	for j, x := range d {
		addScaled(sum[j*s.dim+j:], d[j:], float64(weight*x))
	}
}

func (s *Scatter) zeros() []float64 {
	if s.diagonal {
		return make([]float64, s.dim)
	}
	return make([]float64, s.dim*s.dim)
}

// Merge adds other, each row weighing weight (Chan et al. 1979).
func (s *Scatter) Merge(other Stats[Vector], weight float64) {
	t := other.(*Scatter)
	if s.bad == nil {
		s.bad = t.bad
	}
	s.rows += t.rows
	add := float64(t.weight * weight)
	if add == 0 {
		return
	}
	if s.weight == 0 {
		s.takeOver(t, weight)
		return
	}
	if s.sum == nil {
		s.sum = s.zeros()
		s.addScatter(s, 1)
		s.root = factor{}
	}
	s.addScatter(t, weight)
	n := s.weight + add
	d := make([]float64, s.dim)
	for j := range d {
		d[j] = t.mean[j] - s.mean[j]
		s.mean[j] += float64(d[j]*add) / n
	}
	s.addProducts(s.sum, d, float64(s.weight*add)/n)
	s.weight = n
}

// takeOver is Merge into nothing: a factor is shared, sums are copied.
func (s *Scatter) takeOver(t *Scatter, weight float64) {
	s.weight = float64(t.weight * weight)
	copy(s.mean, t.mean)
	switch {
	case t.sum != nil:
		s.sum = s.zeros()
		s.addScatter(t, weight)
	case weight == 1:
		s.root = t.root
	default:
		s.root = t.root.scaled(math.Sqrt(weight))
	}
}

// addScatter adds weight × the scatter of t to s.sum, upper triangle or squares.
func (s *Scatter) addScatter(t *Scatter, weight float64) {
	switch {
	case t.root.a != nil && s.diagonal:
		t.root.addSquares(s.sum, weight)
	case t.root.a != nil:
		t.root.addGram(s.sum, weight)
	case s.diagonal:
		addScaled(s.sum, t.sum, weight)
	default:
		for k := range s.dim {
			at := k*s.dim + k
			addScaled(s.sum[at:], t.sum[at:(k+1)*s.dim], weight)
		}
	}
}

// factor is the factor of scatter / divisor.
func (s *Scatter) factor(divisor float64) factor {
	switch {
	case !(divisor > 0) || s.root.a == nil && s.sum == nil:
		return undefined(s.dim, s.diagonal)
	case s.root.a != nil && !s.diagonal:
		return s.root.scaled(1 / math.Sqrt(divisor))
	case s.diagonal:
		f := newFactor(s.dim, true)
		for k, x := range s.squares() {
			f.a[k] = math.Sqrt(x / divisor)
		}
		return f
	}
	return cholesky(s.sum, s.dim, 1/divisor, s.rows-1)
}

// squares is the diagonal of the scatter.
func (s *Scatter) squares() []float64 {
	if s.sum != nil && s.diagonal {
		return s.sum
	}
	out := make([]float64, s.dim)
	if s.sum == nil {
		s.root.addSquares(out, 1)
		return out
	}
	for k := range out {
		out[k] = s.sum[k*s.dim+k]
	}
	return out
}
