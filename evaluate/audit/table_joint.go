package audit

import (
	"cmp"
	"slices"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
)

// fewAtOnce is how many rows a side dear statistics look at, and have in their names.
const fewAtOnce = 1000

// joint is a classifier that tells candidates from references (Lopez-Paz and Oquab 2017, Revisiting classifier two-sample tests): the
// area under its ROC curve on rows that it did not learn from, mean of folds. The classifier is ridge regression on the sides, ±1, over
// evaluate.Featured: which rows it learns from does not change between splits, so that a fold is factorised once.
type joint struct {
	few
	joined, alone design
}

const (
	folds = 5
	ridge = 1 // penalty of every weight but the constant's
)

// A design is rows as features, and the factor of every fold.
type design struct {
	dim  int
	rows []evaluate.Features
	fold []evaluate.PositiveSolver
}

func jointOf(d *table, f few) joint {
	return joint{f, designOf(d, f.joined), designOf(d, f.alone)}
}

func designOf(d *table, at []int) design {
	rows := d.chosen(at)
	var g design
	g.dim, g.rows = evaluate.Featured(d.schema, rows, rows)
	for fold := range folds {
		gram := make([]float64, g.dim*g.dim)
		for i, row := range g.rows {
			if i%folds != fold {
				addSquare(gram, row, g.dim)
			}
		}
		g.fold = append(g.fold, evaluate.NewPositiveSolver(ridged(gram, g.dim), g.dim))
	}
	return g
}

// chosen are rows by number.
func (d *table) chosen(at []int) (rows []generate.Record) {
	for _, i := range at {
		rows = append(rows, d.rows[i])
	}
	return rows
}

// addSquare adds the outer product of a row with itself to a lower triangle.
func addSquare(gram []float64, row evaluate.Features, dim int) {
	for a, i := range row.At {
		line := gram[i*dim:]
		for b, j := range row.At[:a+1] {
			line[j] += float64(row.X[a] * row.X[b])
		}
	}
}

// ridged adds the penalty.
func ridged(gram []float64, dim int) []float64 {
	gram[0] += 1e-9
	for k := 1; k < dim; k++ {
		gram[k*dim+k] += ridge
	}
	return gram
}

// times is the product of features with weights.
func times(row evaluate.Features, w []float64) (t float64) {
	for k, i := range row.At {
		t += float64(w[i] * row.X[k])
	}
	return t
}

// addTimes adds y times features to weights.
func addTimes(to []float64, row evaluate.Features, y float64) {
	for k, i := range row.At {
		to[i] += float64(y * row.X[k])
	}
}

// Statistics is the area.
func (joint) Statistics() []Statistic {
	return []Statistic{{Name: "two_sample_auc@1000", Part: Joint, What: "how well a classifier tells synthetic rows from real ones (area under ROC; 0.5: it cannot)",
		Unit: "area", Worse: More, Threshold: 0.1, limit: fewAtOnce}}
}

// Measure trains on four fifths and looks at the fifth, five times.
func (m joint) Measure(s Split, to []float64) {
	g := m.joined
	if s.Alone {
		g = m.alone
	}
	side := m.sides(s)
	sum := 0.0
	for fold := range folds {
		right := make([]float64, g.dim)
		for i, row := range g.rows {
			if i%folds != fold {
				addTimes(right, row, sign(side[i]))
			}
		}
		w := g.fold[fold].Solve(right)
		var of [3][]float64
		for i := fold; i < len(g.rows); i += folds {
			of[side[i]] = append(of[side[i]], times(g.rows[i], w))
		}
		sum += area(of[Reference], of[Candidate])
	}
	to[0] = sum / folds
}

// sign is +1 of a candidate, −1 of a reference, 0 of a row that is out.
func sign(s Side) float64 { return [3]float64{0, -1, 1}[s] }

// area is the chance that a candidate's score is above a reference's, ties half; NaN without one of them. It sorts both.
func area(reference, candidate []float64) float64 {
	slices.SortFunc(reference, cmp.Compare[float64])
	slices.SortFunc(candidate, cmp.Compare[float64])
	twice, below, upTo := 0, 0, 0
	for _, x := range candidate {
		for below < len(reference) && reference[below] < x {
			below++
		}
		for upTo = max(upTo, below); upTo < len(reference) && reference[upTo] <= x; upTo++ {
		}
		twice += below + upTo
	}
	return float64(twice) / (2 * float64(len(reference)) * float64(len(candidate)))
}
