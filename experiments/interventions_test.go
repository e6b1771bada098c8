package experiments

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// lines are the predictions of every arm of a shipped config.
func lines(t *testing.T, name string, overrides ...string) map[string][]results.Prediction {
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
	out := map[string][]results.Prediction{}
	for _, c := range s.Cells {
		if arm := s.Arms[c.Arm].Name; out[arm] == nil {
			if out[arm], _, err = c.runner.Predict(t.Context(), c.Key); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// uniform looks whether all one-step transforms of an arm are uniform.
func uniform(arm string, curves map[string]results.Curves) evaluate.Look {
	var u []float64
	for series, c := range curves {
		if strings.HasPrefix(series, "one_step.") {
			for _, line := range c.Lines {
				for _, x := range line {
					if x == x {
						u = append(u, x)
					}
				}
			}
		}
	}
	d := evaluate.KolmogorovSmirnov(u, func(x float64) float64 { return x })
	return evaluate.Look{Name: arm + ": one step", N: len(u), Effect: num.Float(d.D), P: num.Float(d.P)}
}

// Every shipped config whose interventions have a law lies on it, generation by generation where means are carried by
// many replicates, and every step obeys its law.
func TestInterventionsLieOnTheirLaws(t *testing.T) {
	for _, c := range []struct {
		config    string
		overrides []string
		law       string
		lines     int // series and functionals with a line of that law, over all arms
	}{
		{"biased-sampling", []string{"replicates=150", "generations=12"}, "product of chi-squares", 6},
		{"self-correction", []string{"replicates=150", "generations=12"}, "self-correction", 8},
		{"region-verifier", []string{"replicates=30", "generations=8"}, "truncated normal, rows → ∞", 6},
		{"filter-by-score", []string{"replicates=30", "generations=5"}, "truncated normal, rows → ∞", 9},
		{"best-of-k", []string{"replicates=60", "generations=12"}, "exact chain of two categories", 16},
		{"detector-mix", []string{"replicates=60", "generations=12"}, "detected mixture", 2},
		{"heat-death", []string{"replicates=30"}, "rows → ∞", 6},
	} {
		t.Run(c.config, func(t *testing.T) {
			curves, have := shipped(t, c.config, c.overrides...), map[string]bool{}
			var looks []evaluate.Look
			for arm, all := range lines(t, c.config, c.overrides...) {
				for _, p := range all {
					have[fmt.Sprint(arm, p.Series, p.Functional)] = p.Law == c.law && p.Functional != "limit"
					measured := curves[arm][p.Series]
					if p.Functional == "limit" || len(measured.Lines) == 0 || p.Generation != 1 && p.Generation != 5 && p.Generation != 12 {
						continue
					}
					looks = append(looks, evaluate.AgainstPrediction(measured, p))
				}
				looks = append(looks, uniform(arm, curves[arm]))
			}
			judged(t, looks)
			n := 0
			for _, ours := range have {
				n += b2i(ours)
			}
			if n != c.lines {
				t.Errorf("%d series have a line of %q, want %d", n, c.law, c.lines)
			}
		})
	}
}

// Every intervention of the table runs with its defaults, with and without refill, on rows of each kind that it is for.
func TestEveryInterventionRuns(t *testing.T) {
	data := map[string]string{
		"scalar":    "data: {kind: gaussian}\nmodel: {kind: gaussian}\n",
		"vector":    "data: {kind: multivariate_gaussian, dim: 2, correlation: 0.5}\nmodel: {kind: multivariate_gaussian}\n",
		"tokens":    "data: {kind: arithmetic}\nmodel: {kind: ngram, order: 3, smoothing: kneser_ney}\n",
		"histogram": "data: {kind: zipf, categories: 5}\nmodel: {kind: categorical}\n",
	}
	metric := map[string]string{"scalar": "variance", "vector": "trace", "tokens": "validity", "histogram": "entropy"}
	settings := map[string]string{
		"best_of histogram":  "reward: {rule: log, by: -1}",
		"sampling scalar":    "temperature: 0.5",
		"sampling vector":    "spread: 0.5",
		"sampling tokens":    "top_k: 3, temperature: 0.9",
		"sampling histogram": "top_p: 0.9",
	}
	ran := 0
	for _, k := range Names().Kinds() {
		if k.Section != configs.Intervention || data[k.Rows] == "" {
			continue
		}
		for _, refill := range []int{0, 5} {
			block := strings.TrimSuffix("{kind: "+k.Name+", "+settings[k.Name+" "+k.Rows], ", ") + "}"
			text := fmt.Sprintf("%sworkflow: {kind: mix, real: {share: 0.3}}\nrows: 40\ngenerations: 3\nreplicates: 1\nmetrics: [%s]\ninterventions: [%s]\nrefill: %d\n",
				data[k.Rows], metric[k.Rows], block, refill)
			l, err := configs.Load(Names().Kinds(), fstest.MapFS{"one.yaml": {Data: []byte(text)}}, "one", nil)
			if err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
			arms, err := l.Arms()
			if err != nil {
				t.Fatal(err)
			}
			s, err := Prepare(t.Context(), Names(), l.Config, arms)
			if err != nil {
				t.Fatalf("%s: %v", block, err)
			}
			var m memory
			if outcome, err := s.Cells[0].runner.Cell(t.Context(), s.Cells[0].Key, nil, &m); err != nil || outcome != Finished {
				t.Errorf("%s of %s rows, refill %d: %s, %v", block, k.Rows, refill, outcome, err)
			}
			for _, rec := range m {
				for _, d := range rec.Draws {
					if n := d.Real + d.Synthetic + d.Past - d.Dropped; n < 0 || n > 40 {
						t.Errorf("%s of %s rows: %+v", block, k.Rows, d)
					}
				}
			}
			ran++
		}
	}
	if ran < 2*20 {
		t.Errorf("%d runs", ran)
	}
}
