//go:build long

package audit

import "testing"

// A thousand audits of 500 records against 500 records reject at 1 %: the 99.9 % interval of 1000 is [2, 22]. The splits of the real
// rows, taken for a test at 5 %, alarm more often than that: they vary less than other real rows would.
func TestFalseAlarmsOfAThousand(t *testing.T) {
	a := count(t, 1000, 500, Options{Alpha: 0.01, Splits: 200, Exchanges: 299})
	t.Logf("%+v", a)
	if a.any < 2 || a.any > 22 || a.verdict > a.any {
		t.Errorf("%d of 1000 alarm at 1 %%, %d by effect too", a.any, a.verdict)
	}
	if a.alone < 29 || a.alone > 74 {
		t.Errorf("%d of 1000 alarm at 5 %% by lost_categories alone", a.alone)
	}
	if a.outside < 74 {
		t.Errorf("only %d of 1000 lie outside the middle 95 %% of the splits: the reason for exchanges is gone", a.outside)
	}
}
