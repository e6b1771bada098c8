package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
)

// A Report is what a run came to.
type Report struct {
	Outcome string   `json:"outcome"` // Complete, Incomplete …, Paused …, Interrupted, or what is wrong
	Broken  bool     `json:"-"`       // the run was cut short, calls were lost, or a stage got no answer of use
	Kept    int      `json:"kept"`    // records of the data set
	Wanted  int      `json:"wanted"`  // 0: whatever one pass gives
	Beyond  int      `json:"beyond"`  // records that passed all stages and are more than were asked for
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
	undo := r.counts()
	if source.env.Tally.Entered += len(read); !w.old {
		source.env.Tally.Made += len(read)
	}
	for _, o := range r.stages {
		r.say(o.env.Name)
		if err := w.through(ctx, o); err != nil {
			undo()
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

// counts are those of records, as they are now: what it returns brings them back, for a part whose records were lost. What was
// asked stays asked.
func (r *run) counts() func() {
	var saved []Tally
	for _, t := range r.report.Stages {
		saved = append(saved, Tally{Entered: t.Entered, Made: t.Made, Dropped: t.Dropped, Why: maps.Clone(t.Why)})
	}
	return func() {
		for i, t := range r.report.Stages {
			t.Entered, t.Made, t.Dropped, t.Why = saved[i].Entered, saved[i].Made, saved[i].Dropped, saved[i].Why
		}
	}
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
