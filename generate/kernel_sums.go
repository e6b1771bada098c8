package generate

import (
	"math"

	"modelcollapse/internal/num"
)

// sums are those of all targets, remembered for the next fit that has this cloud, this bandwidth and these targets.
func (c *cloud) sums(at *target, by float64) *kernelSums {
	if s := c.last.Load(); s != nil && s.at == at && s.by == by {
		return s
	}
	n := len(at.x) / at.dim
	s := &kernelSums{at: at, by: by, value: make([]float64, n)}
	exponents := make([]float64, lane)
	for i := range n {
		t := at.x[i*at.dim : (i+1)*at.dim]
		s.value[i] = c.sum(exponents, t, by, 0)
		if !(s.value[i] >= 1e-280) && s.value[i] == s.value[i] {
			s.shifted(i, c, exponents, t)
		}
	}
	c.last.Store(s)
	return s
}

// shifted is the sum of a target that is far from every row, relative to the nearest.
func (s *kernelSums) shifted(i int, c *cloud, exponents, t []float64) {
	if s.shift == nil {
		s.shift = make([]float64, len(s.value))
	}
	top := math.Inf(-1)
	for from := 0; from < c.n; from += lane {
		e := exponents[:min(lane, c.n-from)]
		c.exponents(e, t, s.by, from)
		for _, x := range e {
			top = max(top, x)
		}
	}
	if s.shift[i] = top; !math.IsInf(top, -1) {
		s.value[i] = c.sum(exponents, t, s.by, top)
	}
}

// sum is Σ w e^(−|t − x|²·by² − shift).
func (c *cloud) sum(exponents, t []float64, by, shift float64) (sum float64) {
	for from := 0; from < c.n; from += lane {
		e := exponents[:min(lane, c.n-from)]
		c.exponents(e, t, by, from)
		if shift != 0 {
			for i := range e {
				e[i] -= shift
			}
		}
		if c.weights == nil {
			sum += num.SumExp(e)
			continue
		}
		num.ExpAll(e, e)
		sum += num.Dot(e, c.weights[from:from+len(e)])
	}
	return sum
}

// exponents are −|t − x|²·by² of the rows from from on.
func (c *cloud) exponents(e, t []float64, by float64, from int) {
	switch c.dim {
	case 1:
		x, t := c.x[from:from+len(e)], t[0]
		for i := range e {
			z := float64((x[i] - t) * by)
			e[i] = -float64(z * z)
		}
		return
	case 2:
		x, y, t, u := c.x[from:from+len(e)], c.x[c.n+from:c.n+from+len(e)], t[0], t[1]
		for i := range e {
			z, w := float64((x[i]-t)*by), float64((y[i]-u)*by)
			e[i] = -(float64(z*z) + float64(w*w))
		}
		return
	}
	clear(e)
	for j, t := range t {
		for i, x := range c.x[j*c.n+from : j*c.n+from+len(e)] {
			z := float64((x - t) * by)
			e[i] -= float64(z * z)
		}
	}
}
