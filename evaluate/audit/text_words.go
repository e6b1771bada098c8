package audit

import "fmt"

// exposed is the measure of canaries, if there are any, and puts what it found of each into the report.
func (t Texts) exposed(r *Report, o Options) []Measure {
	if len(t.Canaries) == 0 {
		r.miss("give --canaries: texts of random digits or words that were planted among the training documents", canaries{}.Statistics()...)
		return nil
	}
	planted := t.planted
	planted.Set, planted.Rows = "canaries", len(t.Canaries)
	r.Read = append(r.Read, planted)
	r.Canaries = exposures(t.Canaries, t.Real.Texts, t.Synthetic.Texts, streamOf(o, "canaries"))
	c := canaries{of: decoys + 1}
	for _, x := range r.Canaries {
		c.rank = append(c.rank, x.Rank)
	}
	return []Measure{c}
}

// textWords adds plain sentences.
func (r *Report) textWords(t Texts) {
	say := func(format string, args ...any) { r.Words = append(r.Words, fmt.Sprintf(format, args...)) }
	if x, ok := r.Result("tail_loss.token"); ok {
		say("Of the rarest tenth of real tokens %.0f %% is lost; two real halves lose %.0f %% [%.0f, %.0f].", 100*x.Found, 100*x.Null.Mean, 100*x.Null.Low, 100*x.Null.High)
	}
	name, of := "copies.near", "synthetic documents are near copies of real ones; of two real halves %s are."
	if t.HoldOut != nil {
		name, of = "copied_training.near", "training documents have a near copy in the synthetic set, beyond those of the hold-out; by chance about %s."
	}
	if x, ok := r.Result(name); ok && x.Answer == Differs {
		say("Copying: %s of the "+of, percent(x.Found), percent(x.Null.Mean))
	} else if ok && x.Answer != Unmeasured {
		say("No evidence of copying; a leak of ≥ %s of the documents, near copies among them, would have been found.", percent(x.Detectable))
	}
	if x, ok := r.Result("membership_auc"); ok {
		n := min(len(t.Real.Texts), len(t.HoldOut.Texts))
		low, high := hanley(float64(x.Found), n)
		tpr, _ := r.Result("membership_tpr@1%fpr")
		say("Membership inference (density ratio): area %.3f [%.3f, %.3f], true positives at 1 %% false ones %s; of chance 0.5 and 0.01.", float64(x.Found), low, high, interval(float64(tpr.Found), n))
	}
	for _, c := range r.Canaries {
		if c.Rank == 1 {
			say("A canary is likelier than all %d texts drawn like it: %q.", c.Of-1, c.Canary)
		}
	}
}
