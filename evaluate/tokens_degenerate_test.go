package evaluate

import (
	"context"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/results"
)

// tokenMetrics are all of them, as by default.
func tokenMetrics() []Metric[generate.Tokens] {
	weights := []float64{.3, .6}
	return []Metric[generate.Tokens]{TokenTailLoss{Bigrams: true}, RareSurvival{MaxCount: 5}, LivingTypesTrain{}, LostTypeMass{Order: 4},
		Distinct{Order: 4}, TokenSupportLoss{}, TokenMissingMass{}, TokenEntropy{}, ModelPerplexity[generate.Tokens]{},
		DataPerplexity{Scorers: []string{"jm", "kn"}, Order: 3, Lambda: weights, Epsilon: .1},
		Surprise{Judges: []string{"model", "jm", "kn"}, Order: 3, Lambda: weights, Epsilon: .1, Tokens: 200_000}}
}

// Whatever is empty, cut or unknown: no panic, no error, and every series that is put has an axis.
func TestTokenMetricsOnDegenerateText(t *testing.T) {
	ctx := context.Background()
	end, unknown := generate.Tokens{generate.End}, generate.Tokens{generate.Unknown, generate.Unknown, generate.End}
	texts := map[string][]generate.Tokens{"none": nil, "an empty row": {{}}, "no words": {end, end}, "unknown words": {unknown}, "one word": rowsOf("a", "a"),
		"cut": {rowsOf("abc")[0][:2]}, "some": rowsOf("ab", "ba", "abcab")}
	for a, real := range texts {
		model, err := ngram.Model{Order: 3, Smoothing: ngram.None}.Fit(ctx, generate.Task[generate.Tokens]{Train: sampleOf(real)})
		if err != nil {
			t.Fatal(err)
		}
		for b, probe := range texts {
			for c, held := range texts {
				r := Real[generate.Tokens]{Kind: generate.TokenRows, Train: sampleOf(real), HeldOut: held, Truth: vocabularyTruth{}, Probe: 10,
					Plan: compiledPlan(t, generate.Replace{}, 10, 2), Fits: []generate.Fitted[generate.Tokens]{model}}
				for _, m := range tokenMetrics() {
					g, err := m.Start(ctx, r)
					if err != nil {
						t.Fatalf("%T, real %s: %v", m, a, err)
					}
					p := put{}
					for gen := range 2 {
						v := View[generate.Tokens]{Generation: gen, Model: model, Baseline: model, Train: sampleOf(probe), Probe: probe, HeldOut: held}
						if err := g.Measure(ctx, v, p); err != nil {
							t.Errorf("%T, real %s, probe %s, held out %s: %v", m, a, b, c, err)
						}
					}
					described(t, m.Axes(), p)
					if g, ok := g.(Predictor); ok {
						if _, err := g.Predict(); err != nil {
							t.Error(err)
						}
					}
				}
			}
		}
	}
}

// described checks that every series has one axis.
func described(t testing.TB, axes []results.Axis, p put) {
	t.Helper()
	for series := range p {
		n := 0
		for _, a := range axes {
			if family, ok := strings.CutSuffix(a.Series, "*"); a.Series == series || ok && strings.HasPrefix(series, family) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: %d axes", series, n)
		}
	}
}
