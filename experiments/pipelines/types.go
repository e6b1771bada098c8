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
	Progress = pipeline.Progress
	Costs    = pipeline.Estimate
	Prices   = llm.Prices
)

// The outcomes that a run may have beside what is wrong.
const (
	Complete    = pipeline.Complete
	Paused      = pipeline.Paused
	Interrupted = pipeline.Interrupted
)
