package generate

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/rng"
)

// DrawStats draws the mean, which is normal, and the scatter matrix, which is Wishart with n − 1 degrees of freedom and
// independent of it, by Bartlett's decomposition (Bartlett 1933; Anderson 2003, An Introduction to Multivariate
// Statistical Analysis, §7.2): scatter = (B·R)′(B·R), B upper triangular with B_ii² ~ χ²_{n−i} and normals above, i = 1, 2, …;
// with n ≤ dim rows only the first n − 1 rows of B exist.
func (f JointNormal) DrawStats(into Stats[Vector], n int, r *rand.Rand) bool {
	s, ok := into.(*Scatter)
	if !ok || s.dim != f.Dim() || n < 1 {
		return false
	}
	t := s
	if s.rows != 0 || s.sum != nil {
		t = newScatter(s.dim, s.diagonal)
	}
	t.weight, t.rows = float64(n), float64(n)
	f.drawInto(t.mean, 1/math.Sqrt(float64(n)), r)
	if f.factor.diagonal && s.diagonal {
		t.sum = f.factor.squares(n-1, r)
	} else {
		t.root = f.wishart(n-1, r)
	}
	if t != s {
		s.Merge(t, 1)
	}
	return true
}

// squares are the variances times chi-squares of given degrees of freedom: the diagonal of a Wishart matrix of
// independent columns.
func (f factor) squares(freedom int, r *rand.Rand) []float64 {
	out := make([]float64, f.dim)
	for k, sd := range f.a {
		if sd != 0 && freedom > 0 {
			out[k] = float64(float64(sd*sd) * rng.ChiSquared(r, float64(freedom)))
		}
	}
	return out
}

// wishart is the factor of a Wishart matrix of given degrees of freedom, in the subspace of f.
func (f JointNormal) wishart(freedom int, r *rand.Rand) factor {
	out := newFactor(f.factor.dim, false)
	var few [32]int // on the stack
	living := few[:0]
	for k := range f.factor.dim {
		if f.factor.pivot(k) != 0 {
			living = append(living, k)
		}
	}
	var short [32]float64
	b := short[:]
	if len(living) > len(b) {
		b = make([]float64, len(living))
	}
	b = b[:len(living)]
	for i, k := range living[:min(len(living), freedom)] {
		b[i] = math.Sqrt(rng.ChiSquared(r, float64(freedom-i)))
		for j := i + 1; j < len(living); j++ {
			b[j] = rng.Normal(r)
		}
		f.combine(out.row(k), k, b[i:], living[i:])
	}
	return out
}

// combine adds Σ b[j] × row rows[j] of f to dst, which begins at column first.
func (f JointNormal) combine(dst []float64, first int, b []float64, rows []int) {
	j := 0
	for ; j+4 <= len(rows) && !f.factor.diagonal; j += 4 {
		var row [4][]float64
		last := rows[j+3]
		for i := range row { // what lies before the last of the four's pivot, then all four at once
			k := rows[j+i]
			row[i] = f.factor.row(k)
			addScaled(dst[k-first:last-first], row[i][:last-k], b[j+i])
			row[i] = row[i][last-k:]
		}
		addScaled4(dst[last-first:], row[0], row[1], row[2], row[3], b[j], b[j+1], b[j+2], b[j+3])
	}
	for ; j < len(rows); j++ {
		addScaled(dst[rows[j]-first:], f.factor.row(rows[j]), b[j])
	}
}
