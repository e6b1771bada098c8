//go:build long

package experiments

import (
	"math"
	"testing"
)

// Over 1000 seeded runs a family, false alarms at 1 % lie in [1, 23], and those of all families in their 99 % interval.
func TestVerdictsAreCalibrated(t *testing.T) {
	all := 0
	for _, f := range families {
		n := f.alarms(t, 1000, 2)
		all += n
		t.Logf("%-40s %2d of 1000 correct runs rejected at 1 %%", f.name, n)
		if n < 1 || n > 23 {
			t.Errorf("%s: %d of 1000 correct runs rejected at 1 %%, want 1 to 23", f.name, n)
		}
	}
	// Holm is not exact but at most 1 %: a verdict of few dependent looks rejects less often, which the lower end allows.
	mean := float64(10 * len(families))
	lo, hi := mean-2.58*math.Sqrt(mean*0.99), mean+2.58*math.Sqrt(mean*0.99)
	t.Logf("all families: %d of %d, 99 %% interval of 1 %%: %.0f to %.0f", all, 1000*len(families), lo, hi)
	if x := float64(all); x < lo || x > hi {
		t.Errorf("all families: %d alarms, want %.0f to %.0f", all, lo, hi)
	}
}
