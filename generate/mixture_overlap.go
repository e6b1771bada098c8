package generate

import (
	"math"

	"modelcollapse/internal/num"
)

// Overlap is ∫ p q, in one over the units of the data to the power of columns: a product of normals integrates to the density of
// the one's mean under the other with both covariances added. +Inf where two points coincide; NaN where a component is not
// finite. p and q must have equally many columns.
func (m Mixture) Overlap(q Mixture) float64 {
	dim := m.Dim()
	sum, d, size := make([]float64, dim*dim), make([]float64, dim), make([]float64, dim)
	var total num.Accumulator
	for i, a := range m.parts {
		for k, b := range q.parts {
			w := float64(m.weights[i] * q.weights[k])
			if w == 0 {
				continue
			}
			clear(sum)
			a.factor.addGram(sum, 1)
			b.factor.addGram(sum, 1)
			f := cholesky(sum, dim, 1, math.Inf(1))
			logDensity := -float64(0.5 * float64(float64(dim)*num.Log(2*math.Pi)))
			for j := range d {
				d[j] = a.mean[j] - b.mean[j]
				size[j] = math.Abs(a.mean[j]) + math.Abs(b.mean[j])
				logDensity -= num.Log(math.Abs(f.pivot(j)))
			}
			squares, inside := f.solve(d, size)
			if inside {
				total.Add(float64(w * num.Exp(logDensity-float64(0.5*squares))))
			}
		}
	}
	return total.Sum()
}
