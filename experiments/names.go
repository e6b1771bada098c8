package experiments

import (
	"modelcollapse/generate"
)

// Names is the one table: whatever a config may name stands here, a line each.
func Names() Table {
	return Table{
		Workflows: []Named[generate.Rule]{
			{"replace", "learn from the newest rows alone", generate.Replace{}},
			{"accumulate", "learn from everything so far", generate.Accumulate{}},
			{"accumulate_subsample", "keep everything, learn from a fixed number of rows of it", generate.AccumulateSubsample{}},
			{"window", "learn from the newest generations", generate.Window{}},
			{"delay", "learn from rows that an older fit wrote", generate.Delay{}},
			{"mix", "learn from a share of real rows and the rest from the last fit", generate.Mix{}},
			{"augment", "learn from the same real rows for ever and the last fit's", generate.Augment{}},
			{"fresh", "learn from new real rows and the last fit's, in numbers of their own", generate.Fresh{}},
			{"replay", "learn from the newest rows, and with a weight from the real ones", generate.Replay{}},
			{"weighted", "learn from everything so far, weighed by generation", generate.Weighted{}},
			{"refresh", "draw each row of the last data set anew with a chance", generate.Refresh{}},
			{"balanced", "learn from equal parts of all generations", generate.BalancedCycle{}},
			{"incremental", "renew a share of the data set, keep the rest", generate.IncrementalCycle{}},
			{"expanding", "add a share of the first rows, keep everything", generate.ExpandingCycle{}},
			{"network", "several models that learn from one another", generate.Network{}},
		},
		Scalars:   scalarsShelf(),
		Vectors:   vectorsShelf(),
		Tokens:    tokensShelf(),
		Labelled:  labelledShelf(),
		Histogram: histogramsShelf(),
		Tables:    tablesShelf(),
	}
}
