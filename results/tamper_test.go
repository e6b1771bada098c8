package results

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// verify opens a run and reads all of it.
func verify(dir string) error {
	r, err := OpenRun(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.Verify(); err != nil {
		return err
	}
	_, err = r.Predictions()
	return err
}

// tiny is a closed run of two cells, one packed, one in a folder with an attachment.
func tiny(t *testing.T) (dir string, m Manifest) {
	dir, m = filepath.Join(memory(t), "run"), small(1)
	r, err := openOn(dir, m, cheap, nil)
	must(t, err)
	for i, c := range m.Cells {
		w, err := r.Cell(c.ID, oneMetric)
		must(t, err)
		if i == 1 {
			must(t, w.Attach(0, 0, "points", "text/csv", []byte("1,2\n")))
		}
		for g := range 2 {
			must(t, w.Put(record(c.ID, g, oneMetric)))
		}
		must(t, w.Seal("finished", 0, 0))
	}
	must(t, r.WritePredictions([]Theory{{"replace", []Prediction{{Series: "tail_loss", X: 1}}}}))
	must(t, r.Close())
	return dir, m
}

// sealedFiles lists what a closed run protects.
func sealedFiles(t *testing.T, dir string) (names []string) {
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		base := filepath.Base(path)
		if err == nil && !e.IsDir() && base != lockFile && base != holderFile && base != timingsFile && base != metricsFile && base != verdictFile {
			names = append(names, path)
		}
		return err
	}))
	return names
}

// Every truncation and flips of one bit in eleven of every file of a closed run are found; the long suite
// flips every bit.
func TestTampering(t *testing.T) { testTampering(t, 11) }

// testTampering flips every step-th bit.
func testTampering(t *testing.T, step int) {
	dir, _ := tiny(t)
	must(t, verify(dir))
	flips, cuts, missed := 0, 0, 0
	for _, name := range sealedFiles(t, dir) {
		old, err := os.ReadFile(name)
		must(t, err)
		try := func(b []byte, what string, at int) {
			must(t, os.WriteFile(name, b, 0o644))
			if verify(dir) == nil {
				missed++
				t.Errorf("%s: %s %d was not found", name, what, at)
			}
		}
		for i := range old {
			try(old[:i], "a cut at byte", i)
			cuts++
		}
		b := bytes.Clone(old)
		for i := 0; i < 8*len(b); i += step {
			b[i/8] ^= 1 << (i % 8)
			try(b, "a flip of bit", i)
			b[i/8] ^= 1 << (i % 8)
			flips++
		}
		must(t, os.WriteFile(name, old, 0o644))
	}
	must(t, verify(dir))
	t.Logf("%d truncations, %d flips, %d undetected", cuts, flips, missed)
}

// A run that was not closed has no seal.json: then a tampered pack is found, or lacks whole cells, and what it
// still returns is right.
func TestTamperingBeforeClose(t *testing.T) {
	dir, _ := tiny(t)
	must(t, os.Remove(filepath.Join(dir, sealFile)))
	all := string(table(t, dir))
	name := filepath.Join(dir, packFile)
	old, err := os.ReadFile(name)
	must(t, err)
	try := func(b []byte) {
		must(t, os.WriteFile(name, b, 0o644))
		if verify(dir) != nil {
			return
		}
		got := strings.SplitAfter(string(table(t, dir)), "\n")
		if len(got) != 1+1+4 && len(got) != 1+1+8 { // header, empty end, two values in each of two generations a cell
			t.Fatalf("%d lines", len(got))
		}
		for _, line := range got {
			if !strings.Contains(all, line) {
				t.Fatalf("%q was returned", line)
			}
		}
	}
	for i := range old {
		try(old[:i])
		b := bytes.Clone(old)
		b[i] ^= 1 << (i % 8)
		try(b)
	}
}

// The same command again makes what is damaged anew, and keeps a copy of the damaged file.
func TestDamageIsRepaired(t *testing.T) {
	for _, inMemory := range []string{"packed", "folders"} {
		dir, m := filepath.Join(memory(t), "run"), small(2)
		limit := cheap
		if inMemory == "folders" {
			limit = dear
		}
		must(t, runAll(dir, m, limit, twoMetrics, false, nil))
		want := table(t, dir)
		name := filepath.Join(dir, packFile)
		if limit == dear {
			name = filepath.Join(dir, cellPath("c01", recordsName))
		}
		b, err := os.ReadFile(name)
		must(t, err)
		b[len(b)/2] ^= 4
		must(t, os.WriteFile(name, b, 0o644))
		if v, err := OpenRun(dir); err != nil || v.intact() == nil || v.WriteMetrics() == nil {
			t.Fatal("damage was read over", err)
		}
		r, err := openOn(dir, m, limit, nil)
		must(t, err)
		if len(r.Damage()) == 0 {
			t.Error("nothing is said about the damage")
		}
		must(t, r.Close())
		must(t, runAll(dir, m, limit, twoMetrics, false, nil))
		sameTable(t, table(t, dir), want)
		kept, err := os.ReadDir(filepath.Join(dir, damagedDir))
		if err != nil || len(kept) != 1 {
			t.Error(kept, err)
		}
	}
}
