package generate

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Filter keeps the share of rows with the highest log likelihood, or the lowest: a batch of n keeps round(keep·n) of
// them, at least one, of equal rows the first. With refill every round is filtered by itself.
//
// Under the fit that drew them it is the filter by a model's own confidence; under the truth, where that knows its
// density, an oracle's. Keeping the likeliest rows narrows a normal beyond what sampling noise does: with keep q and
// many rows the variance falls by 1 − 2zφ(z)/q a generation, z = Φ⁻¹((1+q)/2).
type Filter[E any] struct {
	Keep float64 `json:"keep" default:"0.9" min:"0" max:"1" doc:"share of the rows that is kept"`
	By   string  `json:"by" default:"score" enum:"score,truth" doc:"score: log likelihood under the fit that drew the rows; truth: under the truth, which must know its density"`
	Side string  `json:"side" default:"high" enum:"high,low" doc:"which rows are kept"`

	truth Scorer[E]
}

// Name is filter.
func (Filter[E]) Name() string { return "filter" }

// Validate refuses a share that keeps nothing.
func (f Filter[E]) Validate() error {
	if !(f.Keep > 0) {
		return fmt.Errorf("keep: %g: must be above 0", f.Keep)
	}
	return nil
}

// Bind finds the truth's density.
func (f Filter[E]) Bind(truth Source[E]) (Intervention[E], error) {
	if f.By != "truth" {
		return f, nil
	}
	var ok bool
	if f.truth, ok = truth.(Scorer[E]); !ok {
		return nil, fmt.Errorf("by: truth: %T does not know the likelihood of a row: use by: score", truth)
	}
	return f, nil
}

// Can asks for a fit that knows its likelihood.
func (f Filter[E]) Can(fits Fitted[E]) error {
	if _, ok := fits.(Scorer[E]); !ok && f.By != "truth" {
		return fmt.Errorf("%T does not know the likelihood of a row: use by: truth", fits)
	}
	return nil
}

// Apply drops the rows below, or above, the share.
func (f Filter[E]) Apply(ctx context.Context, b Batch[E]) error {
	scorer := f.truth
	if scorer == nil {
		scorer = b.Model.(Scorer[E])
	}
	nats := make([]float64, len(b.Rows))
	if err := scorer.Score(ctx, b.Rows, nats); err != nil {
		return err
	}
	keepShare(b.Weights, nats, f.Keep, f.Side == "low")
	return nil
}

// keepShare drops all but the rows with the largest, or smallest, values; of equal ones the first stay, and a NaN is
// the last to.
func keepShare(weights, value []float64, keep float64, low bool) {
	n := len(value)
	kept := min(n, max(1, int(math.Round(float64(keep*float64(n))))))
	if kept == n {
		return
	}
	rank := slices.Clone(value)
	for i, x := range rank {
		if low {
			rank[i] = -x
		}
		if x != x {
			rank[i] = math.Inf(-1)
		}
	}
	sorted := slices.Clone(rank)
	slices.Sort(sorted)
	edge := sorted[n-kept]
	equal := kept // so many rows on the edge stay
	for _, x := range sorted[n-kept:] {
		if x > edge {
			equal--
		}
	}
	for i, x := range rank {
		switch {
		case x > edge:
		case x == edge && equal > 0:
			equal--
		default:
			weights[i] = 0
		}
	}
}

// ScalarFilter is Filter for numbers, which have a value too and may be held within bounds.
type ScalarFilter struct {
	Keep float64  `json:"keep" default:"1" min:"0" max:"1" doc:"share of the rows within the bounds that is kept"`
	By   string   `json:"by" default:"score" enum:"score,truth,value" doc:"score: log likelihood under the fit that drew the rows; truth: under the truth; value: the row itself"`
	Side string   `json:"side" default:"high" enum:"high,low" doc:"which rows are kept"`
	Min  *float64 `json:"min" doc:"rows below are dropped; not written: none are"`
	Max  *float64 `json:"max" doc:"rows above are dropped; not written: none are"`

	truth Scorer[float64]
}

// Name is filter.
func (ScalarFilter) Name() string { return "filter" }

func (f ScalarFilter) likelihood() Filter[float64] {
	return Filter[float64]{Keep: f.Keep, By: f.By, Side: f.Side, truth: f.truth}
}

// Validate refuses a share or bounds that keep nothing.
func (f ScalarFilter) Validate() error {
	if f.Min != nil && f.Max != nil && !(*f.Min <= *f.Max) {
		return fmt.Errorf("min %g is above max %g", *f.Min, *f.Max)
	}
	return f.likelihood().Validate()
}

// Bind finds the truth's density.
func (f ScalarFilter) Bind(truth Source[float64]) (Intervention[float64], error) {
	bound, err := f.likelihood().Bind(truth)
	if err != nil {
		return nil, err
	}
	f.truth = bound.(Filter[float64]).truth
	return f, nil
}

// Can asks for a fit that knows its likelihood, where that decides.
func (f ScalarFilter) Can(fits Fitted[float64]) error {
	if f.By == "value" || f.Keep == 1 {
		return nil
	}
	return f.likelihood().Can(fits)
}

// Apply drops the rows out of bounds, then those below, or above, the share.
func (f ScalarFilter) Apply(ctx context.Context, b Batch[float64]) error {
	var at []int
	for i, x := range b.Rows {
		if f.Min != nil && !(x >= *f.Min) || f.Max != nil && !(x <= *f.Max) {
			b.Weights[i] = 0
		} else {
			at = append(at, i)
		}
	}
	if f.Keep == 1 || len(at) == 0 {
		return nil
	}
	inside := Batch[float64]{Model: b.Model, Real: b.Real, Generation: b.Generation, Rand: b.Rand}
	for _, i := range at {
		inside.Rows, inside.Weights = append(inside.Rows, b.Rows[i]), append(inside.Weights, b.Weights[i])
	}
	if f.By == "value" {
		keepShare(inside.Weights, inside.Rows, f.Keep, f.Side == "low")
	} else if err := f.likelihood().Apply(ctx, inside); err != nil {
		return err
	}
	for k, i := range at {
		b.Weights[i] = inside.Weights[k]
	}
	return nil
}
