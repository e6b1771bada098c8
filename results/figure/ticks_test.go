package figure

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// checkTicks asserts the laws of every axis: labels distinct, at most seven, at
// least two, in order, inside the range, and no end of the range further from a
// label than the labels are from each other.
func checkTicks(t *rapid.T, s *scale, ts []tick) {
	seen := map[string]bool{}
	var at []float64
	for _, k := range ts {
		slack := 1e-6 * (s.hi - s.lo)
		if k.at < s.lo-slack || k.at > s.hi+slack {
			t.Fatalf("tick %v outside of [%v, %v]", k, s.lo, s.hi)
		}
		if k.label == "" {
			continue
		}
		if seen[k.label] {
			t.Fatalf("label %q twice on [%v, %v]: %v", k.label, s.lo, s.hi, ts)
		}
		seen[k.label] = true
		at = append(at, k.at)
	}
	if len(at) < 2 || len(at) > maxLabels {
		t.Fatalf("%d labels on [%v, %v] (log %v): %v", len(at), s.lo, s.hi, s.log, ts)
	}
	widest := 0.0
	for i := 1; i < len(at); i++ {
		if at[i] <= at[i-1] {
			t.Fatalf("ticks out of order: %v", ts)
		}
		widest = max(widest, at[i]-at[i-1])
	}
	reach := widest
	if s.log { // a label in every decade is enough
		reach = max(reach, 1)
	}
	if first, last := at[0]-s.lo, s.hi-at[len(at)-1]; max(first, last) > reach*1.0001 {
		t.Fatalf("labels %v do not cover [%v, %v]", at, s.lo, s.hi)
	}
}

// anyRange draws two numbers over many magnitudes, now and then close together.
func anyRange(t *rapid.T, positive bool) (lo, hi float64) {
	number := func(name string) float64 {
		v := math.Pow(10, rapid.Float64Range(-299, 299).Draw(t, name+" exponent"))
		if rapid.Bool().Draw(t, name+" ordinary") {
			v = rapid.Float64Range(1e-6, 1e6).Draw(t, name)
		}
		if !positive && rapid.Bool().Draw(t, name+" negative") {
			v = -v
		}
		return v
	}
	lo, hi = number("lo"), number("hi")
	if rapid.Bool().Draw(t, "close") {
		hi = lo * (1 + math.Pow(10, rapid.Float64Range(-17, 1).Draw(t, "apart")))
	}
	return min(lo, hi), max(lo, hi)
}

func TestTicksObeyTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := rapid.Bool().Draw(t, "log")
		lo, hi := anyRange(t, log)
		e := newExtent(log)
		e.add(lo, hi)
		s := newScale(Axis{Log: log}, e, 0.05, rapid.Bool().Draw(t, "from zero"))
		checkTicks(t, &s, s.ticks(false, rapid.IntRange(4, 9).Draw(t, "limit")))
	})
}

func TestIntegerTicksAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		last := rapid.IntRange(1, 1_000_000).Draw(t, "last generation")
		e := newExtent(false)
		e.add(0, float64(last))
		s := newScale(Axis{}, e, 0.025, false)
		ts := s.ticks(e.integer, maxLabels)
		checkTicks(t, &s, ts)
		for _, k := range ts {
			if k.at != math.Trunc(k.at) {
				t.Fatalf("tick at %v", k.at)
			}
		}
	})
}

func TestTickLabels(t *testing.T) {
	for _, c := range []struct {
		log    bool
		lo, hi float64
		want   []string
	}{
		{false, 0, 1, []string{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}},
		{false, -0.5, 0, []string{"−0.5", "−0.4", "−0.3", "−0.2", "−0.1", "0"}},
		{false, 0, 4e6, []string{"0", "10^{6}", "2×10^{6}", "3×10^{6}", "4×10^{6}"}},
		{false, 0, 3e-5, []string{"0", "0.5×10^{−5}", "1.0×10^{−5}", "1.5×10^{−5}", "2.0×10^{−5}", "2.5×10^{−5}", "3.0×10^{−5}"}},
		{false, 1234000, 1234005, []string{"1234000", "1234001", "1234002", "1234003", "1234004", "1234005"}},
		{true, 0, 3, []string{"1", "10", "100", "1000"}},
		{true, -3, 0, []string{"10^{−3}", "10^{−2}", "10^{−1}", "10^{0}"}},
		{true, -40, 0, []string{"10^{−40}", "10^{−30}", "10^{−20}", "10^{−10}", "10^{0}"}},
		{true, 1.85, 2.15, []string{"80", "90", "100", "110", "120", "130", "140"}},
		{true, 1.9, 2.9, []string{"100", "200", "500"}},
	} {
		s := scale{log: c.log, lo: c.lo, hi: c.hi}
		var got []string
		for _, k := range s.ticks(false, maxLabels) {
			if k.label != "" {
				got = append(got, k.label)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("[%v, %v]: %q, want %q", c.lo, c.hi, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("[%v, %v]: %q, want %q", c.lo, c.hi, got, c.want)
				break
			}
		}
	}
}

// Limits that leave no range must neither hang nor give a range too narrow for
// labels.
func TestLimitsAlwaysLeaveARange(t *testing.T) {
	if ts := linearTicks(1, 1, false, 5); ts != nil {
		t.Errorf("ticks %v on an empty range", ts)
	}
	for _, log := range []bool{false, true} {
		for _, a := range []Axis{{Log: log, Min: new(1.0)}, {Log: log, Max: new(1.0)}} {
			s := scale{log: log, lo: s0(log), hi: s0(log)}
			s.limit(a)
			if ts := s.ticks(false, 5); labelled(ts) < 2 {
				t.Errorf("log %v: ticks %v on [%v, %v]", log, ts, s.lo, s.hi)
			}
		}
	}
}

// s0 is the value 1 in axis units.
func s0(log bool) float64 {
	if log {
		return 0
	}
	return 1
}
