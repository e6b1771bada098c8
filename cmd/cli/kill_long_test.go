//go:build long

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Many kills of every shape under both kinds of checkpoint.
func TestManyKills(t *testing.T) {
	testKills(t, func(int) []string { return []string{"replay", "blocks"} }, []string{"2", "8"}, 10)
}

// A disk fills up in the records, in a checkpoint that is larger than what else is written, or in the files at the end.
func TestFullDisks(t *testing.T) {
	testFullDisk(t, 400, []string{"replay", "blocks"}, []string{"20k", "28k", "32k", "36k", "44k", "100k", "200k"})
	testFullDisk(t, 4000, []string{"blocks"}, []string{"24k", "60k", "100k"})
}

// A checkpoint that was changed must not change a result: the cell starts anew, or the run says what is wrong.
func TestDamagedCheckpoint(t *testing.T) {
	noSignals(t)
	dir, want := filled(t, "accumulate", "blocks", 400)
	for at, spoil := range map[string]func([]byte) []byte{
		"bit": func(b []byte) []byte { return flipped(flipped(b, len(b)/2), len(b)/2|7) },
		"cut": func(b []byte) []byte { return b[:len(b)/2] },
	} {
		t.Run(at, func(t *testing.T) {
			run := filepath.Join(dir, "run"+at)
			c := start(t, dir, "collapse", "run", "bulky.yaml", "--jobs", "1", "--out", run)
			c.until(t, func(l told) bool { return l.What == "generation" && l.Generation == 50 })
			must(t, c.Process.Signal(os.Interrupt))
			c.end(t).want(t, exitInterrupted)
			states, err := filepath.Glob(filepath.Join(run, "cells", "*", "state", "block-*"))
			if must(t, err); len(states) == 0 {
				t.Fatal("no block is stored")
			}
			for _, f := range states {
				b, err := os.ReadFile(f)
				must(t, err)
				must(t, os.WriteFile(f, spoil(b), 0o666))
			}
			b, err := collapse(dir, "run", "bulky.yaml", "--out", run).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, b)
			}
			same(t, fmt.Sprintf("after a stored block's %s", at), sums(t, run), want)
		})
	}
}
