package cli

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A shape is a config of one kind of row and execution; %s is how a cell survives a kill.
type shape struct{ name, config string }

var shapes = []shape{
	{"statistics", `
data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: replace}
rows: 100
generations: 1000
replicates: 12
metrics: [variance]
checkpoint: %s
figures: [{metric: variance, theory: true}]
`}, {"rows", `
data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: accumulate}
execution: rows
rows: 2000
generations: 60
replicates: 4
metrics: [variance, tail_loss]
checkpoint: %s
figures: [{metric: variance}]
`}, {"histogram", `
data: {kind: zipf, categories: 2000}
model: {kind: categorical}
workflow: {kind: replace}
rows: 20000
generations: 60
replicates: 4
metrics: [support, tail_loss]
checkpoint: %s
figures: [{metric: support}]
`}, {"text", `
data: {kind: text, path: verses.txt, heldout: 0.1}
model: {kind: ngram, order: 3}
workflow: {kind: mix, real: {share: 0.2, rows: resampled}}
generations: 8
replicates: 3
metrics: [tail_loss, data_perplexity, rare_survival]
checkpoint: %s
figures: [{metric: tail_loss}]
`}, {"program", `
data: {kind: gaussian}
model: {kind: command, run: [sh, model.sh]}
workflow: {kind: accumulate}
rows: 50
generations: 5
replicates: 3
metrics: [{kind: tail_loss, by: bins}]
checkpoint: %s
figures: [{metric: tail_loss}]
`}, {"answers", `
data: {kind: text, path: verses.txt, heldout: 0.1}
model: {kind: finetune, api: completions, hyperparameters: {order: 2, smoothing: none}, poll: 1ms, sampling: {max_tokens: 30}}
workflow: {kind: accumulate}
interventions: [finished]
rows: 60
probe: 500
generations: 4
replicates: 3
metrics: [tail_loss]
checkpoint: %s
figures: [{metric: tail_loss}]
`},
}

// testKills asks of every shape and kind of checkpoint: 1, 2 and 8 jobs give the same bytes, and so does a run that was
// killed at random moments, ten times each, until so many kills were made.
func testKills(t *testing.T, checkpoints func(shape int) []string, jobs []string, kills int) {
	for i, s := range shapes {
		for _, checkpoint := range checkpoints(i) {
			t.Run(s.name+"/"+checkpoint, func(t *testing.T) {
				dir := write(t, map[string]string{"c.yaml": fmt.Sprintf(s.config, checkpoint), "verses.txt": verses(1000), "model.sh": shellDriver})
				begin := time.Now()
				finish(t, collapse(dir, "run", "c.yaml", "--out", "calm", "--jobs", "1"))
				took := time.Since(begin)
				want := sums(t, filepath.Join(dir, "calm"))
				for _, n := range jobs {
					out := "jobs" + n
					finish(t, collapse(dir, "run", "c.yaml", "--out", out, "--jobs", n))
					same(t, "--jobs "+n, sums(t, filepath.Join(dir, out)), want)
				}
				runs, made := 0, 0
				for ; made < kills; runs++ {
					out := fmt.Sprintf("killed%d", runs)
					made += killed(t, dir, out, min(10, kills-made), took)
					same(t, "killed", sums(t, filepath.Join(dir, out)), want)
				}
				t.Logf("a run takes %v; %d kills in %d runs", took.Round(time.Millisecond), made, runs)
			})
		}
	}
}

// killed kills a run at random moments until it is done or was killed so often; it returns how many kills there were.
func killed(t *testing.T, dir, out string, kills int, took time.Duration) (made int) {
	t.Helper()
	chance := rand.New(rand.NewPCG(7, uint64(took)))
	for code := -1; made < kills && code != exitOK; {
		cmd := collapse(dir, "run", "c.yaml", "--out", out, "--jobs", fmt.Sprint(1+made%3))
		must(t, cmd.Start())
		killer := time.AfterFunc(time.Duration(chance.Int64N(int64(took/2))), func() { cmd.Process.Kill() })
		cmd.Wait()
		killer.Stop()
		switch code = cmd.ProcessState.ExitCode(); code {
		case -1:
			made++
		case exitOK:
		default:
			t.Fatalf("after %d kills the program failed: %v", made, cmd.ProcessState)
		}
		whole(t, filepath.Join(dir, out))
	}
	finish(t, collapse(dir, "run", "c.yaml", "--out", out, "--jobs", "2"))
	left, err := filepath.Glob(filepath.Join(dir, out, "*", "*", ".*.tmp"))
	if must(t, err); len(left) > 0 {
		t.Fatalf("left over: %v", left)
	}
	paidOnce(t, filepath.Join(dir, out))
	return made
}

// paidOnce asks that no journal of calls holds an answer twice. The jobs of the server in this program, whose models end with the
// process, are done again, for nothing.
func paidOnce(t *testing.T, dir string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "work", "shared", "*.calls.jsonl"))
	must(t, err)
	for _, name := range names {
		text, err := os.ReadFile(name)
		must(t, err)
		seen := map[string]bool{}
		for line := range strings.Lines(string(text)) {
			var call struct {
				Done    string
				Trained int
			}
			must(t, json.Unmarshal([]byte(line), &call))
			if call.Done != "" && call.Trained == 0 && seen[call.Done] {
				t.Errorf("%s: call %s was paid for twice", name, call.Done)
			}
			seen[call.Done] = true
		}
		if len(seen) < 100 {
			t.Errorf("%s holds %d calls", name, len(seen))
		}
	}
}

// SIGKILL at any moment, then the same command again: the same bytes, whatever the jobs.
func TestKill(t *testing.T) {
	testKills(t, func(i int) []string { return []string{"replay", "blocks"}[i%2 : i%2+1] }, []string{"8"}, 3)
}
