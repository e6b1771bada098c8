package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate"
)

// A frame is a window of the source. Its records may be moved in several parts, each when it is wanted, and nothing shows in
// how many: chance goes on from part to part, examples see what earlier windows kept, and records are handed on at its end.
type frame struct {
	number  int                   // from 1
	read    int                   // records of the source so far
	streams map[string]*rand.Rand // by stage
	made    []*Record
}

// stream is the chance of a stage in this window.
func (f *frame) stream(e *Env) *rand.Rand {
	if f.streams[e.Name] == nil {
		f.streams[e.Name] = e.key.Child("window", f.number).Stream()
	}
	return f.streams[e.Name]
}

// finish ends the window under way and hands its records on, stage by stage in the order in which they were made.
func (r *run) finish() error {
	f := r.frame
	if r.frame = nil; f == nil || f.read == 0 && len(f.made) == 0 {
		return nil
	}
	r.window++
	r.pool.show()
	number := map[string]int{}
	for i, o := range r.stages {
		number[o.env.Name] = i + 1
	}
	slices.SortStableFunc(f.made, func(a, b *Record) int { return number[a.Stage] - number[b.Stage] })
	for _, rec := range f.made {
		if _, pooled := r.written[rec.ID]; pooled {
			r.written[rec.ID] = true
		}
		if err := r.put(*rec); err != nil {
			return err
		}
	}
	return nil
}

// A window is the records that are under way at once: those of a frame, or of a part of it.
type window struct {
	run    *run
	old    bool      // the records of the source were written in an earlier pass
	made   []*Record // all of them, in the order in which they were made
	stream []*Record // those that are still under way
}

func (w *window) enter(rec *Record) {
	w.made, w.stream = append(w.made, rec), append(w.stream, rec)
}

// known reports whether a record is one of the source that an earlier pass had: what became of it then is what is told of it.
func (w *window) known(rec *Record) bool { return w.old && rec.Stage == w.run.source().env.Name }

// through moves the stream through a stage.
func (w *window) through(ctx context.Context, o opened) error {
	if len(w.stream) == 0 {
		return nil
	}
	for _, rec := range w.stream {
		if !w.known(rec) {
			o.env.Tally.Entered++
		}
	}
	rng := w.run.frame.stream(o.env)
	rows := make([]Record, len(w.stream))
	for i, rec := range w.stream {
		rows[i] = *rec
	}
	switch stage := o.work.(type) {
	case generate.Conditional[Record]:
		out, err := stage.DrawGiven(ctx, nil, rows, rng)
		if err == nil {
			w.replace(o, out)
		}
		return err
	case generate.Intervention[Record]:
		b := generate.Batch[Record]{Rows: rows, Weights: make([]float64, len(rows)), Rand: rng}
		for i := range b.Weights {
			b.Weights[i] = 1
		}
		if err := stage.Apply(ctx, b); err != nil {
			return err
		}
		w.weigh(o, b)
		return nil
	}
	return fmt.Errorf("is a %T, which can do nothing here", o.work)
}

// replace makes the stream what a stage made of it. A record that the stage hands on as it is stays in the stream.
func (w *window) replace(o opened, out []Record) {
	given := map[string]*Record{}
	for _, rec := range w.stream {
		given[rec.ID], rec.Left = rec, o.env.Name
	}
	w.stream = w.stream[:0:0]
	for i := range out {
		if rec := given[out[i].ID]; rec != nil {
			*rec = out[i]
			rec.Left = ""
			w.stream = append(w.stream, rec)
			continue
		}
		o.env.Tally.Made++
		w.made = append(w.made, &out[i])
		if out[i].Why != "" {
			out[i].Left = o.env.Name
			o.env.Tally.dropped(reason(out[i].Why))
			continue
		}
		w.stream = append(w.stream, &out[i])
	}
}

// weigh takes records of weight 0 out of the stream.
func (w *window) weigh(o opened, b generate.Batch[Record]) {
	var left []*Record
	for i, rec := range w.stream {
		*rec = b.Rows[i]
		if b.Weights[i] != 0 {
			rec.Why = ""
			left = append(left, rec)
			continue
		}
		if rec.Left = o.env.Name; rec.Why == "" {
			rec.Why = o.env.Name
		}
		if !w.known(rec) {
			o.env.Tally.dropped(reason(rec.Why))
		}
	}
	w.stream = left
}

// reason is what drops are counted by: what stands before a colon.
func reason(why string) string {
	for i, c := range why {
		if c == ':' {
			return why[:i]
		}
	}
	return why
}

// close keeps what is left, and leaves all records to the end of the frame.
func (w *window) close(driver passing) error {
	for _, rec := range w.stream {
		if w.known(rec) {
			continue
		}
		if want := w.run.plan.Records; want > 0 && w.run.report.Kept >= want {
			rec.Left = beyond
			w.run.report.Beyond++
			continue
		}
		w.run.report.Kept++
		if err := w.run.pool.keep(*rec); err != nil {
			return err
		}
		if k, ok := driver.(interface{ kept(Record) }); ok {
			k.kept(*rec)
		}
	}
	for _, rec := range w.made {
		if !w.known(rec) {
			w.run.frame.made = append(w.run.frame.made, rec)
		}
	}
	return nil
}

// beyond is where records leave that are more than were asked for.
const beyond = "records"
