package audit

import (
	"fmt"
	"slices"
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
	var differ []string
	for _, c := range r.Results {
		if c.Part == Copying && (c.Answer == Differs || c.Answer == Slight) {
			differ = append(differ, c.Name)
		}
	}
	if x.Answer == Differs || x.Answer == Slight {
		return []string{fmt.Sprintf("Copying: %.2g %% of the synthetic rows are a real row, to the cell; of real rows %.2g %% have a twin.", 100*x.Found, 100*x.Null.Mean)}
	}
	if len(differ) > 0 {
		return []string{fmt.Sprintf("Copying: no more exact copies than between real rows, but synthetic rows lie closer to real ones than those to each other (%s).", differ[0])}
	}
	return []string{fmt.Sprintf("No evidence of copying; a leak of ≥ %.2g %% of the rows, to the cell, would have been found.", 100*x.Detectable)}
}

// leakWords are membership and attribute inference, with intervals.
func (d *table) leakWords(r *Report) (all []string) {
	auc, _ := r.Result("membership_auc@1000")
	tpr, _ := r.Result("membership_tpr@1%fpr@1000")
	low, high := hanley(float64(auc.Found), auc.Rows)
	all = append(all, fmt.Sprintf("Membership inference (k-NN): area %.3f [%.3f, %.3f], true positives at 1 %% false ones %s; of chance 0.5 and 0.01.",
		float64(auc.Found), low, high, interval(float64(tpr.Found), tpr.Rows)))
	if x, ok := r.Result("attribute_advantage@1000"); ok && x.Answer != Unmeasured {
		all = append(all, fmt.Sprintf("Attribute inference: a cell of a training row is guessed %.1f %% oftener than one of the hold-out.", 100*x.Found))
	}
	return all
}

// worstColumns names up to three columns that differ.
func (r *Report) worstColumns() string {
	var names []string
	for _, x := range r.with(Differs) {
		if x.Detail && x.Part != Attribute && len(names) < 3 && !slices.Contains(names, x.Name) {
			names = append(names, fmt.Sprintf("%s %.2g (%.2g between real halves)", x.Name, float64(x.Found), float64(x.Null.Mean)))
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
