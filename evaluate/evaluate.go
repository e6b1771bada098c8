// Package evaluate judges generations: metrics, exact laws, intervals, comparisons. One definition each.
package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// Needs is what a metric looks at besides the fitted model. The engine keeps and draws nothing that nobody needs.
type Needs struct {
	Rows     bool // View.Train: forbids shortcuts that never make rows
	Stats    bool // View.Stats, where the model learns from statistics (else View.Train)
	Real     bool // Real.Train: the rows of generation 0's first block
	HeldOut  bool
	Tune     bool
	Baseline bool // View.Baseline
	Probe    bool // View.Probe at the config's one size
	Parts    bool // View.Parts
}

// Or is what two metrics need together.
func (n Needs) Or(m Needs) Needs {
	return Needs{n.Rows || m.Rows, n.Stats || m.Stats, n.Real || m.Real, n.HeldOut || m.HeldOut,
		n.Tune || m.Tune, n.Baseline || m.Baseline, n.Probe || m.Probe, n.Parts || m.Parts}
}

// A View is one node after one generation. Nothing in it may be changed or kept.
type View[E any] struct {
	Generation, Node int
	Model, Baseline  generate.Fitted[E] // the fit of this generation; the fit of generation 0
	Train            generate.Sample[E] // what it learned from; nil unless Needs.Rows
	Stats            generate.Stats[E]  // of Train, when the model learned from statistics
	Probe            []E                // fresh rows of Model: equally many draws or tokens in every arm and generation
	HeldOut          []E
	Key              rng.Key   // of this generation and node; a metric that draws takes a stream below its own name
	Parts            []Part[E] // what this generation drew, by block and origin; the same for every node; nil unless Needs.Parts
}

// A Part is the draws of one block that came from one origin, before interventions; where a block is refilled, those of the
// first round, since the number of later draws depends on what became of the first.
type Part[E any] struct {
	generate.Outcome[E]
	Block  generate.At
	Origin int                // index into Draw.From
	Asked  int                // draws that a mixture gave this origin: N, unless interventions choose among candidates
	Source generate.Source[E] // the truth, or the fit as it was drawn from; nil: rows that existed already
	Pool   generate.Stats[E]  // of the rows that existed already; nil: there were none, or the model needs rows
}

// A Sink takes what a metric found.
type Sink interface {
	Put(series string, x float64)                  // NaN and ±Inf are results
	Attach(name, mediaType string, content []byte) // data for the report: texts, points as CSV; never a rendered plot
}

// Real is what a metric may fix once a cell: the tail set, deciles, weights, null bands.
type Real[E any] struct {
	Kind          generate.Kind[E]
	Train         generate.Sample[E] // the rows of block 0 of generation 0; nil unless Needs.Real
	HeldOut, Tune []E
	Truth         generate.Source[E]
	Fits          []generate.Fitted[E] // what each model returns, to ask what it can do; never drawn from
	Models        []generate.Model[E]
	Metrics       []Metric[E] // of the chain, for a theory whose lines follow from their settings
	Interventions []generate.Intervention[E]
	Refill        int
	Plan          *generate.Plan
	Probe         int     // units (tokens, or draws) of every probe
	Key           rng.Key // for a metric's own streams
	Replicate     int     // its number: a metric of pictures attaches those of the first alone
}

// A Metric is shared by cells and keeps nothing; what it fixes for a cell is in its Gauge.
type Metric[E any] interface {
	Needs() Needs
	// Can is nil, or what the fit lacks and what would provide it; asked before the run.
	Can(fits generate.Fitted[E]) error
	// Start is called once a cell, and again after a restart: a pure function of r.
	Start(ctx context.Context, r Real[E]) (Gauge[E], error)
	// Axes describes every series that gauges may put, for figures and tables.
	Axes() []results.Axis
}

// A Sampled metric is asked (Can) about a fit as interventions sample it, not about the fit itself.
type Sampled interface{ OfSamples() }

// A Gauge measures one cell.
type Gauge[E any] interface {
	Measure(ctx context.Context, v View[E], to Sink) error
}

// A Predictor (Gauge) knows the law of some of its series under a plan, where the line needs what only the gauge knows;
// other laws are Theories. None, when it has no law for that plan.
type Predictor interface {
	Predict() ([]results.Prediction, error)
}
