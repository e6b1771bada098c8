package experiments

import (
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/command"
	"modelcollapse/generate/corpus"
	"modelcollapse/generate/llm/loop"
	"modelcollapse/generate/ngram"
)

// tokensShelf is everything for texts.
func tokensShelf() Shelf[generate.Tokens] {
	return Shelf[generate.Tokens]{
		Kind: generate.TokenRows,
		Data: []Named[any]{
			{"go_docs", "the doc comments of the Go distribution", &corpus.GoDocs{}},
			{"text", "text files by path", &corpus.Text{}},
			{"markov", "a Markov chain over words, of which everything is known", generate.Markov{}},
			{"arithmetic", "true equations, a token a character", generate.Arithmetic{}},
		},
		Models: []Named[generate.Model[generate.Tokens]]{
			{"ngram", "n-grams of order 1 to 6", ngram.Model{}},
			{"markov_chain", "a first-order chain that knows its transitions and the law of a step", ngram.MarkovChain{}},
			{"incontext", "a model behind an API that is shown its training rows in the prompt", loop.InContext{}},
			{"finetune", "a model behind an API that a fine-tuning job makes of its training rows", loop.FineTune{}},
			{"command", "an external program", command.Model[generate.Tokens]{}},
		},
		Laws: []evaluate.Theory[generate.Tokens]{evaluate.TrivialTokens{}},
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
			{"sampler_audit", "whether a server draws tokens as it says", evaluate.SamplerAudit{}},
			{"validity", "share of fresh rows that are right", evaluate.Validity[generate.Tokens]{}},
		},
		Interventions: []Named[generate.Intervention[generate.Tokens]]{
			{"sampling", "draw with another temperature, or the likeliest tokens only", generate.Decoding[generate.Tokens]{}},
			{"filter", "keep the likeliest rows", generate.Filter[generate.Tokens]{}},
			{"noisy_verifier", "keep right rows by one chance and wrong ones by another", generate.NoisyVerifier[generate.Tokens]{}},
			{"checker", "keep right rows", generate.Checker{}},
			{"finished", "keep rows that a server ended: no failed call, no answer that was cut", generate.Finished{}},
			{"detector", "drop rows that are taken for synthetic", generate.Detector[generate.Tokens]{}},
		},
	}
}
