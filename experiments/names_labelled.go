package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/command"
)

// labelledShelf is everything for inputs with a label.
func labelledShelf() Shelf[generate.Labelled] {
	return Shelf[generate.Labelled]{
		Kind: generate.LabelledRows,
		Data: []Named[any]{
			{"linear", "labels linear in normal inputs, and noise", generate.LinearLabels{}},
			{"logistic", "labels 0 and 1 of a logistic model", generate.LogisticLabels{}},
			{"noisy_labels", "sides of a plane as labels −1 and 1, some of them wrong", generate.NoisyLabels{}},
			{"command_labelled", "inputs with labels of an external program, such as a simulator", command.Source[generate.Labelled]{}},
		},
		Models: []Named[generate.Model[generate.Labelled]]{
			{"least_squares", "linear regression, plain, with a ridge, or of minimum norm", generate.LeastSquares{}},
			{"logistic_regression", "maximum likelihood of labels 0 and 1", generate.LogisticRegression{}},
			{"plug_in_classifier", "the sign of the mean of label times input", generate.PlugInClassifier{}},
			{"command", "an external program", command.Model[generate.Labelled]{}},
		},
		Metrics: []Named[evaluate.Metric[generate.Labelled]]{
			{"risk", "squared distance of the weights to the truth's, by the labels that they give", evaluate.Risk{}},
			{"test_error", "expected squared error of a real label", evaluate.TestError{}},
			{"accuracy", "chance of the right label, by the angle to the true weights", evaluate.Accuracy{}},
			{"model_perplexity", "of held-out labels under the fit itself", evaluate.ModelPerplexity[generate.Labelled]{}},
			{"one_step", "probability integral transforms of each step, given the one before", evaluate.OneStep[generate.Labelled]{}},
		},
		Laws: []evaluate.Theory[generate.Labelled]{evaluate.RegressionFresh{}, evaluate.RegressionAccumulate{}, evaluate.RegressionSame{}, evaluate.LogisticUniversality{}, evaluate.TrivialLabelled{}},
		Interventions: []Named[generate.Intervention[generate.Labelled]]{
			{"noisy_verifier", "keep right labels by one chance and wrong ones by another", generate.NoisyVerifier[generate.Labelled]{}},
			{"filter", "keep the likeliest rows", generate.Filter[generate.Labelled]{}},
			{"detector", "drop or weigh rows that are taken for synthetic", generate.Detector[generate.Labelled]{}},
		},
	}
}
