package generate

import (
	"context"
	"fmt"
	"math"

	"modelcollapse/internal/num"
)

// KernelDensity puts a normal of standard deviation h, the same in every column, about every row (Rosenblatt 1956; Parzen
// 1962). A fixed h makes the density additive over blocks: what was once scored need not be looked at again.
//
// A rule takes h = factor × the mean over columns of the rows' standard deviations (divisor n − 1), with the factor
// n^(−1/(d+4)) (Scott 1992, Multivariate Density Estimation) or (n(d+2)/4)^(−1/(d+4)) (Silverman 1986, Density Estimation) for n
// rows of d columns. Rows with weights count as n = (Σ w)²/Σ w², in the divisor too. Of one column this is scipy's
// bandwidth; of several, scipy's kernel has the covariance of the rows, and this one is isotropic.
type KernelDensity[E real] struct {
	Bandwidth float64 `json:"bandwidth" default:"0.5" min:"0" doc:"h of rule fixed, in units of the data; not used by the other rules"`
	Rule      string  `json:"rule" default:"fixed" enum:"fixed,scott,silverman" doc:"fixed: bandwidth as it is given; scott, silverman: by the number and the spread of the rows"`
	dim       int
}

// Kernels is a fitted kernel density.
type Kernels[E real] struct {
	pool
	bandwidth float64
	rule      string
}

func (m KernelDensity[E]) rule() string {
	if m.Rule == "" {
		return "fixed"
	}
	return m.Rule
}

// Bind takes the number of columns of vectors from the truth.
func (m KernelDensity[E]) Bind(truth Source[E]) (Model[E], error) {
	m.dim = 1
	if t, vectors := any(truth).(Source[Vector]); vectors {
		if m.dim = columnsOf(t); m.dim < 1 {
			return nil, fmt.Errorf("kernel density: %T does not say how many columns there are", truth)
		}
	}
	return m, nil
}

// Fits is a Kernels.
func (m KernelDensity[E]) Fits() Fitted[E] {
	return Kernels[E]{bandwidth: m.Bandwidth, rule: m.rule()}
}

// Weighs is true: weights are sampling weights.
func (KernelDensity[E]) Weighs() bool { return true }

// Empty is no rows.
func (m KernelDensity[E]) Empty() Stats[E] { return &KernelRows[E]{pool{dim: m.dim}} }

// Fit learns from rows, which it copies, as FitStats learns from blocks that it shares.
func (m KernelDensity[E]) Fit(ctx context.Context, t Task[E]) (Fitted[E], error) {
	s := m.Empty()
	for _, span := range t.Train {
		s.Add(span)
	}
	return m.FitStats(ctx, t, s)
}

// FitStats finds the bandwidth.
func (m KernelDensity[E]) FitStats(_ context.Context, _ Task[E], st Stats[E]) (Fitted[E], error) {
	s := st.(*KernelRows[E])
	if s.bad != nil {
		return nil, fmt.Errorf("kernel density: %w", s.bad)
	}
	f := Kernels[E]{pool: s.snapshot(), bandwidth: m.Bandwidth, rule: m.rule()}
	if f.rule != "fixed" {
		f.bandwidth = f.byRule()
	}
	return f, nil
}

// byRule is the bandwidth of a rule; 0 of one row.
func (f Kernels[E]) byRule() float64 {
	if f.scatter == nil || f.total() == 0 {
		return 0
	}
	n, d := f.effective(), float64(f.dim)
	if !(n > 1) {
		return 0
	}
	sd := 0.0
	for _, x := range f.scatter.squares() {
		sd += math.Sqrt(x / f.scatter.weight * n / (n - 1))
	}
	rows := n
	if f.rule == "silverman" {
		rows = float64(n*(d+2)) / 4
	}
	return float64(sd / d * num.Exp(-num.Log(rows)/(d+4)))
}

// Bandwidth is h, in units of the data.
func (f Kernels[E]) Bandwidth() float64 { return f.bandwidth }

// Dim is the number of columns; 0 where nobody said, and there are no rows.
func (f Kernels[E]) Dim() int { return f.dim }

// Normal has the mean of the rows, and their covariance (divisor n) plus h² in every column.
func (f Kernels[E]) Normal() JointNormal { return f.normal(float64(f.bandwidth * f.bandwidth)) }

// Moment2 is the mean and the variance of a drawn scalar: the rows' variance (divisor n) plus h².
func (f Kernels[E]) Moment2() (mean, variance float64) {
	if t := f.scatter; t != nil && t.weight > 0 {
		return t.mean[0], t.sum[0]/t.weight + float64(f.bandwidth*f.bandwidth)
	}
	return math.NaN(), math.NaN()
}

// Degenerate reports a fit without rows, of points, or that is not finite.
func (f Kernels[E]) Degenerate() string {
	switch h := f.bandwidth; {
	case len(f.clouds) == 0:
		return "no rows"
	case h == 0:
		return "bandwidth 0"
	case math.IsNaN(h) || math.IsInf(h, 0):
		return "bandwidth not finite"
	}
	for j, x := range f.scatter.squares() {
		if m := f.scatter.mean[j]; math.IsNaN(x) || math.IsInf(x, 0) || math.IsNaN(m) {
			return "rows not finite"
		}
	}
	return ""
}
