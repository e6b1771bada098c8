package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/command"
)

// vectorsShelf is everything for rows of several columns.
func vectorsShelf() Shelf[generate.Vector] {
	return Shelf[generate.Vector]{
		Kind: generate.Vectors,
		Data: []Named[any]{
			{"multivariate_gaussian", "a multivariate normal distribution", generate.MultivariateNormal{}},
			{"blobs", "round normals about centres", generate.Blobs{}},
			{"moons", "two interleaved half circles with noise", generate.Moons{}},
			{"circles", "two circles with noise", generate.Circles{}},
			{"swiss_roll", "a spiral with noise", generate.SwissRoll{}},
			{"csv", "numbers in a CSV or TSV file by path", &generate.CSV{}},
			{"command_vectors", "vectors of an external program, such as a simulator", command.Source[generate.Vector]{}},
		},
		Models: []Named[generate.Model[generate.Vector]]{
			{"multivariate_gaussian", "mean and covariance", generate.MultivariateGaussian{}},
			{"gaussian_mixture", "a mixture of normals, by EM", generate.GaussianMixture{}},
			{"kernel_density", "a round normal about every row", generate.KernelDensity[generate.Vector]{}},
			{"command", "an external program", command.Model[generate.Vector]{}},
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
	}
}
