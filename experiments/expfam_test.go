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
	"modelcollapse/results"
)

// A meanFamily is a truth, its model, and v2 of its variance function.
type meanFamily struct {
	name  string
	truth generate.Source[float64]
	model generate.Bound[float64]
	v2    float64
}

func meanFamilies() []meanFamily {
	return []meanFamily{
		{"bernoulli", generate.Bernoulli{P: .3}, generate.ByMean[generate.Bernoulli]{}, -1},
		{"poisson", generate.Poisson{Mean: 1.5}, generate.ByMean[generate.Poisson]{}, 0},
		{"negative binomial", generate.NegativeBinomial{Failures: 2.5, Mean: 2}, generate.NegativeBinomialMean{}, 1 / 2.5},
		{"exponential", generate.Exponential{Mean: 2}, generate.ByMean[generate.Exponential]{}, 1},
		{"gamma", generate.Gamma{Shape: 3, Mean: .5}, generate.GammaMean{}, 1. / 3},
		{"known variance", generate.Normal{Mean: -1, Variance: 9}, generate.GaussianKnownVariance{}, 0},
	}
}

// moments of a truth.
func moments(truth any) (mean, variance float64) {
	return truth.(interface {
		Moment2() (mean, variance float64)
	}).Moment2()
}

// chainOf compiles a chain of one family.
func chainOf(t *testing.T, f meanFamily, w generate.Workflow, generations int, x Execution, metrics ...evaluate.Metric[float64]) Runner {
	t.Helper()
	m, err := f.model.Bind(f.truth)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Chain[float64]{Kind: generate.Scalars, Truth: []generate.Source[float64]{f.truth}, Models: []generate.Model[float64]{m}, Workflow: w,
		Metrics: metrics, Generations: generations, Execution: x}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judgedSteps runs chains, holds the transforms of their steps to the uniform law, and returns the squared errors of the
// mean at the last generation.
func judgedSteps(t *testing.T, r Runner, chains int) (squares []float64) {
	t.Helper()
	u := map[string][]float64{}
	for i := range chains {
		records := runCell(t, r, rng.Root(61).Child("replicate", i))
		for _, rec := range records {
			for _, v := range rec.Values {
				if strings.HasPrefix(v.Series, "one_step.") {
					u[v.Series] = append(u[v.Series], v.X)
				}
			}
		}
		squares = append(squares, valueOf(t, records[len(records)-1], "mean_drift.squared"))
	}
	if len(u["one_step.mean.real"]) == 0 || len(u["one_step.mean.synthetic"]) == 0 {
		t.Fatalf("transforms of %d kinds", len(u))
	}
	for series, x := range u {
		slices.Sort(x)
		worst := 0.0
		for i, p := range x {
			worst = max(worst, p-float64(i)/float64(len(x)), float64(i+1)/float64(len(x))-p)
		}
		if p := num.KolmogorovP(worst, len(x)); !(p > 1e-4) {
			t.Errorf("%s: %d transforms are not uniform: p = %.2g", series, len(x), p)
		}
	}
	return squares
}

func valueOf(t *testing.T, rec results.Record, series string) float64 {
	t.Helper()
	for _, v := range rec.Values {
		if v.Series == series {
			return v.X
		}
	}
	t.Fatalf("no %s", series)
	return 0
}

func within4(t *testing.T, what string, x []float64, want float64) {
	t.Helper()
	mean, v := num.Variance(x)
	z := (mean - want) / math.Sqrt(v/float64(len(x)))
	t.Logf("%s: %.5g, law %.5g, z = %.2f", what, mean, want, z)
	if !(math.Abs(z) < 4) {
		t.Errorf("%s: %g, law %g, z = %.1f", what, mean, want, z)
	}
}

// Steps of every family are uniform under replace and accumulate, and the variance of its mean is the law of quadratic
// variance after g + 1 fits: V0[(1 + v2/M)^(g+1) − 1]/v2 and V0[Π_{i ≤ g+1} (1 + v2/(M i²)) − 1]/v2.
func TestFamiliesObeyTheQuadraticLaw(t *testing.T) {
	const rows, generations, chains = 20, 12, 400
	for _, f := range meanFamilies() {
		_, v0 := moments(f.truth)
		for _, rule := range []generate.Rule{generate.Replace{}, generate.Accumulate{}} {
			_, accumulates := rule.(generate.Accumulate)
			want := 0.0 // recursion of Var θ: + (V0 + v2 Var)/(M i²)
			for i := 1.0; i <= generations+1; i++ {
				over := 1.0
				if accumulates {
					over = i * i
				}
				want += (v0 + f.v2*want) / (rows * over)
			}
			r := chainOf(t, f, workflow(t, rule, rows, generations), generations, Automatic, evaluate.OneStep[float64]{}, evaluate.MeanDrift{})
			name := f.name + ", replace"
			if accumulates {
				name = f.name + ", accumulate"
			}
			within4(t, name, judgedSteps(t, r, chains), want)
		}
	}
}

// An anchor to the first fit bounds the variance at (V0/M)[1 + (1−ρ)²/(1 − (1−ρ)²)] for v2 = 0; the steps of anchored fits
// are as lawful as any.
func TestAnchorBoundsTheDrift(t *testing.T) {
	const rows, generations, chains, share = 20, 30, 400, .3
	w := generate.Started(workflow(t, generate.Replace{}, rows, generations), "first")
	kept := (1 - share) * (1 - share)
	for _, f := range []meanFamily{
		{"poisson", generate.Poisson{Mean: 1.5}, generate.ByMean[generate.Poisson]{Anchor: share}, 0},
		{"known variance", generate.Normal{Mean: -1, Variance: 9},
			generate.GaussianKnownVariance{ByMean: generate.ByMean[generate.FixedVariance]{Anchor: share}}, 0},
	} {
		_, v0 := moments(f.truth)
		r := chainOf(t, f, w, generations, Automatic, evaluate.OneStep[float64]{}, evaluate.MeanDrift{})
		within4(t, f.name, judgedSteps(t, r, chains), v0/rows*(1+kept/(1-kept)))
	}
}

// A truth that does not know the statistics of a model gives it rows: the same as if all were rows.
func TestStatisticsOfAnotherFamily(t *testing.T) {
	const rows, generations = 30, 4
	f := meanFamily{truth: generate.Exponential{Mean: 2}, model: anyModel{generate.Gaussian{}}}
	metrics := []evaluate.Metric[float64]{evaluate.Variance{}, evaluate.OneStep[float64]{}}
	auto := chainOf(t, f, workflow(t, generate.Replace{}, rows, generations), generations, Automatic, metrics...)
	byRows := chainOf(t, f, workflow(t, generate.Replace{}, rows, generations), generations, ByRows, metrics...)
	if auto.Facts().Execution != ByStatistics {
		t.Errorf("execution %s", auto.Facts().Execution)
	}
	a, b := runCell(t, auto, rng.Root(62)), runCell(t, byRows, rng.Root(62))
	if x, y := valueOf(t, a[0], "variance"), valueOf(t, b[0], "variance"); x != y || len(a) != generations+1 {
		t.Errorf("variance %g, of the same rows %g, %d generations", x, y, len(a))
	}
	if x, y := valueOf(t, a[0], "one_step.mean.real"), valueOf(t, b[0], "one_step.mean.real"); x != y {
		t.Errorf("transform %g, of the same rows %g", x, y)
	}
	for _, rec := range a {
		origin := "synthetic"
		if rec.Generation == 0 {
			origin = "real"
		}
		if u := valueOf(t, rec, "one_step.mean."+origin); !(u > 0 && u < 1) {
			t.Errorf("generation %d: transform %g", rec.Generation, u)
		}
	}
}

// anyModel binds a model to nothing.
type anyModel struct{ generate.Model[float64] }

func (m anyModel) Bind(generate.Source[float64]) (generate.Model[float64], error) {
	return m.Model, nil
}

// The shipped extinction lies on its line, read from the reference values of a fixed total of 15 after g resamplings, of
// which generation g has the mixture over a Poisson total of mean 15. The count of extinct replicates is binomial.
func TestShippedExtinctionLiesOnItsLine(t *testing.T) {
	var all struct {
		From15 struct {
			Resamplings []int
			Extinct     []float64
		} `json:"extinct_from_15"`
	}
	laws(t, "galton_watson", &all)
	ref := all.From15
	curves := shipped(t, "poisson-replace", "replicates=300")["constant"]["extinct"]
	for i, g := range ref.Resamplings {
		f := math.Pow(ref.Extinct[i], 1./15) // f_g, of one count
		want := math.Exp(15 * (f - 1))
		dead := 0
		for _, x := range at(curves, g) {
			dead += int(x)
		}
		n := int64(len(curves.Lines))
		p := min(num.BinomialCDF(int64(dead), n, want), 1-num.BinomialCDF(int64(dead)-1, n, want))
		if !(p > 1e-4) {
			t.Errorf("generation %d: %d of %d extinct, law %.4f, p = %.1g", g, dead, n, want, p)
		}
	}
}
