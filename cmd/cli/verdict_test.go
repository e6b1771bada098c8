package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// The exit code is that of the verdict, for scripts and build servers.
func TestVerdictIsTheExitCode(t *testing.T) {
	t.Chdir(t.TempDir())
	const config = `{data: {kind: gaussian}, model: {kind: gaussian}, workflow: {kind: replace}, rows: 20, generations: 5, replicates: 40,
  metrics: [variance, one_step], verdict: {tests: [%s]}}`
	for test, want := range map[string]int{
		"{test: line, metric: variance}":            exitOK,
		"one_step":                                  exitOK,
		"{test: value, metric: variance, value: 3}": exitRejected,
		"{test: line, metric: tail_loss}":           exitUsage,
	} {
		if err := os.WriteFile("c.yaml", []byte(fmt.Sprintf(config, test)), 0o666); err != nil {
			t.Fatal(err)
		}
		here("run", "c.yaml", "--out", filepath.Join("out", filepath.Base(t.TempDir())), "--progress", "none").want(t, want)
	}
}
