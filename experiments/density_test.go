package experiments

import (
	"math"
	"slices"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func plane(t *testing.T) generate.Source[generate.Vector] {
	t.Helper()
	truth, err := generate.MultivariateNormal{Dim: 2, Variance: 1}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return truth
}

func TestReplaceByHandOnKernels(t *testing.T) {
	m, err := generate.KernelDensity[generate.Vector]{Bandwidth: .4}.Bind(plane(t))
	if err != nil {
		t.Fatal(err)
	}
	byHand(t, generate.Vectors, plane(t), m, func(f generate.Fitted[generate.Vector]) float64 {
		return f.(generate.Kernels[generate.Vector]).Normal().LogDet()
	})
}

// A kernel density learns the same of rows and of blocks that are summed up, to the bit, although a normal truth knows no such
// statistics; and scoring the same rows in every generation changes nothing.
func TestKernelsOfRowsAndOfBlocks(t *testing.T) {
	m, err := generate.KernelDensity[generate.Vector]{Bandwidth: .4}.Bind(plane(t))
	if err != nil {
		t.Fatal(err)
	}
	var values [2][]float64
	for i, how := range []Execution{ByRows, Automatic} {
		r, err := Chain[generate.Vector]{Kind: generate.Vectors, Truth: []generate.Source[generate.Vector]{plane(t)}, Models: []generate.Model[generate.Vector]{m},
			Workflow: workflow(t, generate.Accumulate{}, 30, 8), Generations: 8, HeldOut: 50, Execution: how,
			Metrics: []evaluate.Metric[generate.Vector]{evaluate.ModelPerplexity[generate.Vector]{}, evaluate.Trace{}}}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if by := r.Facts().Execution; (by == ByRows) != (how == ByRows) {
			t.Errorf("%s runs by %s", how, by)
		}
		for _, rec := range runCell(t, r, rng.Root(3)) {
			for _, v := range rec.Values {
				values[i] = append(values[i], v.X)
			}
		}
	}
	if !slices.Equal(values[0], values[1]) || len(values[0]) != 9*3 {
		t.Errorf("by rows %v, by blocks %v", values[0], values[1])
	}
}

// The engine hands EM its own stream, and the fit before where the config says so.
func TestMixtureByHand(t *testing.T) {
	const rows, generations = 80, 5
	truth, err := generate.Blobs{Points: [][]float64{{-2, 0}, {2, 1}}, Spread: 1}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := generate.GaussianMixture{Components: 2, Tolerance: 1e-5, MaxIterations: 200, Regularisation: 1e-6}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	for _, warm := range []bool{false, true} {
		w := workflow(t, generate.Replace{}, rows, generations)
		if warm {
			w = generate.Started(w, "previous")
		}
		bound := of[generate.Vector]{"bound", func(f generate.Fitted[generate.Vector]) float64 {
			_, x := f.(generate.Mixture).Iterations()
			return x
		}, evaluate.Needs{}}
		r, err := Chain[generate.Vector]{Kind: generate.Vectors, Truth: []generate.Source[generate.Vector]{truth}, Models: []generate.Model[generate.Vector]{m},
			Workflow: w, Generations: generations, Metrics: []evaluate.Metric[generate.Vector]{bound}}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		root, from := rng.Root(5).Child("replicate", 0), truth
		var start generate.Fitted[generate.Vector]
		for g, rec := range runCell(t, r, root) {
			key := root.Child("generation", g)
			drawn, err := from.Draw(t.Context(), nil, rows, key.Child("draw", 0).Stream())
			if err != nil {
				t.Fatal(err)
			}
			f, err := m.Fit(t.Context(), generate.Task[generate.Vector]{Train: generate.Sample[generate.Vector]{{Rows: drawn, Weight: 1}}, Start: start, Rand: key.Child("fit", 0).Stream()})
			if err != nil {
				t.Fatal(err)
			}
			if want := bound.f(f); rec.Values[0].X != want {
				t.Fatalf("warm %v, generation %d: %v, by hand %v", warm, g, rec.Values[0].X, want)
			}
			if from = f; warm {
				start = f
			}
		}
	}
}

// The innovations of chains of kernel densities and of mixtures are uniform, generation after generation, whatever has become of the
// chain.
func TestInnovationsOfDensities(t *testing.T) {
	truth, err := generate.Blobs{Points: [][]float64{{-2, 0}, {2, 1}}, Spread: 1}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []generate.Bound[generate.Vector]{generate.KernelDensity[generate.Vector]{Bandwidth: .6},
		generate.GaussianMixture{Components: 2, Tolerance: 1e-4, MaxIterations: 100, Regularisation: 1e-6}} {
		model, err := m.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Chain[generate.Vector]{Kind: generate.Vectors, Truth: []generate.Source[generate.Vector]{truth}, Models: []generate.Model[generate.Vector]{model},
			Workflow: workflow(t, generate.Replace{}, 30, 20), Generations: 20, Metrics: []evaluate.Metric[generate.Vector]{evaluate.OneStep[generate.Vector]{}}}.Compile()
		if err != nil {
			t.Fatal(err)
		}
		u := map[string][]float64{}
		for i := range 12 {
			for _, rec := range runCell(t, r, rng.Root(6).Child("replicate", i)) {
				for _, v := range rec.Values {
					u[v.Series] = append(u[v.Series], v.X)
				}
			}
		}
		for _, series := range []string{"one_step.scores.synthetic", "one_step.spread.synthetic", "one_step.scores.real", "one_step.spread.real"} {
			x, worst := u[series], 0.0
			slices.Sort(x)
			for i, p := range x {
				worst = math.Max(worst, math.Max(p-float64(i)/float64(len(x)), float64(i+1)/float64(len(x))-p))
			}
			if want := map[bool]int{true: 12, false: 240}[strings.HasSuffix(series, "real")]; len(x) != want || worst > num.DKW(len(x), 1e-4) {
				t.Errorf("%T: %s: %d transforms, %.3f from uniform, at most %.3f", m, series, len(x), worst, num.DKW(len(x), 1e-4))
			}
		}
	}
}

// A chain that was interrupted after every generation goes on to the same records: a kernel density, which is fitted again, and a
// mixture, which is stored and starts at the fit before.
func TestCheckpointResumesDensities(t *testing.T) {
	truth := plane(t)
	kernels, err := generate.KernelDensity[generate.Vector]{Rule: "scott"}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	mixture, err := generate.GaussianMixture{Components: 2, Tolerance: 1e-4, MaxIterations: 50, Regularisation: 1e-6}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []generate.Model[generate.Vector]{kernels, mixture} {
		for _, rule := range []generate.Rule{generate.Replace{}, generate.Window{Generations: 2}} {
			w := workflow(t, rule, 25, 5)
			if _, starts := m.(generate.Starter); starts {
				w = generate.Started(w, "previous")
			}
			checkpointed(t, Chain[generate.Vector]{Kind: generate.Vectors, Truth: []generate.Source[generate.Vector]{truth}, Models: []generate.Model[generate.Vector]{m},
				Workflow: w, Generations: 5, HeldOut: 20,
				Metrics: []evaluate.Metric[generate.Vector]{evaluate.Trace{}, evaluate.ModelPerplexity[generate.Vector]{}}})
		}
	}
}
