package audit

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
)

// conclude measures families, and fills results, verdict and the plain sentences of a report.
func (r *Report) conclude(ctx context.Context, o Options, families ...family) error {
	families = slices.DeleteFunc(families, func(f family) bool { return len(f.measures) == 0 })
	if err := enough(len(families), o); err != nil {
		return err
	}
	r.Name, r.Splits, r.Alpha, r.Seed = o.Name, o.Splits, o.Alpha, o.Seed
	for i, f := range families {
		v, err := f.run(ctx, o)
		if err != nil {
			return err
		}
		all, critical := decide(v, len(families), o)
		if r.Results = append(r.Results, all...); i == 0 {
			r.Rows, r.Critical = v.size, num.Float(critical)
		}
	}
	slices.SortStableFunc(r.Results, func(a, b Result) int { return slices.Index(Parts(), a.Part) - slices.Index(Parts(), b.Part) })
	r.Outcome, r.Why = r.verdict()
	return nil
}

// named is how many statistics a sentence names.
const named = 4

// verdict is the answer of all statistics, largest effects (in thresholds) first. That a column or a decile by itself is undecided is no matter:
// the statistics of all of them speak for it.
func (r *Report) verdict() (evaluate.Outcome, string) {
	differ, undecided := r.with(Differs), slices.DeleteFunc(r.with(Undecided), func(x Result) bool { return x.Detail })
	chance := fmt.Sprintf("chance of a false alarm %g over %d statistics", r.Alpha, len(r.Results)-len(r.with(Unmeasured)))
	switch {
	case len(differ) > 0:
		var parts []string
		for _, x := range differ[:min(named, len(differ))] {
			parts = append(parts, fmt.Sprintf("%s is %.3g, %.3g between real halves", x.Name, float64(x.Found), float64(x.Null.Mean)))
		}
		return evaluate.Rejected, strings.Join(parts, "; ") + more(len(differ)-named) + " (" + chance + ")"
	case len(undecided) > 0:
		x := undecided[0]
		why := fmt.Sprintf("nothing differs, but of %d statistics an effect that matters could have been missed: first %s, ≥ %.2g would have been seen and %.2g matters",
			len(undecided), x.Name, float64(x.Detectable), x.Threshold)
		if x.Decides > 0 {
			why += fmt.Sprintf("; about %s %s a side would decide it", grouped(x.Decides), r.Unit)
		}
		return evaluate.Undecided, why
	case len(r.with(Unmeasured)) == len(r.Results):
		return evaluate.Undecided, "nothing could be measured"
	}
	return evaluate.Consistent, "nothing differs by what matters, and it would have been seen with 90 % (" + chance + ")"
}

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// with are the results of an answer, the largest effects in thresholds first (of undecided ones: what is seen least).
func (r *Report) with(a Answer) (all []Result) {
	for _, x := range r.Results {
		if x.Answer == a {
			all = append(all, x)
		}
	}
	size := func(x Result) float64 {
		if a == Undecided {
			return float64(x.Detectable) / x.Threshold
		}
		return x.Worse.sign(float64(x.Effect)) / x.Threshold
	}
	slices.SortStableFunc(all, func(a, b Result) int {
		switch x, y := size(a), size(b); {
		case x > y || math.IsNaN(y) && !math.IsNaN(x):
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return all
}
