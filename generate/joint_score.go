package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"modelcollapse/internal/num"
)

// Score is the log density. Where the covariance is singular it is +Inf in its subspace (up to rounding, 1e-9 of the
// terms that were subtracted) and −Inf outside. A fit that is not finite gives NaN.
func (f JointNormal) Score(_ context.Context, rows []Vector, nats []float64) error {
	dim := f.Dim()
	c := -float64(0.5 * (float64(float64(dim)*num.Log(2*math.Pi)) + f.LogDet()))
	y, size := make([]float64, dim), make([]float64, dim)
	for i, row := range rows {
		if len(row) != dim {
			return fmt.Errorf("multivariate normal: row %d has %d columns, want %d", i, len(row), dim)
		}
		for j, x := range row {
			y[j] = x - f.mean[j]
			size[j] = math.Abs(x) + math.Abs(f.mean[j])
		}
		squares, inside := f.factor.solve(y, size)
		switch {
		case !inside:
			nats[i] = math.Inf(-1)
		case math.IsInf(c, 1) && !math.IsNaN(squares):
			nats[i] = c
		default:
			nats[i] = c - float64(0.5*squares)
		}
	}
	return nil
}

// solve is z′z for R′z = y, and whether there is such a z: at a zero pivot nothing of y may be left, beside the size
// of what was subtracted. It uses y and size up.
func (f factor) solve(y, size []float64) (squares float64, inside bool) {
	for k := range f.dim {
		row := f.row(k)
		if row[0] == 0 {
			if math.Abs(y[k]) > float64(1e-9*size[k]) {
				return 0, false
			}
			continue
		}
		z := y[k] / row[0]
		squares += float64(z * z)
		addScaled(y[k:], row, -z)
		for j, x := range row {
			size[k+j] += math.Abs(float64(z * x))
		}
	}
	return squares, true
}

// Save writes the sizes, the mean and the factor.
func (f JointNormal) Save(w io.Writer) error {
	diagonal := int64(0)
	if f.factor.diagonal {
		diagonal = 1
	}
	if err := binary.Write(w, binary.LittleEndian, []int64{int64(f.Dim()), diagonal}); err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, f.mean); err != nil {
		return err
	}
	return binary.Write(w, binary.LittleEndian, f.factor.a)
}

// Restore reads what JointNormal.Save wrote.
func (m MultivariateGaussian) Restore(r io.Reader) (Fitted[Vector], error) {
	var size [2]int64
	if err := binary.Read(r, binary.LittleEndian, &size); err != nil {
		return nil, err
	}
	if dim := size[0]; dim < 0 || dim > 10000 || m.dim > 0 && dim != int64(m.dim) {
		return nil, fmt.Errorf("multivariate gaussian: a stored fit of %d columns, want %d", dim, m.dim)
	}
	f := JointNormal{mean: make([]float64, size[0]), factor: newFactor(int(size[0]), size[1] == 1), ddof: m.ddof(), shape: m.shape()}
	if err := binary.Read(r, binary.LittleEndian, f.mean); err != nil {
		return nil, err
	}
	return f, binary.Read(r, binary.LittleEndian, f.factor.a)
}
