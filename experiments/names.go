package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/generate/ngram"
)

// Names is the one table: whatever a config may name stands here, a line each.
func Names() Table {
	return Table{
		Workflows: []Named[generate.Rule]{
			{"replace", "learn from the newest rows alone", generate.Replace{}},
			{"accumulate", "learn from everything so far", generate.Accumulate{}},
			{"accumulate_subsample", "keep everything, learn from a fixed number of rows of it", generate.AccumulateSubsample{}},
			{"window", "learn from the newest generations", generate.Window{}},
			{"mix", "learn from a share of real rows and the rest from the last fit", generate.Mix{}},
		},
		Scalars: Shelf[float64]{
			Kind:   generate.Scalars,
			Data:   []Named[any]{{"gaussian", "a normal distribution", generate.Normal{}}},
			Models: []Named[generate.Model[float64]]{{"gaussian", "mean and variance", generate.Gaussian{}}},
			Metrics: []Named[evaluate.Metric[float64]]{
				{"variance", "variance of the fit", evaluate.Variance{}},
				{"log_variance_ratio", "ln variance of the fit over the truth's", evaluate.LogVarianceRatio{}},
				{"mean_drift", "mean of the fit less the truth's", evaluate.MeanDrift{}},
				{"w2", "Wasserstein-2 distance of the fit to the truth, in closed form", evaluate.W2{}},
				{"w2_empirical", "Wasserstein-2 distance of fresh rows to held-out rows, beside its null", evaluate.W2Empirical{}},
				{"tail_loss", "share of the truth's two 1 % tails that the fit has lost", evaluate.TailLoss{}},
				{"expected_shortfall", "mean beyond the 99 % quantile of fresh rows, over the truth's", evaluate.ExpectedShortfall{}},
				{"model_perplexity", "of held-out rows under the fit itself", evaluate.ModelPerplexity[float64]{}},
				{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[float64]{}},
			},
		},
		Vectors: Shelf[generate.Vector]{
			Kind:   generate.Vectors,
			Data:   []Named[any]{{"multivariate_gaussian", "a multivariate normal distribution", generate.MultivariateNormal{}}},
			Models: []Named[generate.Model[generate.Vector]]{{"multivariate_gaussian", "mean and covariance", generate.MultivariateGaussian{}}},
			Metrics: []Named[evaluate.Metric[generate.Vector]]{
				{"trace", "mean variance of a column of the fit", evaluate.Trace{}},
				{"log_det", "log determinant of the fitted covariance", evaluate.LogDet{}},
				{"log_variance_ratio", "ln variance of each column over the truth's", evaluate.VectorLogVarianceRatio{}},
				{"mean_drift", "mean of the fit less the truth's", evaluate.VectorMeanDrift{}},
				{"w2", "Wasserstein-2 distance of the fit to the truth, in closed form", evaluate.VectorW2{}},
				{"tail_loss", "share of each column's two 1 % tails that fresh rows have lost", evaluate.VectorTailLoss{}},
				{"model_perplexity", "of held-out rows under the fit itself", evaluate.ModelPerplexity[generate.Vector]{}},
				{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[generate.Vector]{}},
			},
		},
		Tokens: Shelf[generate.Tokens]{
			Kind: generate.TokenRows,
			Data: []Named[any]{
				{"go_docs", "the doc comments of the Go distribution", &corpus.GoDocs{}},
				{"text", "text files by path", &corpus.Text{}},
				{"markov", "a Markov chain over words, of which everything is known", generate.Markov{}},
			},
			Models: []Named[generate.Model[generate.Tokens]]{
				{"ngram", "n-grams of order 1 to 6", ngram.Model{}},
				{"markov_chain", "a first-order chain that knows its transitions and the law of a step", ngram.MarkovChain{}},
			},
			Metrics: []Named[evaluate.Metric[generate.Tokens]]{
				{"data_perplexity", "of held-out text under a scorer refitted on each generation's training data", evaluate.DataPerplexity{}},
				{"model_perplexity", "of held-out text under the fit itself", evaluate.ModelPerplexity[generate.Tokens]{}},
				{"surprise", "of fresh rows under a model of the real text", evaluate.Surprise{}},
				{"tail_loss", "share of the rarest decile that fresh rows have lost", evaluate.TokenTailLoss{}},
				{"rare_survival", "share of rare types that occur in fresh rows", evaluate.RareSurvival{}},
				{"living_types_train", "types in the training data", evaluate.LivingTypesTrain{}},
				{"lost_type_mass", "held-out tokens whose type fresh rows lack", evaluate.LostTypeMass{}},
				{"distinct", "distinct n-grams over all, in fresh rows", evaluate.Distinct{}},
				{"support_loss", "share of real types that fresh rows lack", evaluate.TokenSupportLoss{}},
				{"missing_mass", "real mass of types that fresh rows lack", evaluate.TokenMissingMass{}},
				{"entropy", "plug-in entropy of fresh rows", evaluate.TokenEntropy{}},
				{"entropy_rate", "of a first-order chain, exactly", evaluate.EntropyRate{}},
				{"transition_tv", "total variation of a first-order chain's transitions from the truth's", evaluate.TransitionTV{}},
				{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[generate.Tokens]{}},
			},
		},
		Labelled: Shelf[generate.Labelled]{
			Kind: generate.LabelledRows,
		},
		Histogram: Shelf[generate.Histogram]{
			Kind: generate.Histograms,
			Data: []Named[any]{{"zipf", "Zipf–Mandelbrot over categories", generate.Zipf{}}},
			Models: []Named[generate.Model[generate.Histogram]]{
				{"categorical", "shares of categories", generate.Categorical{}},
				{"hutchinson", "memorises the items that it has seen: shares of categories", generate.Hutchinson{}},
			},
			Metrics: []Named[evaluate.Metric[generate.Histogram]]{
				{"tail_loss", "share of the rarest decile's mass that the fit has lost", evaluate.HistogramTailLoss{}},
				{"tail_mass", "mass of the rarest decile (a martingale under replace)", evaluate.TailMass{}},
				{"heterozygosity", "1 − Σ q²", evaluate.Heterozygosity{}},
				{"support", "living categories", evaluate.Support{}},
				{"support_loss", "share of categories that died", evaluate.HistogramSupportLoss{}},
				{"missing_mass", "true mass of dead categories", evaluate.HistogramMissingMass{}},
				{"test_error", "of a memoriser: true mass of what it has not seen", evaluate.MemoriserTestError{}},
				{"collapsed", "whether one category is left", evaluate.Collapsed{}},
				{"fixation", "whether one named category is left alone", evaluate.Fixation{}},
				{"drift", "squared distance from the fit of generation 0", evaluate.Drift{}},
				{"entropy", "entropy of the fit", evaluate.HistogramEntropy{}},
				{"tv", "total variation distance to the truth", evaluate.TotalVariation{}},
				{"kl", "Kullback–Leibler divergence from the truth", evaluate.KL{}},
				{"cross_entropy", "of the truth under an add-0.5 evaluator of the training counts", evaluate.CrossEntropy{}},
				{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[generate.Histogram]{}},
			},
			Laws: []evaluate.Theory[generate.Histogram]{
				evaluate.CountLaws{}, evaluate.AncestorLaws{}, evaluate.RareCategoryLaws{}, evaluate.SmoothedLaws{}, evaluate.DriftLaws{},
				evaluate.FixationLaws{}, evaluate.BoundLaws{},
			},
		},
	}
}
