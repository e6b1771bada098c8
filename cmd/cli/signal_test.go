package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// dear has cells that take 0.3 s, asleep, unless the file well exists: long enough to be met at work.
const dear = `
data: {kind: gaussian}
model: {kind: odd, how: slow, from: 0}
workflow: {kind: replace}
rows: 50
generations: 60
replicates: 4
metrics: [variance]
checkpoint: %s
figures: [{metric: variance}]
`

func noSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows has no signals to send to a process")
	}
}

// calm is a folder with dear.yaml, and what a run of it gives that nobody disturbs.
func calm(t *testing.T, checkpoint string) (dir, want string) {
	t.Helper()
	dir = write(t, map[string]string{"dear.yaml": fmt.Sprintf(dear, checkpoint), "well": ""})
	start(t, dir, "collapse-odd", "run", "dear.yaml", "--out", "calm").end(t).want(t, exitOK)
	must(t, os.Remove(filepath.Join(dir, "well")))
	return dir, sums(t, filepath.Join(dir, "calm"))
}

// well lets the rest go fast.
func well(t *testing.T, dir string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(dir, "well"), nil, 0o666))
}

// The first Ctrl-C finishes the running generations and saves; the message's command goes on to the same bytes.
func TestInterrupt(t *testing.T) {
	noSignals(t)
	for _, checkpoint := range []string{"replay", "blocks"} {
		t.Run(checkpoint, func(t *testing.T) {
			dir, want := calm(t, checkpoint)
			c := start(t, dir, "collapse-odd", "run", "dear.yaml", "--jobs", "1", "--out", "it is here")
			half := c.until(t, func(l told) bool { return l.What == "generation" && l.Generation == 25 && c.done(1) })
			must(t, c.Process.Signal(os.Interrupt))
			end := c.end(t)
			end.want(t, exitInterrupted, "finishing the running generations, then saving; Ctrl-C again stops now",
				"of 4 cells are done and saved; the same command goes on: collapse run dear.yaml --jobs 1 --out 'it is here' --progress json")
			run := filepath.Join(dir, "it is here")
			whole(t, run)
			done := sealed(t, run)
			if done < 1 || done > 3 {
				t.Fatalf("%d cells are sealed, want some", done)
			}
			well(t, dir)
			c = start(t, dir, "collapse-odd", "run", "dear.yaml", "--jobs", "1", "--out", "it is here")
			first := c.until(t, func(l told) bool { return l.What == "generation" })
			if goesOn := first.Cell == half.Cell && first.Generation >= 25; goesOn != (checkpoint == "blocks") {
				t.Errorf("stopped after %v, went on with %v", half, first)
			}
			c.end(t).want(t, exitOK)
			same(t, "interrupted once", sums(t, run), want)
		})
	}
}

// The second Ctrl-C stops at once, also inside a fit that does not look whether it should end.
func TestInterruptTwice(t *testing.T) {
	noSignals(t)
	dir, want := calm(t, "replay")
	c := start(t, dir, "collapse-odd", "run", "dear.yaml", "--jobs", "2", "--out", "run")
	c.until(t, func(l told) bool { return l.What == "generation" && c.done(2) })
	twice(t, c)
	c.end(t).want(t, exitInterrupted, "the same command goes on: collapse run dear.yaml --jobs 2 --out run")
	whole(t, filepath.Join(dir, "run"))
	if n := sealed(t, filepath.Join(dir, "run")); n < 2 {
		t.Fatalf("%d cells are sealed, at least 2 were told as done", n)
	}
	well(t, dir)
	start(t, dir, "collapse-odd", "run", "dear.yaml", "--out", "run").end(t).want(t, exitOK)
	same(t, "interrupted twice", sums(t, filepath.Join(dir, "run")), want)
}

// twice interrupts, and once more when the first was heard.
func twice(t *testing.T, c *child) {
	t.Helper()
	must(t, c.Process.Signal(os.Interrupt))
	c.hear(t, "finishing the running generations")
	must(t, c.Process.Signal(os.Interrupt))
}

func TestInterruptStuck(t *testing.T) {
	noSignals(t)
	dir := write(t, map[string]string{"stuck.yaml": strings.NewReplacer("%s", "auto", "how: slow, from: 0", "how: stuck, from: 20").Replace(dear)})
	c := start(t, dir, "collapse-odd", "run", "stuck.yaml")
	c.until(t, func(l told) bool { return l.What == "generation" && l.Generation == 19 })
	begin := time.Now()
	twice(t, c)
	c.end(t).want(t, exitInterrupted, "finished cells are saved; the same command goes on: collapse run stuck.yaml")
	if took := time.Since(begin); took > soon {
		t.Errorf("it took %v to stop", took)
	}
	well(t, dir)
	start(t, dir, "collapse-odd", "run", "stuck.yaml").end(t).want(t, exitOK)
}

// A second process on the same run is refused with the number of the first, which goes on undisturbed.
func TestSecondProcess(t *testing.T) {
	noSignals(t)
	dir, want := calm(t, "replay")
	c := start(t, dir, "collapse-odd", "run", "dear.yaml", "--out", "run")
	c.until(t, func(l told) bool { return l.What == "generation" })
	must(t, c.Process.Signal(syscall.SIGSTOP))
	pid := fmt.Sprint(c.Process.Pid)
	second := start(t, dir, "collapse-odd", "run", "dear.yaml", "--out", "run").end(t)
	second.want(t, exitInternal, "run: is being written by process "+pid+" on ", "wait until it is done, or stop it (kill "+pid+")")
	status, err := collapse(dir, "status", "run").CombinedOutput()
	if must(t, err); !strings.Contains(string(status), "being written by process "+pid) {
		t.Errorf("status does not say who writes:\n%s", status)
	}
	well(t, dir)
	must(t, c.Process.Signal(syscall.SIGCONT))
	c.end(t).want(t, exitOK)
	same(t, "with a second process", sums(t, filepath.Join(dir, "run")), want)
}
