package generate

import (
	"math"

	"modelcollapse/internal/num"
)

// responsibilities turns the log densities of size rows into weights of the rows in each part, and returns their weighted
// log likelihood.
func (e *em) responsibilities(size int, row []float64) (likelihood float64) {
	norm, sum := e.norm[:size], e.sum[:size]
	copy(norm, e.logs)
	for k := 1; k < e.parts; k++ {
		for i, x := range e.logs[k*lane : k*lane+size] {
			if x > norm[i] {
				norm[i] = x
			}
		}
	}
	clear(sum)
	for k := range e.parts {
		logs := e.logs[k*lane : k*lane+size]
		for i, x := range norm {
			logs[i] -= x
		}
		num.ExpAll(logs, logs)
		for i, x := range logs {
			sum[i] += x
		}
	}
	likelihood = logProduct(norm, sum, row)
	for i, x := range sum {
		if sum[i] = 1 / x; row != nil {
			sum[i] = row[i] / x
		}
	}
	for k := range e.parts {
		logs := e.logs[k*lane : k*lane+size]
		for i, x := range sum {
			logs[i] = float64(logs[i] * x)
		}
	}
	return likelihood
}

// logProduct is Σ w (norm + ln sum), w 1 where row is nil: there one logarithm does for 32 sums, each between 1 and 1000.
func logProduct(norm, sum, row []float64) (likelihood float64) {
	if row != nil {
		for i, w := range row {
			likelihood += float64(w * (norm[i] + num.Log(sum[i])))
		}
		return likelihood
	}
	for from := 0; from < len(sum); from += 32 {
		product := 1.0
		for i := from; i < min(from+32, len(sum)); i++ {
			likelihood += norm[i]
			product = float64(product * sum[i])
		}
		likelihood += num.Log(product)
	}
	return likelihood
}

// halves is responsibilities of two parts: one exponential a row, e^−|Δ| for the difference Δ of the log densities.
func (e *em) halves(size int) float64 {
	a, b := e.logs[:size], e.logs[lane:lane+size]
	norm, sum := e.norm[:size], e.sum[:size]
	for i, x := range a {
		sum[i] = -math.Abs(b[i] - x)
	}
	num.ExpAll(sum, sum)
	for i, x := range a {
		y, small := b[i], sum[i]
		likelier := math.Float64bits(y - x) // its sign says which; by masks, because no processor guesses it
		mask := uint64(int64(likelier) >> 63)
		norm[i] = math.Float64frombits(math.Float64bits(x)&mask | math.Float64bits(y)&^mask)
		sum[i] = 1 + small
		large := 1 / (1 + small)
		low, high := math.Float64bits(float64(small*large)), math.Float64bits(large)
		a[i] = math.Float64frombits(high&mask | low&^mask)
		b[i] = math.Float64frombits(low&mask | high&^mask)
	}
	return logProduct(norm, sum, nil)
}
