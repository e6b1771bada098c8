package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A package of another module adds a family and builds its own program, in under 30 lines: the one that is built here.
func TestOutsideModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	must(t, err)
	program, err := os.ReadFile("testdata/outside/main.go.txt")
	must(t, err)
	if n := strings.Count(string(program), "\n"); n >= 30 {
		t.Errorf("%d lines", n)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	must(t, err)
	own, err := os.ReadFile(filepath.Join(root, "go.mod"))
	must(t, err)
	mod := strings.Replace(string(own), "module modelcollapse", "module outside", 1) + "\nrequire modelcollapse v0.0.0\n\nreplace modelcollapse => " + root + "\n"
	dir := write(t, map[string]string{"main.go": string(program), "go.mod": mod, "go.sum": string(sums), "my.yaml": `
title: Somebody's own family
data: gaussian
model: {kind: midrange, variance: 1}
workflow: accumulate
rows: 20
generations: 5
replicates: 3
metrics: [mean_drift, tail_loss]
`})
	build := exec.Command("go", "build", "-o", "mine", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command("./mine", "run", "my.yaml", "--progress", "none")
	run.Dir = dir
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "accumulate") || !strings.Contains(string(out), "mean_drift") {
		t.Fatalf("%v\n%s", err, out)
	}
}
