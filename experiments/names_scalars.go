package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/command"
)

// scalarsShelf is everything for numbers.
func scalarsShelf() Shelf[float64] {
	return Shelf[float64]{
		Kind: generate.Scalars,
		Data: []Named[any]{
			{"gaussian", "a normal distribution", generate.Normal{}},
			{"bernoulli", "1 with a chance, else 0", generate.Bernoulli{}},
			{"poisson", "Poisson counts", generate.Poisson{}},
			{"negative_binomial", "counts of successes before a number of failures", generate.NegativeBinomial{}},
			{"exponential", "exponential waiting times", generate.Exponential{}},
			{"gamma", "a gamma distribution", generate.Gamma{}},
			{"gaussian_mixture", "a mixture of normals", generate.ScalarMixture{}},
			{"pareto", "a heavy tail: a power of the row", generate.Pareto{}},
			{"command", "numbers of an external program, such as a simulator", command.Source[float64]{}},
		},
		Models: []Named[generate.Model[float64]]{
			{"gaussian", "mean and variance", generate.Gaussian{}},
			{"kernel_density", "a normal about every row", generate.KernelDensity[float64]{}},
			{"gaussian_known_variance", "mean of a normal of known variance", generate.GaussianKnownVariance{}},
			{"gaussian_median", "mean of a normal of known variance, by the median", generate.GaussianMedian{}},
			{"bernoulli", "the chance of a 1", generate.ByMean[generate.Bernoulli]{}},
			{"poisson", "mean of Poisson counts", generate.ByMean[generate.Poisson]{}},
			{"negative_binomial", "mean of negative binomial counts, of known failures", generate.NegativeBinomialMean{}},
			{"exponential", "mean of exponential waiting times", generate.ByMean[generate.Exponential]{}},
			{"gamma", "mean of a gamma of known shape", generate.GammaMean{}},
			{"pareto", "tail index of a Pareto of known scale", generate.ParetoIndex{}},
			{"command", "an external program", command.Model[float64]{}},
		},
		Metrics: []Named[evaluate.Metric[float64]]{
			{"variance", "variance of the fit", evaluate.Variance{}},
			{"log_variance_ratio", "ln variance of the fit over the truth's", evaluate.LogVarianceRatio{}},
			{"mean_drift", "mean of the fit less the truth's", evaluate.MeanDrift{}},
			{"w2", "Wasserstein-2 distance of the fit to the truth, in closed form", evaluate.W2{}},
			{"w2_empirical", "Wasserstein-2 distance of fresh rows to held-out rows, beside its null", evaluate.W2Empirical{}},
			{"tail_loss", "share of the truth's two 1 % tails that the fit has lost", evaluate.TailLoss{}},
			{"sample_variance", "mean and variance of fresh rows, of any model", evaluate.SampleVariance{}},
			{"tail_index", "index of the fit's tail, where it is a power", evaluate.TailIndex{}},
			{"extinct", "whether the fit has become a point", evaluate.Extinct{}},
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
		Laws: []evaluate.Theory[float64]{evaluate.SelfCorrected{}, evaluate.Truncation{}, evaluate.ScalarGaussian{}, evaluate.ExtinctLaw{},
			evaluate.MedianUniversality{}, evaluate.ParetoReplace{}, evaluate.ScalarMoments{}},
	}
}
