package audit

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// words are the plain sentences of an audit of tables.
func (d *table) words(r *Report) (all []string) {
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if x, ok := r.Result("tail_loss"); ok && x.Answer != Unmeasured {
		say("Of the rare part of the real columns %.0f %% is lost; two real halves lose %.0f %% [%.0f, %.0f].", 100*x.Found, 100*x.Null.Mean, 100*x.Null.Low, 100*x.Null.High)
	}
	all = append(all, r.copyingWords()...)
	if x, ok := r.Result("two_sample_auc@1000"); ok && x.Answer == Differs {
		say("A classifier tells synthetic rows from real ones: with an area of %.2f, where it cannot tell two real halves (%.2f).", float64(x.Found), float64(x.Null.Mean))
	}
	if d.held > 0 {
		all = append(all, d.leakWords(r)...)
	}
	if w := r.worstColumns(); w != "" {
		say("Columns that differ most: %s.", w)
	}
	return append(all, d.notes...)
}

// copyingWords say what copying was found, or what would have been.
func (r *Report) copyingWords() []string {
	x, ok := r.Result("copies.exact")
	if !ok || x.Answer == Unmeasured {
		return nil
	}
	if x.Answer == Differs {
		return []string{fmt.Sprintf("Copying: %s of the synthetic rows are a real row, to the cell; of real rows %s have a twin.", percent(x.Found), percent(x.Null.Mean))}
	}
	for _, name := range []string{"copies.near@500", "closest_distance@500"} {
		if c, ok := r.Result(name); ok && c.Answer == Differs {
			return []string{fmt.Sprintf("Copying: no more exact copies than between real rows, but synthetic rows lie closer to real ones than those to each other (%s).", name)}
		}
	}
	if c, ok := r.Result("closer_to_training@1000"); ok && c.Answer == Differs {
		return []string{fmt.Sprintf("Copying: no more exact copies than between real rows, but %s of the synthetic rows are closer to a training row than to one of the hold-out; by chance half of them are.", percent(c.Found))}
	}
	return []string{fmt.Sprintf("No evidence of copying; a leak of ≥ %s of the rows, to the cell, would have been found.", percent(x.Detectable))}
}

// percent is a share in words: 0.0123 is 1.2 %, and what is nearly nothing 0 %.
func percent[T ~float64](share T) string {
	x := 100 * float64(share)
	switch {
	case x != x:
		return "–"
	case math.Abs(x) < 0.05:
		return "0 %"
	}
	return strings.Replace(strconv.FormatFloat(x, 'f', max(0, 1-int(math.Floor(math.Log10(math.Abs(x))))), 64), "-", "−", 1) + " %"
}

// leakWords are membership and attribute inference, with intervals.
func (d *table) leakWords(r *Report) (all []string) {
	auc, _ := r.Result("membership_auc@1000")
	tpr, _ := r.Result("membership_tpr@1%fpr@1000")
	low, high := hanley(float64(auc.Found), auc.Rows)
	all = append(all, fmt.Sprintf("Membership inference (k-NN): area %.3f [%.3f, %.3f], true positives at 1 %% false ones %s; of chance 0.5 and 0.01.",
		float64(auc.Found), low, high, interval(float64(tpr.Found), tpr.Rows)))
	if x, ok := r.Result("attribute_advantage@1000"); ok && x.Answer != Unmeasured {
		all = append(all, fmt.Sprintf("Attribute inference: of cells of training rows %s more are guessed than of the hold-out's.", percent(x.Found)))
	}
	return all
}

// worstColumns names up to three columns that differ.
func (r *Report) worstColumns() string {
	var names []string
	for _, x := range r.with(Differs) {
		if x.Detail && x.Part != Attribute && len(names) < 3 && !slices.Contains(names, x.Name) {
			names = append(names, fmt.Sprintf("%s %s (%s %s)", x.Name, digits(float64(x.Found)), x.usual(), x.null()))
		}
	}
	return listed(names)
}

// listed joins with commas.
func listed(all []string) (text string) {
	for i, s := range all {
		if i > 0 {
			text += ", "
		}
		text += s
	}
	return text
}
