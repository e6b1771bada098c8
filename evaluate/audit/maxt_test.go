package audit

import (
	"math"
	"slices"
	"testing"

	"modelcollapse/internal/rng"
)

// drawn is values of many statistics that are all noise, but the first shift of them.
func drawn(r interface{ NormFloat64() float64 }, statistics, splits int, shifted int, shift float64) values {
	v := values{size: 100}
	row := func() (x []float64) {
		common := r.NormFloat64()
		for range statistics {
			x = append(x, common+r.NormFloat64())
		}
		return x
	}
	for range statistics {
		v.statistics = append(v.statistics, Statistic{Worse: More, Threshold: 0.5})
	}
	v.found = row()
	v.tested = v.found
	for j := range shifted {
		v.found[j] += shift
	}
	for range splits {
		v.exchange, v.null = append(v.exchange, row()), append(v.null, row())
	}
	return v
}

// Whatever the dependence, the chance of any rejection is the level; by the first step alone and with steps down.
func TestMaxTKeepsItsLevel(t *testing.T) {
	r := rng.Root(1).Child("maxt", 0).Stream()
	const trials = 400
	n, down := 0, 0
	for range trials {
		if s := scoresOf(drawn(r, 12, 99, 0, 0)); slices.Min(s.adjusted(1)) <= 0.05 {
			n++
		}
		if s := scoresOf(drawn(r, 12, 99, 2, 20)); slices.Min(s.adjusted(1)[2:]) <= 0.05 {
			down++
		}
	}
	for _, got := range []int{n, down} {
		if sd := math.Sqrt(trials * 0.05 * 0.95); math.Abs(float64(got)-trials*0.05) > 4*sd {
			t.Errorf("%d of %d rejected, want about %d", got, trials, trials/20)
		}
	}
}

// The step-down adjustment by its definition, naively.
func TestMaxTByDefinition(t *testing.T) {
	r := rng.Root(2).Child("maxt", 0).Stream()
	s := scoresOf(drawn(r, 7, 40, 1, 2))
	got := s.adjusted(1)
	for j := range got {
		want := 0.0
		for k, z := range s.z[0] { // those at least as bad come before
			if z < s.z[0][j] {
				continue
			}
			n := 0
			for _, row := range s.z {
				most := math.Inf(-1)
				for l, x := range row {
					if s.z[0][l] <= s.z[0][k] {
						most = max(most, x)
					}
				}
				if most >= z {
					n++
				}
			}
			want = max(want, float64(n)/float64(len(s.z)))
		}
		if got[j] != want {
			t.Errorf("statistic %d: %g, want %g", j, got[j], want)
		}
	}
}

// A number that never varies rejects when it is there after all, and not where it is as always.
func TestConstantStatistic(t *testing.T) {
	v := values{statistics: []Statistic{{Worse: More, Threshold: 0.01}, {Worse: Both, Threshold: 0.01}}, found: []float64{0.5, 1}, tested: []float64{0.5, 1}, size: 50}
	for range 200 {
		v.null, v.exchange = append(v.null, []float64{0, 1}), append(v.exchange, []float64{0, 1})
	}
	all, _ := decide(v, 1, Options{}.filled())
	if all[0].Answer != Differs || all[1].Answer != Alike {
		t.Errorf("%s and %s, want differs and alike", all[0].Answer, all[1].Answer)
	}
	if enough(3, 200, Options{Alpha: 0.01}) == nil || enough(2, 200, Options{Alpha: 0.01}) != nil {
		t.Error("200 exchanges carry two families at 1 %, and not three")
	}
}

// The rows that would decide are about those that do: with them the deviation has shrunk to where the threshold is seen.
func TestDecides(t *testing.T) {
	s := Statistic{Threshold: 0.1}
	of := tested{Statistic: s, critical: 4, sd: 0.08}
	n := of.decides(1000, 0.01) // (2.326 + 1.282)·0.08/√k ≤ 0.1
	if want := 1000 * math.Pow(3.608*0.08/0.1, 2); math.Abs(float64(n)-want) > 0.02*want {
		t.Errorf("%d rows decide, want %g", n, want)
	}
	if roundUp(17_301) != 18_000 || roundUp(99) != 99 || roundUp(100) != 100 {
		t.Error("rounding up to two digits")
	}
}
