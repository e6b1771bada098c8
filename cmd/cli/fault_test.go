package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// cheap is a run whose cells share a pack; those that keep samples have a folder each.
const cheap = `
data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: replace}
rows: 50
generations: 30
replicates: 3
metrics: [variance]
keep: {samples: %d}
figures: [{metric: variance}]
`

// undisturbed runs cheap.yaml in a folder of its own, where the test then is.
func undisturbed(t *testing.T, samples int) (run, want string) {
	t.Helper()
	t.Chdir(write(t, map[string]string{"cheap.yaml": fmt.Sprintf(cheap, samples)}))
	here("run", "cheap.yaml").want(t, exitOK)
	run = filepath.Join("results", "cheap")
	return run, sums(t, run)
}

// A file of records that was cut or changed is found and told; its cells are made again, to the same bytes.
func TestDamagedRecords(t *testing.T) {
	for samples, pattern := range []string{"packs/main.jsonl", "cells/*/records.jsonl"} {
		run, want := undisturbed(t, samples)
		found, err := filepath.Glob(filepath.Join(run, filepath.FromSlash(pattern)))
		must(t, err)
		if len(found) != 1+2*samples {
			t.Fatalf("files %v", found)
		}
		file := found[0]
		good, err := os.ReadFile(file)
		must(t, err)
		n := len(good)
		for what, bad := range map[string][]byte{
			"cut in the middle":   good[:n/2],
			"a bit in the middle": flipped(good, n/2),
			"a bit in the seal":   flipped(good, n-20),
			"a line end":          flipped(good, n-1),
		} {
			must(t, os.WriteFile(file, bad, 0o666))
			if c := here("status", "cheap"); !strings.Contains(c.out, "damaged: ") || strings.Contains(c.out, " 3 done") {
				t.Errorf("%s, %s: status does not say so:\n%s", file, what, c.out)
			}
			c := here("run", "cheap.yaml")
			c.want(t, exitOK, "damaged and made again: ")
			if strings.Contains(c.out, "(3 reused)") {
				t.Errorf("%s, %s: no cell was made again", file, what)
			}
			same(t, what, sums(t, run), want)
			if !whole(t, run) {
				t.Errorf("%s, %s: the run cannot be opened", file, what)
			}
		}
	}
}

func flipped(b []byte, at int) []byte {
	c := append([]byte(nil), b...)
	c[at] ^= 1 << 2
	return c
}

// Everything else in a run folder is written anew when it is damaged or gone.
func TestDamagedFiles(t *testing.T) {
	run, want := undisturbed(t, 0)
	spoilt := []func(file string, good []byte) error{
		func(file string, good []byte) error { return os.WriteFile(file, flipped(good, len(good)/2), 0o666) },
		func(file string, good []byte) error { return os.WriteFile(file, good[:len(good)/2], 0o666) },
		func(file string, good []byte) error { return os.Remove(file) },
	}
	for _, spoil := range spoilt {
		for _, names := range [][]string{{"config.yaml"}, {"metrics.csv", "cells.json", "env.json", "seal.json", "timings.jsonl", "lock.json"}} {
			for _, name := range names {
				file := filepath.Join(run, name)
				good, err := os.ReadFile(file)
				must(t, err)
				must(t, spoil(file, good))
			}
			here("run", "cheap.yaml").want(t, exitOK)
			same(t, "with damage to "+strings.Join(names, ", "), sums(t, run), want)
		}
	}
}

// A folder in which nothing can be made is an error that names it and says what to do.
func TestNowhereToWrite(t *testing.T) {
	t.Chdir(write(t, map[string]string{"cheap.yaml": fmt.Sprintf(cheap, 0), "file": "not a folder"}))
	must(t, os.Mkdir("theirs", 0o777))
	must(t, os.WriteFile(filepath.Join("theirs", "thesis.tex"), []byte("years of work"), 0o666))
	for _, c := range []struct {
		out  string
		code int
		want string
	}{
		{"file", exitInternal, "file: not a directory: choose another place with --out"},
		{filepath.Join("file", "below"), exitInternal, "file: not a directory: choose another place with --out"},
		{"theirs", exitUsage, "theirs: holds files and is no run folder: choose another one with --out"},
	} {
		here("run", "cheap.yaml", "--out", c.out).want(t, c.code, c.want)
	}
	if all, err := os.ReadDir("theirs"); err != nil || len(all) != 1 {
		t.Errorf("theirs was touched: %v %v", all, err)
	}
	must(t, os.WriteFile("results", nil, 0o666))
	here("run", "cheap.yaml").want(t, exitInternal, "results: not a directory")
}

// bulky has cells of 20 KiB and more.
const bulky = `
data: {kind: gaussian}
model: {kind: gaussian}
workflow: {kind: %s}
execution: rows
rows: %d
generations: 250
replicates: 4
metrics: [variance]
checkpoint: %s
figures: [{metric: variance}]
`

// filled is a folder with bulky.yaml, and what a run of it gives on a disk with space.
func filled(t *testing.T, workflow, checkpoint string, rows int) (dir, want string) {
	t.Helper()
	dir = write(t, map[string]string{"bulky.yaml": fmt.Sprintf(bulky, workflow, rows, checkpoint)})
	finish(t, collapse(dir, "run", "bulky.yaml", "--out", "calm"))
	return dir, sums(t, filepath.Join(dir, "calm"))
}

// inNamespace runs a shell script as the root of a mount namespace of its own, with a small disk at $PWD/disk.
func inNamespace(t *testing.T, dir, size, script string) string {
	t.Helper()
	if b, err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("SKIPPED, no disk was filled: this system lets nobody mount one: unshare -rm mount: %v %s", err, b)
	}
	must(t, os.Mkdir(filepath.Join(dir, "disk"), 0o777))
	cmd := exec.Command("unshare", "-rm", "sh", "-euc", "mount -t tmpfs -o size="+size+" none disk\n"+script)
	cmd.Dir = dir
	b, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	return string(b)
}

// A full disk stops the run with an error that names a file; nothing sealed is lost, no cell counts as failed, and with
// space again the same command ends with the same bytes.
func TestFullDisk(t *testing.T) {
	testFullDisk(t, 400, []string{"replay"}, []string{"60k"})
}

func testFullDisk(t *testing.T, rows int, checkpoints, sizes []string) {
	noSignals(t)
	for _, checkpoint := range checkpoints {
		for _, size := range sizes {
			t.Run(checkpoint+"/"+size, func(t *testing.T) {
				dir, want := filled(t, "replace", checkpoint, rows)
				told := inNamespace(t, dir, size, `
for i in 1 2; do
	code=0; collapse run bulky.yaml --out disk/run --jobs 1 2>stderr >/dev/null || code=$?
	echo "code $code"; cat stderr
done
collapse status disk/run || true
mount -o remount,size=64m disk
collapse run bulky.yaml --out disk/run 2>&1
cp -r disk/run after`)
				if strings.Count(told, "code 1\n") != 2 || !strings.Contains(told, "no space left on device: free some space on that disk, then run the same command again") {
					t.Errorf("the full disk was not told twice:\n%s", told)
				}
				for _, no := range []string{"interrupted", "damaged", "goroutine", "failed: "} {
					if strings.Contains(told, no) {
						t.Errorf("%q was told:\n%s", no, told)
					}
				}
				same(t, "after a full disk", sums(t, filepath.Join(dir, "after")), want)
			})
		}
	}
}

// A folder that became read-only is an error that names it; what was sealed is still there.
func TestReadOnly(t *testing.T) {
	noSignals(t)
	dir, want := filled(t, "replace", "replay", 400)
	told := inNamespace(t, dir, "64m", `
cp -r calm disk/run
mount -o remount,ro disk
code=0; collapse run bulky.yaml --out disk/run 2>&1 || code=$?
code2=0; collapse run bulky.yaml --out disk/new 2>&1 || code2=$?
collapse show disk/run
echo "codes $code $code2"
mount -o remount,rw disk
collapse run bulky.yaml --out disk/run
cp -r disk/run after`)
	for _, text := range []string{"disk/run", "disk/new", "read-only file system", "codes 1 1", "4 of 4 cells done", "(4 reused)"} {
		if !strings.Contains(told, text) {
			t.Errorf("%q is missing in\n%s", text, told)
		}
	}
	same(t, "after read-only", sums(t, filepath.Join(dir, "after")), want)
}

// A limit on the size of a file is an error like a full disk, and no cell's failure.
func TestFileTooLarge(t *testing.T) {
	noSignals(t)
	dir, want := filled(t, "replace", "replay", 400)
	cmd := exec.Command("sh", "-c", "ulimit -f 8; exec collapse run bulky.yaml --out run")
	cmd.Dir = dir
	b, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitInternal || !strings.Contains(string(b), "file too large") || strings.Contains(string(b), "failed: ") {
		t.Errorf("%v:\n%s", cmd.ProcessState, b)
	}
	whole(t, filepath.Join(dir, "run"))
	finish(t, collapse(dir, "run", "bulky.yaml", "--out", "run"))
	same(t, "after a limit", sums(t, filepath.Join(dir, "run")), want)
}
