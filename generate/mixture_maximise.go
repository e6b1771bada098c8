package generate

import (
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// gather adds size rows, weighted by the responsibilities of part k, to its sums.
func (e *em) gather(k, from, size int) {
	r := e.logs[k*lane : k*lane+size]
	width := 1 + e.dim + e.dim*e.dim
	sums := e.sums[k*width : (k+1)*width]
	if e.dim == 2 {
		gather2(sums, r, e.x[from:from+size], e.x[e.n+from:e.n+from+size], e.means(k))
		return
	}
	sums[0] += num.Sum(r)
	for j := range e.dim {
		mean, dev := e.means(k)[j], e.deviation[j*lane:j*lane+size]
		for i, x := range e.x[j*e.n+from : j*e.n+from+size] {
			dev[i] = x - mean
		}
	}
	weighted := e.norm[:size]
	for j := range e.dim {
		for i, d := range e.deviation[j*lane : j*lane+size] {
			weighted[i] = float64(r[i] * d)
		}
		sums[1+j] += num.Sum(weighted)
		last := e.dim
		if e.shape != "full" {
			last = j + 1
		}
		for l := j; l < last; l++ {
			sums[1+e.dim+j*e.dim+l] += num.Dot(weighted, e.deviation[l*lane:l*lane+size])
		}
	}
}

// gather2 is gather of two columns.
func gather2(sums, r, x, y, mean []float64) {
	x, y = x[:len(r)], y[:len(r)]
	mx, my := mean[0], mean[1]
	var w, sx, sy, xx, xy, yy float64
	for i, p := range r {
		dx, dy := x[i]-mx, y[i]-my
		px, py := float64(p*dx), float64(p*dy)
		w += p
		sx += px
		sy += py
		xx += float64(px * dx)
		xy += float64(px * dy)
		yy += float64(py * dy)
	}
	for i, s := range [...]float64{w, sx, sy, xx, xy, 0, yy} {
		sums[i] += s
	}
}

// update is the M step: weights, means and covariances of the sums. A part that no row belongs to keeps what it was.
func (e *em) update() {
	dim, width := e.dim, 1+e.dim+e.dim*e.dim
	for k := range e.parts {
		sums := e.sums[k*width : (k+1)*width]
		weight := sums[0]
		e.weights[k] = weight / e.total
		if !(weight > 0) {
			e.now.constant[k] = math.Inf(-1)
			continue
		}
		mean, c := e.means(k), e.covariance[k*dim*dim:(k+1)*dim*dim]
		for j := range dim {
			shift := sums[1+j] / weight
			for l := j; l < dim; l++ {
				c[j*dim+l] = sums[1+dim+j*dim+l]/weight - float64(shift*(sums[1+l]/weight))
			}
		}
		for j := range dim {
			mean[j] += sums[1+j] / weight
		}
		e.constrain(c)
		e.ready(k)
	}
}

// constrain gives a covariance its shape and its floor.
func (e *em) constrain(c []float64) {
	dim, trace := e.dim, 0.0
	for j := range dim {
		if e.shape != "full" {
			clear(c[j*dim+j+1 : (j+1)*dim])
		}
		at := &c[j*dim+j]
		*at = max(0, *at) + e.floor
		trace += *at
	}
	if e.shape == "spherical" {
		for j := range dim {
			c[j*dim+j] = trace / float64(dim)
		}
	}
}

// ready prepares the density of part k, or says why it has none.
func (e *em) ready(k int) {
	f := factor{e.dim, false, e.root}
	if !e.decompose(k) {
		f = e.factorOf(k)
	}
	if r := f.rank(); r < e.dim && e.why == "" {
		e.why = fmt.Sprintf("component %d: covariance of rank %d of %d", k, r, e.dim)
	}
	if x := f.pivot(0); math.IsNaN(x) {
		e.why = fmt.Sprintf("component %d: covariance not finite", k)
	}
	e.now.set(k, e.weights[k], e.means(k), f)
}

// decompose writes the factor of covariance k to root; false where it may be singular.
func (e *em) decompose(k int) bool {
	dim := e.dim
	c, r := e.covariance[k*dim*dim:(k+1)*dim*dim], factor{dim, false, e.root}
	for j := range dim {
		row := r.row(j)
		copy(row, c[j*dim+j:(j+1)*dim])
		r.addAbove(row, j, j, -1)
		p := row[0]
		if !(p > float64(certain*c[j*dim+j])) || math.IsInf(p, 0) {
			return false
		}
		root := math.Sqrt(p)
		row[0] = root
		for i := 1; i < len(row); i++ {
			row[i] /= root
		}
	}
	return true
}

// factorOf is the factor of covariance k.
func (e *em) factorOf(k int) factor {
	dim := e.dim
	c := e.covariance[k*dim*dim : (k+1)*dim*dim]
	if e.shape == "full" {
		return cholesky(c, dim, 1, math.Inf(1))
	}
	f := newFactor(dim, true)
	for j := range dim {
		f.a[j] = math.Sqrt(c[j*dim+j])
	}
	return f
}
