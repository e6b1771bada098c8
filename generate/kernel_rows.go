package generate

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// KernelRows is the rows that a kernel density is made of, block by block. Blocks are shared, never copied: what is merged
// costs as much as the number of blocks, whatever is in them.
type KernelRows[E real] struct{ pool }

// pool is KernelRows of either kind of row.
type pool struct {
	dim           int // 0: no row was seen yet
	clouds        []pooledCloud
	rows, squares float64 // plain number of rows; Σ w²
	scatter       *Scatter
	bad           error
}

// A pooledCloud is a cloud of which each row weighs weight more. upTo is the weight of all clouds up to this one.
type pooledCloud struct {
	*cloud
	weight, upTo float64
}

// Rows is the plain number of rows.
func (s *KernelRows[E]) Rows() float64 { return s.rows }

// Add copies the rows of a span.
func (s *KernelRows[E]) Add(sp Span[E]) {
	if len(sp.Rows) == 0 || s.bad != nil {
		return
	}
	c, err := newCloud(sp.Rows, sp.Weights, s.dim)
	if err != nil {
		s.bad = err
		return
	}
	s.add(c, sp.Weight)
	s.join(c.scatter(len(sp.Rows)), sp.Weight)
}

// Merge adds other, each row weighing weight.
func (s *KernelRows[E]) Merge(other Stats[E], weight float64) {
	o := other.(*KernelRows[E])
	if s.bad == nil {
		s.bad = o.bad
	}
	for _, c := range o.clouds {
		s.add(c.cloud, float64(c.weight*weight))
	}
	if o.scatter != nil {
		s.join(o.scatter, weight)
	}
}

// add appends a cloud; one that weighs nothing is left out.
func (s *pool) add(c *cloud, weight float64) {
	if total := float64(c.total * weight); total > 0 {
		s.dim = c.dim
		s.clouds = append(s.clouds, pooledCloud{c, weight, s.total() + total})
		s.squares += float64(c.squares * float64(weight*weight))
	}
}

// join adds moments, and counts rows.
func (s *pool) join(t *Scatter, weight float64) {
	if s.scatter == nil {
		s.scatter = newScatter(t.dim, false)
	}
	s.scatter.Merge(t, weight)
	s.rows = s.scatter.rows
}

// total weight of the rows.
func (s *pool) total() float64 {
	if len(s.clouds) == 0 {
		return 0
	}
	return s.clouds[len(s.clouds)-1].upTo
}

// snapshot is s as it is now, sharing what no one will change.
func (s *pool) snapshot() pool {
	p := *s
	p.clouds = s.clouds[:len(s.clouds):len(s.clouds)]
	if s.scatter != nil {
		p.scatter = newScatter(s.scatter.dim, false)
		p.scatter.Merge(s.scatter, 1)
	}
	return p
}

// effective is the number of rows of weight 1 that say as much as these: (Σ w)²/Σ w² (Kish 1965, Survey Sampling, §11.7).
func (s *pool) effective() float64 { return float64(s.total() / s.squares * s.total()) }

// pick is a row with chance in proportion to its weight: its cloud and where it stands there.
func (s *pool) pick(r *rand.Rand) (*cloud, int) {
	u, last := float64(r.Float64()*s.total()), len(s.clouds)-1
	k := min(last, sort.Search(last, func(i int) bool { return u < s.clouds[i].upTo }))
	c := s.clouds[k]
	if k > 0 {
		u -= s.clouds[k-1].upTo
	}
	if u /= c.weight; c.ends == nil {
		return c.cloud, max(0, min(int(u), c.n-1))
	}
	return c.cloud, sort.Search(c.n-1, func(i int) bool { return u < c.ends[i] })
}

// normal is the moments of the rows, their covariance (divisor n) plus add on the diagonal.
func (s *pool) normal(add float64) JointNormal {
	t := s.scatter
	if t == nil || !(t.weight > 0) {
		return JointNormal{mean: slices.Repeat([]float64{math.NaN()}, s.dim), factor: undefined(s.dim, false)}
	}
	sum := t.zeros()
	addScaled(sum, t.sum, 1/t.weight)
	for j := range t.dim {
		sum[j*t.dim+j] += add
	}
	return JointNormal{mean: slices.Clone(t.mean), factor: cholesky(sum, t.dim, 1, math.Inf(1))}
}
