package generate

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Save writes the sizes, why the fit is degenerate, the weights, and each component's mean and factor.
func (m Mixture) Save(w io.Writer) error {
	diagonal := int64(0)
	if len(m.parts) > 0 && m.parts[0].factor.diagonal {
		diagonal = 1
	}
	head := []int64{int64(len(m.parts)), int64(m.Dim()), diagonal, int64(m.iterations), int64(math.Float64bits(m.bound)), int64(len(m.why))}
	for _, part := range []any{head, []byte(m.why), m.weights} {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	for _, p := range m.parts {
		if err := binary.Write(w, binary.LittleEndian, p.mean); err != nil {
			return err
		}
		if err := binary.Write(w, binary.LittleEndian, p.factor.a); err != nil {
			return err
		}
	}
	return nil
}

// Restore reads what Mixture.Save wrote.
func (m GaussianMixture) Restore(r io.Reader) (Fitted[Vector], error) {
	var head [6]int64
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, err
	}
	parts, dim := head[0], head[1]
	if parts != int64(max(1, m.Components)) || dim < 0 || dim > 10000 || m.dim > 0 && dim != int64(m.dim) || head[5] < 0 || head[5] > 1000 {
		return nil, fmt.Errorf("gaussian mixture: a stored fit of %d components and %d columns, want %d and %d", parts, dim, m.Components, m.dim)
	}
	why, f := make([]byte, head[5]), Mixture{weights: make([]float64, parts), iterations: int(head[3]), bound: math.Float64frombits(uint64(head[4]))}
	for _, part := range []any{why, f.weights} {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return nil, err
		}
	}
	f.why = string(why)
	for range parts {
		p := JointNormal{mean: make([]float64, dim), factor: newFactor(int(dim), head[2] == 1), shape: m.shape()}
		for _, part := range [][]float64{p.mean, p.factor.a} {
			if err := binary.Read(r, binary.LittleEndian, part); err != nil {
				return nil, err
			}
		}
		f.parts = append(f.parts, p)
	}
	return f, nil
}
