package generate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// lane is how many rows are worked on at a time: columns of so many numbers stay in the fastest memory.
const lane = 256

// densities are the log densities of weighted normals, ready for many rows: ln weight − (dim/2) ln 2π + ln det W − |W (x − mean)|²/2,
// W lower triangular, W Σ W′ = 1.
type densities struct {
	dim, parts int
	constant   []float64 // a part each; −Inf of weight 0
	mean       []float64 // parts × dim
	w          []float64 // parts × dim × dim
	deviation  []float64 // dim × lane, reused
}

func newDensities(dim, parts int) *densities {
	return &densities{dim, parts, make([]float64, parts), make([]float64, parts*dim), make([]float64, parts*dim*dim), make([]float64, dim*lane)}
}

// densitiesOf are those of a mixture; false: a component is singular or not finite.
func densitiesOf(m Mixture) (d *densities, ok bool) {
	d = newDensities(m.Dim(), len(m.parts))
	for k, p := range m.parts {
		if m.weights[k] > 0 && p.Degenerate() != "" {
			return nil, false
		}
		d.set(k, m.weights[k], p.mean, p.factor)
	}
	return d, true
}

// set is part k by its factor R: W is the inverse of R′.
func (d *densities) set(k int, weight float64, mean []float64, f factor) {
	dim := d.dim
	copy(d.mean[k*dim:], mean)
	if !(weight > 0) {
		d.constant[k] = math.Inf(-1)
		return
	}
	w := d.w[k*dim*dim : (k+1)*dim*dim]
	clear(w)
	logDet := 0.0
	for c := range dim {
		w[c*dim+c] = 1 / f.pivot(c)
		logDet += num.Log(math.Abs(w[c*dim+c]))
		for i := c + 1; i < dim && !f.diagonal; i++ {
			sum := 0.0
			for l := c; l < i; l++ {
				sum += float64(f.row(l)[i-l] * w[l*dim+c])
			}
			w[i*dim+c] = -sum / f.pivot(i)
		}
	}
	d.constant[k] = num.Log(weight) + logDet - float64(0.5*float64(float64(dim)*num.Log(2*math.Pi)))
}

// logs writes the log densities of size ≤ lane rows to dst, parts × lane. Column j of the rows is x[j·stride:].
func (d *densities) logs(dst, x []float64, stride, size int) {
	for k := range d.parts {
		to := dst[k*lane : k*lane+size]
		if d.dim == 2 {
			d.logs2(to, k, x[:size], x[stride:stride+size])
			continue
		}
		clear(to)
		w := d.w[k*d.dim*d.dim : (k+1)*d.dim*d.dim]
		for j := range d.dim {
			mean, dev := d.mean[k*d.dim+j], d.deviation[j*lane:j*lane+size]
			for i, v := range x[j*stride : j*stride+size] {
				dev[i] = v - mean
			}
		}
		for j := d.dim - 1; j >= 0; j-- { // from the last, so that deviation j may hold z
			d.whiten(j, w[j*d.dim:j*d.dim+j+1], size)
			for i, z := range d.deviation[j*lane : j*lane+size] {
				to[i] += float64(z * z)
			}
		}
		for i, q := range to {
			to[i] = d.constant[k] - float64(0.5*q)
		}
	}
}

// whiten puts w·deviations in place of deviation j.
func (d *densities) whiten(j int, w []float64, size int) {
	z := d.deviation[j*lane : j*lane+size]
	for i, v := range z {
		z[i] = float64(w[j] * v)
	}
	for l, by := range w[:j] {
		if by != 0 {
			addScaled(z, d.deviation[l*lane:l*lane+size], by)
		}
	}
}

// logs2 is logs of two columns.
func (d *densities) logs2(to []float64, k int, x, y []float64) {
	w := d.w[k*4 : k*4+4]
	mx, my, a, b, c, constant := d.mean[2*k], d.mean[2*k+1], w[0], w[2], w[3], d.constant[k]
	x, y = x[:len(to)], y[:len(to)]
	for i := range to {
		dx, dy := x[i]-mx, y[i]-my
		z := float64(a * dx)
		t := float64(b*dx) + float64(c*dy)
		to[i] = constant - float64(0.5*(float64(z*z)+float64(t*t)))
	}
}

// Score is the log density of each row. Where a component is singular it is +Inf in its subspace. A fit that is not
// finite gives NaN.
func (m Mixture) Score(ctx context.Context, rows []Vector, nats []float64) error {
	for i, row := range rows {
		if len(row) != m.Dim() {
			return fmt.Errorf("mixture: row %d has %d columns, want %d", i, len(row), m.Dim())
		}
	}
	d, ok := densitiesOf(m)
	if !ok {
		return m.scoreSingular(ctx, rows, nats)
	}
	logs, x, each := make([]float64, d.parts*lane), make([]float64, d.dim*lane), make([]float64, d.parts)
	for from := 0; from < len(rows); from += lane {
		some := rows[from:min(from+lane, len(rows))]
		for i, row := range some {
			for j, v := range row {
				x[j*lane+i] = v
			}
		}
		d.logs(logs, x, lane, len(some))
		for i := range some {
			for k := range each {
				each[k] = logs[k*lane+i]
			}
			nats[from+i] = logSumExp(each)
		}
	}
	return nil
}

// scoreSingular is Score component by component.
func (m Mixture) scoreSingular(ctx context.Context, rows []Vector, nats []float64) error {
	each, all := make([]float64, len(rows)), make([][]float64, len(rows))
	for k, p := range m.parts {
		if m.weights[k] == 0 {
			continue
		}
		if err := p.Score(ctx, rows, each); err != nil {
			return err
		}
		for i, x := range each {
			all[i] = append(all[i], num.Log(m.weights[k])+x)
		}
	}
	for i, logs := range all {
		nats[i] = logSumExp(logs)
	}
	return nil
}
