//go:build long

package audit

import (
	"fmt"
	"testing"
	"time"

	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

// wide is n rows of ten columns, four of them categories.
func wide(n int, seed uint64) *read.Frame {
	r := rng.Root(seed).Child("wide", 0).Stream()
	f := &read.Frame{Rows: n}
	shared := make([]float64, n)
	for i := range shared {
		shared[i] = rng.Normal(r)
	}
	for j := range 10 {
		c := read.Column{Name: fmt.Sprint("c", j), Type: read.Numeric, Null: -1}
		if j%3 == 2 {
			c.Type = read.Category
			for k := range 40 {
				c.Categories = append(c.Categories, fmt.Sprint("k", k))
			}
		}
		for _, s := range shared {
			x := s + rng.Normal(r)
			if c.Type == read.Category {
				c.Codes = append(c.Codes, uint32(min(39, int(4*max(x, -x)))))
			} else {
				c.Numbers = append(c.Numbers, x)
			}
		}
		f.Columns = append(f.Columns, c)
	}
	return f
}

// 100,000 records of 10 columns with 200 splits take less than a minute on two cores.
func TestSpeed(t *testing.T) {
	real, synthetic := wide(100_000, 1), wide(100_000, 2)
	start := time.Now()
	r, err := Table(t.Context(), Tables{Real: real, Synthetic: synthetic, HoldOut: wide(20_000, 3), Target: "c0"}, Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	if t.Logf("%v: %s: %s", took.Round(time.Millisecond), r.Outcome, r.Why); took > time.Minute {
		t.Errorf("%v", took)
	}
}
