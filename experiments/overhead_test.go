package experiments

import (
	"math"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

const overheadRows, overheadGenerations = 6000, 100

// BenchmarkRowsEngine is a gaussian chain over 6,000 rows a generation, by the engine; BenchmarkRowsByHand is the loop that
// one would write by hand on the same streams. Their ratio is the engine's overhead.
func BenchmarkRowsEngine(b *testing.B) {
	w, _ := generate.Replace{}.Over(generate.Constant(overheadRows), overheadGenerations)
	mean := of[float64]{"mean", func(f generate.Fitted[float64]) float64 { return f.(generate.Normal).Mean }, evaluate.Needs{}}
	r, err := Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{generate.Normal{Variance: 1}}, Execution: ByRows,
		Models: []generate.Model[float64]{generate.Gaussian{}}, Workflow: w,
		Metrics: []evaluate.Metric[float64]{mean}, Generations: overheadGenerations}.Compile()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Cell(b.Context(), rng.Root(1), nil, discard{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRowsByHand(b *testing.B) {
	rows := make([]float64, overheadRows)
	for b.Loop() {
		mu, v := 0.0, 1.0
		for g := range overheadGenerations + 1 {
			s, sd := rng.Root(1).Child("generation", g).Child("draw", 0).Stream(), math.Sqrt(v)
			total := 0.0
			for i := range rows {
				rows[i] = mu + float64(sd*rng.Normal(s))
			}
			for _, x := range rows {
				total += x
			}
			mu, v = total/overheadRows, 0
			for _, x := range rows {
				d := x - mu
				v += float64(d * d)
			}
			v /= overheadRows
		}
	}
}
