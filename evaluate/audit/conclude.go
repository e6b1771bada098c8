package audit

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"modelcollapse/evaluate"
)

// conclude measures families, and fills results, verdict and the plain sentences of a report.
func (r *Report) conclude(ctx context.Context, o Options, families ...family) error {
	families = slices.DeleteFunc(families, func(f family) bool { return len(f.measures) == 0 })
	for _, f := range families {
		if err := enough(len(families), o.exchanges(f.units), o); err != nil {
			return err
		}
	}
	r.Name, r.Splits, r.Alpha, r.Seed = o.Name, o.Splits, o.Alpha, o.Seed
	for i, f := range families {
		v, err := f.run(ctx, o)
		if err != nil {
			return err
		}
		all, critical := decide(v, len(families), o)
		if r.Results = append(r.Results, all...); i == 0 {
			r.Rows, r.Exchanges, r.Critical = v.size, len(v.exchange), Number(critical)
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
			parts = append(parts, fmt.Sprintf("%s is %s, %s %s", x.Name, digits(float64(x.Found)), x.usual(), x.null()))
		}
		return evaluate.Rejected, strings.Join(parts, "; ") + more(len(differ)-named) + " (" + chance + ")"
	case len(r.with(Unmeasured)) == len(r.Results):
		return evaluate.Undecided, "nothing could be measured"
	case len(undecided) > 0:
		return evaluate.Undecided, r.noDifference() + "; " + r.open(undecided) + " (" + chance + ")"
	}
	return evaluate.Consistent, r.noDifference() + " (" + chance + ")"
}

// noDifference says how many statistics are alike, and by how much the first of some parts could differ at most.
func (r *Report) noDifference() string {
	alike, slight := 0, len(r.with(Slight))
	var parts []string
	seen := map[string]bool{}
	for _, x := range r.Results {
		if x.Answer != Alike || x.Detail {
			continue
		}
		if alike++; !seen[x.Part] && len(parts) < named {
			seen[x.Part] = true
			parts = append(parts, fmt.Sprintf("%s by %s", x.Name, digits(min(float64(x.AtMost), x.Threshold))))
		}
	}
	text := "no difference found"
	if slight > 0 {
		text = fmt.Sprintf("no difference found that matters (%d of less than that)", slight)
	}
	if alike == 0 {
		return text
	}
	verb := "statistics are"
	if alike == 1 {
		verb = "statistic is"
	}
	return fmt.Sprintf("%s: %d %s alike (they differ at most: %s)", text, alike, verb, strings.Join(parts, ", "))
}

// open says what is undecided, by how much it could differ, and what would decide it.
func (r *Report) open(undecided []Result) string {
	var parts []string
	rows, never := 0, false
	for k, x := range undecided {
		if k < named {
			parts = append(parts, fmt.Sprintf("%s (up to %s is possible, %s matters)", x.Name, digits(float64(x.AtMost)), digits(x.Threshold)))
		}
		rows, never = max(rows, x.Decides), never || x.Decides == 0
	}
	verb := "are"
	if len(undecided) == 1 {
		verb = "is"
	}
	text := fmt.Sprintf("%d %s undecided: %s%s", len(undecided), verb, strings.Join(parts, ", "), more(len(undecided)-named))
	switch {
	case rows > 0 && !never:
		text += fmt.Sprintf("; about %s %s a side would decide", grouped(rows), r.Unit)
	case rows > 0:
		text += fmt.Sprintf("; about %s %s a side would decide those that look at all", grouped(rows), r.Unit)
	}
	return text
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
			return float64(x.AtMost) / x.Threshold
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
