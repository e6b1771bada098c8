package experiments

import (
	"fmt"
	"testing"

	"modelcollapse/evaluate"
)

// A calibrated family is a config whose verdict must keep its error rate: small, and with every test that its rows of the
// reproduction table use.
type calibrated struct{ name, config string }

var families = []calibrated{
	{"gaussian", `
data: {kind: gaussian, mean: 1, variance: 2}
model: {kind: gaussian}
workflow: {kind: replace}
rows: 20
generations: 8
metrics: [variance, one_step]
verdict: {tests: [{test: line, metric: variance, generations: [0, 8]}, one_step]}`},
	{"gaussian, accumulate, unbiased", `
data: {kind: gaussian}
model: {kind: gaussian, estimator: unbiased}
workflow: {kind: accumulate}
rows: 20
generations: 8
metrics: [mean_drift, one_step]
verdict: {tests: [{test: line, metric: mean_drift}, one_step]}`},
	{"gaussian, mixed by draw", `
data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: mix, real: {share: 0.3, per: draw}}
rows: 30
generations: 8
metrics: [mean_drift, one_step]
verdict: {tests: [{test: line, metric: mean_drift}, one_step]}`},
	{"gaussian, subsample", `
data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: accumulate_subsample}
rows: 100
generations: 8
metrics: [mean_drift, one_step]
verdict: {tests: [one_step]}`},
	{"multivariate gaussian", `
data: {kind: multivariate_gaussian, dim: 3, correlation: 0.4}
model: {kind: multivariate_gaussian}
workflow: {kind: replace}
rows: 20
generations: 8
metrics: [log_det, one_step]
verdict: {tests: [{test: line, metric: log_det, generations: [0, 8]}, one_step]}`},
	{"categories", `
data: {kind: zipf, categories: 30, exponent: 1}
model: {kind: categorical}
workflow: {kind: replace}
rows: 50
generations: 8
metrics: [support, one_step]
verdict: {tests: [{test: line, metric: support, generations: [0, 8]}, one_step]}`},
}

// alarms is how many of so many correct runs, seed by seed, the verdict rejects at 1 %.
func (f calibrated) alarms(t testing.TB, runs, jobs int) (n int) {
	t.Helper()
	c, s := prepared(t, f.config, fmt.Sprintf("replicates=%d", 10*runs))
	theory, err := s.Predictions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for run := range runs { // ten replicates a run, all from streams of their own
		part := &Study{Config: s.Config, Arms: s.Arms, Cells: s.Cells[10*run : 10*run+10]}
		e := evidenceOf(t, part, jobs)
		e.Theory = theory
		j, err := Judge(c, e)
		if err != nil {
			t.Fatal(err)
		}
		if j.Outcome == evaluate.Rejected {
			n++
		}
	}
	return n
}

// In the short suite: a hundred runs a family, of which at 1 % more than five are rejected with chance 0.0005.
func TestVerdictsKeepTheirErrorRate(t *testing.T) {
	for _, f := range families {
		if n := f.alarms(t, 100, 2); n > 5 {
			t.Errorf("%s: %d of 100 correct runs rejected at 1 %%", f.name, n)
		}
	}
}
