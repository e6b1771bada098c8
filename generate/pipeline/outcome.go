package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/show"
)

// The outcomes of a run that has no other name.
const (
	Complete    = "complete"
	Incomplete  = "incomplete"             // begins it: calls were lost for reasons that pass
	Paused      = "paused: budget reached" // begins it: what is spent, and what the next call needs
	Interrupted = "interrupted"
)

// ending is the outcome of a run that an error cuts short, of which what was paid for is kept; "": the error is none of these.
func ending(ctx context.Context, err error) string {
	var none *hopeless
	switch {
	case err == nil:
		return ""
	case errors.As(err, &none):
		return err.Error()
	case errors.Is(err, llm.ErrBudget):
		_, spent, _ := strings.Cut(err.Error(), llm.ErrBudget.Error())
		spent, _, _ = strings.Cut(spent, "\n")
		return Paused + spent
	case errors.Is(err, llm.ErrStopped), ctx.Err() != nil:
		return Interrupted
	case errors.Is(err, llm.ErrAway), errors.Is(err, llm.ErrRefused):
		return "paused: " + show.Line(err.Error(), 400)
	}
	return ""
}

// spent reports whether three passes over the source, of so many records at least, left nothing that was kept: nor would more.
func (r *run) spent() bool {
	return r.plan.Records > 0 && r.barren >= 3*max(patience, r.source().work.(passing).size())
}

// broken is the outcome of a run that came to its end without answers that it should have; "": it has them.
func (r *run) broken() string {
	lost, why := 0, ""
	for _, t := range r.report.Stages {
		if a := t.Answers; a != nil && a.Passing > 0 {
			lost, why = lost+a.Passing, t.Failure
		}
	}
	switch {
	case lost > 0:
		return fmt.Sprintf("%s: %d calls failed for reasons that pass (%s): run the same command again", Incomplete, lost, show.Line(why, 120))
	case r.report.Kept == 0:
		return r.hopeless(1)
	}
	return ""
}

// outcome names the end of a run that was not cut short.
func (r *run) outcome(tries int) string {
	switch {
	case r.report.Kept == 0:
		most := r.report.Stages[0]
		for _, t := range r.report.Stages {
			if t.Dropped > 0 && t.Dropped >= most.Dropped {
				most = t
			}
		}
		if most.Dropped == 0 {
			return "no record was made"
		}
		return fmt.Sprintf("no record was kept: %s dropped %d of %d", most.Stage, most.Dropped, max(most.Entered, most.Made))
	case r.report.Kept < r.plan.Records && r.spent():
		return fmt.Sprintf("short: %d of %d records, and of the last %d tries none was kept", r.report.Kept, r.plan.Records, r.barren)
	case r.report.Kept < r.plan.Records && r.report.Tried >= tries:
		return fmt.Sprintf("short: %d of %d records after %d tries", r.report.Kept, r.plan.Records, r.report.Tried)
	case r.report.Kept < r.plan.Records:
		return fmt.Sprintf("short: %d of %d records, and the source has no more", r.report.Kept, r.plan.Records)
	}
	if q, ok := r.source().work.(interface{ unmet() int }); ok && r.plan.Records == 0 && q.unmet() > 0 {
		return fmt.Sprintf("short: %d records are still missing of what the quota asks for", q.unmet())
	}
	return Complete
}

// patience is how many answers a stage is given before one in form must be among them.
const patience = 48

// hopeless names a stage of whose answers, so many at least, none was of use; "": there is none.
func (r *run) hopeless(patience int) string {
	for _, o := range r.stages {
		a := o.env.Tally.Answers
		if a == nil || a.Valid+a.Repaired+a.Reasked > 0 {
			continue
		}
		switch {
		case a.Invalid+a.Failed < patience:
		case a.Invalid == 0:
			return o.env.Name + ": " + unanswered(a.Failed, o.env.Tally.Failure)
		default:
			return fmt.Sprintf("%s: none of %d answers was in form", o.env.Name, a.Invalid)
		}
	}
	return ""
}
