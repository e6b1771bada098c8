package experiments

import (
	"testing"

	"modelcollapse/evaluate"
	"modelcollapse/results"
)

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
		{"hutchinson-replace", 4, []int{0, 1, 8}, []string{"replicates=30", "generations=8", "data.categories=3000", "rows=1500"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			curves, theory := shipped(t, c.name, c.overrides...), predicted(t, c.name, c.overrides...)
			var looks []evaluate.Look
			lines := map[[2]string]bool{}
			for arm, all := range theory {
				for series, line := range all {
					if series != "heterozygosity" && series != "tail_mass" {
						lines[[2]string{arm, series}] = true
					}
					for _, g := range c.generations {
						p := results.Prediction{Series: series, Generation: g, Functional: "mean", X: line[g], Lo: line[g], Hi: line[g]}
						if l := evaluate.AgainstPrediction(curves[arm][series], p); l.Note == "" {
							looks = append(looks, l)
						}
					}
				}
			}
			for arm, series := range curves {
				if l := uniform(arm, series); l.N > 0 {
					looks = append(looks, l)
				}
			}
			if len(lines) != c.lines {
				t.Errorf("%d lines, want %d: %v", len(lines), c.lines, lines)
			}
			judged(t, looks)
		})
	}
}
