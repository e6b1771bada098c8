package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/command"
)

// tablesShelf is everything for rows of typed columns.
func tablesShelf() Shelf[generate.Record] {
	return Shelf[generate.Record]{
		Kind: generate.TableRows,
		Data: []Named[any]{
			{"table", "a CSV or TSV file of numbers, categories and dates by path", &generate.TableFile{}},
			{"mixed_table", "numbers and categories that hang together by a Gaussian copula, of which everything is known", generate.MixedTable{}},
		},
		Models: []Named[generate.Model[generate.Record]]{
			{"independent", "every column for itself, as it was seen", generate.Independent{}},
			{"gaussian_copula", "every column as it was seen, joined by correlated normals", generate.GaussianCopula{}},
			{"command", "an external program", command.Model[generate.Record]{}},
			{"chow_liu", "the tree that keeps most of what columns say of each other", generate.ChowLiu{}},
		},
		Laws: []evaluate.Theory[generate.Record]{evaluate.TableCounts{}},
		Metrics: []Named[evaluate.Metric[generate.Record]]{
			{"tail_loss", "share of each column's tails that fresh rows have lost", evaluate.TableTailLoss{}},
			{"lost_categories", "share of real categories that fresh rows lack", evaluate.LostCategories{}},
			{"pair_dependence", "how far pairs of columns depend on each other in another way than in real rows", evaluate.PairDependence{}},
			{"two_sample", "accuracy of a classifier that tells fresh rows from held-out ones", evaluate.TwoSample{}},
			{"validity", "share of fresh rows that are right", evaluate.Validity[generate.Record]{}},
		},
		Interventions: []Named[generate.Intervention[generate.Record]]{
			{"filter", "keep the rows that are likeliest under the truth", generate.Filter[generate.Record]{}},
			{"noisy_verifier", "keep right rows by one chance and wrong ones by another", generate.NoisyVerifier[generate.Record]{}},
			{"detector", "drop or weigh rows that are taken for synthetic", generate.Detector[generate.Record]{}},
		},
	}
}
