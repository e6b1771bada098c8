package generate

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// Scalars is the kind of real numbers.
var Scalars = Kind[float64]{
	Name:   "scalar",
	Bytes:  func(float64) int { return 8 },
	Encode: writeMany[float64],
	Decode: readMany[float64],
}

// Normal is N(Mean, Variance): a truth, and what Gaussian fits.
type Normal struct {
	Mean     float64 `json:"mean" default:"0"`
	Variance float64 `json:"variance" default:"1" min:"0"`
	ddof     float64
}

// DDOF is what was subtracted from n in the divisor of the variance: 0 (maximum likelihood, or a truth) or 1 (unbiased).
func (f Normal) DDOF() float64 { return f.ddof }

// Draw appends n independent rows.
func (f Normal) Draw(_ context.Context, dst []float64, n int, r *rand.Rand) ([]float64, error) {
	sd := math.Sqrt(f.Variance)
	dst = slices.Grow(dst, n)
	for range n {
		dst = append(dst, f.Mean+float64(sd*rng.Normal(r)))
	}
	return dst, nil
}

// DrawStats draws mean and sum of squares: normal, and chi-square with n − 1 degrees of freedom, independent. Of Totals it
// draws the sum alone.
func (f Normal) DrawStats(into Stats[float64], n int, r *rand.Rand) bool {
	m, ok := into.(*Moments)
	if !ok {
		return drawnTotal(into, n, true, func() float64 {
			size := float64(n)
			return float64(size*f.Mean) + float64(math.Sqrt(float64(size*f.Variance))*rng.Normal(r))
		})
	}
	s := Moments{weight: float64(n), rows: float64(n)}
	s.mean = f.Mean + float64(math.Sqrt(f.Variance/float64(n))*rng.Normal(r))
	if n > 1 {
		s.squares = float64(f.Variance * rng.ChiSquared(r, float64(n-1)))
	}
	m.Merge(&s, 1)
	return true
}

// Score is the log density. With no variance it is +Inf at the mean and −Inf elsewhere.
func (f Normal) Score(_ context.Context, rows, nats []float64) error {
	c := 0.5 * num.Log(float64(2*math.Pi*f.Variance))
	for i, x := range rows {
		d := x - f.Mean
		switch {
		case f.Variance > 0:
			nats[i] = -float64(d*d)/(2*f.Variance) - c
		case d == 0:
			nats[i] = math.Inf(1)
		default:
			nats[i] = math.Inf(-1)
		}
	}
	return nil
}

// CDF is P(row ≤ x); without variance a step at the mean.
func (f Normal) CDF(x float64) float64 {
	switch {
	case f.Variance == 0 && x >= f.Mean:
		return 1
	case f.Variance == 0 && x < f.Mean:
		return 0
	}
	return num.NormalCDF((x - f.Mean) / math.Sqrt(f.Variance))
}

// Quantile is the inverse of CDF.
func (f Normal) Quantile(p float64) float64 {
	if f.Variance == 0 && p >= 0 && p <= 1 {
		return f.Mean
	}
	return f.Mean + float64(math.Sqrt(f.Variance)*num.NormalQuantile(p))
}

// Support is all real numbers.
func (Normal) Support() (lo, hi float64, whole bool) { return math.Inf(-1), math.Inf(1), false }

// Moment2 is the mean and the variance, for metrics that know a closed form.
func (f Normal) Moment2() (mean, variance float64) { return f.Mean, f.Variance }

// Law is that of a family fitted by mean and variance, where the truth is normal.
func (f Normal) Law(truth Source[float64]) (Law, error) {
	t, ok := truth.(Normal)
	if !ok {
		return nil, fmt.Errorf("a gaussian fitted to %T", truth)
	}
	return LocationScale{V0: t.Variance, DDOF: f.ddof, Scale: 1}, nil
}

// Degenerate reports a fit without spread, or without rows.
func (f Normal) Degenerate() string {
	switch {
	case f.Variance == 0:
		return "variance 0"
	case math.IsNaN(f.Variance) || math.IsInf(f.Variance, 0) || math.IsNaN(f.Mean):
		return "variance not finite"
	}
	return ""
}

// Save writes mean and variance.
func (f Normal) Save(w io.Writer) error {
	return binary.Write(w, binary.LittleEndian, []float64{f.Mean, f.Variance})
}

// Gaussian fits a mean and a variance.
type Gaussian struct {
	Estimator string `json:"estimator" default:"mle" enum:"mle,unbiased" doc:"divisor of the variance: mle n, unbiased n − 1"`
}

// Fit learns from rows, as FitStats learns from their moments.
func (m Gaussian) Fit(ctx context.Context, t Task[float64]) (Fitted[float64], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// Fits is a Normal.
func (m Gaussian) Fits() Fitted[float64] { return Normal{ddof: m.ddof()} }

func (m Gaussian) ddof() float64 {
	if m.Estimator == "unbiased" {
		return 1
	}
	return 0
}

// Weighs is true: weights are sampling weights, and the divisor scales as rows do.
func (Gaussian) Weighs() bool { return true }

// Empty is moments of no rows.
func (Gaussian) Empty() Stats[float64] { return &Moments{} }

// FitStats divides by n (mle) or n − 1 (unbiased), n the number of rows.
func (m Gaussian) FitStats(_ context.Context, _ Task[float64], st Stats[float64]) (Fitted[float64], error) {
	s := st.(*Moments)
	v := s.squares / s.weight
	if d := m.ddof(); d > 0 {
		v = float64(v*s.rows) / (s.rows - d)
	}
	return Normal{s.mean, v, m.ddof()}, nil
}

// Restore reads what Normal.Save wrote.
func (m Gaussian) Restore(r io.Reader) (Fitted[float64], error) {
	var x [2]float64
	err := binary.Read(r, binary.LittleEndian, &x)
	return Normal{x[0], x[1], m.ddof()}, err
}
