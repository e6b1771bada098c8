package experiments

import (
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// byHand runs replace over rows by the engine and by the loop that one would write: fit, draw, fit … on the same streams.
// A number of every fit must agree to the bit.
func byHand[E any](t *testing.T, kind generate.Kind[E], truth generate.Source[E], m generate.Model[E], number func(generate.Fitted[E]) float64) {
	t.Helper()
	const rows, generations = 60, 6
	c := Chain[E]{Kind: kind, Truth: []generate.Source[E]{truth}, Models: []generate.Model[E]{m}, Execution: ByRows, Generations: generations,
		Workflow: workflow(t, generate.Replace{}, rows, generations), Metrics: []evaluate.Metric[E]{of[E]{"number", number, evaluate.Needs{Rows: true}}}}
	r, err := c.Compile()
	if err != nil {
		t.Fatal(err)
	}
	root, from := rng.Root(21).Child("replicate", 0), truth
	for g, rec := range runCell(t, r, root) {
		drawn, err := from.Draw(t.Context(), nil, rows, root.Child("generation", g).Child("draw", 0).Stream())
		if err != nil {
			t.Fatal(err)
		}
		f, err := m.Fit(t.Context(), generate.Task[E]{Train: generate.Sample[E]{{Rows: drawn, Weight: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		if want := number(f); rec.Values[0].X != want {
			t.Fatalf("generation %d: %v, by hand %v", g, rec.Values[0].X, want)
		}
		from = f
	}
}

func TestReplaceByHandOnTokens(t *testing.T) {
	truth, err := generate.Markov{Words: 200, Successors: 8, Exponent: 1, Length: 9}.Open(t.Context(), rng.Root(5).Stream())
	if err != nil {
		t.Fatal(err)
	}
	m, err := ngram.Model{Order: 3, Smoothing: ngram.KneserNey}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	some, err := truth.Draw(t.Context(), nil, 20, rng.Root(6).Stream())
	if err != nil {
		t.Fatal(err)
	}
	byHand(t, generate.TokenRows, truth, m, func(f generate.Fitted[generate.Tokens]) (total float64) {
		nats := make([]float64, len(some))
		if err := f.(generate.Scorer[generate.Tokens]).Score(t.Context(), some, nats); err != nil {
			t.Fatal(err)
		}
		for _, x := range nats {
			total += x
		}
		return total
	})
}

func TestReplaceByHandOnVectors(t *testing.T) {
	truth, err := generate.MultivariateNormal{Dim: 3, Variance: 2}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := generate.MultivariateGaussian{Estimator: "unbiased", Covariance: "full"}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	byHand(t, generate.Vectors, truth, m, func(f generate.Fitted[generate.Vector]) float64 {
		return f.(interface{ LogDet() float64 }).LogDet()
	})
}
