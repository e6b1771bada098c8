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
		Scalars: Shelf[float64]{
			Kind: generate.Scalars,
			Data: []Named[any]{
				{"gaussian", "a normal distribution", generate.Normal{}},
				{"gaussian_mixture", "a mixture of normals", generate.ScalarMixture{}},
			},
			Models: []Named[generate.Model[float64]]{
				{"gaussian", "mean and variance", generate.Gaussian{}},
				{"kernel_density", "a normal about every row", generate.KernelDensity[float64]{}},
			},
			Laws: []evaluate.Theory[float64]{evaluate.SelfCorrected{}, evaluate.Truncation{}, evaluate.ScalarGaussian{}, evaluate.ScalarMoments{}},
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
			Interventions: []Named[generate.Intervention[float64]]{
				{"sampling", "draw with another temperature or spread", generate.Decoding[float64]{}},
				{"filter", "keep the likeliest rows, the largest, or those within bounds", generate.ScalarFilter{}},
				{"region_verifier", "keep the rows within a distance of a centre", generate.RegionVerifier{}},
				{"best_of", "keep one of several candidates, by reward", generate.BestOf{}},
				{"detector", "drop or weigh rows that are taken for synthetic", generate.Detector[float64]{}},
				{"self_correction", "move rows towards the truth by the optimal transport map", generate.SelfCorrection{}},
			},
		},
		Vectors: Shelf[generate.Vector]{
			Kind: generate.Vectors,
			Data: []Named[any]{
				{"multivariate_gaussian", "a multivariate normal distribution", generate.MultivariateNormal{}},
				{"blobs", "round normals about centres", generate.Blobs{}},
				{"moons", "two interleaved half circles with noise", generate.Moons{}},
				{"circles", "two circles with noise", generate.Circles{}},
				{"swiss_roll", "a spiral with noise", generate.SwissRoll{}},
				{"csv", "numbers in a CSV or TSV file by path", &generate.CSV{}},
			},
			Models: []Named[generate.Model[generate.Vector]]{
				{"multivariate_gaussian", "mean and covariance", generate.MultivariateGaussian{}},
				{"gaussian_mixture", "a mixture of normals, by EM", generate.GaussianMixture{}},
				{"kernel_density", "a round normal about every row", generate.KernelDensity[generate.Vector]{}},
			},
			Laws: []evaluate.Theory[generate.Vector]{evaluate.VectorGaussian{}, evaluate.VectorMoments{}},
			Metrics: []Named[evaluate.Metric[generate.Vector]]{
				{"trace", "mean variance of a column of the fit", evaluate.Trace{}},
				{"log_det", "log determinant of the fitted covariance", evaluate.LogDet{}},
				{"log_variance_ratio", "ln variance of each column over the truth's", evaluate.VectorLogVarianceRatio{}},
				{"mean_drift", "mean of the fit less the truth's", evaluate.VectorMeanDrift{}},
				{"w2", "Wasserstein-2 distance of the fit to the truth, in closed form", evaluate.VectorW2{}},
				{"tail_loss", "share of each column's two 1 % tails that fresh rows have lost", evaluate.VectorTailLoss{}},
				{"density_distance", "L2 distance of the densities of fit and truth, both mixtures of normals", evaluate.DensityDistance{}},
				{"between_modes", "share of fresh rows between the truth's modes", evaluate.BetweenModes{}},
				{"outside_support", "share of fresh rows where the truth has next to no density", evaluate.OutsideSupport{}},
				{"model_perplexity", "of held-out rows under the fit itself", evaluate.ModelPerplexity[generate.Vector]{}},
				{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[generate.Vector]{}},
				{"scatter", "fresh rows of two columns and their log density, for figures", evaluate.Scatter{}},
			},
			Interventions: []Named[generate.Intervention[generate.Vector]]{
				{"sampling", "draw with another temperature or spread", generate.Decoding[generate.Vector]{}},
				{"filter", "keep the likeliest rows", generate.Filter[generate.Vector]{}},
				{"region_verifier", "keep the rows within a distance of a centre", generate.VectorRegionVerifier{}},
				{"best_of", "keep one of several candidates, by reward", generate.VectorBestOf{}},
				{"detector", "drop or weigh rows that are taken for synthetic", generate.Detector[generate.Vector]{}},
				{"self_correction", "move rows towards the truth by the optimal transport map", generate.VectorSelfCorrection{}},
			},
		},
		Tokens: Shelf[generate.Tokens]{
			Kind: generate.TokenRows,
			Data: []Named[any]{
				{"go_docs", "the doc comments of the Go distribution", &corpus.GoDocs{}},
				{"text", "text files by path", &corpus.Text{}},
				{"markov", "a Markov chain over words, of which everything is known", generate.Markov{}},
				{"arithmetic", "true equations, a token a character", generate.Arithmetic{}},
			},
			Models: []Named[generate.Model[generate.Tokens]]{{"ngram", "n-grams of order 1 to 6", ngram.Model{}}},
			Laws:   []evaluate.Theory[generate.Tokens]{evaluate.TrivialTokens{}},
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
				{"validity", "share of fresh rows that are right", evaluate.Validity[generate.Tokens]{}},
			},
			Interventions: []Named[generate.Intervention[generate.Tokens]]{
				{"sampling", "draw with another temperature, or the likeliest tokens only", generate.Decoding[generate.Tokens]{}},
				{"filter", "keep the likeliest rows", generate.Filter[generate.Tokens]{}},
				{"noisy_verifier", "keep right rows by one chance and wrong ones by another", generate.NoisyVerifier[generate.Tokens]{}},
				{"checker", "keep right rows", generate.Checker{}},
				{"detector", "drop rows that are taken for synthetic", generate.Detector[generate.Tokens]{}},
			},
		},
		Labelled: Shelf[generate.Labelled]{
			Kind: generate.LabelledRows,
			Interventions: []Named[generate.Intervention[generate.Labelled]]{
				{"noisy_verifier", "keep right labels by one chance and wrong ones by another", generate.NoisyVerifier[generate.Labelled]{}},
				{"filter", "keep the likeliest rows", generate.Filter[generate.Labelled]{}},
				{"detector", "drop or weigh rows that are taken for synthetic", generate.Detector[generate.Labelled]{}},
			},
		},
		Histogram: Shelf[generate.Histogram]{
			Kind:   generate.Histograms,
			Data:   []Named[any]{{"zipf", "Zipf–Mandelbrot over categories", generate.Zipf{}}},
			Models: []Named[generate.Model[generate.Histogram]]{{"categorical", "shares of categories", generate.Categorical{}}},
			Laws:   []evaluate.Theory[generate.Histogram]{evaluate.SampledCategories{}, evaluate.DetectedMixture{}, evaluate.CategoryMoments{}, evaluate.TrivialCategories{}},
			Metrics: []Named[evaluate.Metric[generate.Histogram]]{
				{"tail_loss", "share of the rarest decile's mass that the fit has lost", evaluate.HistogramTailLoss{}},
				{"tail_mass", "mass of the rarest decile (a martingale under replace)", evaluate.TailMass{}},
				{"heterozygosity", "1 − Σ q²", evaluate.Heterozygosity{}},
				{"support", "living categories", evaluate.Support{}},
				{"support_loss", "share of categories that died", evaluate.HistogramSupportLoss{}},
				{"missing_mass", "true mass of dead categories", evaluate.HistogramMissingMass{}},
				{"entropy", "entropy of the fit", evaluate.HistogramEntropy{}},
				{"tv", "total variation distance to the truth", evaluate.TotalVariation{}},
				{"kl", "Kullback–Leibler divergence from the truth", evaluate.KL{}},
				{"cross_entropy", "of the truth under an add-0.5 evaluator of the training counts", evaluate.CrossEntropy{}},
				{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[generate.Histogram]{}},
			},
			Interventions: []Named[generate.Intervention[generate.Histogram]]{
				{"sampling", "draw with another temperature, or the most probable categories only", generate.Decoding[generate.Histogram]{}},
				{"filter", "keep the most probable draws", generate.CountFilter{}},
				{"noisy_verifier", "keep draws of right categories by one chance and of wrong ones by another", generate.CountVerifier{}},
				{"best_of", "keep one of several candidates, by reward", generate.CountBestOf{}},
				{"detector", "drop draws that are taken for synthetic", generate.CountDetector{}},
			},
		},
	}
}
