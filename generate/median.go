package generate

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"modelcollapse/internal/num"
)

// MedianNormal is a normal of known variance whose mean is the median of the rows.
type MedianNormal struct{ Normal }

// Degenerate reports a mean that is not finite.
func (f MedianNormal) Degenerate() string { return degenerate(f) }

// Law is none: a median is no linear function of means.
func (MedianNormal) Law(Source[float64]) (Law, error) {
	return nil, fmt.Errorf("a median is no linear function of means: it has no exact law")
}

// Innovations of a normal whose median is learned: of n rows the ⌈n/2⌉-th smallest, which is the median of an odd number,
// is a beta variable of ⌈n/2⌉ and n + 1 − ⌈n/2⌉ once it is put through the distribution function. Beside it the mean
// would not be independent. It needs the rows.
func (f MedianNormal) Innovations(dst []Innovation, o Outcome[float64], _ *rand.Rand) []Innovation {
	n := len(o.Rows)
	if n == 0 || !(math.Sqrt(f.Variance) > float64(faint*math.Abs(f.Mean))) {
		return dst
	}
	rows := slices.Sorted(slices.Values(o.Rows))
	k := (n + 1) / 2
	return append(dst, Innovation{"median", num.BetaCDF(f.CDF(rows[k-1]), float64(k), float64(n+1-k))})
}

// Save writes the mean.
func (f MedianNormal) Save(w io.Writer) error { return saveMean(w, f.Mean) }

// GaussianMedian fits the mean of a normal of known variance by the median: a consistent estimator with π/2 times the
// variance of the mean, the inefficient generator of Dey and Donoho 2024 (arXiv 2410.22812), who find that what
// accumulation does to an estimator does not depend on its efficiency: Var θ_g / Var θ_0 tends to Σ_{i ≤ g+1} 1/i²
// when rows accumulate and to g + 1 under replace.
type GaussianMedian struct {
	Variance float64 `json:"variance" default:"0" min:"0" doc:"known variance; 0: the truth's"`
}

// Bind takes the variance from the truth unless it was given.
func (m GaussianMedian) Bind(truth Source[float64]) (Model[float64], error) {
	var err error
	m.Variance, err = knownVariance(m.Variance, truth)
	return m, err
}

// Fits is a MedianNormal.
func (m GaussianMedian) Fits() Fitted[float64] { return m.at(0) }

func (m GaussianMedian) at(mean float64) MedianNormal {
	return MedianNormal{Normal{Mean: mean, Variance: m.Variance}}
}

// Weighs is true: the median halves the weight.
func (GaussianMedian) Weighs() bool { return true }

// Fit is the median of the rows.
func (m GaussianMedian) Fit(_ context.Context, t Task[float64]) (Fitted[float64], error) {
	return m.at(median(t.Train)), nil
}

// Restore reads what MedianNormal.Save wrote.
func (m GaussianMedian) Restore(r io.Reader) (Fitted[float64], error) {
	var mean float64
	err := binary.Read(r, binary.LittleEndian, &mean)
	return m.at(mean), err
}

// median is the middle of the rows: the mean of the two rows between which the weight is halved, or the row in which it is.
// Of no rows, or where a row is NaN, it is NaN.
func median(s Sample[float64]) float64 {
	rows, alike := make([]float64, 0, s.Len()), true
	for x, w := range s.All() {
		if math.IsNaN(x) {
			return x
		}
		rows, alike = append(rows, x), alike && w == s[0].Weight && w > 0
	}
	switch n := len(rows); {
	case !alike:
		return weightedMedian(s)
	case n == 0:
		return math.NaN()
	default:
		slices.Sort(rows)
		return between(rows[(n-1)/2], rows[n/2])
	}
}

// between is the mean of two numbers, which may be as large as they can be.
func between(x, y float64) float64 {
	if x == y {
		return x
	}
	return float64(x/2) + float64(y/2)
}

// weightedMedian is median where weights differ; rows without weight do not count.
func weightedMedian(s Sample[float64]) float64 {
	type weighted struct{ x, weight float64 }
	var all []weighted
	total := 0.0
	for x, w := range s.All() {
		if w > 0 {
			all, total = append(all, weighted{x, w}), total+w
		}
	}
	slices.SortStableFunc(all, func(a, b weighted) int { return cmp.Compare(a.x, b.x) })
	below := 0.0
	for i, row := range all {
		below += row.weight
		switch half := total / 2; {
		case below == half && i+1 < len(all):
			return between(row.x, all[i+1].x)
		case below >= half:
			return row.x
		}
	}
	return math.NaN()
}
