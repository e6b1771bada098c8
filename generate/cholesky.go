package generate

import "math"

// Below certain, a pivot is small enough beside its diagonal element for rounding to have made it: the slower
// decomposition decides. Below noise·dim it takes pivots for 0.
const (
	certain = 1e-8
	noise   = 64 * 0x1p-52
)

// cholesky is the factor of a symmetric matrix, upper triangle of dim × dim, times scale, of rank at most limit.
// A matrix that is only semidefinite, up to rounding, has a factor of lower rank; one that is not finite has one of NaN.
func cholesky(sum []float64, dim int, scale float64, limit float64) factor {
	r := scaledTriangle(sum, dim, scale)
	for k := range dim {
		if p := r.pivot(k); math.IsNaN(p) || math.IsInf(p, 0) {
			return undefined(dim, false)
		}
	}
	if limit < float64(dim) {
		return semidefinite(r, int(max(0, limit)))
	}
	for k := range dim {
		row := r.row(k)
		first := row[0]
		r.addAbove(row, k, k, -1)
		p := row[0]
		if !(p > float64(certain*first)) {
			return semidefinite(scaledTriangle(sum, dim, scale), dim)
		}
		root := math.Sqrt(p)
		row[0] = root
		for j := 1; j < len(row); j++ {
			row[j] /= root
		}
	}
	return r
}

// scaledTriangle is scale × the upper triangle of a matrix.
func scaledTriangle(sum []float64, dim int, scale float64) factor {
	f := newFactor(dim, false)
	for k := range dim {
		row := f.row(k)
		for j, x := range sum[k*dim+k : (k+1)*dim] {
			row[j] = float64(x * scale)
		}
	}
	return f
}

// semidefinite is the factor of the upper triangle s, at most of rank limit: Cholesky's decomposition of the
// correlations with the largest pivot first, which finds the rank (Higham 2002, Accuracy and Stability of Numerical
// Algorithms, §10.3), whose rows are then rotated back to the order of the columns.
func semidefinite(s factor, limit int) factor {
	dim := s.dim
	w, sd := correlations(s)
	out, row := newFactor(dim, false), make([]float64, dim)
	for range min(limit, dim) {
		k := 0
		for i := range dim {
			if w[i*dim+i] > w[k*dim+k] {
				k = i
			}
		}
		if !(w[k*dim+k] > float64(float64(dim)*noise)) {
			break
		}
		root := math.Sqrt(w[k*dim+k])
		for j := range dim {
			row[j] = w[k*dim+j] / root
		}
		for i := range dim {
			if row[i] != 0 {
				addScaled(w[i*dim:(i+1)*dim], row, -row[i])
			}
		}
		for j := range dim { // exactly, whatever rounding left
			w[k*dim+j], w[j*dim+k] = 0, 0
		}
		out.insert(row)
	}
	for k := range dim {
		to := out.row(k)
		for j := range to {
			to[j] = float64(to[j] * sd[k+j])
		}
	}
	return out
}

// correlations is the full correlation matrix of an upper triangle, and the roots of its diagonal. A column without
// variance has zeros.
func correlations(s factor) (w, sd []float64) {
	dim := s.dim
	w, sd = make([]float64, dim*dim), make([]float64, dim)
	for k := range dim {
		sd[k] = math.Sqrt(max(0, s.pivot(k)))
	}
	for k := range dim {
		for j, x := range s.row(k) {
			if d := float64(sd[k] * sd[k+j]); d > 0 {
				w[k*dim+k+j] = x / d
				w[(k+j)*dim+k] = x / d
			}
		}
	}
	return w, sd
}

// insert rotates one more row, of a factor of correlations, into f, so that f′f grows by row′row (Givens). It uses row up. Only for a factor
// that nobody has seen yet.
func (f factor) insert(row []float64) {
	for k := range f.dim {
		x := row[k]
		if x == 0 {
			continue
		}
		to := f.row(k)
		if to[0] == 0 {
			copy(to, row[k:])
			return
		}
		h := math.Sqrt(float64(to[0]*to[0]) + float64(x*x)) // of correlations: neither overflows nor vanishes
		c, s := to[0]/h, x/h
		to[0] = h
		rest := row[k+1:]
		for j, y := range to[1:] {
			to[1+j] = float64(c*y) + float64(s*rest[j])
			rest[j] = float64(c*rest[j]) - float64(s*y)
		}
	}
}
