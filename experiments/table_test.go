package experiments

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// tableChain is replace over rows of a truth that is known, measured on probes of other sizes than the rows.
func tableChain(t *testing.T, model generate.Model[generate.Record], rule generate.Rule, probe int) Runner {
	t.Helper()
	truth, err := generate.MixedTable{Categories: 8, Exponent: 1, Correlation: .5, Owners: .1}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.(generate.Bound[generate.Record]).Bind(truth)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Chain[generate.Record]{Kind: generate.TableRows, Truth: []generate.Source[generate.Record]{truth}, Models: []generate.Model[generate.Record]{m},
		Workflow: workflow(t, rule, 60, 4), Generations: 4, Probe: probe, Metrics: []evaluate.Metric[generate.Record]{evaluate.TableTailLoss{}},
		Laws: []evaluate.Theory[generate.Record]{evaluate.TableCounts{}}}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Tail loss lies on its exact line in every column and generation, whatever joins the columns, whether the probe is as large as the
// training set or not, and with all rows kept too.
func TestTableTailLossLiesOnItsLine(t *testing.T) {
	const chains = 300
	for name, c := range map[string]struct {
		model generate.Model[generate.Record]
		rule  generate.Rule
		probe int
	}{
		"independent": {generate.Independent{}, generate.Replace{}, 60}, "copula": {generate.GaussianCopula{}, generate.Replace{}, 25},
		"tree": {generate.ChowLiu{Bins: 4}, generate.Replace{}, 60}, "kept": {generate.ChowLiu{Bins: 4}, generate.Accumulate{}, 60},
	} {
		r := tableChain(t, c.model, c.rule, c.probe)
		lines, _, err := r.Predict(t.Context(), rng.Root(1))
		if err != nil || len(lines) != 6*5 {
			t.Fatalf("%s: %d predictions, %v", name, len(lines), err)
		}
		seen := map[string][]float64{}
		for i := range chains {
			for g, rec := range runCell(t, r, rng.Root(91).Child("replicate", i)) {
				for _, v := range rec.Values {
					at := fmt.Sprint(v.Series, g)
					seen[at] = append(seen[at], v.X)
				}
			}
		}
		for _, p := range lines {
			x := seen[fmt.Sprint(p.Series, p.Generation)]
			mean, variance := num.Variance(x)
			if z := (mean - p.X) / math.Sqrt(variance/chains); math.Abs(mean-p.X) > 1e-12 && !(math.Abs(z) < 4.5) {
				t.Errorf("%s: %s, generation %d: mean %.4f, line %.4f, z = %.1f", name, p.Series, p.Generation, mean, p.X, z)
			}
		}
	}
}

// The engine does with tables what a loop by hand does, to the bit.
func TestReplaceByHandOnTables(t *testing.T) {
	truth, err := generate.MixedTable{Categories: 8, Exponent: 1, Correlation: .5, Owners: .3}.Open(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range []generate.Bound[generate.Record]{generate.Independent{}, generate.GaussianCopula{}, generate.ChowLiu{Bins: 3}} {
		m, err := model.Bind(truth)
		if err != nil {
			t.Fatal(err)
		}
		byHand(t, generate.TableRows, truth, m, func(f generate.Fitted[generate.Record]) (sum float64) {
			rows, err := f.Draw(context.Background(), nil, 20, rng.Root(4).Stream())
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				for _, x := range row {
					sum += x
				}
			}
			return sum
		})
	}
}

// A filter by the truth's density keeps likely rows, and so fewer in the tails; by a fit's it is refused, since none has one.
func TestTableFilter(t *testing.T) {
	text := "title: t\ndata: {kind: mixed_table, categories: 10}\nmodel: independent\nworkflow: replace\nrows: 400\ngenerations: 2\nreplicates: 8\n" +
		"metrics: [tail_loss]\ninterventions: [{kind: filter, keep: 0.7, by: %s}]\n"
	_, s := prepared(t, fmt.Sprintf(text, "truth"))
	for _, line := range evidence(t, s, 8).Table.Curves("replace", "tail_loss.income", 0).Lines {
		if !(line[2] > .8) {
			t.Errorf("tail loss %v", line)
		}
	}
	if err := preparedError(t, fmt.Sprintf(text, "score")); err == nil || !strings.Contains(err.Error(), "use by: truth") {
		t.Error(err)
	}
}

// A file by path goes through every family, metric and intervention; a table that is too small for a metric is refused with
// the number that fits.
func TestTableOfAFile(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,amount,kind,day,empty\n")
	for i := range 200 {
		fmt.Fprintf(&b, "r%d,%d.5,k%d,2024-01-%02d,\n", i, i*37%211, i%7*(i%3), 1+i%28)
	}
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	text := "title: t\ndata: {kind: table, path: " + path + ", heldout: 0.2}\nmodel: %s\nworkflow: replace\nrows: 100\ngenerations: 3\nreplicates: 2\n" +
		"interventions: [{kind: detector, mode: weight}, {kind: noisy_verifier, right: 1}]\n" +
		"metrics: [tail_loss, lost_categories, pair_dependence, validity, {kind: two_sample, rows: %d}]\n"
	for _, model := range []string{"independent", "gaussian_copula", "chow_liu"} {
		_, s := prepared(t, fmt.Sprintf(text, model, 40))
		e := evidence(t, s, 2)
		if e.Arms[0].Missing+e.Arms[0].Short > 0 {
			t.Errorf("%s: %+v", model, e.Arms[0])
		}
		for series, last := range map[string]float64{"validity": 1, "lost_categories": -1, "tail_loss.amount": -1, "two_sample@40": -1, "pair_dependence.correlation": -1} {
			for _, line := range e.Table.Curves("replace", series, 0).Lines {
				if x := line[len(line)-1]; !(x >= 0 && x <= 1) || last >= 0 && x != last {
					t.Errorf("%s: %s is %g", model, series, x)
				}
			}
		}
	}
	err := preparedError(t, fmt.Sprintf(text, "independent", 1000))
	if err == nil || !strings.Contains(err.Error(), "write {kind: two_sample, rows: 40}") {
		t.Error(err)
	}
}
