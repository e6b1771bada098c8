package generate

import (
	"math"
	"math/rand/v2"
)

// startAt begins at an earlier fit of as many parts and columns, which must not be degenerate.
func (e *em) startAt(m Mixture) bool {
	if len(m.parts) != e.parts || m.Dim() != e.dim || m.Degenerate() != "" {
		return false
	}
	e.why = ""
	copy(e.weights, m.weights)
	for k, p := range m.parts {
		e.now.set(k, m.weights[k], p.mean, p.factor)
		clear(e.covariance[k*e.dim*e.dim : (k+1)*e.dim*e.dim])
		p.factor.addGram(e.covariance[k*e.dim*e.dim:], 1)
	}
	return true
}

// lloyd is how many iterations a start takes at most: more of them do not make EM end sooner or higher (300 samples of one
// normal: 47 iterations of EM after 10, 46 after 100, the same likelihood to 2e-5).
const lloyd = 10

// startAnew begins at the clusters of k-means++ and Lloyd's iterations.
func (e *em) startAnew(r *rand.Rand) {
	e.why = ""
	c := &clusters{em: e, of: make([]int32, e.n), near: make([]float64, e.n)}
	c.seed(r)
	for range lloyd {
		if !c.assign() {
			break
		}
		c.centre()
	}
	c.moments()
	e.update()
}

// clusters are hard assignments of rows to parts; the centres are the means of the parts.
type clusters struct {
	*em
	of   []int32   // of each row
	near []float64 // squared distance of each row to its nearest centre
}

// weight of row i.
func (c *clusters) weight(i int) float64 {
	if c.row == nil {
		return 1
	}
	return c.row[i]
}

// seed picks centres among the rows: the first at random, each further one with chance in proportion to the squared distance
// to the nearest so far (Arthur and Vassilvitskii 2007). Where nothing is left to be near to, any row will do.
func (c *clusters) seed(r *rand.Rand) {
	for i := range c.near {
		c.near[i] = 1
	}
	for k := range c.parts {
		at := c.chosen(r)
		for j := range c.dim {
			c.means(k)[j] = c.x[j*c.n+at]
		}
		for i := range c.near {
			d := c.distance(k, i)
			if k == 0 || d < c.near[i] {
				c.near[i] = d
			}
		}
	}
}

// chosen is a row with chance in proportion to weight × near.
func (c *clusters) chosen(r *rand.Rand) int {
	total := 0.0
	for i, d := range c.near {
		total += float64(c.weight(i) * d)
	}
	u := r.Float64()
	if !(total > 0) || math.IsInf(total, 1) {
		return min(int(float64(u*float64(c.n))), c.n-1)
	}
	u = float64(u * total)
	last := 0
	for i, d := range c.near {
		if p := float64(c.weight(i) * d); p > 0 {
			if last = i; u < p {
				return i
			}
			u -= p
		}
	}
	return last
}

// distance of row i to centre k, squared.
func (c *clusters) distance(k, i int) (sum float64) {
	for j, m := range c.means(k) {
		d := c.x[j*c.n+i] - m
		sum += float64(d * d)
	}
	return sum
}

// assign gives every row to its nearest centre, the first of several, and reports whether one changed.
func (c *clusters) assign() (changed bool) {
	for from := 0; from < c.n; from += lane {
		size := min(lane, c.n-from)
		for k := range c.parts {
			to := c.logs[k*lane : k*lane+size]
			clear(to)
			for j, m := range c.means(k) {
				for i, x := range c.x[j*c.n+from : j*c.n+from+size] {
					to[i] += float64((x - m) * (x - m))
				}
			}
		}
		for i := range size {
			best, at := c.logs[i], int32(0)
			for k := 1; k < c.parts; k++ {
				if d := c.logs[k*lane+i]; d < best {
					best, at = d, int32(k)
				}
			}
			if c.of[from+i] != at {
				c.of[from+i], changed = at, true
			}
		}
	}
	return changed
}

// centre moves every centre to the mean of its rows; one without rows stays.
func (c *clusters) centre() {
	total, sums := make([]float64, c.parts), make([]float64, c.parts*c.dim)
	for i, k := range c.of {
		w := c.weight(i)
		total[k] += w
		for j := range c.dim {
			sums[int(k)*c.dim+j] += float64(w * c.x[j*c.n+i])
		}
	}
	for k, t := range total {
		for j := range c.dim {
			if t > 0 {
				c.means(k)[j] = sums[k*c.dim+j] / t
			}
		}
	}
}

// moments are the sums of the M step for these assignments.
func (c *clusters) moments() {
	clear(c.sums)
	for from := 0; from < c.n; from += lane {
		size := min(lane, c.n-from)
		for k := range c.parts {
			r := c.logs[k*lane : k*lane+size]
			for i := range r {
				if r[i] = 0; c.of[from+i] == int32(k) {
					r[i] = c.weight(from + i)
				}
			}
			c.gather(k, from, size)
		}
	}
}
