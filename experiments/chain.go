// Package experiments runs plans on rows: one chain of generations a cell, all cells of a config a run.
package experiments

import (
	"context"
	"fmt"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// A Chain is one arm: everything but the seed.
type Chain[E any] struct {
	Name          string // of the arm, for tasks: remote jobs are named by it
	Kind          generate.Kind[E]
	Truth         []generate.Source[E] // opened
	Models        []generate.Model[E]  // bound to the truth
	Workflow      generate.Workflow
	Rule          string // what a config calls the workflow, for messages
	Interventions []generate.Intervention[E]
	Refill        int // draw again until a block is full, at most so many times its rows; 0: what was dropped stays away
	Metrics       []evaluate.Metric[E]
	Laws          []evaluate.Theory[E]
	Generations   int              // after generation 0
	HeldOut       int              // draws held out from a truth without end
	Probe         int              // units of every probe; 0: those of generation 0's training set, at most MaxProbe
	Measured      func(g int) bool // nil: every generation
	Execution     Execution
	Checkpoint    bool           // store blocks and fits, so that a restart goes on instead of replaying
	Keep          Keep           // what a later metric needs
	Trace         generate.Trace // nil: nobody asks
	Progress      func(Event)    // nil: nobody listens
}

// MaxProbe bounds a probe whose size is not given, in units.
const MaxProbe = 1_000_000

// Execution says whether rows are made or only their statistics. Rows and statistics obey the same law with
// other bits, so it is resolved before a run and part of a cell's identity.
type Execution string

const (
	Automatic    Execution = "auto"
	ByRows       Execution = "rows"       // models learn from rows
	ByStatistics Execution = "statistics" // models learn from statistics, drawn without rows where that can be
	ByCounting   Execution = "counting"   // the same of rows that are made, because a checkpoint, a trace or a metric wants them
)

// Keep is what a cell stores beside its records.
type Keep struct {
	Samples int    // rows of the probe, every measured generation
	Models  string // none, last, all
}

// An Event says how far a cell is.
type Event struct {
	Generation, Generations int
	Phase, Note             string
	Done                    float64 // of the phase, in [0, 1]
}

// An Out takes what a cell finds.
type Out interface {
	Put(results.Record) error
	Attach(generation, node int, name, mediaType string, content []byte) error
}

// A Runner is a chain that was checked, with its row type forgotten. It is safe for concurrent use.
type Runner interface {
	Plan() *generate.Plan
	Facts() Facts
	// Cell runs one replicate. What out sees depends on the chain and key alone. With a store, and Checkpoint,
	// it goes on where an earlier call on that store ended. An error from out stops it after a whole generation.
	Cell(ctx context.Context, key rng.Key, store generate.Store, out Out) (outcome string, err error)
	// Again measures a replicate by what an earlier run, which ended as its seal says, kept of it.
	Again(ctx context.Context, key rng.Key, kept generate.Store, was results.Seal, out Out) (outcome string, err error)
	// Fits hands fits of a replicate on, kept ones or computed again.
	Fits(ctx context.Context, key rng.Key, kept generate.Store, was results.Seal, generations []int, take Taker) error
	// Starts is what a metric refuses of the truth, which no cell could then be measured by.
	Starts(ctx context.Context, key rng.Key) error
	// Predict returns the theory lines of the replicate with that key, and what theories do not cover of it.
	Predict(ctx context.Context, key rng.Key) (lines []results.Prediction, uncovered []string, err error)
	Axes() []results.Axis
	// Probed is the same chain with probes of another size, in units.
	Probed(units int) Runner
}

// compiled is a chain with what was worked out once an arm.
type compiled[E any] struct {
	Chain[E]
	plan  *generate.Plan
	need  evaluate.Needs
	rows  bool // execution by rows
	count bool // execution by counting
	grows bool // every lesson is the one before and more, so that what was pooled is not looked at again
	facts Facts
	deals []deal[E] // a truth each

	shortcuts map[generate.At]int // the model whose statistics are drawn instead of a block
}

// Compile checks everything that can be checked before a row exists, and works out what must be kept for how long.
func (c Chain[E]) Compile() (Runner, error) {
	x := &compiled[E]{Chain: c}
	if err := x.capabilities(); err != nil {
		return nil, err
	}
	var err error
	x.plan, err = generate.Compile(c.Workflow, c.Generations, func(int) bool { return !x.rows })
	if err != nil {
		return nil, c.ofWorkflow(err)
	}
	if err := x.plan.Check(len(c.Truth), len(c.Models)); err != nil {
		return nil, err
	}
	for _, check := range []func() error{x.weights, x.starts, x.deal, x.interventions, x.given} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	if !c.Checkpoint && c.Trace == nil && !x.need.Real && x.givenByStats() {
		x.plan.GivenByStats()
	}
	x.execute()
	if x.need.Baseline {
		for n := range x.plan.Steps[0].Lessons {
			x.plan.Hold(generate.At{Index: n}, c.Generations)
		}
	}
	if c.Checkpoint {
		x.plan.PinFits()
	}
	x.settle()
	return x, nil
}

// ofWorkflow says which workflow an error is about.
func (c Chain[E]) ofWorkflow(err error) error {
	if c.Rule == "" {
		return err
	}
	return fmt.Errorf("workflow %s: %w", c.Rule, err)
}

// execute resolves how blocks are made, for all of them alike.
func (c *compiled[E]) execute() {
	c.grows, c.shortcuts = !c.Checkpoint && !c.rows, make(map[generate.At]int, len(c.plan.Steps))
	for g, s := range c.plan.Steps {
		for i, d := range s.Draws {
			at := generate.At{Generation: g, Index: i}
			if m, ok := c.shortcut(at, d); ok {
				c.shortcuts[at] = m
			}
		}
		if g > 0 && c.grows {
			_, more := s.Lessons[0].Grows(c.plan.Steps[g-1].Lessons[0])
			c.grows = more && len(s.Lessons) == 1
		}
	}
	if c.count = len(c.shortcuts) > 0 && (c.Checkpoint || c.Trace != nil || c.need.Real); c.count {
		c.shortcuts = nil
	}
}

// capabilities asks every metric about every model, and resolves the execution.
func (c *compiled[E]) capabilities() error {
	if len(c.Truth) == 0 || len(c.Models) == 0 {
		return fmt.Errorf("a chain needs a truth and a model")
	}
	for _, m := range c.Metrics {
		for i, f := range c.Models {
			if err := m.Can(c.asked(m, f.Fits())); err != nil {
				return fmt.Errorf("model %d: %w", i, err)
			}
		}
		c.need = c.need.Or(m.Needs())
	}
	merges := true
	for _, m := range c.Models {
		_, ok := m.(generate.Incremental[E])
		merges = merges && ok
	}
	c.rows = c.need.Rows || !merges || c.Execution == ByRows
	if _, ok := c.Models[0].Fits().(generate.Saver); c.Keep.Models != "" && c.Keep.Models != "none" && !ok {
		return fmt.Errorf("keep.models: %s: a fit of %T cannot be saved", c.Keep.Models, c.Models[0])
	}
	if c.rows && c.Execution == ByStatistics {
		return fmt.Errorf("execution: statistics: a model or a metric needs rows")
	}
	if c.rows && c.need.Stats {
		c.need.Rows = true
	}
	return nil
}

// asked is the fit that a metric is asked about.
func (c *compiled[E]) asked(m evaluate.Metric[E], fits generate.Fitted[E]) generate.Fitted[E] {
	if _, samples := m.(evaluate.Sampled); samples {
		if src, err := c.sampled(fits); err == nil {
			return src
		}
	}
	return fits
}

func (c *compiled[E]) Plan() *generate.Plan { return c.plan }
func (c *compiled[E]) Facts() Facts         { return c.facts }

// Axes describes every series of the chain's metrics.
func (c *compiled[E]) Axes() (axes []results.Axis) {
	for _, m := range c.Metrics {
		axes = append(axes, m.Axes()...)
	}
	return axes
}
