package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
)

// histogramsShelf is everything for counts of categories.
func histogramsShelf() Shelf[generate.Histogram] {
	return Shelf[generate.Histogram]{
		Kind: generate.Histograms,
		Data: []Named[any]{{"zipf", "Zipf–Mandelbrot over categories", generate.Zipf{}}},
		Models: []Named[generate.Model[generate.Histogram]]{
			{"categorical", "shares of categories", generate.Categorical{}},
			{"hutchinson", "memorises the items that it has seen: shares of categories", generate.Hutchinson{}},
		},
		Laws: []evaluate.Theory[generate.Histogram]{
			evaluate.CategoryMoments{}, evaluate.SmoothedLaws{}, evaluate.DetectedMixture{}, evaluate.CountLaws{}, evaluate.AncestorLaws{},
			evaluate.RareCategoryLaws{}, evaluate.SampledCategories{}, evaluate.DriftLaws{}, evaluate.FixationLaws{}, evaluate.BoundLaws{},
			evaluate.TrivialCategories{},
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
		Interventions: []Named[generate.Intervention[generate.Histogram]]{
			{"sampling", "draw with another temperature, or the most probable categories only", generate.Decoding[generate.Histogram]{}},
			{"filter", "keep the most probable draws", generate.CountFilter{}},
			{"noisy_verifier", "keep draws of right categories by one chance and of wrong ones by another", generate.CountVerifier{}},
			{"best_of", "keep one of several candidates, by reward", generate.CountBestOf{}},
			{"detector", "drop draws that are taken for synthetic", generate.CountDetector{}},
		},
	}
}
