package results

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"modelcollapse/internal/store"
)

// failAt refuses the n-th operation and, like a disk that is full, all further ones when forever is set.
type failAt struct {
	n, at   int
	what    string // the operation that failed
	err     error
	forever bool
}

func (f *failAt) fault(op, name string) error {
	f.n++
	if f.n == f.at || f.forever && f.n > f.at {
		f.what = op + " " + name
		if strings.HasPrefix(op, "done ") && f.err == store.ErrShort {
			return syscall.EIO
		}
		return f.err
	}
	return nil
}

// Every file operation that fails is an error that names a file; nothing sealed is lost; the same command again
// gives the same bytes.
func TestEveryOperationFails(t *testing.T) {
	m := small(1)
	fresh := filepath.Join(memory(t), "fresh")
	must(t, runAll(fresh, m, cheap, twoMetrics, false, nil))
	want := table(t, fresh)
	for _, c := range []struct {
		name     string
		inMemory time.Duration
		before   map[string]string // metrics of an earlier, whole run; nil: none
		attach   bool
		err      error
		forever  bool
	}{
		{"packed, short write", cheap, nil, false, store.ErrShort, false},
		{"folders, input/output error", dear, nil, true, syscall.EIO, false},
		{"folders, disk full", dear, nil, false, syscall.ENOSPC, true},
		{"packed, one more metric, read-only", cheap, oneMetric, false, syscall.EROFS, true},
		{"folders, one more metric, short write", dear, oneMetric, false, store.ErrShort, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for at := 1; ; at++ {
				dir := filepath.Join(memory(t), "run")
				if c.before != nil {
					must(t, runAll(dir, m, c.inMemory, c.before, c.attach, nil))
				}
				f := &failAt{at: at, err: c.err, forever: c.forever}
				err := runAll(dir, m, c.inMemory, twoMetrics, c.attach, f.fault)
				if f.n < at {
					must(t, err)
					t.Logf("%d operations", at-1)
					return
				}
				if err == nil {
					t.Fatalf("operation %d, %s, failed and nobody said so", at, f.what)
				}
				if !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "run the same command again") {
					t.Fatalf("operation %d: %v", at, err)
				}
				if c.before != nil {
					sealedStays(t, dir, m, c.before)
				}
				must(t, runAll(dir, m, c.inMemory, twoMetrics, c.attach, nil))
				sameTable(t, table(t, dir), want)
			}
		})
	}
}

func sealedStays(t *testing.T, dir string, m Manifest, metrics map[string]string) {
	t.Helper()
	r, err := OpenRun(dir)
	must(t, err)
	defer r.Close()
	must(t, r.Verify())
	for _, c := range m.Cells {
		if s, ok := r.Sealed(c.ID); !ok || !s.Has(metrics) {
			t.Fatalf("cell %s is not sealed any more", c.ID)
		}
	}
}

// A write that fails leaves the run usable: the cell is sealed by the next attempt in the same process.
func TestRetryInTheSameProcess(t *testing.T) {
	m := small(1)
	for at := 1; ; at++ {
		dir := filepath.Join(memory(t), "run")
		f := &failAt{at: -1, err: store.ErrShort}
		r, err := openOn(dir, m, cheap, f.fault)
		must(t, err)
		must(t, runCell(r, "c00", twoMetrics, false))
		f.n, f.at = 0, at
		err = runCell(r, "c10", twoMetrics, false)
		f.at = -1
		if err != nil {
			must(t, runCell(r, "c10", twoMetrics, false))
		}
		must(t, r.Close())
		must(t, verify(dir))
		if err == nil {
			return
		}
	}
}
