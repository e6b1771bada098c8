package generate

import (
	"math"
	"math/rand/v2"

	"modelcollapse/internal/num"
)

// faint is the share of a mean's size that a deviation must have for rounding not to matter: rows of a collapsed
// distribution are too coarse to obey its law.
const faint = 1e-9

// Innovations of a normal: √n (mean′ − mean)/sd is standard normal, and divisor·variance′/variance chi-square with n − 1
// degrees of freedom, independent of it (W. G. Cochran, Proc. Camb. Phil. Soc. 30, 1934). Of rows that are fitted by
// another family it is the mean alone.
func (f Normal) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	next, ok := o.Fit.(Normal)
	if !ok {
		total, ok := learnedTotal[FixedVariance](o)
		return f.meanInnovation(dst, total, ok, float64(o.N))
	}
	if !(math.Sqrt(f.Variance) > float64(faint*math.Abs(f.Mean))) {
		return dst
	}
	n := float64(o.N)
	z := float64(math.Sqrt(n/f.Variance) * (next.Mean - f.Mean))
	dst = append(dst, Innovation{"mean", num.NormalCDF(z)})
	if o.N > 1 {
		ratio := float64((n-next.ddof)*next.Variance) / f.Variance
		dst = append(dst, Innovation{"variance", num.ChiSquaredCDF(ratio, n-1)})
	}
	return dst
}

// Innovations of a normal of d columns: n |R⁻ᵀ(mean′ − mean)|² is chi-square with d degrees of freedom for a factor R
// of the covariance, tr(Σ⁻¹ scatter′) with d (n − 1), and the last pivot of the scatter's factor, in units of R's, squared
// with n − d (Anderson 2003, §7.2). A singular covariance says nothing; so do correlated columns of which the fit learns
// the variances alone.
func (f JointNormal) Innovations(dst []Innovation, o Outcome[Vector], _ *rand.Rand) []Innovation {
	next, ok := o.Fit.(JointNormal)
	d, n := f.Dim(), float64(o.N)
	narrow := next.shape != "full" && !f.factor.diagonal || next.shape == "spherical" && !f.Spherical()
	if !ok || next.Dim() != d || f.Rank() < d || narrow {
		return dst
	}
	size, moved := make([]float64, d), make([]float64, d)
	for j := range moved {
		moved[j] = next.mean[j] - f.mean[j]
		if !(math.Abs(f.factor.pivot(j)) > float64(faint*math.Abs(f.mean[j]))) {
			return dst
		}
	}
	squares, _ := f.factor.solve(moved, size)
	dst = append(dst, Innovation{"mean", num.ChiSquaredCDF(float64(n*squares), float64(d))})
	if o.N < 2 {
		return dst
	}
	trace := 0.0
	for k := range d {
		clear(moved)
		copy(moved[k:], next.factor.row(k))
		squares, _ := f.factor.solve(moved, size)
		trace += squares
	}
	trace = float64(trace * (n - next.ddof))
	dst = append(dst, Innovation{"scatter", num.ChiSquaredCDF(trace, float64(d)*(n-1))})
	if last := next.factor.pivot(d-1) / f.factor.pivot(d-1); d > 1 && o.N > d && next.shape == "full" {
		dst = append(dst, Innovation{"last_pivot", num.ChiSquaredCDF(float64((n-next.ddof)*float64(last*last)), n-float64(d))})
	}
	return dst
}

// Subsampled is the law of the mean of rows drawn from a pool again: normal, to the order of one over the root of their
// number, with the variance of a finite population where nothing is replaced (Cochran 1977, Sampling Techniques, §2.6).
func (s *Moments) Subsampled(dst []Innovation, sample Stats[float64], replacement bool, _ *rand.Rand) []Innovation {
	t, ok := sample.(*Moments)
	if !ok || t.rows < 2 || s.rows < 2 || !(math.Sqrt(s.squares/s.weight) > float64(faint*math.Abs(s.mean))) {
		return dst
	}
	variance := s.squares / s.weight / t.rows
	if !replacement {
		if s.rows == t.rows {
			return dst
		}
		variance *= (s.rows - t.rows) / (s.rows - 1)
	}
	return append(dst, Innovation{"mean", num.NormalCDF((t.mean - s.mean) / math.Sqrt(variance))})
}
