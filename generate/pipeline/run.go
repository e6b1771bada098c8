package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
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

// A Report is what a run came to.
type Report struct {
	Outcome string   `json:"outcome"` // Complete, Incomplete …, Paused …, Interrupted, or what is wrong
	Broken  bool     `json:"-"`       // the run was cut short, calls were lost, or a stage got no answer of use
	Kept    int      `json:"kept"`    // records of the data set
	Wanted  int      `json:"wanted"`  // 0: whatever one pass gives
	Tried   int      `json:"tried"`   // records of the source
	Stages  []*Tally `json:"stages"`
}

// Progress is how far a run is.
type Progress struct {
	Kept   int     `json:"kept"`
	Wanted int     `json:"wanted"`         // 0: whatever the source gives
	Tried  int     `json:"tried"`          // records of the source
	Tries  int     `json:"tries"`          // at most
	Stage  string  `json:"stage"`          // that is at work
	Calls  int     `json:"calls"`          // answers so far
	Cost   float64 `json:"cost"`           // in the currency of the prices
	Note   string  `json:"note,omitempty"` // what is waited for
}

// A run is a pipeline under way.
type run struct {
	*Pipeline
	report Report
	listen func(Progress)
	put    func(Record) error // a record that left, in the order of the stages and their indices

	pass, window int
	barren       int             // records of the source since one was kept
	frame        *frame          // the window under way
	ended        bool            // the source has no more
	written      map[string]bool // seeds that are in the trail, of those that may be examples
}

// Run makes the data set: the trail of all records is written whole or not at all, whatever the run comes to. An error is one
// of the disk, or a server that refuses to be called; everything else that can end a run is an outcome.
func (p *Pipeline) Run(ctx context.Context, listen func(Progress)) (Report, error) {
	r := &run{Pipeline: p, listen: listen}
	err := p.folder.Put(trailFile, func(w io.Writer) error {
		r.put = func(rec Record) error { return writeLine(w, rec) }
		return errors.Join(r.all(ctx, p.tries()), r.rest())
	})
	return r.report, err
}

// Preview moves the first n records of the source through all stages and shows every record that was made.
func (p *Pipeline) Preview(ctx context.Context, n int, show func(Record) error) (Report, error) {
	r := &run{Pipeline: p, listen: func(Progress) {}, put: show}
	return r.report, r.all(ctx, n)
}

// all runs windows until enough is kept or nothing more can come; what is finished of the last one is handed on however it ends.
func (r *run) all(ctx context.Context, tries int) error {
	err := r.windows(ctx, tries)
	return errors.Join(err, r.finish())
}

func (r *run) windows(ctx context.Context, tries int) error {
	r.report = Report{Outcome: Complete, Wanted: r.plan.Records}
	r.written = map[string]bool{}
	for _, s := range r.pool.seeds {
		r.written[s.ID] = false
	}
	for _, o := range append(r.sources[len(r.sources)-1:], r.stages...) {
		r.report.Stages = append(r.report.Stages, o.env.Tally)
		o.env.heard = func() { r.say(o.env.Name) }
	}
	for !r.ended && !r.spent() && r.report.Tried < tries && (r.plan.Records == 0 || r.report.Kept < r.plan.Records) {
		err := r.next(ctx, r.part(tries))
		if r.report.Outcome = ending(ctx, err); r.report.Outcome != "" {
			r.report.Broken = true
			return nil
		} else if err != nil {
			return err
		}
		if stage := r.hopeless(patience); stage != "" {
			r.report.Outcome, r.report.Broken = stage, true
			return nil
		}
	}
	if r.report.Outcome = r.broken(); r.report.Outcome != "" {
		r.report.Broken = true
		return nil
	}
	r.report.Outcome = r.outcome(tries)
	return nil
}

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

// part is how many records of the source are moved next: of a window as many as are likely to be enough, by what was kept
// of those before, so that few calls are paid for records that nobody asked for.
func (r *run) part(tries int) int {
	if r.frame == nil {
		r.frame = &frame{number: r.window + 1, streams: map[string]*rand.Rand{}}
	}
	n, missing := min(r.plan.Window-r.frame.read, tries-r.report.Tried), r.plan.Records-r.report.Kept
	switch {
	case r.plan.Records == 0:
		return n
	case r.report.Tried == 0:
		return min(n, r.enough(missing))
	case r.report.Kept == 0:
		return min(n, r.report.Tried)
	}
	return min(n, max(1, missing*r.report.Tried/r.report.Kept))
}

// next moves at most n records of the source through all stages: a window, or a part of one.
func (r *run) next(ctx context.Context, n int) error {
	source, f := r.source(), r.frame
	driver := source.work.(passing)
	read, err := driver.Draw(ctx, nil, n, f.stream(source.env))
	if err != nil {
		return fmt.Errorf("%s: %w", source.env.Name, err)
	}
	if len(read) == 0 {
		r.pass++
		r.ended = r.plan.Records == 0 && !unfinished(driver) || r.report.Tried == 0 || !driver.again()
		return r.finish()
	}
	w := &window{run: r, old: r.pass > 0}
	if f, ok := driver.(interface{ fresh() bool }); ok && f.fresh() {
		w.old = false
	}
	for i := range read {
		w.enter(&read[i])
	}
	if source.env.Tally.Entered += len(read); !w.old {
		source.env.Tally.Made += len(read)
	}
	for _, o := range r.stages {
		r.say(o.env.Name)
		if err := w.through(ctx, o); err != nil {
			return fmt.Errorf("%s: %w", o.env.Name, err)
		}
	}
	r.report.Tried += len(read)
	kept := r.report.Kept
	if err = w.close(driver); err != nil {
		return err
	}
	if r.barren += len(read); r.report.Kept > kept {
		r.barren = 0
	}
	if f.read += len(read); f.read == r.plan.Window || len(read) < n {
		err = r.finish()
	}
	r.say("")
	return err
}

// unfinished reports whether a source wants another pass, though no number of records is asked for.
func unfinished(p passing) bool {
	u, ok := p.(interface{ unfinished() bool })
	return ok && u.unfinished()
}

func (r *run) say(stage string) {
	p := Progress{Kept: r.report.Kept, Wanted: r.plan.Records, Tried: r.report.Tried, Tries: r.tries(), Stage: stage}
	for _, t := range r.report.Stages {
		p.Cost += t.Cost
		if t.Answers != nil {
			p.Calls += t.Answers.Calls
		}
	}
	r.listen(p)
}

// examples is where seeds leave that were nothing but examples.
const examples = "examples"

// rest writes the seeds that were examples and never had their turn, so that every parent is in the trail.
func (r *run) rest() error {
	for _, rec := range r.pool.unwritten(r.written) {
		rec.Left = examples
		if err := r.put(rec); err != nil {
			return err
		}
	}
	return nil
}
