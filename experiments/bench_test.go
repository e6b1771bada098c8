package experiments

import (
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

type discard struct{}

func (discard) Put(results.Record) error                      { return nil }
func (discard) Attach(int, int, string, string, []byte) error { return nil }

// BenchmarkGeneration is one generation of a gaussian chain over statistics, two metrics, without records.
func BenchmarkGeneration(b *testing.B) {
	const generations = 1000
	w, _ := generate.Replace{}.Over(generate.Constant(100), generations)
	mean := of[float64]{"mean", func(f generate.Fitted[float64]) float64 { return f.(generate.Normal).Mean }, evaluate.Needs{}}
	r, err := Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{generate.Normal{Variance: 1}},
		Models: []generate.Model[float64]{generate.Gaussian{}}, Workflow: w,
		Metrics: []evaluate.Metric[float64]{mean, mean}, Generations: generations}.Compile()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Cell(b.Context(), rng.Root(1), nil, discard{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(generations+1), "ns/generation")
}

// BenchmarkCategories is one generation of 100,000 draws of a Zipf vocabulary of 10,000, measured by support, entropy and tail
// mass; the mean over 100 generations.
func BenchmarkCategories(b *testing.B) {
	const generations, rows = 99, 100_000
	truth, err := generate.Zipf{Categories: 10_000, Exponent: 1}.Open(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	model, err := generate.Categorical{}.Bind(truth)
	if err != nil {
		b.Fatal(err)
	}
	for name, rule := range map[string]generate.Rule{"replace": generate.Replace{}, "accumulate": generate.Accumulate{}} {
		b.Run(name, func(b *testing.B) {
			w, _ := rule.Over(generate.Constant(rows), generations)
			r, err := Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
				Models: []generate.Model[generate.Histogram]{model}, Workflow: w, Generations: generations,
				Metrics: []evaluate.Metric[generate.Histogram]{evaluate.Support{}, evaluate.HistogramEntropy{}, evaluate.TailMass{}}}.Compile()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.Cell(b.Context(), rng.Root(1), nil, discard{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(generations+1)/1000, "µs/generation")
		})
	}
}

// BenchmarkFixation is one generation of 10,000 draws of ten categories, 20,000 generations on end: most of them after but two or
// one are left.
func BenchmarkFixation(b *testing.B) {
	const generations, rows = 20_000, 10_000
	truth, err := generate.Zipf{Categories: 10}.Open(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	model, err := generate.Categorical{}.Bind(truth)
	if err != nil {
		b.Fatal(err)
	}
	w, _ := generate.Replace{}.Over(generate.Constant(rows), generations)
	r, err := Chain[generate.Histogram]{Kind: generate.Histograms, Truth: []generate.Source[generate.Histogram]{truth},
		Models: []generate.Model[generate.Histogram]{model}, Workflow: w, Generations: generations,
		Metrics: []evaluate.Metric[generate.Histogram]{evaluate.Collapsed{}}}.Compile()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := r.Cell(b.Context(), rng.Root(1), nil, discard{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(generations+1), "ns/generation")
}
