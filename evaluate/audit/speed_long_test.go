//go:build long && linux

package audit

import (
	"fmt"
	"syscall"
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
	start, before := time.Now(), spent(t)
	r, err := Table(t.Context(), Tables{Real: real, Synthetic: synthetic, HoldOut: wide(20_000, 3), Target: "c0"}, Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	cpu := spent(t) - before
	t.Logf("%v, of processors %v: %s: %s", time.Since(start).Round(time.Millisecond), cpu.Round(time.Millisecond), r.Outcome, r.Why)
	if cpu > 2*time.Minute {
		t.Errorf("two processors take more than a minute: %v", cpu)
	}
}

// spent is the processor time of this process, so that what else the machine does is no matter.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
