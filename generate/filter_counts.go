package generate

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// CountFilter is Filter for counted categories: of n draws it keeps round(keep·n), at least one, of the categories that
// are most probable, or least; of a category that only a part fits of, that part, since its draws are alike.
type CountFilter struct {
	Keep float64 `json:"keep" default:"0.9" min:"0" max:"1" doc:"share of the draws that is kept"`
	By   string  `json:"by" default:"score" enum:"score,truth" doc:"score: probability under the fit that drew them; truth: under the truth"`
	Side string  `json:"side" default:"high" enum:"high,low" doc:"which draws are kept: of the most probable categories, or of the least"`

	truth []float64
}

// Name is filter.
func (CountFilter) Name() string { return "filter" }

// Validate refuses a share that keeps nothing.
func (f CountFilter) Validate() error { return Filter[Histogram]{Keep: f.Keep}.Validate() }

// Bind finds the truth's probabilities.
func (f CountFilter) Bind(truth Source[Histogram]) (Intervention[Histogram], error) {
	if f.By != "truth" {
		return f, nil
	}
	d, ok := truth.(Distribution)
	if !ok {
		return nil, fmt.Errorf("by: truth: %T does not know its probabilities: use by: score", truth)
	}
	f.truth = d.Probabilities()
	return f, nil
}

// Can asks for a fit that knows its probabilities.
func (f CountFilter) Can(fits Fitted[Histogram]) error {
	if _, ok := fits.(Distribution); !ok && f.By != "truth" {
		return fmt.Errorf("%T does not know its probabilities: use by: truth", fits)
	}
	return nil
}

// Apply replaces every histogram by what it keeps of it.
func (f CountFilter) Apply(_ context.Context, b Batch[Histogram]) error {
	p := f.truth
	if p == nil {
		p = b.Model.(Distribution).Probabilities()
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := p[i], p[j]
		if f.Side == "low" {
			x, y = y, x
		}
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for r, h := range b.Rows {
		if len(h) != len(p) {
			return fmt.Errorf("a histogram of %d categories, want %d", len(h), len(p))
		}
		var n int64
		for _, c := range h {
			n += c
		}
		left := min(n, max(1, int64(math.Round(float64(f.Keep*float64(n))))))
		kept := make(Histogram, len(h))
		for _, i := range order {
			kept[i] = min(left, h[i])
			left -= kept[i]
		}
		b.Rows[r] = kept
	}
	return nil
}
