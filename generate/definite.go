package generate

import "math"

// definite is the factor of a correlation matrix, or, where that has a negative eigenvalue, of the matrix without it: negative
// eigenvalues become 0, and the diagonal 1 again (Rebonato and Jäckel 1999, The most general methodology to create a valid
// correlation matrix, §2).
func definite(correlation []float64, dim int) factor {
	f := cholesky(correlation, dim, 1, math.Inf(1))
	back := make([]float64, dim*dim)
	f.addGram(back, 1)
	near := true
	for i := range dim {
		for j := i; j < dim; j++ {
			near = near && math.Abs(back[i*dim+j]-correlation[i*dim+j]) <= float64(1e-9*float64(dim))
		}
	}
	if near {
		return f
	}
	return cholesky(clipped(correlation, dim), dim, 1, math.Inf(1))
}

// clipped is Σ max(0, λ_k) v_k v_k′, scaled to a diagonal of 1.
func clipped(a []float64, dim int) []float64 {
	values, vectors := eigen(a, dim)
	out := make([]float64, dim*dim)
	for k, l := range values {
		if l <= 0 {
			continue
		}
		for i := range dim {
			addScaled(out[i*dim:(i+1)*dim], vectors[k*dim:(k+1)*dim], float64(l*vectors[k*dim+i]))
		}
	}
	sd := make([]float64, dim)
	for i := range dim {
		sd[i] = math.Sqrt(out[i*dim+i])
	}
	for i := range dim {
		for j := range dim {
			if d := float64(sd[i] * sd[j]); d > 0 {
				out[i*dim+j] /= d
			}
		}
		out[i*dim+i] = 1
	}
	return out
}

// eigen are the eigenvalues of a symmetric matrix and its eigenvectors, one after the other, by Jacobi's rotations (Golub and
// Van Loan 2013, Matrix computations, §8.5).
func eigen(symmetric []float64, dim int) (values, vectors []float64) {
	a, v := append([]float64(nil), symmetric...), make([]float64, dim*dim)
	for i := range dim {
		v[i*dim+i] = 1
	}
	const sweeps = 60 // far more than are ever needed
	for range sweeps {
		off := 0.0
		for p := range dim {
			for q := p + 1; q < dim; q++ {
				off += math.Abs(a[p*dim+q])
				rotate(a, v, dim, p, q)
			}
		}
		if off < 1e-14 {
			break
		}
	}
	values = make([]float64, dim)
	for i := range dim {
		values[i] = a[i*dim+i]
	}
	return values, v
}

// rotate makes a[p, q] zero.
func rotate(a, v []float64, dim, p, q int) {
	apq := a[p*dim+q]
	if apq == 0 {
		return
	}
	tau := (a[q*dim+q] - a[p*dim+p]) / float64(2*apq)
	t := math.Copysign(1, tau) / (math.Abs(tau) + math.Sqrt(1+float64(tau*tau)))
	c := 1 / math.Sqrt(1+float64(t*t))
	s := float64(t * c)
	turn := func(x, y *float64) {
		*x, *y = float64(c**x)-float64(s**y), float64(s**x)+float64(c**y)
	}
	for k := range dim {
		turn(&a[k*dim+p], &a[k*dim+q])
	}
	for k := range dim {
		turn(&a[p*dim+k], &a[q*dim+k])
		turn(&v[p*dim+k], &v[q*dim+k])
	}
	a[p*dim+q], a[q*dim+p] = 0, 0
}
