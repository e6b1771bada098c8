package generate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/internal/num"
)

// Score is the log density of each row: the log of the mean kernel. With a bandwidth of 0 it is +Inf at the rows that it
// learned from and −Inf elsewhere. Sums over a block are remembered for the rows scored last, so that the next fit that holds the
// same block, at the same bandwidth, scores the same rows for the cost of its new blocks.
func (f Kernels[E]) Score(_ context.Context, rows []E, nats []float64) error {
	if len(rows) == 0 {
		return nil
	}
	at, err := f.targetOf(rows)
	if err != nil {
		return fmt.Errorf("kernel density: %w", err)
	}
	by := 1 / float64(f.bandwidth*math.Sqrt2)
	switch {
	case len(f.clouds) == 0:
		for i := range rows {
			nats[i] = math.NaN()
		}
		return nil
	case math.IsInf(by, 0):
		f.scorePoints(at, nats)
		return nil
	}
	f.addUp(nats[:len(rows)], at, by)
	constant := num.Log(f.total()) + float64(float64(f.dim)*(num.Log(f.bandwidth)+float64(0.5*num.Log(2*math.Pi))))
	for i := range rows {
		nats[i] -= constant
	}
	return nil
}

// addUp is ln Σ weight·sum over the clouds, a target each.
func (f Kernels[E]) addUp(nats []float64, at *target, by float64) {
	each := make([]*kernelSums, len(f.clouds))
	shifted := false
	for i, c := range f.clouds {
		each[i] = c.sums(at, by)
		shifted = shifted || each[i].shift != nil
	}
	if shifted {
		f.addShifted(nats, each)
		return
	}
	clear(nats)
	for k, s := range each {
		addScaled(nats, s.value, f.clouds[k].weight)
	}
	for i, x := range nats {
		nats[i] = num.Log(x)
	}
}

// addShifted is ln Σ weight·value·e^shift over the clouds.
func (f Kernels[E]) addShifted(nats []float64, each []*kernelSums) {
	logs := make([]float64, len(each))
	for i := range each[0].value {
		for k, s := range each {
			logs[k] = num.Log(s.value[i]) + num.Log(f.clouds[k].weight)
			if s.shift != nil {
				logs[k] += s.shift[i]
			}
		}
		nats[i] = logSumExp(logs)
	}
}

// scorePoints is the density of points.
func (f Kernels[E]) scorePoints(at *target, nats []float64) {
	for i := range len(at.x) / at.dim {
		t := at.x[i*at.dim : (i+1)*at.dim]
		nats[i] = math.Inf(-1)
		for _, c := range f.clouds {
			if c.has(t) {
				nats[i] = math.Inf(1)
				break
			}
		}
	}
}

// has reports whether t is one of the rows.
func (c *cloud) has(t []float64) bool {
	for i := range c.n {
		same := true
		for j, x := range t {
			same = same && c.x[j*c.n+i] == x
		}
		if same {
			return true
		}
	}
	return false
}

// targetOf is rows to be scored: the ones that the first block remembers, if they are the same to the bit.
func (f Kernels[E]) targetOf(rows []E) (*target, error) {
	var old *target
	if len(f.clouds) > 0 {
		if s := f.clouds[0].last.Load(); s != nil {
			old = s.at
		}
	}
	t := &target{dim: max(1, f.dim)}
	switch rows := any(rows).(type) {
	case []float64:
		if old != nil && identical(old.x, rows) {
			return old, nil
		}
		t.x = slices.Clone(rows)
	case []Vector:
		if old != nil && old.holds(rows) {
			return old, nil
		}
		for i, row := range rows {
			if len(row) != f.dim && f.dim > 0 {
				return nil, fmt.Errorf("row %d has %d columns, want %d", i, len(row), f.dim)
			}
			t.x = append(t.x, row...)
		}
	}
	return t, nil
}

func (t *target) holds(rows []Vector) bool {
	if len(t.x) != len(rows)*t.dim {
		return false
	}
	for i, row := range rows {
		if !identical(row, t.x[i*t.dim:(i+1)*t.dim]) {
			return false
		}
	}
	return true
}

func identical(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })
}
