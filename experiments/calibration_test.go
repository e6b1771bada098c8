package experiments

import (
	"fmt"
	"slices"
	"testing"

	"modelcollapse/evaluate"
)

// A calibrated family is judged by its steps, over few rows and generations, so that approximations would show.
type calibrated struct{ name, data, model, workflow, more string }

// config is that of a family: ten replicates a run.
func (f calibrated) config() string {
	return fmt.Sprintf("data: %s\nmodel: %s\nworkflow: %s\ngenerations: 8\nmetrics: [one_step]\nverdict: {tests: [one_step]}\n%s",
		f.data, f.model, f.workflow, f.more)
}

var families = []calibrated{
	{"gaussian", "{kind: gaussian, mean: 1, variance: 2}", "gaussian", "replace", "rows: 20"},
	{"gaussian, accumulate, unbiased", "gaussian", "{kind: gaussian, estimator: unbiased}", "accumulate", "rows: 20"},
	{"gaussian, mixed by draw", "gaussian", "gaussian", "{kind: mix, real: {share: 0.3, per: draw}}", "rows: 30"},
	{"gaussian, subsample", "gaussian", "gaussian", "accumulate_subsample", "rows: 100"},
	{"gaussian, biased sampling", "gaussian", "gaussian", "replace", "rows: 20\ninterventions: [{kind: sampling, spread: 0.8}]"},
	{"known variance", "gaussian", "gaussian_known_variance", "{kind: replay, weight: 0.2}", "rows: 20"},
	{"median", "gaussian", "gaussian_median", "accumulate", "rows: 21"},
	{"bernoulli", "{kind: bernoulli, p: 0.3}", "bernoulli", "replace", "rows: 20"},
	{"poisson", "{kind: poisson, mean: 0.7}", "poisson", "{kind: fresh, synthetic: 10}", "rows: 10"},
	{"negative binomial", "{kind: negative_binomial, failures: 2, mean: 1}", "negative_binomial", "accumulate", "rows: 10"},
	{"exponential", "{kind: exponential, mean: 2}", "exponential", "replace", "rows: 10"},
	{"gamma", "{kind: gamma, shape: 0.5, mean: 1}", "gamma", "{kind: window, generations: 3}", "rows: 10"},
	{"pareto", "{kind: pareto, index: 1.5, scale: 2}", "pareto", "{kind: window, generations: 2}", "rows: 10"},
	{"kernel density", "gaussian", "{kind: kernel_density, bandwidth: 0.4}", "replace", "rows: 20"},
	{"multivariate gaussian", "{kind: multivariate_gaussian, dim: 3, correlation: 0.4}", "multivariate_gaussian", "replace", "rows: 20"},
	{"gaussian mixture", "{kind: blobs, points: [[-2, 0], [2, 0]]}", "{kind: gaussian_mixture, components: 2}", "{kind: mix, real: {share: 0.2}}", "rows: 40"},
	{"kernel density, two columns", "{kind: moons}", "{kind: kernel_density, rule: scott}", "accumulate", "rows: 20"},
	{"least squares, the same inputs", "{kind: linear, dim: 4}", "least_squares", "accumulate", "rows: 40\ninputs: same"},
	{"least squares, new inputs", "{kind: linear, dim: 4}", "least_squares", "replace", "rows: 40"},
	{"logistic regression", "{kind: logistic, dim: 2}", "{kind: logistic_regression, ridge: 0.01}", "replace", "rows: 60"},
	{"categories", "{kind: zipf, categories: 30, exponent: 1}", "categorical", "replace", "rows: 50"},
	{"categories, subsample", "{kind: zipf, categories: 30, exponent: 1}", "categorical", "{kind: accumulate_subsample, budget: 30}", "rows: 50"},
	{"categories, mixed by draw", "{kind: zipf, categories: 10, exponent: 1}", "categorical", "{kind: mix, real: {share: 0.2, per: draw}}", "rows: 50"},
	{"categories, hot", "{kind: zipf, categories: 30, exponent: 1}", "categorical", "replace", "rows: 50\ninterventions: [{kind: sampling, temperature: 1.3}]"},
	{"network of gaussians", "gaussian", "gaussian", "{kind: network, nodes: 3, topology: ring}", "rows: 20"},
}

// alarms is how many of so many correct runs, seed by seed, the verdict rejects at 1 %.
func (f calibrated) alarms(t testing.TB, runs, jobs int) (n int) {
	t.Helper()
	seed := slices.IndexFunc(families, func(g calibrated) bool { return g.name == f.name })
	c, s := prepared(t, f.config(), fmt.Sprintf("replicates=%d", 10*runs), fmt.Sprintf("seed=%d", seed))
	theory, err := s.Predictions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for run := range runs { // ten replicates a run, all from streams of their own
		part := &Study{Config: s.Config, Arms: s.Arms, Cells: s.Cells[10*run : 10*run+10]}
		e := evidenceOf(t, part, jobs)
		e.Theory = theory
		j, err := Judge(c.Verdict, e, false)
		if err != nil {
			t.Fatal(err)
		}
		if j.Outcome == evaluate.Rejected {
			n++
		}
	}
	return n
}

// In the short suite: thirty runs a family, of which at 1 % more than three are rejected with chance 0.0002.
func TestVerdictsKeepTheirErrorRate(t *testing.T) {
	for _, f := range families {
		if n := f.alarms(t, 30, 2); n > 3 {
			t.Errorf("%s: %d of 30 correct runs rejected at 1 %%", f.name, n)
		}
	}
}
