package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modelcollapse/generate/pipeline/scripted"
)

// A data set that was killed is shown: before its first summary by the answers of its journal, and after it with a word that the
// summary is of an earlier end.
func TestShowOfKilledDatasets(t *testing.T) {
	s := &scripted.Server{Manner: scripted.Exact, Delay: 10 * time.Millisecond}
	h := httptest.NewServer(s)
	defer h.Close()
	dir := write(t, nil)
	set := filepath.Join("results", "datasets", "two")
	journal := filepath.Join(dir, set, "calls.jsonl")
	args := []string{"generate", "textbooks", "endpoint.base_url=" + h.URL + "/v1", "endpoint.model=m", "endpoint.limits.concurrency=1", "--out", set, "--progress", "none"}
	killed := collapse(dir, args...)
	must(t, killed.Start())
	reached(t, s, 6)
	must(t, killed.Process.Kill())
	killed.Wait()
	text, err := os.ReadFile(journal)
	must(t, err)
	n := strings.Count(string(text), "\n")
	if n < 2 {
		t.Fatalf("%d answers in the journal", n)
	}
	show := func(name string) string {
		t.Helper()
		out, err := collapse(dir, "show", name).CombinedOutput()
		if err != nil {
			t.Fatalf("show %s: %v: %s", name, err, out)
		}
		return string(out)
	}
	for _, name := range []string{set, "two"} {
		same(t, name, show(name), fmt.Sprintf("%s: no summary yet: %d answers in the journal; the same command goes on: collapse generate …\n", set, n))
	}
	finish(t, collapse(dir, args...))
	if out := show("two"); !strings.Contains(out, "two: complete\n") || strings.Contains(out, "earlier end") {
		t.Error(out)
	}
	later := time.Now().Add(time.Minute)
	must(t, os.Chtimes(journal, later, later))
	if out := show("two"); !strings.Contains(out, "\nthis summary is of an earlier end: the journal is newer, with ") {
		t.Error(out)
	}
}

// A folder that a refused preview left holds no answers, which show says.
func TestShowOfARefusedPreview(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":{"message":"no"}}`, http.StatusBadRequest)
	}))
	defer h.Close()
	dir := write(t, nil)
	out, err := collapse(dir, "generate", "textbooks", "endpoint.base_url="+h.URL+"/v1", "endpoint.model=m", "--preview", "1", "--out", "set").CombinedOutput()
	if err == nil {
		t.Fatalf("a server that is not there answers: %s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "set")); err != nil {
		t.Fatalf("no folder: %s", out)
	}
	out, err = collapse(dir, "show", "set").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "set: no summary yet: 0 answers in the journal") {
		t.Errorf("%v: %s", err, out)
	}
}
