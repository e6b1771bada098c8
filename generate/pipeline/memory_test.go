package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"modelcollapse/internal/store"
)

// The heap grows by less than half a kilobyte for each record that is kept, whatever the records hold.
func TestMemoryOfKeptRecords(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "seeds.jsonl")
	grown := func(n int) float64 {
		f, err := os.Create(path)
		must(t, err)
		for i := range n {
			fmt.Fprintf(f, "{\"text\":%q}\n", fmt.Sprintf("%0800d", i))
		}
		must(t, f.Close())
		out, err := store.Make(filepath.Join(dir, fmt.Sprint(n)))
		must(t, err)
		defer out.Close()
		p, err := Open(plan(Seeds{Path: []string{path}, Real: true}, Generate{Prompt: "{{examples}} {{text}}", Into: "answer", Answers: 1,
			Examples: Examples{Seeds: 1, Kept: 1, Format: "{{text}}"}}, Duplicate{Field: "answer"}), Parts{Servers: map[string]Server{"": {Caller: &model{answer: numbered}}}, Folder: out})
		must(t, err)
		defer p.Close()
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		report, err := p.Run(t.Context(), func(Progress) {})
		must(t, err)
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(p)
		if report.Kept != n {
			t.Fatalf("%d kept of %d", report.Kept, n)
		}
		return float64(after.HeapAlloc) - float64(before.HeapAlloc)
	}
	small, large := grown(2000), grown(6000)
	if each := (large - small) / 4000; each > 512 {
		t.Errorf("%.0f bytes a kept record", each)
	} else {
		t.Logf("%.0f bytes a kept record", each)
	}
}
