package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modelcollapse/experiments"
	"modelcollapse/results"
)

// A call is what one call of the program left.
type call struct {
	code     int
	out, err string
}

// here runs the program in this process and its working directory.
func here(args ...string) call {
	var out, err bytes.Buffer
	code := Run(context.Background(), experiments.Names(), args, strings.NewReader(""), &out, &err)
	return call{code, out.String(), err.String()}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// want stops the test unless the call ended with the code and wrote every text to stderr.
func (c call) want(t testing.TB, code int, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(c.err, text) {
			t.Fatalf("stderr lacks %q (exit code %d):\n%s", text, c.code, c.err)
		}
	}
	if c.code != code {
		t.Fatalf("exit code %d, want %d; stderr:\n%s", c.code, code, c.err)
	}
}

// A child is a process of the program in a folder of its own, which tells its progress as JSON.
type child struct {
	*exec.Cmd
	stderr bytes.Buffer // what was read by line so far, then the rest
	lines  *bufio.Scanner
}

// collapse is a command of the program that starts in dir. TestMain puts the program on the PATH.
func collapse(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("collapse", args...)
	cmd.Dir = dir
	return cmd
}

func start(t *testing.T, dir, program string, args ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(program, append(args, "--progress", "json")...)}
	c.Dir = dir
	pipe, err := c.StderrPipe()
	must(t, err)
	c.lines = bufio.NewScanner(pipe)
	must(t, c.Start())
	t.Cleanup(func() { c.Process.Kill() })
	return c
}

// A told line is one of --progress json.
type told struct {
	What             string
	Cell             string
	Generation, Last int
}

// next reads one line; false: there is none, or it is a message.
func (c *child) next() (l told, ok bool) {
	if !c.lines.Scan() {
		return l, false
	}
	c.stderr.WriteString(c.lines.Text() + "\n")
	return l, json.Unmarshal(c.lines.Bytes(), &l) == nil
}

// until reads lines up to the one that is asked for.
func (c *child) until(t *testing.T, found func(told) bool) told {
	t.Helper()
	for {
		l, ok := c.next()
		if !ok {
			t.Fatalf("the process ended before it was there; stderr:\n%s", c.stderr.String())
		}
		if found(l) {
			return l
		}
	}
}

// hear reads lines up to a message.
func (c *child) hear(t *testing.T, message string) {
	t.Helper()
	for c.lines.Scan() {
		c.stderr.WriteString(c.lines.Text() + "\n")
		if strings.Contains(c.lines.Text(), message) {
			return
		}
	}
	t.Fatalf("the process ended without %q; stderr:\n%s", message, c.stderr.String())
}

// done says whether the process told that many cells as done.
func (c *child) done(n int) bool { return strings.Count(c.stderr.String(), `"what":"done"`) >= n }

// end reads the rest of the lines and returns how the process ended.
func (c *child) end(t *testing.T) call {
	t.Helper()
	for c.lines.Scan() {
		c.stderr.WriteString(c.lines.Text() + "\n")
	}
	err := c.Wait()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return call{code: c.ProcessState.ExitCode(), err: c.stderr.String()}
}

// finish runs a command to its end, which must be a good one.
func finish(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, b)
	}
}

// write puts files into a new folder in memory, where that can be.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	if shm, err := os.MkdirTemp("/dev/shm", "collapse-test-"); err == nil {
		t.Cleanup(func() { os.RemoveAll(shm) })
		dir = shm
	}
	for name, content := range files {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666))
	}
	return dir
}

// sums are the hashes of everything in a run that must not depend on how the run went.
func sums(t testing.TB, run string) string {
	t.Helper()
	all := ""
	for _, pattern := range []string{"metrics.csv", "predictions.jsonl", "cells.json", "config.yaml", "figures/*.svg", "figures/*.csv"} {
		files, err := filepath.Glob(filepath.Join(run, pattern))
		must(t, err)
		for _, f := range files {
			b, err := os.ReadFile(f)
			must(t, err)
			sum := sha256.Sum256(b)
			name, _ := filepath.Rel(run, f)
			all += fmt.Sprintf("%s %s\n", name, hex.EncodeToString(sum[:8]))
		}
	}
	if !strings.Contains(all, "metrics.csv") {
		t.Fatalf("%s has no metrics.csv", run)
	}
	return all
}

func same(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got\n%swant\n%s", what, got, want)
	}
}

// whole fails the test when a run holds damage; false: there is no run yet.
func whole(t testing.TB, run string) bool {
	t.Helper()
	r, err := results.OpenRun(run)
	if err != nil {
		return false // killed before cells.json was there
	}
	defer r.Close()
	if len(r.Damage()) > 0 {
		t.Fatalf("damage: %v", r.Damage())
	}
	return true
}

// sealed counts the cells that a run holds.
func sealed(t testing.TB, run string) int {
	t.Helper()
	r, err := results.OpenRun(run)
	must(t, err)
	defer r.Close()
	s, err := r.Status()
	must(t, err)
	return s.Done
}

// verses is a small text: lines of words whose frequencies fall like those of a language.
func verses(lines int) string {
	r := rand.New(rand.NewPCG(3, 5))
	var b strings.Builder
	for range lines {
		for range 4 + r.IntN(12) {
			fmt.Fprintf(&b, "w%d ", int(400*r.Float64()*r.Float64()*r.Float64()))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// soon is how long a test waits for what must happen at once, on a busy machine.
const soon = 5 * time.Second
