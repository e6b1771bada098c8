package generate

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// A rosenblatt is the transform of rows of a mixture of normals to independent standard normal scores (M. Rosenblatt, Ann.
// Math. Stat. 23, 1952): column j by its distribution function given the columns before it, which is that of the mixture
// with each component's weight updated by what those columns say.
type rosenblatt struct {
	logs         []float64                              // ln weight of each component
	z            func(row Vector, j int, dst []float64) // column j given those before, standardised within each component
	log          func(j int) []float64                  // what to add to the log density of column j beside −z²/2; nil: alike for all
	dim          int
	given, p, at []float64
}

// scores appends the scores of a row.
func (t *rosenblatt) scores(dst []float64, row Vector) []float64 {
	t.given = append(t.given[:0], t.logs...)
	for j := range t.dim {
		t.p = append(t.p[:0], t.given...)
		total := softmax(t.p)
		t.at = append(t.at[:0], t.given...)
		t.z(row, j, t.at)
		if u := t.mass(num.NormalCDF) / total; u < 0.999 {
			dst = append(dst, num.NormalQuantile(u))
		} else { // from the other end, where 1 − u would lose digits
			dst = append(dst, -num.NormalQuantile(t.mass(num.NormalSurvival)/total))
		}
		for k, z := range t.at {
			t.given[k] -= float64(0.5 * float64(z*z))
		}
		if t.log != nil {
			for k, x := range t.log(j) {
				t.given[k] += x
			}
		}
	}
	return dst
}

// mass is Σ p F(z).
func (t *rosenblatt) mass(f func(float64) float64) (sum float64) {
	for k, z := range t.at {
		if p := t.p[k]; p > 0 {
			sum += float64(p * f(z))
		}
	}
	return sum
}

// softmax turns logs into weights of which the largest is 1, and returns their sum.
func softmax(x []float64) (total float64) {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	for i, v := range x {
		x[i] = v - top
	}
	num.ExpAll(x, x)
	return num.Sum(x)
}

// innovations of the scores of rows, N in all: "scores", Σ z/√N, is standard normal, and "spread", Σ (z − z̄)², chi-square with
// N − 1 degrees of freedom and independent of it.
func (t *rosenblatt) innovations(dst []Innovation, rows []Vector) []Innovation {
	var z []float64
	for _, row := range rows {
		if len(row) != t.dim {
			return dst
		}
		z = t.scores(z, row)
	}
	if len(z) < 2 {
		return dst
	}
	n, squares := float64(len(z)), 0.0
	mean := num.Sum(z) / n
	for _, x := range z {
		squares += float64((x - mean) * (x - mean))
	}
	return append(dst, Innovation{"scores", num.NormalCDF(float64(mean * math.Sqrt(n)))}, Innovation{"spread", num.ChiSquaredCDF(squares, n-1)})
}

// Innovations of a mixture judge its rows, by Rosenblatt's transform: "scores" and "spread", exactly uniform and independent.
// They say nothing of how EM fitted them, and nothing without rows or of a degenerate mixture.
func (m Mixture) Innovations(dst []Innovation, o Outcome[Vector], _ *rand.Rand) []Innovation {
	d, ok := densitiesOf(m)
	if !ok || m.coarse() {
		return dst
	}
	t := rosenblatt{dim: d.dim}
	steps := make([][]float64, d.dim)
	for j := range steps {
		steps[j] = make([]float64, d.parts)
	}
	for k, w := range m.weights {
		t.logs = append(t.logs, num.Log(w))
		for j := range steps {
			steps[j][k] = num.Log(math.Abs(d.w[k*d.dim*d.dim+j*d.dim+j]))
		}
	}
	t.log = func(j int) []float64 { return steps[j] }
	t.z = d.standardised
	return t.innovations(dst, o.Rows)
}

// coarse reports that rounding matters beside the spread of a component.
func (m Mixture) coarse() bool {
	for k, p := range m.parts {
		for j, x := range p.mean {
			if m.weights[k] > 0 && !(math.Abs(p.factor.pivot(j)) > float64(faint*math.Abs(x))) {
				return true
			}
		}
	}
	return false
}

// standardised is W (x − mean) in column j of a row, a part each.
func (d *densities) standardised(row Vector, j int, dst []float64) {
	for k := range d.parts {
		w, mean := d.w[(k*d.dim+j)*d.dim:], d.mean[k*d.dim:]
		z := 0.0
		for l := range j + 1 {
			z += float64(w[l] * (row[l] - mean[l]))
		}
		dst[k] = z
	}
}

// judged is how many rows of a step the innovations of a kernel density look at: each costs a kernel a row learned from.
const judged = 200

// Innovations of a kernel density judge the first 200 rows of a step as those of a mixture are judged. They say nothing
// without rows, or of a degenerate density.
func (f Kernels[E]) Innovations(dst []Innovation, o Outcome[E], _ *rand.Rand) []Innovation {
	if f.Degenerate() != "" {
		return dst
	}
	for j, m := range f.scatter.mean { // rows too coarse beside h do not obey its law
		if size := math.Abs(m) + math.Sqrt(f.scatter.squares()[j]/f.scatter.weight); !(f.bandwidth > float64(faint*size)) {
			return dst
		}
	}
	t := rosenblatt{dim: f.dim, logs: f.logWeights(), z: f.standardised}
	var rows []Vector
	for _, row := range o.Rows[:min(judged, len(o.Rows))] {
		v, ok := any(row).(Vector)
		if !ok {
			v = Vector{any(row).(float64)}
		}
		rows = append(rows, v)
	}
	return t.innovations(dst, rows)
}

// logWeights of all rows, in order.
func (f Kernels[E]) logWeights() (logs []float64) {
	for _, c := range f.clouds {
		base := num.Log(c.weight)
		for i := range c.n {
			if logs = append(logs, base); c.weights != nil {
				logs[len(logs)-1] += num.Log(c.weights[i])
			}
		}
	}
	return logs
}

// standardised is (x − row learned from)/h in column j, for all rows in order.
func (f Kernels[E]) standardised(row Vector, j int, dst []float64) {
	at := 0
	for _, c := range f.clouds {
		for i, x := range c.column(j) {
			dst[at+i] = (row[j] - x) / f.bandwidth
		}
		at += c.n
	}
}
