package results

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The table is a function of the manifest and the records: not of packing, attachments, workers or the order of cells.
func TestTableDependsOnRecordsAlone(t *testing.T) {
	m := small(3)
	want := []byte(nil)
	for name, inMemory := range map[string]time.Duration{"packed": cheap, "folders": dear} {
		for _, attach := range []bool{false, true} {
			dir := filepath.Join(t.TempDir(), "run")
			must(t, runAll(dir, m, inMemory, twoMetrics, attach, nil))
			got := table(t, dir)
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s, attach %v: the table differs", name, attach)
			}
		}
	}
	head := "arm,workflow,rows,replicate,generation,node,series,value\nreplace,replace,10,0,0,0,tail_loss,0\n" +
		"replace,replace,10,0,0,0,tail_loss.bigram,Inf\nreplace,replace,10,0,0,0,variance,1\nreplace,replace,10,0,0,1,variance,"
	if !strings.HasPrefix(string(want), head) || !strings.Contains(string(want), "\naccumulate,\"accumulate, all\",,0,") {
		t.Errorf("the table starts\n%s", want[:300])
	}
	if n := bytes.Count(want, []byte("\n")); n != 1+6*generations*4 {
		t.Errorf("%d lines", n)
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	m := small(8)
	one := filepath.Join(t.TempDir(), "one")
	must(t, runAll(one, m, cheap, twoMetrics, false, nil))
	many := filepath.Join(t.TempDir(), "many")
	r, err := openOn(many, m, time.Microsecond, nil)
	must(t, err)
	errs := make(chan error)
	for w := range 4 {
		go func() {
			var err error
			for i := len(m.Cells) - 1 - w; i >= 0; i -= 4 {
				err = errors.Join(err, runCell(r, m.Cells[i].ID, twoMetrics, i%3 == 0))
			}
			errs <- err
		}()
	}
	for range 4 {
		must(t, <-errs)
	}
	must(t, r.Close())
	sameTable(t, table(t, many), table(t, one))
}

// One more metric is a replay and a union, and gives the bytes of a run that had both from the start.
func TestOneMoreMetric(t *testing.T) {
	m := small(2)
	fresh := filepath.Join(t.TempDir(), "fresh")
	must(t, runAll(fresh, m, cheap, twoMetrics, false, nil))
	for _, first := range []time.Duration{cheap, dear} {
		for _, second := range []time.Duration{cheap, dear} {
			dir := filepath.Join(t.TempDir(), "run")
			must(t, runAll(dir, m, first, oneMetric, true, nil))
			must(t, runAll(dir, m, second, map[string]string{"variance": "22"}, true, nil))
			sameTable(t, table(t, dir), table(t, fresh))
			r, err := OpenRun(dir)
			must(t, err)
			if s, _ := r.Sealed("c00"); !s.Has(twoMetrics) || s.Generations != generations || s.Outcome != "finished" {
				t.Errorf("the seal says %+v", s)
			}
			must(t, r.Close())
		}
	}
}

func TestReplayThatDiffers(t *testing.T) {
	m := small(1)
	for _, inMemory := range []time.Duration{cheap, dear} {
		dir := filepath.Join(t.TempDir(), "run")
		must(t, runAll(dir, m, inMemory, twoMetrics, true, nil))
		r, err := openOn(dir, m, inMemory, nil)
		must(t, err)
		defer r.Close()
		replay := func(change func(*Record), metrics map[string]string) error {
			w, err := r.Cell("c00", metrics)
			must(t, err)
			defer w.Close()
			for g := range generations {
				rec := record("c00", g, twoMetrics)
				if g == 2 {
					change(&rec)
				}
				if err := w.Put(rec); err != nil {
					return err
				}
			}
			return nil
		}
		var e *ReplayError
		err = replay(func(r *Record) { r.Values[0].X = math.Nextafter(r.Values[0].X, 1) }, twoMetrics)
		if !errors.As(err, &e) || e.Generation != 2 || e.Series != "variance" || e.Cell != "c00" {
			t.Errorf("one bit of one value: %v", err)
		}
		if err := replay(func(r *Record) { r.Draws[0].Real++ }, twoMetrics); !errors.As(err, &e) || e.Series != "draws" {
			t.Errorf("one draw: %v", err)
		}
		if err := replay(func(r *Record) { r.Note = "" }, twoMetrics); !errors.As(err, &e) || e.Series != "note" {
			t.Errorf("the note: %v", err)
		}
		must(t, replay(func(*Record) {}, twoMetrics))
		must(t, replay(func(r *Record) { r.Values[0].X++ }, map[string]string{"tail_loss": "11", "variance": "another"}))
		w, err := r.Cell("c01x", nil)
		if err == nil {
			t.Error("a cell that the manifest lacks was opened", w)
		}
	}
}

// A chain that goes on from its checkpoint leaves the generations before it to the journal.
func TestCheckpoint(t *testing.T) {
	m := small(1)
	dir := filepath.Join(t.TempDir(), "run")
	state := func(w *CellWriter, g int) {
		must(t, w.Store().Put("next", func(out io.Writer) error { _, err := out.Write([]byte{byte(g)}); return err }))
		must(t, w.Store().Sub("kept").Put("model", func(out io.Writer) error { return nil }))
	}
	for end := 1; end <= generations; end++ {
		r, err := openOn(dir, m, cheap, nil)
		must(t, err)
		w, err := r.Cell("c00", twoMetrics)
		must(t, err)
		if in, err := w.Store().Open("next"); end > 1 {
			must(t, err)
			must(t, in.Close())
		}
		must(t, w.Put(record("c00", end-1, twoMetrics)))
		state(w, end)
		if end == generations {
			must(t, w.Seal("finished", 0, 0))
		}
		must(t, w.Close())
		must(t, r.Close())
	}
	if _, err := os.Stat(filepath.Join(dir, cellPath("c00", stateName), "next")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the checkpoint outlived the seal")
	}
	r, err := OpenRun(dir)
	must(t, err)
	names, err := r.Kept("c00").Names()
	if err != nil || len(names) != 1 {
		t.Error(names, err)
	}
	must(t, r.Close())
	must(t, runAll(dir, m, cheap, twoMetrics, false, nil))
	fresh := filepath.Join(t.TempDir(), "fresh")
	must(t, runAll(fresh, m, cheap, twoMetrics, false, nil))
	sameTable(t, table(t, dir), table(t, fresh))
}

// Checkpoints of fewer metrics are deleted, so that the chain replays; skipping records is refused.
func TestCheckpointWithOtherMetrics(t *testing.T) {
	m := small(1)
	dir := filepath.Join(t.TempDir(), "run")
	r, err := openOn(dir, m, dear, nil)
	must(t, err)
	w, err := r.Cell("c00", oneMetric)
	must(t, err)
	must(t, w.Put(record("c00", 0, oneMetric)))
	must(t, w.Store().Put("next", func(io.Writer) error { return nil }))
	must(t, w.Close())
	w, err = r.Cell("c00", twoMetrics)
	must(t, err)
	if names, err := w.Store().Names(); err != nil || len(names) > 0 {
		t.Error("the checkpoint is still there", names, err)
	}
	if err := w.Put(record("c00", 1, twoMetrics)); err == nil || !strings.Contains(err.Error(), "generation 0 is missing") {
		t.Error(err)
	}
	must(t, w.Close())
	must(t, runCell(r, "c00", twoMetrics, false))
	if err := w.Seal("finished", 0, 0); err == nil {
		t.Error("a closed writer sealed")
	}
	must(t, r.Close())
}

func TestAdopt(t *testing.T) {
	base := t.TempDir()
	m := small(3)
	must(t, runAll(filepath.Join(base, "run"), m, cheap, twoMetrics, false, nil))
	must(t, runAll(filepath.Join(base, "run@0a"), small(2), dear, oneMetric, true, nil))
	must(t, runAll(filepath.Join(base, "other"), m, dear, oneMetric, true, nil))
	dir := filepath.Join(base, "run@0b")
	found, err := Siblings(dir)
	if err != nil || len(found) != 2 {
		t.Fatal(found, err)
	}
	more := small(4)
	r, err := openOn(dir, more, cheap, nil)
	must(t, err)
	n, err := r.Adopt(found)
	if err != nil || n != 6 {
		t.Fatal(n, err)
	}
	if !r.Done("c02", twoMetrics) || r.Done("c03", nil) {
		t.Error("the wrong cells were adopted")
	}
	if n, err := r.Adopt(found); n != 0 || err != nil {
		t.Error(n, err)
	}
	must(t, r.Close())
	must(t, runAll(dir, more, cheap, twoMetrics, false, nil))
	fresh := filepath.Join(base, "fresh")
	must(t, runAll(fresh, more, cheap, twoMetrics, false, nil))
	sameTable(t, table(t, dir), table(t, fresh))
}

func TestStatus(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	m := small(2)
	r, err := openOn(dir, m, cheap, nil)
	must(t, err)
	must(t, runCell(r, "c00", oneMetric, false))
	must(t, r.Fail("c01", errors.New("no memory")))
	must(t, r.Fail("c01", errors.New("still\xff no memory")))
	look := func() Status {
		v, err := OpenRun(dir)
		must(t, err)
		defer v.Close()
		s, err := v.Status()
		must(t, err)
		return s
	}
	s := look()
	if s.Done != 1 || s.Failed != 1 || s.Missing != 2 || s.Running == nil || s.Running.PID != os.Getpid() {
		t.Errorf("%+v", s)
	}
	if len(s.Failures) != 1 || s.Failures[0].Attempt != 2 || s.Failures[0].Error != "still\uFFFD no memory" {
		t.Errorf("%+v", s.Failures)
	}
	must(t, r.Close())
	if s := look(); s.Running != nil {
		t.Errorf("closed and still running: %+v", s.Running)
	}
	r, err = openOn(dir, m, cheap, nil)
	must(t, err)
	if r.Attempts("c01") != 2 {
		t.Error(r.Attempts("c01"))
	}
	must(t, runCell(r, "c01", oneMetric, false))
	must(t, r.Close())
	if s := look(); s.Done != 2 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}

func TestManifestIsChecked(t *testing.T) {
	for name, spoil := range map[string]func(*Manifest){
		"escape":    func(m *Manifest) { m.Cells[0].ID = "../x" },
		"twice":     func(m *Manifest) { m.Cells[1].ID = m.Cells[0].ID },
		"no arm":    func(m *Manifest) { m.Cells[0].Arm = "x" },
		"replicate": func(m *Manifest) { m.Cells[1].Replicate = m.Cells[0].Replicate },
		"arm twice": func(m *Manifest) { m.Arms[1].Name = m.Arms[0].Name },
	} {
		m := small(2)
		spoil(&m)
		if r, err := Create(filepath.Join(t.TempDir(), "run"), m); err == nil {
			r.Close()
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := OpenRun(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is no run folder") {
		t.Error(err)
	}
}

func TestPredictions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	must(t, runAll(dir, small(1), cheap, oneMetric, false, nil))
	r, err := OpenRun(dir)
	must(t, err)
	defer r.Close()
	all, err := r.Predictions()
	if err != nil || len(all) != 1 || all[0].Arm != "replace" || len(all[0].Predictions) != 1 || !math.IsInf(all[0].Predictions[0].Hi, 1) {
		t.Error(all, err)
	}
}
