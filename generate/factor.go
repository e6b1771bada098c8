package generate

import "math"

// A factor is an upper triangular R with R′R = a covariance (or a scatter matrix): row k holds columns k … dim−1.
// A row whose pivot is 0 is all 0: the rank is the number of pivots that are not. It is kept instead of the matrix
// because a drawn scatter matrix has the factor B·R, which needs no decomposition and keeps its digits
// long after the matrix would have lost them. A factor is not changed once made.
type factor struct {
	dim      int
	diagonal bool
	a        []float64 // dim × dim, row by row; only the dim pivots where diagonal
}

func newFactor(dim int, diagonal bool) factor {
	if diagonal {
		return factor{dim, true, make([]float64, dim)}
	}
	return factor{dim, false, make([]float64, dim*dim)}
}

// row is row k from its pivot on.
func (f factor) row(k int) []float64 {
	if f.diagonal {
		return f.a[k : k+1]
	}
	return f.a[k*f.dim+k : (k+1)*f.dim]
}

func (f factor) pivot(k int) float64 { return f.row(k)[0] }

// rank is the number of pivots that are not 0.
func (f factor) rank() (n int) {
	for k := range f.dim {
		if f.pivot(k) != 0 {
			n++
		}
	}
	return n
}

// addSquares adds weight × the diagonal of R′R to dst.
func (f factor) addSquares(dst []float64, weight float64) {
	for k := range f.dim {
		to := dst[k:]
		for j, x := range f.row(k) {
			to[j] += float64(weight * float64(x*x))
		}
	}
}

// addGram adds weight × the upper triangle of R′R to dst, dim × dim.
func (f factor) addGram(dst []float64, weight float64) {
	for k := range f.dim {
		row := f.row(k)
		for i, x := range row {
			if x != 0 {
				at := (k+i)*f.dim + k + i
				addScaled(dst[at:], row[i:], float64(weight*x))
			}
		}
	}
}

// scaled is by × R.
func (f factor) scaled(by float64) factor {
	out := factor{f.dim, f.diagonal, make([]float64, len(f.a))}
	for i, x := range f.a {
		out.a[i] = float64(x * by)
	}
	return out
}

// undefined is a factor of NaN.
func undefined(dim int, diagonal bool) factor {
	f := newFactor(dim, diagonal)
	for k := range dim {
		row := f.row(k)
		for j := range row {
			row[j] = math.NaN()
		}
	}
	return f
}

// addScaled adds by × src to the first elements of dst. Four at a time: the compiler does not unroll.
func addScaled(dst, src []float64, by float64) {
	dst = dst[:len(src)]
	for len(src) >= 4 {
		d, s := dst[:4:4], src[:4:4]
		d[0] += float64(by * s[0])
		d[1] += float64(by * s[1])
		d[2] += float64(by * s[2])
		d[3] += float64(by * s[3])
		dst, src = dst[4:], src[4:]
	}
	for i, x := range src {
		dst[i] += float64(by * x)
	}
}
