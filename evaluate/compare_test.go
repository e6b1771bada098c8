package evaluate

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
	"modelcollapse/results"
)

// curves of replicates 0, 1, …
func curves(series string, lines ...[]float64) results.Curves {
	c := results.Curves{Series: series, Lines: lines}
	for i := range lines {
		c.Replicates = append(c.Replicates, i)
	}
	return c
}

// absentValue is the value that a line lacks, as results makes it.
func absentValue() float64 {
	c := curves("x", []float64{1, 2}).Minus(curves("x", []float64{1}))
	return c.Lines[0][1]
}

func TestComparePairedAgainstHand(t *testing.T) {
	a, b := curves("x", []float64{0, 4.20}, []float64{0, 4.31}, []float64{0, 4.18}), curves("x", []float64{0, 4.57}, []float64{0, 4.63}, []float64{0, 4.60})
	c := Compare("before", "after", []Contrast{{A: a, B: b, Shared: true}, {A: a, B: b}})
	r, w := c.Rows[1], c.Rows[3]
	same(t, "paired p", float64(r.P), .006032145760737) // scipy.stats.ttest_rel
	same(t, "welch p", float64(w.P), .005106730092642)  // scipy.stats.ttest_ind(equal_var=False)
	same(t, "delta", float64(r.Delta), .37)
	same(t, "welch low", float64(w.Lo), .2212294794118)
	if !r.Paired || w.Paired || r.At != "last" || c.Rows[0].At != "first" || r.Notes[0] != "normality assumed, n = 3" || w.Notes[0] != "normality assumed, n = 3 and 3" {
		t.Errorf("rows %+v and %+v", r, w)
	}
	// Generation 0 is equal: P = 1 counts in the family of four.
	same(t, "Holm", float64(w.Adjusted), 4*.005106730092642)
	same(t, "Holm of the second", float64(r.Adjusted), 4*.005106730092642)
	if !r.Significant || c.Adjustment != "Holm over 4 rows" {
		t.Errorf("%+v", c)
	}
}

func TestCompareSaysWhatItLeftOut(t *testing.T) {
	inf, nan, none := math.Inf(1), math.NaN(), absentValue()
	a := curves("p", []float64{1, 8}, []float64{2, inf}, []float64{4, 0}, []float64{3, nan}, []float64{3, none}, []float64{3, 2}, []float64{3, 4})
	b := curves("p", []float64{1, 8}, []float64{2, 4}, []float64{4, 4}, []float64{3, 4}, []float64{3, 4}, []float64{3, inf}, []float64{3, 16})
	b.Replicates[6] = 9
	x := Contrast{A: a, B: b, Axis: results.Axis{Log: true}, Shared: true}
	r := Compare("a", "b", []Contrast{x}).Rows[1]
	want := ComparisonSide{Center: r.A.Center, N: 1, Zero: 1, Infinite: 1, NaN: 1, Missing: 1, Unpaired: 2}
	if r.A != want || r.B.N != 1 || r.B.Infinite != 1 || r.B.Unpaired != 5 {
		t.Errorf("a %+v, b %+v", r.A, r.B)
	}
	if got := strings.Join(r.Notes, "; "); got != "n = 1: no test; left out of a: 1 of 0 or less, 1 infinite, 1 NaN, 1 missing, 2 without a partner; left out of b: 1 infinite, 5 without a partner" {
		t.Error(got)
	}
	x.Shared = false
	r = Compare("a", "b", []Contrast{x}).Rows[1]
	same(t, "ratio of geometric means", float64(r.Delta), math.Exp(math.Log(8*4*4*4*4*16)/6-math.Log(8*2*4)/3))
	if r.A.N != 3 || r.B.N != 6 || r.Paired {
		t.Errorf("%+v", r)
	}
}

func TestCompareGenerations(t *testing.T) {
	none := absentValue()
	every := curves("x", []float64{1, none, 2, none, 3, none, 4, 5}, []float64{2, none, 3, none, 4, none, none, none})
	short := curves("x", []float64{1, 1, 1, 1, 1, none}, []float64{2, 2, 2, 2, 2, none})
	c := Compare("a", "b", []Contrast{{A: every, B: short}, {A: every, B: results.Curves{Series: "x"}},
		{A: curves("y", []float64{none, 1}), B: curves("y", []float64{1})}})
	var at []int
	for _, r := range c.Rows {
		at = append(at, r.Generation)
	}
	if !slices.Equal(at, []int{0, 2, 4}) || !slices.Contains(c.Rows[2].Notes, "a goes on to generation 7") || len(c.Rows[1].Notes) != 1 {
		t.Errorf("generations %v, %+v", at, c.Rows)
	}
	if !slices.Equal(c.Absent, []string{"x: b lacks it", "y: no generation was measured on both sides"}) {
		t.Error(c.Absent)
	}
}

func TestCompareBetter(t *testing.T) {
	low, high := curves("x", []float64{1.0}, []float64{1.1}, []float64{.9}), curves("x", []float64{2.0}, []float64{2.1}, []float64{1.9})
	for _, c := range []struct {
		a, b   results.Curves
		better int
		log    bool
		want   string
	}{{low, high, 1, false, "b"}, {low, high, -1, true, "a"}, {high, low, 1, true, "a"}, {high, low, -1, false, "b"}, {low, high, 0, false, ""}, {low, low, 1, false, ""}} {
		got := Compare("a", "b", []Contrast{{A: c.a, B: c.b, Axis: results.Axis{Better: c.better, Log: c.log}}}).Rows[0]
		if got.Better != c.want {
			t.Errorf("better %d, log %v: %q, want %q", c.better, c.log, got.Better, c.want)
		}
	}
}

func TestComparisonSurvivesJSON(t *testing.T) {
	c := Compare("a", "b", []Contrast{{A: curves("x", []float64{math.Inf(1)}), B: curves("x", []float64{1})}})
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back Comparison
	if err := json.Unmarshal(b, &back); err != nil || back.Rows[0].A.Infinite != 1 || back.Rows[0].P == back.Rows[0].P {
		t.Errorf("%s: %v", b, err)
	}
}

// Two sides that differ in nothing: of 1000 comparisons at 5 %, few have any significant row; the bounds are 4 standard deviations
// of a binomial about 50, wider below because Holm and Welch on few replicates are conservative.
func TestCompareFalseAlarms(t *testing.T) {
	for _, shared := range []bool{true, false} {
		alarms := 0
		for i := range 1000 {
			stream := rng.Root(uint64(i)).Child("compare", 0).Stream()
			side := func() results.Curves {
				var lines [][]float64
				for range 5 {
					lines = append(lines, []float64{rng.Normal(stream), rng.Normal(stream), rng.Normal(stream)})
				}
				return curves("x", lines...)
			}
			c := Compare("a", "b", []Contrast{{A: side(), B: side(), Shared: shared}})
			if slices.ContainsFunc(c.Rows, func(r ComparisonRow) bool { return r.Significant }) {
				alarms++
			}
		}
		t.Logf("shared %v: %d of 1000", shared, alarms)
		if alarms < 15 || alarms > 78 {
			t.Errorf("shared %v: %d of 1000 comparisons of nothing are significant at 5 %%", shared, alarms)
		}
	}
}

func TestCompareLaws(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(.01, 100), rapid.SampledFrom([]float64{0, -1, 1, math.Inf(1), math.Inf(-1), math.NaN(), absentValue()}))
	side := func(t *rapid.T, name string) results.Curves {
		n, g := rapid.IntRange(0, 5).Draw(t, name+" n"), rapid.IntRange(1, 5).Draw(t, name+" generations")
		var lines [][]float64
		for range n {
			lines = append(lines, rapid.SliceOfN(value, g, g).Draw(t, name))
		}
		return curves("x", lines...)
	}
	rapid.Check(t, func(t *rapid.T) {
		x := Contrast{A: side(t, "a"), B: side(t, "b"), Shared: rapid.Bool().Draw(t, "shared")}
		x.Axis = results.Axis{Log: rapid.Bool().Draw(t, "log"), Better: 1}
		c, d := Compare("a", "b", []Contrast{x}), Compare("b", "a", []Contrast{{A: x.B, B: x.A, Axis: x.Axis, Shared: x.Shared}})
		for i, r := range c.Rows {
			s := d.Rows[i]
			sum := float64(r.Delta + s.Delta)
			if x.Axis.Log {
				sum = num.Log(float64(r.Delta)) + num.Log(float64(s.Delta))
			}
			if math.Abs(sum) > 1e-12 || r.A.N != s.B.N || r.B.left() != s.A.left() || r.P == r.P && math.Abs(float64(r.P-s.P)) > 1e-12 {
				t.Fatalf("swapped: %+v, %+v", r, s)
			}
			if r.P < 0 || r.P > 1 || r.Adjusted < r.P || r.Significant && r.Adjusted != r.Adjusted || r.Lo > r.Delta || r.Hi < r.Delta {
				t.Fatalf("%+v", r)
			}
			for _, z := range []struct {
				ComparisonSide
				of results.Curves
			}{{r.A, x.A}, {r.B, x.B}} {
				if z.N+z.Zero+z.Infinite+z.NaN+z.Missing+z.Unpaired != len(z.of.Lines) {
					t.Fatalf("a value was lost: %+v of %d", z.ComparisonSide, len(z.of.Lines))
				}
			}
		}
		if err := c.WriteText(&strings.Builder{}); err != nil {
			t.Fatal(err)
		}
	})
}
