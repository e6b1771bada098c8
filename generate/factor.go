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
	if f.diagonal {
		for k, x := range f.a {
			dst[k*f.dim+k] += float64(weight * float64(x*x))
		}
		return
	}
	for i := range f.dim {
		f.addAbove(dst[i*f.dim+i:(i+1)*f.dim], i, i+1, weight)
	}
}

// addAbove adds weight × Σ R[k][i]·(R[k][i], …, R[k][dim−1]) over the first n rows k to dst.
func (f factor) addAbove(dst []float64, i, n int, weight float64) {
	at := func(k int) []float64 { return f.a[k*f.dim+i : (k+1)*f.dim] }
	k := 0
	for ; k+4 <= n; k += 4 {
		a, b, c, d := at(k), at(k+1), at(k+2), at(k+3)
		addScaled4(dst, a, b, c, d, float64(weight*a[0]), float64(weight*b[0]), float64(weight*c[0]), float64(weight*d[0]))
	}
	for ; k < n; k++ {
		a := at(k)
		addScaled(dst, a, float64(weight*a[0]))
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

// addScaled adds by × src to the first elements of dst.
func addScaled(dst, src []float64, by float64) {
	dst = dst[:len(src)]
	for i, x := range src {
		dst[i] += float64(by * x)
	}
}

// addScaled4 is addScaled of four sources in order, as long as dst: the same bits, a quarter of the loads and stores.
func addScaled4(dst, a, b, c, d []float64, x, y, z, w float64) {
	n := len(dst)
	a, b, c, d = a[:n], b[:n], c[:n], d[:n]
	for i, s := range dst {
		dst[i] = s + float64(x*a[i]) + float64(y*b[i]) + float64(z*c[i]) + float64(w*d[i])
	}
}
