package command_test

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/command"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// drivers are the programs that collapse new model prints.
const drivers = "../../cmd/cli/drivers/"

// goDriver builds the driver in Go.
func goDriver(t testing.TB) []string {
	t.Helper()
	dir := t.TempDir()
	text, err := os.ReadFile(drivers + "model.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "model.go"), text, 0o666); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", "model", "model.go")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return []string{filepath.Join(dir, "model")}
}

// pythonDriver is the driver in Python, by an interpreter that starts at once.
func pythonDriver(t testing.TB) []string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if path, err := exec.LookPath(python); err == nil {
			return []string{path, drivers + "model.py"}
		}
	}
	t.Skip("python3 is not in PATH: the driver in Python is not run")
	return nil
}

// numpyDriver is a driver of our own in numpy.
func numpyDriver(t testing.TB) []string {
	t.Helper()
	if chains < 10 {
		t.Skip("numpy takes a quarter of a second to load: it is run with -tags long")
	}
	python := pythonDriver(t)[0]
	if err := exec.Command(python, "-c", "import numpy").Run(); err != nil {
		t.Skip("python3 has no numpy: the driver in numpy is not run")
	}
	return []string{python, "testdata/numpy_model.py"}
}

// A program's normal obeys the law of the built-in one: given a fit, √n (mean′ − mean)/sd is N(0, 1) and n var′/var χ²(n − 1).
// Chains of eight fits; the estimates are read from the folder that the program filled.
func TestDriversObeyTheLaw(t *testing.T) {
	for name, driver := range map[string]func(testing.TB) []string{"go": goDriver, "python": pythonDriver, "numpy": numpyDriver} {
		t.Run(name, func(t *testing.T) {
			run := driver(t)
			bound, err := command.Model[float64]{Program: command.Program{Run: run, Timeout: time.Minute}}.Bind(generate.Normal{Variance: 1})
			if err != nil {
				t.Fatal(err)
			}
			var means, variances []float64
			for chain := range chains {
				key := rng.Root(5).Child("chain", chain)
				mean, variance := 0.0, 1.0
				rows, err := generate.Normal{Variance: 1}.Draw(t.Context(), nil, 10, key.Stream())
				if err != nil {
					t.Fatal(err)
				}
				for g := range 8 {
					next := fitted(t, bound, rows, key.Child("generation", g))
					z, q := math.Sqrt(10)*(next.Mean-mean)/math.Sqrt(variance), 10*next.SD*next.SD/variance
					means, variances = append(means, num.NormalCDF(z)), append(variances, num.GammaCDF(q/2, 4.5))
					mean, variance, rows = next.Mean, next.SD*next.SD, next.rows
				}
			}
			for what, u := range map[string][]float64{"means": means, "variances": variances} {
				if k := evaluate.KolmogorovSmirnov(u, func(x float64) float64 { return x }); k.P < 0.001 {
					t.Errorf("%s: %d transforms are not uniform: p = %.2g", what, len(u), k.P)
				}
			}
		})
	}
}

// A step is what a program learned, and ten rows that it drew from that.
type step struct {
	Mean, SD float64
	rows     []float64
}

func fitted(t *testing.T, m generate.Model[float64], rows []float64, key rng.Key) (s step) {
	t.Helper()
	dir := t.TempDir()
	f, err := m.Fit(t.Context(), generate.Task[float64]{Train: generate.Sample[float64]{{Rows: rows, Weight: 1}}, Rand: key.Child("fit", 0).Stream(),
		Progress: func(float64, string) {}, Folder: func() (string, error) { return dir, nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer f.(interface{ Close() error }).Close()
	found, err := filepath.Glob(filepath.Join(dir, "fit-*", "model", "model.json"))
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if s.rows, err = f.Draw(t.Context(), nil, 10, key.Child("draw", 0).Stream()); err != nil {
		t.Fatal(err)
	}
	if sc, ok := f.(generate.Scorer[float64]); ok {
		nats := make([]float64, 10)
		if err := sc.Score(t.Context(), s.rows, nats); err != nil {
			t.Fatal(err)
		}
		z := (s.rows[3] - s.Mean) / s.SD
		if want := -z*z/2 - math.Log(s.SD) - math.Log(2*math.Pi)/2; math.Abs(nats[3]-want) > 1e-9 {
			t.Errorf("log density %g, want %g", nats[3], want)
		}
	}
	return s
}

// A call costs little beside the program's own time: a fit and a draw by a program that does nothing, against the same
// two processes alone.
func BenchmarkCall(b *testing.B) {
	name := filepath.Join(b.TempDir(), "model.sh")
	text := "case $1 in\ndescribe) echo '{\"protocol\": 1}' ;;\nsample) echo 1 > $COLLAPSE_OUT ;;\nesac\n"
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
	bound, err := command.Model[float64]{Program: command.Program{Run: []string{"sh", name}, Timeout: time.Minute}}.Bind(generate.Normal{Variance: 1})
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	b.Run("protocol", func(b *testing.B) {
		for b.Loop() {
			f, err := bound.Fit(b.Context(), generate.Task[float64]{Train: generate.Sample[float64]{{Rows: []float64{1, 2}, Weight: 1}}, Rand: rng.Root(1).Stream(),
				Progress: func(float64, string) {}, Folder: func() (string, error) { return dir, nil }})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := f.Draw(b.Context(), nil, 1, rng.Root(2).Stream()); err != nil {
				b.Fatal(err)
			}
			f.(interface{ Close() error }).Close()
		}
	})
	b.Run("processes", func(b *testing.B) {
		for b.Loop() {
			for _, verb := range []string{"fit", "sample"} {
				cmd := exec.Command("sh", name, verb)
				cmd.Env = append(os.Environ(), "COLLAPSE_OUT="+filepath.Join(dir, "out"))
				if err := cmd.Run(); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
