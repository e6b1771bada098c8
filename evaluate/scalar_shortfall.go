package evaluate

import (
	"context"
	"fmt"
	"math"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// ExpectedShortfall compares how far out the outermost 1 % of either side of fresh rows lie, on average, with the truth
// (Acerbi and Tasche 2002): expected_shortfall.upper and .lower are distances from the true mean over the truth's own,
// and expected_shortfall is the distance between both over the truth's: it shrinks with the spread and does not move
// with the mean. 1 means no change. It takes 10,000 fresh rows to know a tail to 10 %. A truth without spread
// gives ±Inf or NaN.
type ExpectedShortfall struct {
	Level float64 `json:"level" default:"0.99" min:"0.5" max:"0.9999" doc:"the rows beyond this quantile, on either side"`
}

// Needs are fresh rows.
func (ExpectedShortfall) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (ExpectedShortfall) Can(generate.Fitted[float64]) error { return nil }

// Axes are the ratio over both tails and over each.
func (m ExpectedShortfall) Axes() []results.Axis {
	what := fmt.Sprintf("expected shortfall at %g %%, ratio to the truth", 100*m.level())
	return []results.Axis{
		{Series: "expected_shortfall", Label: what, Better: 1, Zero: 1},
		{Series: "expected_shortfall.upper", Label: what + " (upper)", Better: 1, Zero: 1},
		{Series: "expected_shortfall.lower", Label: what + " (lower)", Better: 1, Zero: 1},
	}
}

func (m ExpectedShortfall) level() float64 {
	if m.Level == 0 {
		return 0.99
	}
	return m.Level
}

// Start works out the truth's.
func (m ExpectedShortfall) Start(_ context.Context, r Real[float64]) (Gauge[float64], error) {
	mean, variance, err := trueMoments("expected_shortfall", r.Truth)
	if err != nil {
		return nil, err
	}
	share := 1 - m.level()
	var low, high float64
	switch t := r.Truth.(type) {
	case generate.Normal:
		z := num.NormalQuantile(share)
		d := float64(math.Sqrt(variance)*num.Exp(-float64(0.5*z*z))) / float64(share*math.Sqrt(2*math.Pi))
		low, high = mean-d, mean+d
	case generate.Finite[float64]:
		low, high = Shortfalls(slices.Sorted(slices.Values(t.Rows())), share)
	default:
		return nil, fmt.Errorf("expected_shortfall: %T knows neither its quantiles nor its rows", r.Truth)
	}
	var row []float64
	return fitGauge[float64](func(_ context.Context, v View[float64], to Sink) error {
		row = append(row[:0], v.Probe...)
		slices.Sort(row)
		l, h := Shortfalls(row, share)
		to.Put("expected_shortfall", (h-l)/(high-low))
		to.Put("expected_shortfall.upper", (h-mean)/(high-mean))
		to.Put("expected_shortfall.lower", (l-mean)/(low-mean))
		return nil
	}), nil
}

// Shortfalls are the means of the lowest and of the highest share of a sorted sample; the row on the edge counts in
// part. At least one row is in. NaN for an empty sample, or one with a NaN (which sorts first).
func Shortfalls(sorted []float64, share float64) (low, high float64) {
	n := len(sorted)
	if n == 0 || math.IsNaN(sorted[0]) {
		return math.NaN(), math.NaN()
	}
	rows := max(1, float64(share*float64(n)))
	var l, h num.Accumulator
	left := rows
	for i := 0; i < n && left > 1e-9; i++ {
		w := min(1, left)
		l.Add(float64(w * sorted[i]))
		h.Add(float64(w * sorted[n-1-i]))
		left -= w
	}
	return l.Sum() / rows, h.Sum() / rows
}
