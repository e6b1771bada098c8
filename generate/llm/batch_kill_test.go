package llm

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// SIGKILL while a request of a batch is on its way, before or after the server acts on it, then the same program again: one batch, every
// answer billed once, and the replies of a run that nobody killed.
func TestBatchKill(t *testing.T) {
	want := ""
	for _, at := range []string{"", "POST /files", "POST /batches", "GET /batches", "GET /batches/batch_0", "GET /files/"} {
		for _, acted := range []bool{false, true} {
			s := serveBatches(t)
			s.looks = 2
			dir := memory(t)
			must(t, os.WriteFile(filepath.Join(dir, "url"), []byte(s.URL+"/v1"), 0o600))
			must(t, os.WriteFile(filepath.Join(dir, "batch"), nil, 0o600))
			if at != "" {
				killAt(t, s, dir, at, acted)
			}
			s.refusal(nil)
			if runChild(t, dir, time.Minute) {
				t.Fatal("the second run did not end")
			}
			digest, err := os.ReadFile(filepath.Join(dir, "digest"))
			must(t, err)
			if want == "" {
				want = string(digest)
			}
			if once, twice := s.billed(); string(digest) != want || once != childCalls || twice != 0 || len(s.made) != 1 {
				t.Errorf("killed at %q (acted: %v): %d answers billed, %d twice, %d batches", at, acted, once, twice, len(s.made))
			}
		}
	}
}

// killAt runs the child until it makes a request, and kills it there.
func killAt(t *testing.T, s *batchServer, dir, at string, acted bool) {
	var process atomic.Pointer[os.Process]
	s.refusal(func(n int, w http.ResponseWriter, r *http.Request, what string) bool {
		if !strings.HasPrefix(what, at) {
			return false
		}
		s.refusal(nil)
		if acted {
			s.route(n, httptest.NewRecorder(), r, s.bodies[len(s.bodies)-1])
		}
		for process.Load() == nil {
			time.Sleep(time.Millisecond)
		}
		process.Load().Kill()
		<-r.Context().Done()
		return true
	})
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	process.Store(cmd.Process)
	if cmd.Wait() == nil {
		t.Errorf("the child was not killed at %s", at)
	}
}

// SIGKILL while the answers of a batch go into the journal: those that are there stay, the rest is taken from the same batch.
func TestBatchKillInHarvest(t *testing.T) {
	s := serveBatches(t)
	dir := memory(t)
	must(t, os.WriteFile(filepath.Join(dir, "url"), []byte(s.URL+"/v1"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "batch"), nil, 0o600))
	if runChild(t, dir, time.Minute) {
		t.Fatal("the first run did not end")
	}
	file := filepath.Join(dir, "calls.jsonl")
	whole, err := os.ReadFile(file)
	must(t, err)
	lines := strings.SplitAfter(string(whole), "\n")
	want, err := os.ReadFile(filepath.Join(dir, "digest"))
	must(t, err)
	for _, kept := range []int{1, 2, 100, childCalls, childCalls + 1} { // the first line is the batch's
		torn := lines[kept][:len(lines[kept])/2]
		must(t, os.WriteFile(file, []byte(strings.Join(lines[:kept], "")+torn), 0o600))
		if runChild(t, dir, time.Minute) {
			t.Fatal("the run did not end")
		}
		got, err := os.ReadFile(filepath.Join(dir, "digest"))
		must(t, err)
		if once, twice := s.billed(); string(got) != string(want) || once != childCalls || twice != 0 || len(s.made) != 1 {
			t.Errorf("%d lines kept: %d answers billed, %d twice, %d batches", kept, once, twice, len(s.made))
		}
	}
}
