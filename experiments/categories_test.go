package experiments

import (
	"slices"
	"strings"
	"testing"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// predicted is the theory of a shipped config, by arm.
func predicted(t *testing.T, name string, overrides ...string) map[string][]results.Prediction {
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
	all, err := s.Predictions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string][]results.Prediction{}
	for _, a := range all {
		lines[a.Arm] = append(lines[a.Arm], a.Predictions...)
	}
	return lines
}

// Every shipped config about categories lies on the lines that the program draws for it, at a few generations, and its steps
// obey their law. lines counts those of counts that there must be, over all arms: not the linear laws of tail_mass and
// heterozygosity.
func TestCategoriesLieOnTheirLines(t *testing.T) {
	for _, c := range []struct {
		name        string
		lines       int
		generations []int
		overrides   []string
	}{
		{"smoothed-generator", 6 + 2*7, // kl is infinite unless the generator smooths
			[]int{0, 1, 10}, []string{"replicates=150", "generations=10"}},
		{"fresh-share-categories", 4 * 6, []int{0, 1, 10}, []string{"replicates=150", "generations=10"}},
		{"total-collapse", 3, []int{0, 20, 60}, []string{"replicates=200", "generations=60"}},
		{"fixation", 2, []int{1, 20, 60}, []string{"replicates=300", "generations=60"}},
		{"suresh-bounds", 2, []int{0, 9, 20}, []string{"replicates=400", "generations=20"}},
		{"seddik-partially-synthetic", 3, []int{1, 10}, []string{"replicates=200", "generations=10"}},
		{"hutchinson-replace", 4, []int{0, 1, 8}, []string{"replicates=12", "generations=8", "data.categories=5000", "rows=2000"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			curves, theory := shipped(t, c.name, c.overrides...), predicted(t, c.name, c.overrides...)
			var looks []evaluate.Look
			lines := map[[2]string]bool{}
			for arm, predictions := range theory {
				for _, p := range predictions {
					if p.Functional != "mean" {
						continue
					}
					if p.Series != "heterozygosity" && p.Series != "tail_mass" {
						lines[[2]string{arm, p.Series}] = true
					}
					if slices.Contains(c.generations, p.Generation) {
						if l := evaluate.AgainstPrediction(curves[arm][p.Series], p); l.Note == "" {
							looks = append(looks, l)
						}
					}
				}
			}
			for _, series := range curves {
				for name, x := range series {
					if strings.HasPrefix(name, "one_step.") {
						looks = append(looks, uniform(name, x))
					}
				}
			}
			if len(lines) != c.lines {
				t.Errorf("%d lines, want %d: %v", len(lines), c.lines, lines)
			}
			judged(t, looks)
		})
	}
}

// uniform looks whether all transforms are.
func uniform(name string, c results.Curves) evaluate.Look {
	var u []float64
	for _, line := range c.Lines {
		for _, x := range line {
			if x == x {
				u = append(u, x)
			}
		}
	}
	slices.Sort(u)
	d := 0.0
	for i, x := range u {
		d = max(d, float64(i+1)/float64(len(u))-x, x-float64(i)/float64(len(u)))
	}
	return evaluate.Look{Name: name, N: len(u), P: num.Float(num.KolmogorovP(d, len(u)))}
}
