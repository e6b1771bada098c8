package evaluate

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/results"
)

// LostCategories is the share of real categories that fresh rows lack, over all category columns together: lost_categories of all, and
// lost_categories.rare of those in the rarest decile of their column's real mass. Real are those of a truth that knows their
// probabilities, else of its training rows. The value at generation 0 holds what a probe of that size misses of them.
type LostCategories struct{}

// Needs are fresh rows.
func (LostCategories) Needs() Needs { return Needs{Probe: true} }

// Can is nil: every model can be drawn from.
func (LostCategories) Can(generate.Fitted[generate.Record]) error { return nil }

// Axes are both shares.
func (LostCategories) Axes() []results.Axis {
	return []results.Axis{
		{Series: "lost_categories", Label: "share of real categories that fresh rows lack", Better: -1},
		{Series: "lost_categories.rare", Label: "share of rare real categories that fresh rows lack", Better: -1},
	}
}

// Start finds the real categories.
func (LostCategories) Start(ctx context.Context, r Real[generate.Record]) (Gauge[generate.Record], error) {
	real, err := realColumnsOf(ctx, "lost_categories", r)
	if err != nil {
		return nil, err
	}
	p := make([][]float64, len(real.schema))
	for j, c := range real.schema {
		if !c.Numbers() {
			p[j] = real.shares(j)
		}
	}
	return fitGauge[generate.Record](func(_ context.Context, v View[generate.Record], to Sink) error {
		var all, rare lostOf
		for j, p := range p {
			limit, _ := tailLimit(p)
			q := categoryShares(v.Probe, j, len(p))
			for k, x := range p {
				if x > 0 {
					all.add(q[k])
				}
				if x > 0 && x <= limit {
					rare.add(q[k])
				}
			}
		}
		to.Put("lost_categories", all.share())
		to.Put("lost_categories.rare", rare.share())
		return nil
	}), nil
}

// lostOf counts categories, and those that fresh rows lack.
type lostOf struct{ all, lost float64 }

func (l *lostOf) add(share float64) {
	if l.all++; share == 0 {
		l.lost++
	}
}

// share is that of the lost; NaN without categories.
func (l lostOf) share() float64 { return l.lost / l.all }

// columnParts are the names of columns as parts of series' names: letters, digits and _, numbered where two would be equal,
// or be taken for a series of all columns.
func columnParts(schema generate.Schema) []string {
	taken := []string{"worst", "excess"}
	for _, c := range schema {
		part := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, c.Name)
		name := part
		for n := 2; slices.Contains(taken, name); n++ {
			name = part + "_" + strconv.Itoa(n)
		}
		taken = append(taken, name)
	}
	return taken[2:]
}
