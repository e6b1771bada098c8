package audit

import (
	"context"
	"testing"

	"modelcollapse/internal/rng"
)

// A lostTypes measure is how a statistic is written: documents are prepared once (types of each), a split costs sums.
type lostTypes struct {
	types [][]int // of each document, real ones first
	of    int     // how many types there are
}

// Statistics is one number, with the least effect that matters.
func (lostTypes) Statistics() []Statistic {
	return []Statistic{{Name: "lost_types", Part: Tails, What: "share of the reference's types that the candidate lacks", Unit: "share", Worse: More, Threshold: 0.05}}
}

// Measure counts types on both sides.
func (m lostTypes) Measure(s Split, to []float64) {
	have := make([][3]int, m.of)
	for i, side := range s.Side {
		for _, t := range m.types[i] {
			have[t][side]++
		}
	}
	lost, all := 0, 0
	for _, n := range have {
		if n[Reference] == 0 {
			continue
		}
		if all++; n[Candidate] == 0 {
			lost++
		}
	}
	to[0] = float64(lost) / float64(all)
}

// A set that knows half of the types loses them, and the statistic says so.
func TestExampleMeasure(t *testing.T) {
	r := rng.Root(1).Stream()
	m := lostTypes{of: 200}
	for i := range 2000 {
		m.types = append(m.types, []int{r.IntN(200 / (1 + i/1000)), r.IntN(100)})
	}
	var report Report
	o := Options{Name: "example", Seed: 3}.filled()
	if err := report.conclude(context.Background(), o, family{name: "rows", units: Units{Real: 1000, Synthetic: 1000}, measures: []Measure{m}}); err != nil {
		t.Fatal(err)
	}
	got, _ := report.Result("lost_types")
	if got.Answer != Differs || got.Rows != 500 {
		t.Errorf("%s of %d rows, found %.3g, null %.3g, adjusted %.3g", got.Answer, got.Rows, float64(got.Found), float64(got.Null.Mean), float64(got.Adjusted))
	}
}
