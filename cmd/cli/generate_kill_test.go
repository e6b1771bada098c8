package cli

import (
	"bytes"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"modelcollapse/generate/pipeline/scripted"
)

// reached waits until a server was called so often.
func reached(t *testing.T, s *scripted.Server, calls int64) {
	t.Helper()
	for begin := time.Now(); s.Calls.Load() < calls; time.Sleep(time.Millisecond) {
		if time.Since(begin) > time.Minute {
			t.Fatalf("%d calls after a minute, want %d", s.Calls.Load(), calls)
		}
	}
}

// A data set that was killed three times and interrupted once is that of a calm run to the byte, and of the calls only those
// that were under way were made again.
func TestGenerateSurvivesKills(t *testing.T) {
	s := &scripted.Server{Manner: scripted.Fuzzy, Delay: 4 * time.Millisecond}
	h := httptest.NewServer(s)
	defer h.Close()
	dir := write(t, nil)
	const atOnce = 4
	args := func(out string) []string {
		return []string{"generate", "self-instruct", "endpoint.base_url=" + h.URL + "/v1", "endpoint.model=m", "records=40", "window=16", "endpoint.limits.concurrency=4", "--out", out, "--progress", "none"}
	}
	finish(t, collapse(dir, args("calm")...))
	needed := s.Calls.Load()
	for _, at := range []int64{needed / 5, needed / 2, needed * 4 / 5} {
		cmd := collapse(dir, args("killed")...)
		must(t, cmd.Start())
		reached(t, s, needed+at)
		must(t, cmd.Process.Kill())
		cmd.Wait()
	}
	cmd := collapse(dir, args("killed")...)
	var told bytes.Buffer
	cmd.Stderr = &told
	must(t, cmd.Start())
	reached(t, s, needed+needed*9/10)
	must(t, cmd.Process.Signal(syscall.SIGTERM))
	if err, ok := cmd.Wait().(*exec.ExitError); !ok || err.ExitCode() != exitInterrupted {
		t.Errorf("interrupted: %v", err)
	}
	if !strings.Contains(told.String(), "finishing the running calls, then saving") {
		t.Errorf("an interrupt says %q", told.String())
	}
	finish(t, collapse(dir, args("killed")...))
	if made := s.Calls.Load() - needed; made > needed+3*atOnce {
		t.Errorf("%d calls with kills, %d without", made, needed)
	}
	for _, name := range []string{"data/train-00000.jsonl", "data/train-00000.parquet", "records.jsonl", "ledger.json"} {
		got, err := os.ReadFile(filepath.Join(dir, "killed", name))
		must(t, err)
		want, err := os.ReadFile(filepath.Join(dir, "calm", name))
		must(t, err)
		same(t, name, string(got), string(want))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "killed", ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
