package diversity

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"modelcollapse/internal/num"
)

// Vendi is the Vendi score of order q (Friedman and Dieng 2023; Pasarkar and Dieng 2024): the effective number of different
// items, (Σ l^q)^{1/(1−q)} over the eigenvalues l of k/n, for q = 1 exp(−Σ l ln l), for q = +Inf 1/max l. k is the n × n matrix
// of similarities, positive semidefinite with a diagonal of ones. q ≥ 0.
func Vendi(k mat.Symmetric, q float64) (float64, error) {
	values, err := eigenvalues(k)
	if err != nil {
		return 0, err
	}
	return effective(values, q), nil
}

// VendiCosine is Vendi of the cosines between features. It needs the eigenvalues of a matrix of as many rows as there are
// items or dimensions, whichever is less. Features of length 0 are like none, themselves too, and are left out.
func VendiCosine(f Features, q float64) (float64, error) {
	n := 0
	unit := make([]float64, 0, len(f.X))
	for i := range f.Len() {
		row := f.Row(i)
		length := math.Sqrt(num.Dot(row, row))
		if length == 0 {
			continue
		}
		n++
		for _, x := range row {
			unit = append(unit, x/length)
		}
	}
	if n == 0 {
		return 0, nil
	}
	x := mat.NewDense(n, f.Dim, unit)
	small := mat.NewSymDense(min(n, f.Dim), nil)
	if n <= f.Dim {
		small.SymOuterK(1, x)
	} else {
		small.SymOuterK(1, x.T())
	}
	values, err := eigenvaluesOver(small, n)
	if err != nil {
		return 0, err
	}
	return effective(values, q), nil
}

// eigenvalues are those of k/n.
func eigenvalues(k mat.Symmetric) ([]float64, error) { return eigenvaluesOver(k, k.SymmetricDim()) }

// eigenvaluesOver are the eigenvalues of k over n; what rounding took below 0 is 0.
func eigenvaluesOver(k mat.Symmetric, n int) ([]float64, error) {
	for i := range k.SymmetricDim() {
		for j := range i + 1 {
			if v := k.At(i, j); math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, errors.New("vendi: a similarity is not finite")
			}
		}
	}
	var e mat.EigenSym
	if !e.Factorize(k, false) {
		return nil, errors.New("vendi: the eigenvalues of the similarities were not found")
	}
	values := e.Values(nil)
	for i, v := range values {
		values[i] = max(v, 0) / float64(n)
	}
	return values, nil
}

// effective is the Hill number of order q of shares.
func effective(l []float64, q float64) float64 {
	top, sum := 0.0, 0.0
	for _, v := range l {
		top = max(top, v)
		switch {
		case v <= 0:
		case q == 1:
			sum -= float64(v * num.Log(v))
		default:
			sum += num.Exp(float64(q * num.Log(v)))
		}
	}
	switch {
	case top == 0:
		return 0
	case math.IsInf(q, 1):
		return 1 / top
	case q == 1:
		return num.Exp(sum)
	}
	return num.Exp(num.Log(sum) / (1 - q))
}
