package generate

import (
	"math/rand/v2"

	"modelcollapse/internal/rng"
)

// DrawStats draws the Gram matrix of n fresh inputs and, given its factor R, the labels: u = R·w + noise·z is the
// projection of y on the design, z standard normal, and y′y = |u|² + noise²·χ², with n less the rank degrees of freedom.
// These are exactly the statistics of n rows (Anderson 2003, An Introduction to Multivariate Statistical Analysis, §7.2 for
// R), with fewer rows than inputs too, at the cost of dim²/2 normals.
func (f Linear) DrawStats(into Stats[Labelled], n int, r *rand.Rand) bool {
	s, ok := into.(*Regression)
	if !ok || s.dim != f.dim || n < 1 {
		return false
	}
	f.labels(s, f.inputs.gram(n, r), n, r)
	return true
}

// DrawStatsGiven labels the inputs of n given rows anew: their Gram matrix stays. The given rows must weigh 1 each.
func (f Linear) DrawStatsGiven(into, given Stats[Labelled], n int, r *rand.Rand) bool {
	s, ok := into.(*Regression)
	g, also := given.(*Regression)
	if !ok || !also || s.dim != f.dim || g.dim != f.dim || g.bad != nil || g.rows != float64(n) || g.weight != g.rows || n < 1 {
		return false
	}
	design := g.design
	if design == nil || g.scale != 1 {
		factor, _ := g.sums().factor()
		design = &factor
	}
	f.labels(s, design, n, r)
	return true
}

// labels draws the labels of n rows of a design into s.
func (f Linear) labels(s *Regression, design *factor, n int, r *rand.Rand) {
	t := Regression{dim: f.dim, weight: float64(n), rows: float64(n), design: design, scale: 1, u: make([]float64, f.dim)}
	rank := 0
	for k := range t.u {
		row := design.row(k)
		t.u[k] = dot(row, f.weights[k:])
		if row[0] != 0 {
			t.u[k] += float64(f.noise * rng.Normal(r))
			rank++
		}
	}
	if n > rank && f.noise != 0 {
		t.rest = float64(float64(f.noise*f.noise) * rng.ChiSquared(r, float64(n-rank)))
	}
	if s.rows == 0 && s.bad == nil {
		*s = t
		return
	}
	s.Merge(&t, 1)
}
