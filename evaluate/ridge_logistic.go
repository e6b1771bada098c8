package evaluate

import (
	"math"

	"modelcollapse/internal/num"
)

// ridgeLogistic maximises Σ [y·t − ln(1 + e^t)] − ridge·Σ_{k>0} w_k²/2 over t = w·x, for labels y of 0 and 1, by Newton's method
// from 0; the first weight, that of the constant, has no penalty. It takes at most 25 steps, halved while they lead down.
func ridgeLogistic(rows []sparse, y []float64, dim int, ridge float64) []float64 {
	w := make([]float64, dim)
	value, slope, curve := logisticView(rows, y, w, ridge)
	for range 25 {
		step := solvePositive(curve, slope, dim)
		gain := num.Dot(step, slope)
		if !(gain > 1e-18*float64(len(rows))) {
			break
		}
		moved := false
		for part := 1.0; part > 1e-6 && !moved; part /= 2 {
			to := make([]float64, dim)
			for k := range to {
				to[k] = w[k] + float64(part*step[k])
			}
			if v, s, c := logisticView(rows, y, to, ridge); v > value {
				w, value, slope, curve, moved = to, v, s, c, true
			}
		}
		if !moved {
			break
		}
	}
	return w
}

// logisticView is the penalised log likelihood at w, its gradient and the negative of its Hessian, lower triangle of dim × dim.
func logisticView(rows []sparse, y, w []float64, ridge float64) (value float64, slope, curve []float64) {
	dim := len(w)
	slope, curve = make([]float64, dim), make([]float64, dim*dim)
	for i, row := range rows {
		t := row.times(w)
		e := num.Exp(-math.Abs(t))
		p := 1 / (1 + e)
		if t < 0 {
			p = e / (1 + e)
		}
		value += float64(y[i]*t) - max(t, 0) - num.Log1p(e)
		bend := float64(p * (1 - p))
		for a, at := range row.at {
			slope[at] += float64((y[i] - p) * row.x[a])
			line, by := curve[at*dim:], float64(bend*row.x[a])
			for b, other := range row.at[:a+1] {
				line[other] += float64(by * row.x[b])
			}
		}
	}
	curve[0] += 1e-9 // a constant that every row has is determined but for rows of no spread
	for k := 1; k < dim; k++ {
		value -= float64(float64(ridge*w[k])*w[k]) / 2
		slope[k] -= float64(ridge * w[k])
		curve[k*dim+k] += ridge
	}
	return value, slope, curve
}

// solvePositive is x of Ax = b for a positive definite A by its lower triangle, which it overwrites by Cholesky's factor.
func solvePositive(a, b []float64, dim int) []float64 {
	factorPositive(a, dim)
	return solveFactored(a, b, dim)
}

// factorPositive overwrites the lower triangle of a positive definite matrix by Cholesky's factor.
func factorPositive(a []float64, dim int) {
	for i := range dim {
		row := a[i*dim : i*dim+i+1]
		for j := range i {
			other := a[j*dim : j*dim+j+1]
			row[j] = (row[j] - num.Dot(row[:j], other[:j])) / other[j]
		}
		row[i] = math.Sqrt(row[i] - num.Dot(row[:i], row[:i]))
	}
}

// solveFactored is x of LLᵀx = b.
func solveFactored(a, b []float64, dim int) []float64 {
	x := make([]float64, dim)
	for i := range dim {
		x[i] = (b[i] - num.Dot(a[i*dim:i*dim+i], x[:i])) / a[i*dim+i]
	}
	for i := dim - 1; i >= 0; i-- {
		for k := i + 1; k < dim; k++ {
			x[i] -= float64(a[k*dim+i] * x[k])
		}
		x[i] /= a[i*dim+i]
	}
	return x
}
