package audit

import (
	"testing"
)

// falseAlarms counts audits of real rows against as many more real rows in which any statistic is rejected at a level.
func falseAlarms(t *testing.T, audits, rows int, alpha float64) (alarms, differ, first int) {
	for i := range audits {
		seed := uint64(1000 + 3*i)
		r, err := Table(t.Context(), Tables{Real: frame(t, csvOf(people(rows, seed))), Synthetic: frame(t, csvOf(people(rows, seed+1)))},
			Options{Seed: uint64(i), Alpha: alpha})
		if err != nil {
			t.Fatal(err)
		}
		any, outside := false, false
		for _, x := range r.Results {
			any = any || float64(x.Adjusted) <= alpha
			if x.Name == "lost_categories" {
				outside = x.Found < x.Null.Low || x.Found > x.Null.High
			}
		}
		if any {
			alarms++
		}
		if outside {
			first++
		}
		if len(r.with(Differs)) > 0 {
			differ++
		}
	}
	return alarms, differ, first
}

func TestRate(t *testing.T) {
	a, d, o := falseAlarms(t, 100, 500, 0.05)
	t.Log(a, d, o)
}
