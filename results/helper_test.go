package results

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"modelcollapse/internal/store"
)

// A small run: two arms, cells whose values are a function of (arm, replicate, generation, series) alone.
const (
	cheap = time.Hour        // every cell stays in memory until it is sealed
	dear  = time.Duration(0) // every cell has a folder from its first record on
)

func small(replicates int) Manifest {
	m := Manifest{
		Config: []byte("title: small\n"),
		Arms: []ArmInfo{
			{Name: "replace", Point: [][2]string{{"workflow", "replace"}, {"rows", "10"}}},
			{Name: "accumulate", Point: [][2]string{{"workflow", "accumulate, all"}}},
		},
		Axes: []Axis{{Series: "tail_loss*", Label: "tail loss"}, {Series: "variance", Label: "variance", Log: true, Better: 1}},
		Env:  map[string]string{"go": "1.26", "cpu": "x"},
	}
	for a, arm := range m.Arms {
		for r := range replicates {
			m.Cells = append(m.Cells, CellInfo{fmt.Sprintf("c%d%d", a, r), arm.Name, r})
		}
	}
	return m
}

var oneMetric = map[string]string{"tail_loss": "11"}
var twoMetrics = map[string]string{"tail_loss": "11", "variance": "22"}

// record is what the chain of a cell finds in generation g when it measures these metrics.
func record(id string, g int, metrics map[string]string) Record {
	seed := float64(len(id)) + float64(id[1])/7 + float64(id[2])/11
	r := Record{Generation: g, Draws: []Realised{{10, int64(g), 0, 1}}}
	if _, ok := metrics["variance"]; ok {
		r.Values = append(r.Values, Value{0, "variance", math.Exp(-float64(g) * seed / 10)}, Value{1, "variance", seed})
	}
	if _, ok := metrics["tail_loss"]; ok {
		r.Values = append(r.Values, Value{0, "tail_loss", float64(g) / seed}, Value{0, "tail_loss.bigram", math.Inf(1)})
	}
	if g == 2 {
		r.Note = "a \"constant\" table\n"
	}
	return r
}

const generations = 4

func openOn(dir string, m Manifest, inMemory time.Duration, fault func(op, name string) error) (*Run, error) {
	f, err := store.Make(dir)
	if err != nil {
		return nil, err
	}
	f.Fault = fault
	return create(f, m, inMemory)
}

// runAll writes every cell that is not done, and closes the run.
func runAll(dir string, m Manifest, inMemory time.Duration, metrics map[string]string, attach bool, fault func(op, name string) error) (err error) {
	r, err := openOn(dir, m, inMemory, fault)
	if err != nil {
		return err
	}
	defer func() {
		if e := r.Close(); err == nil {
			err = e
		}
	}()
	for _, c := range m.Cells {
		if r.Done(c.ID, metrics) {
			continue
		}
		if err := runCell(r, c.ID, metrics, attach); err != nil {
			return err
		}
	}
	return r.WritePredictions([]Theory{{"replace", []Prediction{{Series: "variance", Functional: "mean", Law: "x", X: 1, Hi: math.Inf(1)}}}})
}

func runCell(r *Run, id string, metrics map[string]string, attach bool) error {
	w, err := r.Cell(id, metrics)
	if err != nil {
		return err
	}
	defer w.Close()
	for g := range generations {
		if attach && g%2 == 1 {
			if err := w.Attach(g, 0, "points", "text/csv", []byte(id+",1\n")); err != nil {
				return err
			}
		}
		if err := w.Put(record(id, g, metrics)); err != nil {
			return err
		}
	}
	return w.Seal("finished", time.Second, 0)
}

// table opens the run, verifies it and returns metrics.csv.
func table(t testing.TB, dir string) []byte {
	t.Helper()
	r, err := OpenRun(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.Verify(); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteMetrics(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, metricsFile))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sameTable(t testing.TB, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Fatalf("metrics.csv differs:\n%s\nwant\n%s", got, want)
	}
}

// memory is a temporary folder, in memory where the system has such a place: for tests that write much.
func memory(t testing.TB) string {
	const shm = "/dev/shm"
	if info, err := os.Stat(shm); err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(shm, "results")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
