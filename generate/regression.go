package generate

import "fmt"

// A Regression is what least squares needs of labelled rows: weight and number, the Gram matrix X′X, X′y and y′y, each
// row by its weight. It is kept in one of two forms. Statistics that were drawn hold a factor R of the design, which
// blocks of the same inputs share, and the labels' projections on it: X′X = scale·R′R, X′y = scale·R′u, and
// y′y = scale·|u|² + rest, so that pooling such blocks costs the number of inputs and their least squares a triangular
// solve. Rows, and pools of different designs, are sums.
type Regression struct {
	dim          int
	weight, rows float64

	design      *factor // nil: sums; shared, never changed
	scale, rest float64
	u           []float64

	gram    []float64 // upper triangle of dim × dim; nil while design holds it, or without rows
	cross   []float64 // X′y
	squares float64   // y′y

	bad error // of a row that has not dim inputs
}

// Rows is the plain number of rows.
func (s *Regression) Rows() float64 { return s.rows }

// Add adds the rows of a span, four at a time.
func (s *Regression) Add(sp Span[Labelled]) {
	t := &Regression{dim: s.dim, rows: float64(len(sp.Rows))}
	t.clear()
	zero := make([]float64, s.dim)
	var x [4][]float64
	var w [4]float64
	for i := 0; i < len(sp.Rows); i += 4 {
		x, w = [4][]float64{zero, zero, zero, zero}, [4]float64{}
		for j, row := range sp.Rows[i:min(i+4, len(sp.Rows))] {
			if len(row.X) != s.dim {
				s.bad = fmt.Errorf("row %d has %d inputs, want %d", i+j, len(row.X), s.dim)
				return
			}
			by := 1.0
			if sp.Weights != nil {
				by = sp.Weights[i+j]
			}
			if by == 0 {
				continue // it says nothing, whatever is in it
			}
			x[j], w[j] = row.X, by
			t.weight += by
			t.squares += float64(by * float64(row.Y*row.Y))
			addScaled(t.cross, row.X, float64(by*row.Y))
		}
		for k := range s.dim {
			addScaled4(t.gram[k*s.dim+k:(k+1)*s.dim], x[0][k:], x[1][k:], x[2][k:], x[3][k:],
				float64(w[0]*x[0][k]), float64(w[1]*x[1][k]), float64(w[2]*x[2][k]), float64(w[3]*x[3][k]))
		}
	}
	s.Merge(t, sp.Weight)
}

// clear makes room for sums.
func (s *Regression) clear() {
	s.gram, s.cross = make([]float64, s.dim*s.dim), make([]float64, s.dim)
}

// Merge adds other, each row weighing weight.
func (s *Regression) Merge(other Stats[Labelled], weight float64) {
	t := other.(*Regression)
	if s.bad == nil {
		s.bad = t.bad
	}
	s.rows += t.rows
	add := float64(t.weight * weight)
	if add == 0 {
		return
	}
	switch {
	case s.weight == 0 && t.design != nil:
		s.design, s.scale, s.rest = t.design, float64(t.scale*weight), float64(t.rest*weight)
		s.u = append(s.u[:0], t.u...)
	case s.design != nil && s.design == t.design:
		s.pool(t, weight)
	default:
		s.sum()
		t.addTo(s, weight)
	}
	s.weight += add
}

// pool adds rows of the same design: means of u, and what they differ by is rest (Chan et al. 1979).
func (s *Regression) pool(t *Regression, weight float64) {
	add := float64(t.scale * weight)
	n := s.scale + add
	share, apart := add/n, 0.0
	for k, x := range t.u {
		d := x - s.u[k]
		s.u[k] += float64(d * share)
		apart += float64(d * d)
	}
	s.rest += float64(t.rest*weight) + float64(apart*float64(s.scale*share))
	s.scale = n
}

// sum changes s to sums.
func (s *Regression) sum() {
	if s.gram != nil {
		return
	}
	t := *s
	s.clear()
	s.design, s.u, s.scale, s.rest, s.squares = nil, nil, 0, 0, 0
	t.addTo(s, 1)
}

// addTo adds weight × the matrices of t to the sums of s.
func (t *Regression) addTo(s *Regression, weight float64) {
	switch {
	case t.design != nil:
		by := float64(t.scale * weight)
		t.design.addGram(s.gram, by)
		addScaled(s.cross, t.design.transposed(t.u), by)
		s.squares += float64(by*dot(t.u, t.u)) + float64(t.rest*weight)
	case t.gram != nil:
		for k := range s.dim {
			addScaled(s.gram[k*s.dim+k:(k+1)*s.dim], t.gram[k*s.dim+k:(k+1)*s.dim], weight)
		}
		addScaled(s.cross, t.cross, weight)
		s.squares += float64(t.squares * weight)
	}
}

// Gram is X′X, dim × dim, row by row, of which only the upper triangle is set; Cross is X′y. Each is computed anew.
func (s *Regression) Gram() []float64  { return s.sums().gram }
func (s *Regression) Cross() []float64 { return s.sums().cross }

// Squares is y′y.
func (s *Regression) Squares() float64 {
	if s.design != nil {
		return float64(s.scale*dot(s.u, s.u)) + s.rest
	}
	return s.squares
}

// sums is a copy of s as sums.
func (s *Regression) sums() *Regression {
	t := &Regression{dim: s.dim, weight: s.weight, rows: s.rows}
	t.clear()
	s.addTo(t, 1)
	return t
}

// quadratic is v′X′Xv.
func (s *Regression) quadratic(v []float64) (q float64) {
	if s.design != nil {
		for k := range s.dim {
			x := dot(s.design.row(k), v[k:])
			q += float64(x * x)
		}
		return float64(q * s.scale)
	}
	if s.gram == nil {
		return 0
	}
	for k := range s.dim {
		row := s.gram[k*s.dim+k : (k+1)*s.dim]
		q += float64(v[k] * (float64(row[0]*v[k]) + float64(2*dot(row[1:], v[k+1:]))))
	}
	return q
}

// residual is the sum of squares that least squares leaves, given its solution.
func (s *Regression) residual(w []float64) float64 {
	if s.design != nil {
		return s.rest
	}
	return max(0, s.squares-dot(s.cross, w))
}
