package generate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Distributed (Fitted, Source) of scalars knows its distribution function.
type Distributed interface {
	CDF(x float64) float64                 // P(row ≤ x)
	Quantile(p float64) float64            // the least x with P(row ≤ x) ≥ p; the ends of the support at 0 and 1, NaN outside [0, 1]
	Support() (lo, hi float64, whole bool) // every row lies in [lo, hi], and is a whole number where whole
	momented
}

// A momented fit or truth knows its mean and its variance.
type momented interface {
	Moment2() (mean, variance float64)
}

func supportName(lo, hi float64, whole bool) string {
	what := "real numbers"
	if whole {
		what = "whole numbers"
	}
	return fmt.Sprintf("%s in [%g, %g]", what, lo, hi)
}

// degenerate says why a fit by its mean is degenerate: the variance is NaN where the family has no such mean.
func degenerate(f momented) string {
	mean, variance := f.Moment2()
	switch {
	case math.IsNaN(mean) || math.IsInf(mean, 0):
		return "mean not finite"
	case math.IsNaN(variance):
		return fmt.Sprintf("mean %g, which the family cannot have", mean)
	case math.IsInf(variance, 0):
		return "variance not finite"
	case variance == 0:
		return "variance 0"
	}
	return ""
}

// drawn appends n rows; of a fit that has no proper parameters each is NaN.
func drawn(dst []float64, n int, proper bool, row func() float64) []float64 {
	dst = slices.Grow(dst, n)
	for range n {
		x := math.NaN()
		if proper {
			x = row()
		}
		dst = append(dst, x)
	}
	return dst
}

// drawnTotal adds n rows of a given sum to Totals, and knows no other statistics.
func drawnTotal(into Stats[float64], n int, proper bool, sum func() float64) bool {
	s, ok := into.(*Totals)
	if !ok || n < 1 {
		return ok
	}
	x := math.NaN()
	if proper {
		x = sum()
	}
	s.weight += float64(n)
	s.rows += float64(n)
	s.sum.Add(x)
	return true
}

// scored writes the log density of every row: NaN where the row or the parameters are none.
func scored(rows, nats []float64, proper bool, log func(x float64) float64) error {
	for i, x := range rows {
		if nats[i] = math.NaN(); proper && !math.IsNaN(x) {
			nats[i] = log(x)
		}
	}
	return nil
}

// pointLog is the log density of a point: +Inf there and −Inf elsewhere.
func pointLog(x, at float64) float64 {
	if x == at {
		return math.Inf(1)
	}
	return math.Inf(-1)
}

// totalOf is the sum of the rows that became of a draw.
func totalOf(o Outcome[float64]) (total float64, ok bool) {
	switch s := o.Stats.(type) {
	case *Totals:
		return s.Sum(), true
	case *Moments:
		return float64(s.mean * s.weight), true
	}
	t := Totals{}
	t.Add(Span[float64]{Rows: o.Rows, Weight: 1})
	return t.Sum(), o.Rows != nil
}

// learnedTotal is what a fit of family F took the sum to be, so that the estimator is judged too, else totalOf.
func learnedTotal[F meanFamily[F]](o Outcome[float64]) (total float64, ok bool) {
	if next, ok := o.Fit.(F); ok {
		mean, _ := next.Moment2()
		return float64(mean * float64(o.N)), true
	}
	return totalOf(o)
}

// sumInnovation appends the transform of a continuous sum, if the source has spread.
func sumInnovation[F meanFamily[F]](dst []Innovation, f F, o Outcome[float64], cdf func(total float64) float64) []Innovation {
	total, ok := learnedTotal[F](o)
	if _, variance := f.Moment2(); !ok || !(variance > 0) {
		return dst
	}
	return append(dst, Innovation{"mean", cdf(total)})
}

// countInnovation appends the randomised transform of a sum of whole numbers, if the source has spread and the sum is
// below 2^53, beyond which it is no longer a whole number for certain.
func countInnovation[F meanFamily[F]](dst []Innovation, f F, o Outcome[float64], u *rand.Rand, law func(k int64) (below, at float64)) []Innovation {
	total, ok := learnedTotal[F](o)
	if _, variance := f.Moment2(); !ok || !(variance > 0) || !(math.Abs(total) < 0x1p53) {
		return dst
	}
	below, at := law(int64(math.Floor(total + 0.5)))
	return append(dst, Innovation{"mean", Randomised(below, at, u)})
}
