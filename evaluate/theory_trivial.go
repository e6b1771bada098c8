package evaluate

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// trivially is the risk of a predictor that learned nothing, as one point.
func trivially(series string, risk float64, what string) results.Prediction {
	return results.Prediction{Series: series, Functional: "trivial", Law: "trivial predictor", Source: what, X: risk, Lo: risk, Hi: risk}
}

// TrivialCategories is the risk of the uniform distribution over all categories.
type TrivialCategories struct{}

// Predict gives cross_entropy ln K and kl ln K − H(truth) ("trivial"), in nats.
func (TrivialCategories) Predict(_ context.Context, r Real[generate.Histogram]) ([]results.Prediction, error) {
	p, err := truthOf(r)
	if err != nil {
		return nil, err
	}
	var entropy num.Accumulator
	for _, x := range p {
		entropy.Add(plogp(x))
	}
	uniform := num.Log(float64(len(p)))
	const what = "uniform over all categories"
	return []results.Prediction{trivially("cross_entropy", uniform, what), trivially("kl", uniform-entropy.Sum(), what)}, nil
}

// TrivialTokens is the perplexity of the uniform distribution over the real vocabulary, End included.
type TrivialTokens struct{}

// Predict gives the perplexities ("trivial").
func (TrivialTokens) Predict(_ context.Context, r Real[generate.Tokens]) (all []results.Prediction, err error) {
	t, ok := r.Truth.(generate.Lexical)
	if !ok {
		return nil, nil
	}
	words := float64(t.Vocabulary().Len() - int(generate.Words) + 1)
	for _, series := range []string{"model_perplexity", "data_perplexity{jm}", "data_perplexity{kn}"} {
		all = append(all, trivially(series, words, "uniform over the real vocabulary"))
	}
	return all, nil
}
