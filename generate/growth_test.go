package generate

import (
	"math"
	"strings"
	"testing"
)

func TestGrowingRules(t *testing.T) {
	for _, c := range []struct {
		rule string
		rows int
		rate float64
		want []int
	}{
		{"constant", 100, 1, []int{100, 100, 100, 100}},
		{"linear", 100, 1, []int{100, 200, 300, 400}},
		{"linear", 10, .25, []int{10, 13, 15, 18}}, // rounded half up
		{"linear", 100, -.3, []int{100, 70, 40, 10}},
		{"power", 100, 2, []int{100, 400, 900, 1600}},
		{"power", 100, .5, []int{100, 141, 173, 200}},
		{"power", 100, -1, []int{100, 50, 33, 25}},
		{"geometric", 100, 2, []int{100, 200, 400, 800}},
		{"geometric", 100, .5, []int{100, 50, 25, 13}},
		{"geometric", 1e15, 1.5, []int{1e15, 15e14, 225e13, 3375e12}},
	} {
		rows, err := Growing(c.rule, c.rows, c.rate, 3)
		if err != nil {
			t.Errorf("%s %g: %v", c.rule, c.rate, err)
			continue
		}
		for g, want := range c.want {
			if got := rows(g); got != want {
				t.Errorf("%s %g: %d rows in generation %d, want %d", c.rule, c.rate, got, g, want)
			}
		}
	}
	rows, err := Growing("power", 3, 30, 2) // whole powers are exact: 3 · 3^30 is below 2^52
	if err != nil || rows(2) != 617673396283947 {
		t.Errorf("3^31 is %d, %v", rows(2), err)
	}
}

func TestGrowingRefuses(t *testing.T) {
	for _, c := range []struct {
		rule        string
		rows        int
		rate        float64
		generations int
		why         string
	}{
		{"linear", 100, -.5, 3, "generation 2 would have 0 rows"},
		{"linear", 100, 1e300, 3, "generation 1 would have 1e+302 rows"},
		{"power", 100, 50, 3, "generation 1 would have 1.13e+17 rows"},
		{"power", 100, math.NaN(), 3, "generation 0 would have NaN rows"},
		{"geometric", 100, 0, 3, "rate: 0: by geometric growth"},
		{"geometric", 100, -2, 3, "rate: -2: by geometric growth"},
		{"geometric", 1, .1, 3, "generation 1 would have 0.1 rows"},
		{"geometric", 100, 10, 40, "generation 14 would have 1e+16 rows: must be 1 to 2^52"},
		{"constant", 1 << 51, 1, 3000, "generations 0 to 2048 would have"},
		{"constant", 1 << 53, 1, 3, "generation 0 would have 9.01e+15 rows"},
		{"constant", 0, 1, 3, "generation 0 would have 0 rows"},
		{"constant", 100, 2, 3, "rate: 2: constant rows have none"},
	} {
		if _, err := Growing(c.rule, c.rows, c.rate, c.generations); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s %g of %d: %v, want: %s", c.rule, c.rate, c.rows, err, c.why)
		}
	}
}

// Sizes after the last generation are its own: a workflow may look one ahead.
func TestSizesEnd(t *testing.T) {
	rows, err := Growing("linear", 10, 1, 2)
	if err != nil || rows(2) != 30 || rows(9) != 30 {
		t.Errorf("%d, %d, %v", rows(2), rows(9), err)
	}
}
