package generate

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Moons is the truth of two interleaved half circles of radius 1 with normal noise (make_moons of scikit-learn, with
// independent rows): equally likely, the angle uniform, the second turned upside down about (1, ½).
type Moons struct {
	Noise float64 `json:"noise" default:"0.1" min:"0" doc:"standard deviation, in every column"`
}

// Circles is the truth of two circles about 0 with normal noise (make_circles of scikit-learn, with independent rows).
type Circles struct {
	Noise  float64 `json:"noise" default:"0.1" min:"0" doc:"standard deviation, in every column"`
	Factor float64 `json:"factor" default:"0.5" min:"0" max:"1" doc:"radius of the inner circle; the outer one has 1"`
}

// SwissRoll is the truth (t cos t, t sin t) with t uniform between 1.5π and 4.5π, and normal noise; in three columns with a
// height uniform between 0 and 21 between the two (make_swiss_roll of scikit-learn; Marsland 2009).
type SwissRoll struct {
	Noise float64 `json:"noise" default:"0.5" min:"0" doc:"standard deviation, in every column"`
	Dim   int     `json:"dim" default:"2" min:"2" max:"3" doc:"2: without the height"`
}

// Open makes the half circles.
func (m Moons) Open(context.Context, *rand.Rand) (Source[Vector], error) {
	half := func(turned float64) func(float64) (float64, float64) {
		return func(u float64) (float64, float64) {
			sin, cos := num.SinCos(float64(math.Pi * u))
			return float64(turned*cos) + (1-turned)/2, float64(turned*sin) + (1-turned)/4
		}
	}
	return newCurves("moons", m.Noise, 0, arc{math.Pi, half(1)}, arc{math.Pi, half(-1)})
}

// Open makes the circles.
func (m Circles) Open(context.Context, *rand.Rand) (Source[Vector], error) {
	if !(m.Factor >= 0 && m.Factor <= 1) {
		return nil, fmt.Errorf("circles: factor %g must lie in [0, 1]", m.Factor)
	}
	circle := func(radius float64) arc {
		return arc{2 * math.Pi, func(u float64) (float64, float64) {
			sin, cos := num.SinCos(float64(2 * math.Pi * u))
			return float64(radius * cos), float64(radius * sin)
		}}
	}
	return newCurves("circles", m.Noise, 0, circle(1), circle(m.Factor))
}

// Open makes the roll.
func (m SwissRoll) Open(context.Context, *rand.Rand) (Source[Vector], error) {
	height := 0.0
	switch m.Dim {
	case 3:
		height = 21
	case 2:
	default:
		return nil, fmt.Errorf("swiss_roll: dim %d must be 2 or 3", m.Dim)
	}
	return newCurves("swiss_roll", m.Noise, height, arc{88.9, func(u float64) (float64, float64) { // ∫ √(1 + t²) dt
		t := float64(1.5 * math.Pi * (1 + float64(2*u)))
		sin, cos := num.SinCos(t)
		return float64(t * cos), float64(t * sin)
	}})
}

// Curves is a truth on arcs of the plane, all equally likely, with normal noise: an opened Moons, Circles or SwissRoll.
type Curves struct {
	name          string
	noise, height float64 // height 0: two columns
	arcs          []arc
	normal        JointNormal
	density       Kernels[Vector]   // in the plane
	modes         []Kernels[Vector] // of each arc
}

// An arc is a curve by a uniform u, and about how long it is.
type arc struct {
	length float64
	at     func(u float64) (x, y float64)
}

func newCurves(name string, noise, height float64, arcs ...arc) (*Curves, error) {
	if !(noise >= 0) || math.IsInf(noise, 1) {
		return nil, fmt.Errorf("%s: noise %g must be finite, and at least 0", name, noise)
	}
	c := &Curves{name: name, noise: noise, height: height, arcs: arcs}
	c.normal = c.moments()
	if noise == 0 {
		return c, nil
	}
	var all []*cloud
	for _, a := range arcs {
		panels := int(min(4000, math.Ceil(a.length/float64(1.25*noise))))
		nodes := a.nodes(max(8, panels))
		all = append(all, nodes)
		c.modes = append(c.modes, kernelsOf(noise, nodes))
	}
	c.density = kernelsOf(noise, all...)
	return c, nil
}

// kernelsOf is a kernel density of clouds that weigh as much as they say.
func kernelsOf(bandwidth float64, clouds ...*cloud) Kernels[Vector] {
	k := Kernels[Vector]{bandwidth: bandwidth, rule: "fixed"}
	for _, c := range clouds {
		k.add(c, 1)
	}
	return k
}

// gauss5 are the nodes and weights of Gauss and Legendre for five points of [−1, 1].
var gauss5 = [5][2]float64{
	{-0.9061798459386640, 0.2369268850561891}, {-0.5384693101056831, 0.4786286704993665}, {0, 0.5688888888888889},
	{0.5384693101056831, 0.4786286704993665}, {0.9061798459386640, 0.2369268850561891},
}

// nodes of a, with weights that sum to 1: integrals along it are sums over them.
func (a arc) nodes(panels int) *cloud {
	c := &cloud{dim: 2, n: 5 * panels}
	c.x, c.weights = make([]float64, 2*c.n), make([]float64, c.n)
	for p := range panels {
		for q, g := range gauss5 {
			i := 5*p + q
			u := (float64(p) + (g[0]+1)/2) / float64(panels)
			c.x[i], c.x[c.n+i] = a.at(u)
			c.weights[i] = g[1] / (2 * float64(panels))
		}
	}
	c.weigh()
	return c
}

// moments of a row.
func (c *Curves) moments() JointNormal {
	s := newScatter(2, false)
	for _, a := range c.arcs {
		s.Merge(a.nodes(64).scatter(1), 1)
	}
	v := float64(c.noise * c.noise)
	xx, xy, yy := s.sum[0]/s.weight+v, s.sum[1]/s.weight, s.sum[3]/s.weight+v
	if c.height == 0 {
		return JointNormal{mean: s.mean, factor: cholesky([]float64{xx, xy, 0, yy}, 2, 1, math.Inf(1))}
	}
	h := float64(c.height*c.height)/12 + v
	return JointNormal{mean: []float64{s.mean[0], c.height / 2, s.mean[1]},
		factor: cholesky([]float64{xx, 0, xy, 0, h, 0, 0, 0, yy}, 3, 1, math.Inf(1))}
}

// Dim is the number of columns.
func (c *Curves) Dim() int { return c.normal.Dim() }

// Normal has the moments of a row.
func (c *Curves) Normal() JointNormal { return c.normal }

// Draw appends n independent rows, views of one new array.
func (c *Curves) Draw(ctx context.Context, dst []Vector, n int, r *rand.Rand) ([]Vector, error) {
	dim := c.Dim()
	dst = views(slices.Grow(dst, n), make([]float64, n*dim), n, dim)
	for i, row := range dst[len(dst)-n:] {
		if i%1024 == 1023 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		u := float64(r.Float64() * float64(len(c.arcs)))
		which := math.Floor(u)
		x, y := c.arcs[int(which)].at(u - which)
		if row[0], row[dim-1] = x, y; c.height > 0 {
			row[1] = float64(c.height * r.Float64())
		}
		for j := range row {
			row[j] += float64(c.noise * rng.Normal(r))
		}
	}
	return dst, nil
}
