package experiments

import (
	"math"
	"slices"
	"testing"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

func TestReplaceByHandOnLabelledRows(t *testing.T) {
	truth, err := generate.LinearLabels{Dim: 3, Noise: 1, Norm: 2}.Open(t.Context(), rng.Root(5).Stream())
	if err != nil {
		t.Fatal(err)
	}
	m, err := generate.LeastSquares{}.Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	byHand(t, generate.LabelledRows, truth, m, func(f generate.Fitted[generate.Labelled]) float64 { return f.(generate.Linear).Weights()[2] })
}

// A fixed design over statistics is the loop that one would write on the same streams: Bartlett's factor once, then the
// mean of the labels' projections, and a triangular system.
func TestSameInputsByHandOverStatistics(t *testing.T) {
	const d, n, generations = 4, 11, 8
	for _, accumulate := range []bool{true, false} {
		rule := generate.Rule(generate.Replace{})
		if accumulate {
			rule = generate.Accumulate{}
		}
		r, err := regressionChain(t, rule, d, n, generations, true).Compile()
		if err != nil {
			t.Fatal(err)
		}
		if f := r.Facts(); f.PeakRows != 0 || f.Execution != ByStatistics {
			t.Errorf("%+v: somebody keeps the rows of a given block", f)
		}
		truth, _ := generate.LinearLabels{Dim: d, Noise: 1, Norm: 1}.Open(t.Context(), rng.Root(1).Stream())
		real := truth.(generate.Linear).Weights()
		root := rng.Root(3).Child("replicate", 0)
		var factor [d][d]float64
		w, sum := slices.Clone(real), make([]float64, d)
		for g, rec := range runCell(t, r, root) {
			s := root.Child("generation", g).Child("draw", 0).Stream()
			for i := 0; g == 0 && i < d; i++ {
				factor[i][i] = math.Sqrt(rng.ChiSquared(s, float64(n-i)))
				for j := i + 1; j < d; j++ {
					factor[i][j] = rng.Normal(s)
				}
			}
			for i := range d {
				u := rng.Normal(s)
				for j := i; j < d; j++ {
					u += factor[i][j] * w[j]
				}
				if !accumulate {
					sum[i] = 0
				}
				sum[i] += u
			}
			blocks := 1.0
			if accumulate {
				blocks = float64(g + 1)
			}
			next := make([]float64, d)
			for i := d - 1; i >= 0; i-- {
				next[i] = sum[i] / blocks
				for j := i + 1; j < d; j++ {
					next[i] -= factor[i][j] * next[j]
				}
				next[i] /= factor[i][i]
			}
			risk := 0.0
			for i := range d {
				risk += (next[i] - real[i]) * (next[i] - real[i])
			}
			if w = next; math.Abs(rec.Values[0].X-risk) > 1e-11*(1+risk) {
				t.Fatalf("accumulate %v, generation %d: %v, by hand %v", accumulate, g, rec.Values[0].X, risk)
			}
		}
	}
}

// What the engine draws without rows has the law of rows, given inputs and turns of models included.
func TestLabelledExecutionsHaveOneLaw(t *testing.T) {
	truth, err := generate.LinearLabels{Dim: 3, Noise: 1, Norm: 1}.Open(t.Context(), rng.Root(1).Stream())
	if err != nil {
		t.Fatal(err)
	}
	ols, _ := generate.LeastSquares{}.Bind(truth)
	ridge, _ := generate.LeastSquares{Ridge: .3}.Bind(truth)
	for name, change := range map[string]func(c *Chain[generate.Labelled]){
		"replace": func(*Chain[generate.Labelled]) {},
		"turns": func(c *Chain[generate.Labelled]) {
			c.Models, c.Workflow = []generate.Model[generate.Labelled]{ols, ridge}, generate.Turns(c.Workflow, false, []int{0, 1})
		},
		"window": func(c *Chain[generate.Labelled]) {
			c.Workflow = generate.SameInputs(workflow(t, generate.Window{Generations: 2}, 9, 4))
		},
		"fixed real rows": func(c *Chain[generate.Labelled]) {
			c.Workflow = generate.SameInputs(workflow(t, generate.Mix{Real: generate.RealShare{Share: generate.ConstantSchedule(.4), Rows: "fixed", Per: "count"}}, 9, 4))
		},
	} {
		last := map[Execution][]float64{}
		for _, how := range []Execution{Automatic, ByRows} {
			c := regressionChain(t, generate.Replace{}, 3, 9, 4, true, evaluate.OneStep[generate.Labelled]{})
			change(&c)
			c.Execution = how
			r, err := c.Compile()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			steps := map[string][]float64{}
			for i := range 300 {
				recs := runCell(t, r, rng.Root(4).Child(string(how), i))
				last[how] = append(last[how], recs[4].Values[0].X)
				for _, rec := range recs {
					for _, v := range rec.Values[1:] {
						steps[v.Series] = append(steps[v.Series], v.X)
					}
				}
			}
			for series, u := range steps {
				if p := num.KolmogorovP(distanceFromUniform(u), len(u)); p < 1e-5 {
					t.Errorf("%s, by %s: %s: p = %.2g of %d", name, how, series, p, len(u))
				}
			}
			if len(steps["one_step.residual.synthetic"]) == 0 || len(steps["one_step.inputs.synthetic"]) > 0 {
				t.Errorf("%s, by %s: no transforms of given inputs' labels, or transforms of the inputs", name, how)
			}
		}
		if d := distanceOfSamples(last[Automatic], last[ByRows]); d > 2.2 {
			t.Errorf("%s: by rows and without: Kolmogorov–Smirnov %.2f", name, d)
		}
	}
}

// distanceFromUniform is the Kolmogorov–Smirnov statistic of u against the uniform law.
func distanceFromUniform(u []float64) (worst float64) {
	slices.Sort(u)
	n := float64(len(u))
	for i, x := range u {
		worst = max(worst, x-float64(i)/n, float64(i+1)/n-x)
	}
	return worst
}

// distanceOfSamples is the Kolmogorov–Smirnov statistic of two samples times √(nm/(n+m)).
func distanceOfSamples(x, y []float64) (worst float64) {
	slices.Sort(x)
	slices.Sort(y)
	j := 0
	for i := range x {
		for j < len(y) && y[j] <= x[i] {
			j++
		}
		worst = max(worst, math.Abs(float64(i+1)/float64(len(x))-float64(j)/float64(len(y))))
	}
	n, m := float64(len(x)), float64(len(y))
	return worst * math.Sqrt(n*m/(n+m))
}

// predicted are the theory lines of a shipped config, by arm and series, the functional mean.
func predicted(t *testing.T, name string, overrides ...string) map[string]map[string][]float64 {
	t.Helper()
	l, err := configs.Load(Names().Kinds(), configs.Shipped, name, overrides)
	if err != nil {
		t.Fatal(err)
	}
	arms, err := l.Arms()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Prepare(t.Context(), Names(), l.Config, arms)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string][]float64{}
	for _, c := range s.Cells {
		arm := s.Arms[c.Arm].Name
		if out[arm] != nil {
			continue
		}
		out[arm] = map[string][]float64{}
		lines, _, err := c.runner.Predict(t.Context(), c.Key)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range lines {
			if p.Functional == "mean" {
				out[arm][p.Series] = append(out[arm][p.Series], p.X)
			}
		}
	}
	return out
}

// Every shipped regression lies on its lines, and its steps are uniform; the lines of 50 rows of 10 inputs are those of the
// published closed forms.
func TestRegressionsLieOnTheirLaws(t *testing.T) {
	var looks []evaluate.Look
	for name, overrides := range map[string][]string{"regression-replace": {"replicates=200", "generations=9"}, "regression-accumulate": {"replicates=200", "generations=9"},
		"overparametrised": {"replicates=40", "generations=4"}, "strong-collapse": {"replicates=150"}, "ridge-after-ols": {"replicates=60"}, "logistic-universality": {"replicates=25", "generations=1"}} {
		curves, lines := shipped(t, name, overrides...), predicted(t, name, overrides...)
		for arm, series := range curves {
			risk, line := series["risk"], lines[arm]["risk"]
			if len(line) != len(risk.Lines[0]) {
				t.Errorf("%s, %s: a line of %d points for %d generations", name, arm, len(line), len(risk.Lines[0]))
				continue
			}
			for _, g := range []int{0, 1, 4, 9} {
				if g < len(line) {
					looks = append(looks, evaluate.AgainstMean(at(risk, g), line[g], false, g))
				}
			}
			for s, c := range series {
				if s == "risk" || s == "test_error" || s == "accuracy" || s == "accuracy.labels" {
					continue
				}
				u := slices.Concat(c.Lines...)
				u = slices.DeleteFunc(u, math.IsNaN)
				looks = append(looks, evaluate.Look{Name: s, N: len(u), P: num.Float(num.KolmogorovP(distanceFromUniform(u), len(u)))})
			}
		}
	}
	replace, accumulate := predicted(t, "regression-replace"), predicted(t, "regression-accumulate")
	near(t, "replace", replace["inputs=same"]["risk"], map[int]float64{0: 0.25641026, 1: 0.51282051, 9: 2.5641026, 19: 5.1282051, 49: 12.820513})
	near(t, "replace", replace["inputs=fresh"]["risk"], map[int]float64{0: 0.25641026, 4: 1.2820513, 19: 5.1282051})
	near(t, "accumulate, same inputs", accumulate["inputs=same"]["risk"], map[int]float64{0: 0.25641026, 1: 0.32051282, 4: 0.3752849, 9: 0.39737634, 19: 0.40927263, 49: 0.4167007})
	near(t, "accumulate, fresh inputs", accumulate["inputs=fresh"]["risk"], map[int]float64{0: 0.25641026, 1: 0.31259003, 4: 0.35816656, 9: 0.37593701, 19: 0.38536533, 49: 0.39120328})
	judged(t, looks)
}

func near(t *testing.T, what string, line []float64, want map[int]float64) {
	t.Helper()
	for g, x := range want {
		if math.Abs(line[g]-x) > 1e-7*x {
			t.Errorf("%s, generation %d: %.9g, want %.9g", what, g, line[g], x)
		}
	}
}
