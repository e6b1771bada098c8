package experiments

import (
	"syscall"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// cpu is the processor time of this process so far, in seconds.
func cpu(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// timed runs chains, a replicate each, and reports the processor seconds that all of them took.
func timed[E any](b *testing.B, c Chain[E], replicates int) {
	b.Helper()
	r, err := c.Compile()
	if err != nil {
		b.Fatal(err)
	}
	begin := cpu(b)
	for b.Loop() {
		for i := range replicates {
			if _, err := r.Cell(b.Context(), rng.Root(1).Child("replicate", i), nil, discard{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric((cpu(b)-begin)/float64(b.N), "cpu-s/run")
}

// BenchmarkMixtureReplace is 205 fits of two normals to 1,000 rows of two columns by EM from new starts, of real rows that are one
// normal (the recursion of the notebook of Shumailov et al. 2024).
func BenchmarkMixtureReplace(b *testing.B) {
	const mixtureSeeds = 5
	truth, err := generate.MultivariateNormal{Dim: 2, Variance: 1}.Open(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	w, _ := generate.Replace{}.Over(generate.Constant(1000), 204)
	iterations := 0
	count := of[generate.Vector]{"iterations", func(f generate.Fitted[generate.Vector]) float64 {
		n, _ := f.(generate.Mixture).Iterations()
		iterations += n
		return float64(n)
	}, evaluate.Needs{}}
	model := generate.GaussianMixture{Components: 2, Tolerance: 1e-5, MaxIterations: 2000, Regularisation: 1e-6}
	timed(b, Chain[generate.Vector]{Kind: generate.Vectors, Truth: []generate.Source[generate.Vector]{truth}, Models: []generate.Model[generate.Vector]{model},
		Workflow: w, Metrics: []evaluate.Metric[generate.Vector]{evaluate.Trace{}, count}, Generations: 204}, mixtureSeeds)
	b.ReportMetric(float64(iterations)/float64(b.N)/205/mixtureSeeds, "iterations/fit")
}

// BenchmarkKernelsOfVectors is 100 kernel densities of 1,000 rows more each, of two columns, that score 500 held-out rows.
func BenchmarkKernelsOfVectors(b *testing.B) {
	truth, err := generate.MultivariateNormal{Dim: 2, Variance: 1}.Open(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	w, _ := generate.Accumulate{}.Over(generate.Constant(1000), 99)
	timed(b, Chain[generate.Vector]{Kind: generate.Vectors, Truth: []generate.Source[generate.Vector]{truth}, HeldOut: 500, Generations: 99, Workflow: w,
		Models:  []generate.Model[generate.Vector]{generate.KernelDensity[generate.Vector]{Bandwidth: 0.5}},
		Metrics: []evaluate.Metric[generate.Vector]{evaluate.ModelPerplexity[generate.Vector]{}}}, 1)
}

// BenchmarkKernelsOfScalars is ten chains of 100 kernel densities of 100 rows more each that score 500 held-out rows.
func BenchmarkKernelsOfScalars(b *testing.B) {
	truth, err := generate.ScalarMixture{Weights: []float64{.35, .65}, Means: []float64{-2, 1}, SDs: []float64{.8, 1.3}}.Open(b.Context(), nil)
	if err != nil {
		b.Fatal(err)
	}
	w, _ := generate.Accumulate{}.Over(generate.Constant(100), 99)
	timed(b, Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{truth}, HeldOut: 500, Generations: 99, Workflow: w,
		Models:  []generate.Model[float64]{generate.KernelDensity[float64]{Bandwidth: 0.3}},
		Metrics: []evaluate.Metric[float64]{evaluate.ModelPerplexity[float64]{}}}, 10)
}
