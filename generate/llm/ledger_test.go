package llm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// calls is a journal of some calls; it returns its file.
func calls(t *testing.T, n int) string {
	t.Helper()
	file := filepath.Join(memory(t), "calls")
	c := open(t, serve(t, nil).endpoint("chat"), Options{Journal: file})
	must(t, c.Each(t.Context(), n, ask, func(int, Reply) error { return nil }))
	must(t, c.Close())
	return file
}

func reopen(file string) (n int, err error) {
	l, err := openLedger(file, func(head) { n++ })
	if err != nil {
		return n, err
	}
	return n, l.close()
}

// Every flipped bit is found and named by its line.
func TestEveryBitFlip(t *testing.T) {
	file := calls(t, 2)
	whole, err := os.ReadFile(file)
	must(t, err)
	folder, err := store.Open(filepath.Dir(file))
	must(t, err)
	defer folder.Close()
	for i := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			must(t, os.WriteFile(file, b, 0o600))
			l := ledger{folder: folder, name: filepath.Base(file), at: map[short]place{}}
			_, err := l.load(func(head) {})
			line := 1 + bytes.Count(whole[:i], []byte("\n"))
			if err == nil || !errors.Is(err, journal.ErrDamaged) || !strings.Contains(err.Error(), file+": line ") || line == 1 && !strings.Contains(err.Error(), "line 1 ") {
				t.Fatalf("byte %d of line %d, bit %d: %v", i, line, bit, err)
			}
		}
	}
}

// A journal that was cut anywhere, as by a kill, has its whole lines, and goes on behind them.
func TestEveryCut(t *testing.T) {
	file := calls(t, 2)
	whole, err := os.ReadFile(file)
	must(t, err)
	for n := range len(whole) {
		must(t, os.WriteFile(file, whole[:n], 0o600))
		l, err := openLedger(file, func(head) {})
		must(t, err)
		want := bytes.Count(whole[:n], []byte("\n"))
		if len(l.at) != want {
			t.Fatalf("cut at %d: %d records, want %d", n, len(l.at), want)
		}
		if n%50 == 0 {
			h := head{Done: strings.Repeat("ab", 32), Attempts: 1, Finish: "stop"}
			line, err := h.line([]byte(`{}`), []byte(`{"a":1}`))
			must(t, err)
			must(t, l.append(line, h))
			want++
		}
		must(t, l.close())
		if got, err := reopen(file); err != nil || got != want {
			t.Fatalf("cut at %d and written to: %d records, want %d, %v", n, got, want, err)
		}
	}
}

func TestJournalIsLocked(t *testing.T) {
	s := serve(t, nil)
	file := filepath.Join(memory(t), "calls")
	c := open(t, s.endpoint("chat"), Options{Journal: file})
	if _, err := Open(s.endpoint("chat"), Options{Journal: file}); !errors.Is(err, journal.ErrLocked) || !strings.Contains(err.Error(), file) {
		t.Error(err)
	}
	must(t, c.Close())
	must(t, open(t, s.endpoint("chat"), Options{Journal: file}).Close())
}

// A record costs at most 120 bytes of memory.
func TestIndexMemory(t *testing.T) {
	for _, n := range []int{100_000, 115_000} { // before and after a map grows
		var before, after runtime.MemStats
		l := ledger{at: map[short]place{}}
		runtime.GC()
		runtime.ReadMemStats(&before)
		for i := range n {
			var s short
			binary.LittleEndian.PutUint64(s[:], uint64(i)*0x9e3779b97f4a7c15)
			l.at[s] = place{int64(i), 1}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		per := float64(after.HeapAlloc-before.HeapAlloc) / float64(len(l.at))
		t.Logf("%d records: %.0f bytes each", n, per)
		if per > 120 {
			t.Errorf("%d records: %.0f bytes each", n, per)
		}
	}
}

// What is not JSON, and JSON that is a text, come back as they were.
func TestResponses(t *testing.T) {
	for _, raw := range []string{``, `{"a":[1,"\u00e9"]}`, `"text"`, `<html>"</html>`, `[1]`, `12`} {
		line, err := head{Done: strings.Repeat("ab", 32)}.line([]byte(`{"request":",\"request\":"}`), []byte(raw))
		must(t, err)
		body, err := journal.CheckCRC(line)
		must(t, err)
		got, err := response(body)
		if err != nil || string(got) != raw {
			t.Errorf("%q came back as %q: %v", raw, got, err)
		}
	}
}
