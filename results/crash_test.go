package results

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// childEnv names the folder in which a child of the test writes until it is killed.
const childEnv = "RESULTS_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child writes a run of cheap cells, dear cells and dear cells with checkpoints, slowly.
func child(dir string) error {
	m := small(20)
	r, err := openOn(dir, m, 2*time.Millisecond, nil)
	if err != nil {
		return err
	}
	for i, c := range m.Cells {
		if !r.Done(c.ID, twoMetrics) {
			if err := childCell(r, i, c.ID); err != nil {
				return err
			}
		}
	}
	if err := r.Close(); err != nil {
		return err
	}
	v, err := OpenRun(dir)
	if err != nil {
		return err
	}
	return v.WriteMetrics()
}

func childCell(r *Run, i int, id string) error {
	w, err := r.Cell(id, twoMetrics)
	if err != nil {
		return err
	}
	next, checkpoints := 0, i%3 == 2
	if in, err := w.Store().Open("next"); err == nil {
		b, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		next = int(b[0])
	}
	for g := next; g < generations; g++ {
		if i%3 > 0 {
			time.Sleep(time.Millisecond)
		}
		if i%4 == 3 {
			if err := w.Attach(g, 0, "points", "text/csv", []byte(id)); err != nil {
				return err
			}
		}
		if err := w.Put(record(id, g, twoMetrics)); err != nil {
			return err
		}
		if checkpoints {
			err := w.Store().Put("next", func(out io.Writer) error { _, err := out.Write([]byte{byte(g + 1)}); return err })
			if err != nil {
				return err
			}
		}
	}
	return w.Seal("finished", 0, 0)
}

// killLoop runs children in dir, kills each after a random time, and lets the last one finish; it returns how
// many were killed at work.
func killLoop(t *testing.T, dir string, kills int, longest time.Duration) (killed int) {
	chance := rand.New(rand.NewPCG(1, 2))
	for {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childEnv+"="+dir)
		var out strings.Builder
		cmd.Stderr = &out
		must(t, cmd.Start())
		if killed < kills {
			time.Sleep(time.Duration(chance.Int64N(int64(longest))))
			cmd.Process.Kill()
		}
		err := cmd.Wait()
		switch {
		case err == nil:
			return killed
		case cmd.ProcessState.ExitCode() >= 0:
			t.Fatalf("the child failed after %d kills: %v: %s", killed, err, out.String())
		}
		killed++
		if r, err := OpenRun(dir); err == nil { // a kill before cells.json leaves none
			if len(r.Damage()) > 0 {
				t.Fatalf("a kill left damage: %v", r.Damage())
			}
			must(t, r.Close())
		}
	}
}

func testKills(t *testing.T, kills int) {
	fresh := filepath.Join(memory(t), "fresh")
	must(t, runAll(fresh, small(20), cheap, twoMetrics, false, nil))
	want := table(t, fresh)
	killed, runs := 0, 0
	for ; killed < kills; runs++ {
		dir := filepath.Join(memory(t), "run")
		killed += killLoop(t, dir, min(10, kills-killed), 80*time.Millisecond)
		sameTable(t, table(t, dir), want)
		left, err := filepath.Glob(filepath.Join(dir, "*", "*", ".*.tmp"))
		if err != nil || len(left) > 0 {
			t.Errorf("left over: %v %v", left, err)
		}
	}
	t.Logf("%d kills in %d runs: every table is identical", killed, runs)
}

// SIGKILL at any moment, then the same command again: the same bytes.
func TestKill(t *testing.T) { testKills(t, 30) }
