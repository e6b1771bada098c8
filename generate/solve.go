package generate

import "math"

// solution is the weights w of least squares, of minimum norm where they are not unique, and the rank of the design.
func (s *Regression) solution() (w []float64, rank int) {
	switch {
	case s.design != nil && s.design.fullRank():
		return s.design.backward(s.u), s.dim
	case s.design != nil:
		m := minimumNorm(*s.design, s.u)
		return m.fromProjections(), len(m.rows)
	case s.gram == nil:
		return make([]float64, s.dim), 0
	}
	f, rank := s.factor()
	return f.normalEquations(s.cross), rank
}

// ridge is the weights w of (X′X + by·I) w = X′y.
func (s *Regression) ridge(by float64) (w []float64, rank int) {
	t := s.sums()
	for k := range s.dim {
		t.gram[k*s.dim+k] += by
	}
	f := cholesky(t.gram, s.dim, 1, math.Inf(1))
	return f.normalEquations(t.cross), f.rank()
}

// factor is that of the sums' Gram matrix, whose rank is at most the rows.
func (s *Regression) factor() (factor, int) {
	f := cholesky(s.gram, s.dim, 1, s.rows)
	return f, f.rank()
}

// normalEquations is w of R′R·w = cross, of minimum norm where R is not of full rank.
func (f *factor) normalEquations(cross []float64) []float64 {
	if f.fullRank() {
		return f.backward(f.forward(cross))
	}
	return minimumNorm(*f, nil).fromCross(cross)
}

// transposed is R′u.
func (f *factor) transposed(u []float64) []float64 {
	out := make([]float64, f.dim)
	for k, x := range u {
		if x != 0 {
			addScaled(out[k:], f.row(k), x)
		}
	}
	return out
}

// fullRank reports that no pivot of a factor that is not diagonal is 0, nor NaN.
func (f *factor) fullRank() bool {
	for k := 0; k < len(f.a); k += f.dim + 1 {
		if p := f.a[k]; p == 0 || p != p {
			return false
		}
	}
	return true
}

// backward is w of R·w = u.
func (f *factor) backward(u []float64) []float64 {
	w := make([]float64, f.dim)
	for k := f.dim - 1; k >= 0; k-- {
		row := f.row(k)
		w[k] = (u[k] - dot(row[1:], w[k+1:])) / row[0]
	}
	return w
}

// forward is u of R′·u = cross.
func (f *factor) forward(cross []float64) []float64 {
	u, left := make([]float64, f.dim), append([]float64(nil), cross...)
	for k := range u {
		row := f.row(k)
		u[k] = left[k] / row[0]
		addScaled(left[k:], row, -u[k])
	}
	return u
}

// A lowRank is the rows B of a factor that are not 0, r × dim of full rank, as B′ = Q·T by Householder's reflections
// (Golub and Van Loan 2013, Matrix Computations, §5.2): row k keeps column k of T up to its diagonal, and the vector of
// reflection k after that.
type lowRank struct {
	dim  int
	rows [][]float64
	diag []float64 // of T
	u    []float64 // what the rows are to give: B·w = u
}

// minimumNorm decomposes the rows of f that are not 0, with their elements of u. A factor of NaN gives weights of NaN.
func minimumNorm(f factor, u []float64) *lowRank {
	q := &lowRank{dim: f.dim}
	for k := range f.dim {
		if f.pivot(k) == 0 {
			continue
		}
		row := make([]float64, f.dim)
		copy(row[k:], f.row(k))
		q.rows = append(q.rows, row)
		if u != nil {
			q.u = append(q.u, u[k])
		}
	}
	for k, row := range q.rows {
		for i := range k {
			q.reflect(i, row)
		}
		v := row[k:]
		length := math.Sqrt(dot(v, v))
		if v[0] > 0 {
			length = -length
		}
		q.diag = append(q.diag, length)
		v[0] -= length
		if norm := math.Sqrt(dot(v, v)); norm > 0 {
			for j := range v {
				v[j] /= norm
			}
		}
	}
	return q
}

// reflect applies reflection i to x.
func (q *lowRank) reflect(i int, x []float64) {
	v := q.rows[i][i:]
	addScaled(x[i:], v, float64(-2*dot(v, x[i:])))
}

// fromProjections is the shortest w with B·w = u: Q·y with T′·y = u.
func (q *lowRank) fromProjections() []float64 {
	w := make([]float64, q.dim)
	for k, row := range q.rows {
		w[k] = (q.u[k] - dot(row[:k], w[:k])) / q.diag[k]
	}
	for i := len(q.rows) - 1; i >= 0; i-- {
		q.reflect(i, w)
	}
	return w
}

// fromCross is the shortest w that minimises |B·w − u| where cross = B′·u: u solves T·u = Q′·cross.
func (q *lowRank) fromCross(cross []float64) []float64 {
	c := append([]float64(nil), cross...)
	for i := range q.rows {
		q.reflect(i, c)
	}
	q.u = make([]float64, len(q.rows))
	for k := len(q.rows) - 1; k >= 0; k-- {
		q.u[k] = c[k] / q.diag[k]
		addScaled(c[:k], q.rows[k][:k], -q.u[k])
	}
	return q.fromProjections()
}
