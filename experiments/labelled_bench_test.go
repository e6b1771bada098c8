package experiments

import (
	"fmt"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// regressionChain is least squares with the risk of every generation, as a config would build it.
func regressionChain(t testing.TB, rule generate.Rule, dim, rows, generations int, same bool, metrics ...evaluate.Metric[generate.Labelled]) Chain[generate.Labelled] {
	t.Helper()
	truth, err := generate.LinearLabels{Dim: dim, Noise: 1, Norm: 1}.Open(t.Context(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	model, err := generate.LeastSquares{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	w, err := rule.Over(generate.Constant(rows), generations)
	if err != nil {
		t.Fatal(err)
	}
	if same {
		w = generate.SameInputs(w)
	}
	return Chain[generate.Labelled]{Kind: generate.LabelledRows, Truth: []generate.Source[generate.Labelled]{truth}, Models: []generate.Model[generate.Labelled]{model},
		Workflow: w, Generations: generations, Metrics: append([]evaluate.Metric[generate.Labelled]{evaluate.Risk{}}, metrics...)}
}

// BenchmarkRegression is one operation a run: so many seeds of 100 generations.
func BenchmarkRegression(b *testing.B) {
	for _, c := range []struct {
		rule             generate.Rule
		same             bool
		seeds, dim, rows int
	}{{generate.Accumulate{}, true, 100, 10, 100}, {generate.Accumulate{}, true, 20, 100, 1000}, {generate.Replace{}, true, 100, 10, 100}, {generate.Replace{}, false, 100, 10, 100},
		{generate.Accumulate{}, false, 100, 10, 100}, {generate.Replace{}, false, 20, 100, 1000}, {generate.Accumulate{}, false, 20, 100, 1000}} {
		b.Run(fmt.Sprintf("%T,same=%v,dim=%d", c.rule, c.same, c.dim), func(b *testing.B) {
			r, err := regressionChain(b, c.rule, c.dim, c.rows, 99, c.same).Compile()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				for i := range c.seeds {
					if _, err := r.Cell(b.Context(), rng.Root(1).Child("replicate", i), nil, discard{}); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
