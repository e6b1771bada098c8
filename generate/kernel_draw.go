package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/rng"
)

// Draw appends n independent rows: one of the rows that it learned from, plus h times normal noise. Without rows it
// draws NaN.
func (f Kernels[E]) Draw(ctx context.Context, dst []E, n int, r *rand.Rand) ([]E, error) {
	dst = slices.Grow(dst, n)
	to, scalars := any(&dst).(*[]float64)
	dim := f.dim
	if scalars {
		dim = 1
	}
	flat := make([]float64, n*dim)
	for i := range n {
		if i%1024 == 1023 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		f.drawInto(flat[i*dim:(i+1)*dim], r)
	}
	if scalars {
		*to = append(*to, flat...)
		return dst, nil
	}
	vectors := any(&dst).(*[]Vector)
	*vectors = views(*vectors, flat, n, dim)
	return dst, nil
}

func (f Kernels[E]) drawInto(row []float64, r *rand.Rand) {
	if len(f.clouds) == 0 {
		for j := range row {
			row[j] = math.NaN()
		}
		return
	}
	c, i := f.pick(r)
	for j := range row {
		row[j] = c.x[j*c.n+i]
		if f.bandwidth != 0 {
			row[j] += float64(f.bandwidth * rng.Normal(r))
		}
	}
}

// Law is that of a location-scale family with noise h²: the variance of a drawn row is the rows' (divisor n) plus h², summed
// over columns. Only a fixed bandwidth and a truth without end have one.
func (f Kernels[E]) Law(truth Source[E]) (Law, error) {
	if f.rule != "fixed" {
		return nil, fmt.Errorf("a bandwidth by %s's rule has no linear law: use rule fixed", f.rule)
	}
	if _, finite := truth.(Finite[E]); finite {
		return nil, fmt.Errorf("rows of a finite truth are not independent")
	}
	noise := float64(f.bandwidth * f.bandwidth)
	switch t := any(truth).(type) {
	case interface {
		Moment2() (mean, variance float64)
	}:
		_, v := t.Moment2()
		return LocationScale{V0: v, Scale: 1, Noise: noise}, nil
	case interface{ Normal() JointNormal }:
		p := t.Normal()
		return LocationScale{V0: p.Trace(), Scale: 1, Noise: float64(float64(p.Dim()) * noise)}, nil
	}
	return nil, fmt.Errorf("%T does not know its variance", truth)
}
