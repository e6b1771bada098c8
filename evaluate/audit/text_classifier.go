package audit

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"modelcollapse/evaluate/diversity"
	"modelcollapse/internal/num"
)

func nan() float64 { return math.NaN() }

// tellApart is how well a logistic regression with a ridge of 1 on features (scaled to a mean square of about 1) tells items of
// p from those of q: the area under the curve on the half that it did not learn from, mean of both halves.
func tellApart(p, q diversity.Features) float64 {
	sum := 0.0
	for fold := range 2 {
		var x, try []float64
		var y []float64
		var positive []bool
		for label, f := range []diversity.Features{p, q} {
			for i := range f.Len() {
				if i%2 == fold {
					try, positive = append(try, f.Row(i)...), append(positive, label == 1)
					continue
				}
				x, y = append(append(x, 1), f.Row(i)...), append(y, float64(label))
			}
		}
		scale := math.Sqrt(float64(p.Dim))
		for k := range x {
			if k%(p.Dim+1) > 0 {
				x[k] *= scale
			}
		}
		w := logistic(x, y, 1)
		if w == nil {
			return nan()
		}
		score := make([]float64, len(positive))
		for i := range score {
			score[i] = num.Dot(try[i*p.Dim:(i+1)*p.Dim], w[1:])
		}
		sum += rankedOf(score).area(func(i int) Side {
			if positive[i] {
				return Candidate
			}
			return Reference
		})
	}
	return sum / 2
}

// logistic maximises Σ [y·t − ln(1 + e^t)] − ridge·Σ w²/2 over t = w·x, for labels y of 0 and 1 and rows x one behind the other, by
// steps that the bound XᵀX/4 + ridge on the curvature allows: it is inverted once, and every step leads up (Böhning and
// Lindsay 1988). Up to 50 steps; nil where the bound has no inverse.
func logistic(x, y []float64, ridge float64) []float64 {
	rows, dim := len(y), len(x)/len(y)
	steps := boundInverse(x, dim, ridge)
	if steps == nil {
		return nil
	}
	w, slope := make([]float64, dim), make([]float64, dim)
	for range 50 {
		for k := range slope {
			slope[k] = -float64(ridge * w[k])
		}
		for i := range rows {
			row := x[i*dim : (i+1)*dim]
			miss := y[i] - 1/(1+num.Exp(-num.Dot(row, w)))
			for k, v := range row {
				slope[k] += float64(miss * v)
			}
		}
		most := 0.0
		for k := range w {
			step := num.Dot(steps.RawRowView(k), slope)
			w[k] += step
			most = max(most, math.Abs(step))
		}
		if most < 1e-3 {
			break
		}
	}
	return w
}

// boundInverse is the inverse of XᵀX/4 + ridge; nil where there is none.
func boundInverse(x []float64, dim int, ridge float64) *mat.Dense {
	bound := mat.NewSymDense(dim, nil)
	bound.SymOuterK(.25, mat.NewDense(len(x)/dim, dim, x).T())
	for k := range dim {
		bound.SetSym(k, k, bound.At(k, k)+ridge)
	}
	var factor mat.Cholesky
	var inverse mat.SymDense
	if !factor.Factorize(bound) || factor.InverseTo(&inverse) != nil {
		return nil
	}
	full := mat.NewDense(dim, dim, nil)
	full.Copy(&inverse)
	return full
}

// ranked are items by falling score.
type ranked struct {
	order []int
	score []float64
}

func rankedOf(score []float64) ranked {
	r := ranked{upTo(0, len(score)), score}
	slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	return r
}

// ties calls do for items of equal score, the highest first, with how many are on each side; those that are out do not count.
func (r ranked) ties(side func(i int) Side, do func(reference, candidate int)) {
	for from := 0; from < len(r.order); {
		n, to := [3]int{}, from
		for ; to < len(r.order) && r.score[r.order[to]] == r.score[r.order[from]]; to++ {
			n[side(r.order[to])]++
		}
		if from == to { // NaN, which is equal to nothing
			to++
		}
		do(n[Reference], n[Candidate])
		from = to
	}
}

// area is the probability that a candidate has a higher score than a reference, ties half.
func (r ranked) area(side func(i int) Side) float64 {
	above, references, candidates := 0.0, 0, 0
	r.ties(side, func(reference, candidate int) {
		above += float64(reference) * (float64(candidates) + float64(candidate)/2)
		references, candidates = references+reference, candidates+candidate
	})
	return above / (float64(references) * float64(candidates))
}

// caught is the share of candidates above a score that at most a share of the references is above.
func (r ranked) caught(side func(i int) Side, share float64) float64 {
	references, candidates := 0, 0
	r.ties(side, func(reference, candidate int) { references, candidates = references+reference, candidates+candidate })
	allowed := int(float64(share * float64(references)))
	false_, true_, open := 0, 0, true
	r.ties(side, func(reference, candidate int) {
		if open = open && false_+reference <= allowed; open {
			false_, true_ = false_+reference, true_+candidate
		}
	})
	return float64(true_) / float64(candidates)
}
