package evaluate

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"modelcollapse/generate"
)

// countReference is what testdata/counts.py computed, by routes of its own.
type countReference struct {
	Chains []struct {
		Plan           string
		Exponent       float64
		Categories     int
		Alpha          float64
		EvaluatorAlpha float64 `json:"evaluator_alpha"`
		Rows           []int
		Steps          [][4]float64
		Series         map[string][]float64
	}
	Sampled []struct {
		Kind      string
		Parameter float64
		Rows      int
		Exponent  float64
		Series    map[string][]float64
	}
	Absorption []struct {
		Rows             int
		Times, Diffusion []float64
	}
	Ancestors []struct {
		Rows          int
		Resamplings   float64
		OneAncestorBy []float64 `json:"one_ancestor_by"`
		Mean          []float64
	}
	Drift []struct {
		First, Fixed, Synthetic int
		Heterozygosity          float64
		Drift                   []float64
		Limit                   float64
	}
	Bounds []struct {
		Probability float64
		Rows        int
		Lines       [][6]float64 `json:"suresh_lo_alive_hi_seddik_lo_both_hi"`
	}
	HeatDeath []struct {
		Exponent    float64
		Categories  int
		Temperature float64
		Generations [][]float64
	} `json:"heat_death"`
	Memoriser []struct {
		Beta              float64
		Categories        int
		Rows, Generations []int
		Error, Power      []float64
		Growth, Replaced  []float64
		ReplaceRows       int `json:"replace_rows"`
		Cut               int
		Real              float64
		Mixed             []float64
		CutTail           float64 `json:"cut_tail"`
	}
}

func readCounts(t *testing.T) (ref countReference) {
	t.Helper()
	b, err := os.ReadFile("testdata/counts.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &ref); err != nil {
		t.Fatal(err)
	}
	if len(ref.Chains)*len(ref.Sampled)*len(ref.Absorption)*len(ref.Ancestors)*len(ref.Drift)*len(ref.Bounds)*len(ref.HeatDeath)*len(ref.Memoriser) == 0 {
		t.Fatal("testdata/counts.json lacks a law")
	}
	return ref
}

// farthest keeps the largest error, relative down to 1e-5 and absolute below, for the log.
type farthest float64

func (w *farthest) near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	off := math.Abs(got-want) / math.Max(math.Abs(want), 1e-5)
	*w = max(*w, farthest(off))
	if !(off <= tolerance) {
		t.Errorf("%s: %.15g, want %.15g (off by %.1e)", what, got, want, off)
	}
}

// referencePlan is the workflow that a plan of counts.py stands for.
func referencePlan(t *testing.T, name string, last int) *generate.Plan {
	t.Helper()
	mix := func(per string, share generate.Schedule) generate.Rule {
		return generate.Mix{Real: generate.RealShare{Share: share, Rows: "fresh", Per: per}}
	}
	var falling generate.Schedule
	if err := falling.UnmarshalJSON([]byte(`{"start": 0.5, "factor": 0.7}`)); err != nil {
		t.Fatal(err)
	}
	sizes := generate.Constant(40)
	var rule generate.Rule = generate.Replace{}
	switch name {
	case "growing":
		sizes = func(g int) int { return 40 * (g + 1) }
	case "fresh_per_draw":
		rule = mix("draw", generate.ConstantSchedule(.1))
	case "fresh_schedule":
		rule = mix("draw", falling)
	case "fresh_count":
		rule = mix("count", generate.ConstantSchedule(.25))
	case "accumulate":
		rule = generate.Accumulate{}
	case "accumulate_growing":
		rule, sizes = generate.Accumulate{}, func(g int) int {
			if g == 0 {
				return 40
			}
			return 10 * (g + 1)
		}
	}
	w, err := rule.Over(sizes, last)
	if err != nil {
		t.Fatal(err)
	}
	p, err := generate.Compile(w, last, func(int) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func countMetrics(alpha float64) []Metric[generate.Histogram] {
	return []Metric[generate.Histogram]{Support{}, HistogramMissingMass{}, HistogramEntropy{}, TotalVariation{}, CrossEntropy{Alpha: alpha},
		KL{Alpha: alpha}, HistogramTailLoss{}, Collapsed{}, Fixation{Rank: 1}, Heterozygosity{}, TailMass{}, HistogramSupportLoss{From: 1}, MemoriserTestError{}}
}

// Every line under every plan, of generators that smooth and that do not.
func TestCountLawsAgainstReference(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Chains {
		last := len(r.Rows) - 1
		real := Real[generate.Histogram]{Truth: zipfTruth(t, r.Categories, r.Exponent), Plan: referencePlan(t, r.Plan, last)}
		if r.Alpha > 0 {
			real.Fits = []generate.Fitted[generate.Histogram]{generate.Smoothed{Alpha: r.Alpha}}
		}
		lines := map[string]bool{}
		for _, m := range countMetrics(r.EvaluatorAlpha) {
			for series, line := range predict(t, m, real) {
				want, ok := r.Series[series]
				if !ok {
					continue
				}
				for _, p := range line {
					if p.Functional == "mean" {
						lines[series] = true
						most.near(t, r.Plan+": "+series, p.X, want[p.Generation], 1e-10)
					}
				}
			}
		}
		for series := range r.Series {
			infinite := series == "kl" && r.Alpha == 0
			elsewhere := r.Alpha == 0 && (series == "heterozygosity" || series == "tail_mass")
			if lines[series] == infinite && !elsewhere {
				t.Errorf("%s, alpha %g: a line of %s: %v", r.Plan, r.Alpha, series, lines[series])
			}
		}
	}
	t.Logf("farthest relative error %.1e", float64(most))
}

// Two categories that are not drawn from honestly.
func TestSampledCountLaws(t *testing.T) {
	var most farthest
	for _, r := range readCounts(t).Sampled {
		last := len(r.Series["support"]) - 1
		real := Real[generate.Histogram]{Truth: zipfTruth(t, 2, r.Exponent), Plan: compiledPlan(t, generate.Replace{}, r.Rows, last),
			Interventions: []generate.Intervention[generate.Histogram]{tilt{r.Kind, r.Parameter}}}
		for _, m := range []Metric[generate.Histogram]{Support{}, HistogramEntropy{}, TotalVariation{}, HistogramTailLoss{}, Collapsed{}, Fixation{Rank: 1}, CrossEntropy{Alpha: .5}} {
			for series, line := range predict(t, m, real) {
				for _, p := range line {
					if want, ok := r.Series[series]; ok && p.Functional == "mean" {
						most.near(t, r.Kind+": "+series, p.X, want[p.Generation], 1e-10)
					}
				}
			}
			if n := len(predict(t, m, real)); n == 0 {
				t.Errorf("%s: %T has no line", r.Kind, m)
			}
			three := real
			three.Truth = zipfTruth(t, 3, r.Exponent)
			if n := len(predict(t, m, three)); n != 0 {
				t.Errorf("%s, three categories: %T has a line", r.Kind, m)
			}
		}
	}
	t.Logf("farthest relative error %.1e", float64(most))
}

// A tenth of fresh real draws, 100 rows of 20 categories at exponent 1.2: E Σ q² by the chain, at generations 0, 1, 4, 9 … 99.
func TestFreshShareTable(t *testing.T) {
	c := CountChain{Steps: []CountStep{{Fresh: 100}}}
	for range 99 {
		c.Steps = append(c.Steps, CountStep{Drawn: 100, Real: .1})
	}
	squares := categorySum{series: "squares", factor: 1, weighs: equally, of: func(_ float64, c categoryCount) float64 { return c.q * c.q }}
	x, ok := countPlan{CountChain: c}.expectations(zipfTruth(t, 20, 1.2).P, []categorySum{squares})
	if !ok {
		t.Fatal("too dear")
	}
	for g, want := range map[int]float64{0: .17631279, 1: .18298466, 4: .19606552, 9: .20537417, 19: .20948433, 49: .2099914, 99: .20999208} {
		agrees(t, "sum of squares", x[0][g], want, 5e-9)
	}
}
