package pipeline

import (
	"errors"
	"fmt"
	"slices"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
	"modelcollapse/internal/rng"
	"modelcollapse/internal/store"
)

// A Plan is a whole pipeline as a config says it.
type Plan struct {
	Name     string
	Run      string // digest of what decides what is made: with it records are named
	Seed     uint64
	Records  int // that are to be kept; 0: what one pass over the source gives
	Tries    int // records of the source that are used at most; 0: 20 for each of Records
	Window   int // records of the source that are under way at once
	Logprobs bool
	Text     []string // fields that are the text of a record; empty: what the last stage wrote
	Columns  []string // of the data set; empty: all fields
	Stages   []Step
}

// A Step is one stage of a plan with the name of its kind.
type Step struct {
	Kind  string
	Stage Stage
}

// Parts are what a pipeline works with.
type Parts struct {
	Servers map[string]Server // by the name of their endpoint; "": that of the pipeline
	Folder  *store.Folder     // of the data set; nil: nothing is written, as by an estimate
}

// A Pipeline is a plan whose stages are open.
type Pipeline struct {
	plan    Plan
	folder  *store.Folder
	pool    *Pool
	sources []opened
	stages  []opened
	columns []string
	last    *Names              // fields that leave the last stage
	texts   map[string][]string // by stage: the fields that are the text of what it made
}

// An opened stage does work: a generate.Source[Record], generate.Conditional[Record] or generate.Intervention[Record].
type opened struct {
	env    *Env
	work   any
	number int // in the config
}

// A passing source has an end, and can begin again; again is false where there is no more to do.
type passing interface {
	generate.Source[Record]
	size() int // of one pass
	again() bool
}

// Open makes the stages ready and checks each against the fields that reach it: every mistake at once, and no call is made.
func Open(plan Plan, parts Parts) (*Pipeline, error) {
	root := rng.Root(plan.Seed)
	p := &Pipeline{plan: plan, folder: parts.Folder, pool: NewPool(parts.Folder, root), texts: map[string][]string{}}
	names, counts := &Names{}, map[string]int{}
	var errs []error
	for i, step := range plan.Stages {
		name := step.Kind
		if counts[name]++; counts[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, counts[name])
		}
		env := &Env{Name: name, Run: plan.Run, Fields: names, Pool: p.pool, Servers: parts.Servers,
			Tally: &Tally{Stage: name}, Logprobs: plan.Logprobs, text: plan.Text, key: root.Child(name, 0)}
		work, err := step.Stage.Open(env)
		if err == nil {
			err = p.place(opened{env, work, i})
		}
		if err != nil {
			errs = append(errs, within(i, step.Kind, err))
			if len(p.sources) == 0 { // a source that failed says nothing of the fields that the others ask for
				break
			}
			continue
		}
		p.texts[name] = slices.Clone(names.wrote)
	}
	if len(errs) == 0 {
		errs = append(errs, p.finish(names)...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// within puts the place of a stage before each of the errors that err joins.
func within(i int, kind string, err error) error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, within(i, kind, e))
		}
		return errors.Join(all...)
	}
	return fmt.Errorf("stages[%d]: %s: %w", i, kind, err)
}

// place puts a stage where it belongs: sources first.
func (p *Pipeline) place(o opened) error {
	if _, ok := o.work.(passing); !ok {
		if len(p.sources) == 0 {
			return errors.New("the first stage must be a source: seeds, grid or quota")
		}
		p.stages = append(p.stages, o)
		return nil
	}
	if len(p.stages) > 0 {
		return errors.New("a source stands before all other stages")
	}
	p.sources = append(p.sources, o)
	return nil
}

// finish checks what only the whole pipeline knows.
func (p *Pipeline) finish(last *Names) (errs []error) {
	if len(p.sources) == 0 {
		return []error{errors.New("stages: there are none; the first must be a source: seeds, grid or quota")}
	}
	for _, o := range slices.Concat(p.sources, p.stages) {
		for _, check := range o.env.late {
			if err := check(last); err != nil {
				errs = append(errs, within(o.number, o.env.Name, err))
			}
		}
	}
	p.last = last
	known := func(key string, names []string) {
		for _, name := range names {
			if !last.always(name) && !last.sometimes(name) {
				errs = append(errs, fmt.Errorf("%s: unknown field %q: there are %s", key, name, last))
			}
		}
	}
	known("columns", p.plan.Columns)
	known("text", p.plan.Text)
	if p.columns = p.plan.Columns; len(p.columns) == 0 {
		p.columns = slices.Clone(last.all)
		for name := range last.some {
			p.columns = append(p.columns, name)
		}
		slices.Sort(p.columns)
	}
	return errs
}

// Close ends sources that were not read to their end.
func (p *Pipeline) Close() error {
	errs := []error{p.pool.Close()}
	for _, o := range p.sources {
		if c, ok := o.work.(interface{ Close() error }); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}

// source is the one that drives the pipeline: the last. The others are there for their examples.
func (p *Pipeline) source() opened { return p.sources[len(p.sources)-1] }

// tries is how many records of the source may be used.
func (p *Pipeline) tries() int {
	one := p.source().work.(passing).size()
	if t, ok := p.source().work.(interface{ tries() int }); ok {
		one = t.tries()
	}
	switch {
	case p.plan.Tries > 0:
		return p.plan.Tries
	case p.plan.Records == 0:
		return one
	default:
		return 20 * p.plan.Records
	}
}

var _ Caller = (*llm.Client)(nil)
