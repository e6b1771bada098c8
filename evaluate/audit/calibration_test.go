package audit

import (
	"testing"

	"modelcollapse/evaluate"
)

// An alarm counts audits of real rows against as many more real rows.
type alarms struct {
	audits  int
	any     int // in which a statistic is rejected, whatever its size
	verdict int // that are rejected
	alone   int // in which the p-value of lost_categories by itself is at most 5 %
	outside int // in which lost_categories lies outside the middle 95 % of its splits
}

func count(t *testing.T, audits, rows int, o Options) (a alarms) {
	t.Helper()
	a.audits = audits
	for i := range audits {
		seed := uint64(1000 + 2*i)
		o.Seed = uint64(i)
		r, err := Table(t.Context(), Tables{Real: frame(t, csvOf(people(rows, seed))), Synthetic: frame(t, csvOf(people(rows, seed+1)))}, o)
		if err != nil {
			t.Fatal(err)
		}
		any := false
		for _, x := range r.Results {
			any = any || float64(x.Adjusted) <= o.Alpha
		}
		x, _ := r.Result("lost_categories")
		for to, is := range map[*int]bool{&a.any: any, &a.verdict: r.Outcome == evaluate.Rejected, &a.alone: x.P <= 0.05,
			&a.outside: x.Found < x.Null.Low || x.Found > x.Null.High} {
			if is {
				*to++
			}
		}
	}
	return a
}

// Audits of real rows against real rows reject at the rate that they state: of a hundred at 5 %, at most 13 (chance of more: 0.05 %).
func TestFalseAlarms(t *testing.T) {
	a := count(t, 100, 120, Options{Alpha: 0.05, Splits: 20, Exchanges: 39})
	t.Logf("%+v", a)
	if a.any > 13 || a.verdict > a.any || a.alone > 13 {
		t.Errorf("%+v", a)
	}
}
