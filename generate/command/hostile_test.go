package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// script is a program of sh that does something for each verb.
func script(t *testing.T, fit, sample, score string) Program {
	t.Helper()
	name := filepath.Join(t.TempDir(), "model.sh")
	text := fmt.Sprintf("case $1 in\ndescribe) echo '{\"protocol\": 1, \"score\": %v}' ;;\nfit) %s ;;\nsample) %s ;;\nscore) %s ;;\nesac\n", score != "", or(fit), or(sample), or(score))
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return Program{Run: []string{"sh", name}, Timeout: 5 * time.Second}
}

func or(command string) string {
	if command == "" {
		return "true"
	}
	return command
}

// task is a fit of some rows, in a folder of its own.
func task(t *testing.T, rows ...float64) generate.Task[float64] {
	dir := t.TempDir()
	return generate.Task[float64]{Train: generate.Sample[float64]{{Rows: rows, Weight: 1}}, Rand: rng.Root(1).Stream(),
		Progress: func(float64, string) {}, Folder: func() (string, error) { return dir, nil }}
}

// used fits, samples three rows, and scores them where the program can.
func used(ctx context.Context, t *testing.T, p Program) error {
	m, err := Model[float64]{Program: p}.Bind(generate.Normal{Variance: 1})
	if err != nil {
		return err
	}
	f, err := m.Fit(ctx, task(t, 1, 2))
	if err != nil {
		return err
	}
	defer f.(interface{ Close() error }).Close()
	rows, err := f.Draw(ctx, nil, 3, rng.Root(2).Stream())
	if s, ok := f.(generate.Scorer[float64]); ok && err == nil {
		err = s.Score(ctx, rows, make([]float64, 3))
	}
	return err
}

// Whatever a program does wrong is an error that says which call, and what.
func TestHostilePrograms(t *testing.T) {
	three := "printf '1\\n2\\n3\\n' > $COLLAPSE_OUT"
	for name, c := range map[string]struct {
		program Program
		why     string
	}{
		"works":                   {script(t, "", three, three), ""},
		"score of minus infinity": {script(t, "", three, "printf -- '-1\\n-Infinity\\n-2\\n' > $COLLAPSE_OUT"), ""},
		"absent":                  {Program{Run: []string{"./no-such-program"}}, `no such program: run names "./no-such-program"`},
		"absent from PATH":        {Program{Run: []string{"no-such-program-at-all"}}, "no such program"},
		"describes garbage":       {Program{Run: []string{"echo", "hello"}}, "it must print one JSON object"},
		"describes nothing":       {Program{Run: []string{"true"}}, "it must print one JSON object"},
		"another protocol":        {Program{Run: []string{"sh", "-c", `echo '{"protocol": 7}'`}}, "it speaks protocol 7, and this program 1"},
		"fails":                   {script(t, "echo out of memory >&2; exit 3", "", ""), "fit: exit status 3: out of memory (all that it said: "},
		"fails to sample":         {script(t, "", "exit 1", ""), "sample: exit status 1"},
		"hangs":                   {Program{Run: script(t, "sleep 100", "", "").Run, Timeout: 200 * time.Millisecond}, "not done after 200ms: raise timeout"},
		"writes nothing":          {script(t, "", "", ""), "sample: it ended well and wrote no COLLAPSE_OUT"},
		"too few rows":            {script(t, "", "echo 1 > $COLLAPSE_OUT", ""), "sample: COLLAPSE_OUT: 1 rows of the 3 that were asked for"},
		"too many rows":           {script(t, "", "printf '1\\n2\\n3\\n4\\n' > $COLLAPSE_OUT", ""), "line 4: more than the 3 rows"},
		"no number":               {script(t, "", "printf '1\\nx\\n3\\n' > $COLLAPSE_OUT", ""), `line 2: want a number, got "x"`},
		"NaN":                     {script(t, "", "printf '1\\nNaN\\n3\\n' > $COLLAPSE_OUT", ""), "line 2: want a number"},
		"of another shape":        {script(t, "", "printf '[1, 2]\\n' > $COLLAPSE_OUT", ""), "line 1: want a number"},
		"bytes":                   {script(t, "", "head -c 300 /dev/zero > $COLLAPSE_OUT", ""), "line 1: want a number"},
		"too few scores":          {script(t, "", three, "echo 1 > $COLLAPSE_OUT"), "score: COLLAPSE_OUT: 1 rows of the 3"},
		"garbage on stdout":       {script(t, "head -c 3000000 /dev/zero", three, ""), ""},
		"nothing to run":          {Program{}, "run: name a program"},
	} {
		t.Run(name, func(t *testing.T) {
			err := used(t.Context(), t, c.program)
			switch {
			case c.why == "" && err != nil:
				t.Error(err)
			case c.why != "" && (err == nil || !strings.Contains(err.Error(), c.why)):
				t.Errorf("%v, want: %s", err, c.why)
			}
		})
	}
}

// A program that leaves children behind does not leave them for long, and nobody waits for them.
func TestChildrenAreEnded(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	begin := time.Now()
	p := script(t, "sleep 300 & echo $! > "+pid, "printf '1\\n2\\n3\\n' > $COLLAPSE_OUT", "")
	if err := used(t.Context(), t, p); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("waited %v for a child", took)
	}
	b, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if state, err := os.ReadFile(filepath.Join("/proc", strings.TrimSpace(string(b)), "stat")); err != nil || strings.Contains(string(state), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("the child lives on")
}

// Ctrl-C ends a running program.
func TestStopped(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if err := used(ctx, t, script(t, "sleep 100", "", "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

// So many GPUs, so many calls at once, each on one of them.
func TestSlots(t *testing.T) {
	s := Slots{GPU: 2}
	a, giveA, _ := s.take(t.Context())
	b, giveB, _ := s.take(t.Context())
	if a == b || a < 0 || b < 0 || a > 1 || b > 1 {
		t.Errorf("devices %d and %d", a, b)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := s.take(ctx); err == nil {
		t.Error("a third of two")
	}
	giveB()
	c, giveC, err := s.take(t.Context())
	if err != nil || c != b {
		t.Errorf("device %d, %v: want %d", c, err, b)
	}
	giveA()
	giveC()
}

// What is stored comes back, in another folder too; a program that gives other rows for the same seed is found.
func TestSavedAndNotReproducible(t *testing.T) {
	p := script(t, "cp $COLLAPSE_TRAIN $COLLAPSE_MODEL/rows; mkdir $COLLAPSE_MODEL/deep; echo x > $COLLAPSE_MODEL/deep/y", "head -3 $COLLAPSE_MODEL/rows > $COLLAPSE_OUT", "")
	bound, err := Model[float64]{Program: p}.Bind(generate.Normal{Variance: 1})
	if err != nil {
		t.Fatal(err)
	}
	m, work := bound.(Model[float64]), task(t, 5, 6, 7, 8)
	f, err := m.Fit(t.Context(), work)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := f.(generate.Saver).Save(&b); err != nil {
		t.Fatal(err)
	}
	if err := f.(interface{ Close() error }).Close(); err != nil {
		t.Fatal(err)
	}
	g, err := m.Restore(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := g.Draw(t.Context(), nil, 3, rng.Root(3).Stream())
	if err != nil || len(rows) != 3 || rows[0] != 5 || rows[2] != 7 {
		t.Errorf("%v, %v", rows, err)
	}
	again := func(program Program) string {
		m.Program = program
		work.Rand = rng.Root(1).Stream()
		f, err := m.Fit(t.Context(), work)
		if err != nil {
			t.Fatal(err)
		}
		return f.(generate.Degenerate).Degenerate()
	}
	if why := again(p); why != "" {
		t.Error(why)
	}
	if why := again(script(t, "echo other > $COLLAPSE_MODEL/rows", "", "")); !strings.Contains(why, "not reproducible: fit was given the same") {
		t.Errorf("%q", why)
	}
}
