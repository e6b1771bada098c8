package experiments

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"sync"
	"testing"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// shipped runs a config of the program in memory and returns its curves by arm and series.
func shipped(t *testing.T, name string, overrides ...string) map[string]map[string]results.Curves {
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
	records := make([]memory, len(s.Cells))
	var next, all sync.Mutex
	i := 0
	var work sync.WaitGroup
	for range 2 {
		work.Go(func() {
			for {
				next.Lock()
				k := i
				i++
				next.Unlock()
				if k >= len(s.Cells) {
					return
				}
				if _, err := s.Cells[k].runner.Cell(t.Context(), s.Cells[k].Key, nil, &records[k]); err != nil {
					all.Lock()
					t.Error(err)
					all.Unlock()
				}
			}
		})
	}
	work.Wait()
	out := map[string]map[string]results.Curves{}
	for k, c := range s.Cells {
		arm := s.Arms[c.Arm].Name
		if out[arm] == nil {
			out[arm] = map[string]results.Curves{}
		}
		lines := map[string][]float64{}
		for _, r := range records[k] {
			for _, v := range r.Values {
				lines[v.Series] = append(lines[v.Series], v.X)
			}
		}
		for series, line := range lines {
			curves := out[arm][series]
			curves.Arm, curves.Series = arm, series
			curves.Replicates, curves.Lines = append(curves.Replicates, c.Replicate), append(curves.Lines, line)
			out[arm][series] = curves
		}
	}
	return out
}

// at is one generation of every replicate.
func at(c results.Curves, g int) (x []float64) {
	for _, l := range c.Lines {
		x = append(x, l[g])
	}
	return x
}

// laws reads the reference values, which a script computes by other routes than the program.
func laws(t *testing.T, key string, into any) {
	t.Helper()
	b, err := os.ReadFile("../evaluate/testdata/laws.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all[key], into); err != nil {
		t.Fatal(err)
	}
}

// spread looks whether the logarithms of x have the predicted standard deviation: ln s is nearly normal with variance 1/(2(n−1)).
func spread(x []float64, sd float64) evaluate.Look {
	logs := slices.Clone(x)
	for i := range logs {
		logs[i] = num.Log(logs[i])
	}
	_, v := num.Variance(logs)
	se := math.Sqrt(0.5 / float64(len(x)-1))
	z := (0.5*num.Log(v) - num.Log(sd)) / se
	return evaluate.Look{Name: "sd of ln", N: len(x), Effect: num.Float(z * se), SE: num.Float(se), P: num.Float(2 * num.NormalSurvival(math.Abs(z)))}
}

// judged fails the test when Holm over all looks rejects at 1 %.
func judged(t *testing.T, looks []evaluate.Look) {
	t.Helper()
	v := evaluate.Judge(0.01, looks...)
	t.Logf("%d looks: %v", len(looks), v)
	if v.Outcome == evaluate.Rejected {
		for _, l := range v.Looks {
			if l.Adjusted < 0.01 {
				t.Errorf("%+v", l)
			}
		}
	}
}

type gaussianLaw struct {
	Rows             int       `json:"rows"`
	Estimator        string    `json:"estimator"`
	Generations      []int     `json:"generations"`
	MeanLogVariance  []float64 `json:"mean_log_variance"`
	SDLogVariance    []float64 `json:"sd_log_variance"`
	MeanW2Squared    []float64 `json:"mean_w2_squared"`
	MeanSquaredError []float64 `json:"mean_squared_mean_error"`
}

// gaussian-replace as shipped (M = 100, 2,000 replicates, generations 0 … 99) against its exact laws: ln variance by mean
// and spread, variance and mean by the one-step law, W2² by its mean under the unbiased divisor.
func TestGaussianReplaceLiesOnItsLaws(t *testing.T) {
	curves := shipped(t, "gaussian-replace", "replicates=2000")
	var all []gaussianLaw
	laws(t, "gaussian_replace", &all)
	var looks []evaluate.Look
	for _, law := range all {
		if law.Rows != 100 {
			continue
		}
		c := curves["estimator="+law.Estimator]
		for i, g := range law.Generations {
			looks = append(looks, evaluate.AgainstMean(at(c["variance"], g), num.Exp(law.MeanLogVariance[i]), true, g),
				spread(at(c["variance"], g), law.SDLogVariance[i]))
			if law.Estimator == "unbiased" && g <= 19 { // later the mean is carried by few replicates
				looks = append(looks, evaluate.AgainstMean(at(c["w2.squared"], g), law.MeanW2Squared[i], false, g))
			}
		}
		for _, name := range []string{"mean.real", "variance.real", "mean.synthetic", "variance.synthetic"} {
			looks = append(looks, evaluate.Steps(name, c["one_step."+name])...)
		}
	}
	judged(t, looks)
}

// zipf-replace as shipped (exponent 1.2, K = 100, M = 200) against the exact binomial chain of one category's count.
func TestZipfReplaceLiesOnItsLaws(t *testing.T) {
	curves := shipped(t, "zipf-replace", "replicates=2000")["replace"]
	var all []map[string]json.RawMessage
	laws(t, "categorical_replace", &all)
	read := func(key string) (x []float64) {
		if err := json.Unmarshal(all[0][key], &x); err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		return x
	}
	var looks []evaluate.Look
	for series, key := range map[string]string{"heterozygosity": "heterozygosity", "support": "support", "missing_mass": "missing_true_mass",
		"entropy": "entropy", "cross_entropy": "heldout_cross_entropy", "tv": "total_variation", "support_loss": "tail_support_lost"} {
		want := read(key)
		for i, g := range read("generations") {
			x := want[i]
			if series == "support_loss" {
				x /= 50 // a share of ranks 51 … 100
			}
			looks = append(looks, evaluate.AgainstMean(at(curves[series], int(g)), x, false, int(g)))
		}
	}
	judged(t, looks)
}
