package pipeline

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate/read"
)

// Quota is a source of what a data set lacks, by a list of gaps with the columns kind, name, value, expected, found and
// missing, such as an audit writes: a record for each row that is missing. The columns are fields, so that a prompt asks for
// {{value}} of {{name}}; gaps take turns, and passes go on for those that filters left open. Gaps of columns that no later stage
// writes are refused.
type Quota struct {
	Path   string   `json:"path" required:"true" doc:"CSV with the columns kind, name, value and missing at least"`
	Kinds  []string `json:"kinds" doc:"gaps of these kinds alone; empty: all"`
	Most   int      `json:"most" default:"0" min:"0" doc:"records for one gap; 0: what is missing"`
	Passes int      `json:"passes" default:"3" min:"1" max:"100" doc:"how often gaps that are still open are tried"`
}

// gapColumns are the columns that a list of gaps must have.
var gapColumns = []string{"kind", "name", "value", "missing"}

// Open implements Stage.
func (q Quota) Open(e *Env) (any, error) {
	out := &quota{Quota: q, env: e}
	line := 1
	_, err := read.Records(context.Background(), read.Source{Path: read.Paths{q.Path}}, func(f map[string]any, _ read.Place) error {
		line++
		g, err := q.gap(f)
		if err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if g.missing > 0 {
			out.gaps = append(out.gaps, g)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("path: %w", err)
	}
	if len(out.gaps) == 0 {
		return nil, fmt.Errorf("path: %s: nothing is missing", q.Path)
	}
	e.Fields.all, e.Fields.some = nil, nil // its records are no seeds, and have no fields of theirs
	e.Fields.add("kind", "name", "value")
	e.late = append(e.late, out.writable)
	e.Fields.wrote = []string{"value"}
	known := newFieldCount()
	for _, g := range out.gaps {
		known.add(g.fields, q.Path)
	}
	for _, name := range []string{"kind", "name", "value"} {
		e.Fields.sized(known.size(name), false, name)
	}
	out.again()
	e.about = fmt.Sprintf("%d records that %s says are missing", out.size(), q.Path)
	return out, nil
}

// A gap is one thing of which there is not enough.
type gap struct {
	fields  Fields
	missing int
	kept    int
}

func (q Quota) gap(f Fields) (g gap, err error) {
	for _, name := range gapColumns {
		if _, ok := f[name]; !ok {
			return g, fmt.Errorf("there is no column %s: there are %v", name, f.Names())
		}
	}
	x, ok := f.Number("missing")
	if !ok || x < 0 || x > 1e9 {
		return g, fmt.Errorf("missing: %v is no number of records", f["missing"])
	}
	kind, _ := f.Text("kind")
	if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, kind) {
		return g, nil
	}
	if g.missing = int(x + .5); q.Most > 0 {
		g.missing = min(g.missing, q.Most)
	}
	g.fields = Fields{"kind": f["kind"], "name": f["name"], "value": f["value"]}
	return g, nil
}

type quota struct {
	Quota
	env   *Env
	gaps  []gap
	queue []int // gaps, one entry a record that is still to be asked for
	pass  int
}

func (q *quota) size() int {
	n := 0
	for _, g := range q.gaps {
		n += g.missing
	}
	return n
}

// again begins a pass over what is still open; false: nothing is, or it was tried often enough.
func (q *quota) again() bool {
	if q.queue = q.queue[:0]; q.pass >= q.Passes {
		return false
	}
	q.pass++
	var open []int
	for i, g := range q.gaps {
		if g.kept < g.missing {
			open = append(open, i)
		}
	}
	for turn := 1; len(open) > 0; turn++ { // in turn, so that a run that ends early has some of each
		q.queue = append(q.queue, open...)
		open = slices.DeleteFunc(open, func(i int) bool { return q.gaps[i].missing-q.gaps[i].kept <= turn })
	}
	return len(q.queue) > 0
}

// unfinished reports whether a gap is open that may still be tried.
func (q *quota) unfinished() bool {
	return q.pass < q.Passes && slices.ContainsFunc(q.gaps, func(g gap) bool { return g.kept < g.missing })
}

// unmet is how many records are still missing.
func (q *quota) unmet() (n int) {
	for _, g := range q.gaps {
		n += max(0, g.missing-g.kept)
	}
	return n
}

// fresh reports that each pass has records of its own.
func (q *quota) fresh() bool { return true }

// tries is how many records the source may give over all passes.
func (q *quota) tries() int { return q.size() * q.Passes }

// kept notes a record of the data set, which counts if it has what it was asked for.
func (q *quota) kept(r Record) {
	if !fills(r.Fields) {
		return
	}
	for i := range q.gaps {
		same := true
		for name, value := range q.gaps[i].fields {
			same = same && r.Fields[name] == value
		}
		if same {
			q.gaps[i].kept++
			return
		}
	}
}

// Fills keeps records of a quota that have the value that they were asked for.
type Fills struct{}

// Open implements Stage.
func (Fills) Open(e *Env) (any, error) {
	for _, name := range []string{"name", "value"} {
		if err := e.knows("quota", name); err != nil {
			return nil, err
		}
	}
	return each{e.Name, func(r *Record) string {
		if fills(r.Fields) {
			return ""
		}
		return "not the value that is missing"
	}}, nil
}

// Draw gives the next n records; fewer: the pass is over.
func (q *quota) Draw(_ context.Context, dst []Record, n int, _ *rand.Rand) ([]Record, error) {
	for ; n > 0 && len(q.queue) > 0; n-- {
		dst = append(dst, Record{ID: q.env.next(), Stage: q.env.Name, Fields: q.gaps[q.queue[0]].fields.with(nil)})
		q.queue = q.queue[1:]
	}
	return dst, nil
}
