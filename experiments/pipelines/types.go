package pipelines

import (
	"modelcollapse/generate/llm"
	"modelcollapse/generate/pipeline"
)

// What a run of a pipeline says, for the command line.
type (
	Record   = pipeline.Record
	Report   = pipeline.Report
	Ledger   = pipeline.Ledger
	Tally    = pipeline.Tally
	Answers  = pipeline.Answers
	Progress = pipeline.Progress
	Costs    = pipeline.Estimate
	Traced   = pipeline.Traced
	Sampler  = pipeline.Sampler
	Prices   = llm.Prices
)

// The outcomes that a run may have beside what is wrong.
const (
	Complete    = pipeline.Complete
	Paused      = pipeline.Paused
	Interrupted = pipeline.Interrupted
)

// ReadLedger is the ledger of the data set in a folder; nil: there is none.
func ReadLedger(folder string) *Ledger { return pipeline.ReadLedger(folder) }

// ErrUnknownRecord is that a data set has no record of a name.
var ErrUnknownRecord = pipeline.ErrUnknownRecord

// Trace walks a record back to its seeds: see pipeline.Trace.
func Trace(folder, name string) (*Traced, error) { return pipeline.Trace(folder, name) }
