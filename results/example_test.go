package results_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"modelcollapse/results"
)

// A run is created, a cell written, and its band read.
func Example() {
	parent, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "run")
	m := results.Manifest{
		Arms: []results.ArmInfo{{Name: "replace"}},
		Axes: []results.Axis{{Series: "tail_loss", Label: "tail loss (share)"}},
	}
	for r := range 3 {
		m.Cells = append(m.Cells, results.CellInfo{ID: fmt.Sprintf("cell%d", r), Arm: "replace", Replicate: r})
	}
	if err := write(dir, m); err != nil {
		fmt.Println(err)
		return
	}
	run, err := results.OpenRun(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer run.Close()
	table, err := run.Table()
	if err != nil {
		fmt.Println(err)
		return
	}
	for g, p := range table.Curves("replace", "tail_loss", 0).Band().Points {
		fmt.Printf("generation %d: %.2f [%.2f, %.2f], n = %d\n", g, p.Mid, p.Lo, p.Hi, p.N)
	}
	// Output:
	// generation 0: 0.10 [-0.15, 0.35], n = 3
	// generation 1: 0.30 [0.05, 0.55], n = 3
}

func write(dir string, m results.Manifest) error {
	run, err := results.Create(dir, m)
	if err != nil {
		return err
	}
	defer run.Close()
	metrics := map[string]string{"tail_loss": "v1"}
	for _, c := range m.Cells {
		if run.Done(c.ID, metrics) {
			continue
		}
		cell, err := run.Cell(c.ID, metrics)
		if err != nil {
			return err
		}
		defer cell.Close()
		for g := range 2 {
			x := 0.1*float64(c.Replicate) + 0.2*float64(g)
			if err := cell.Put(results.Record{Generation: g, Values: []results.Value{{Series: "tail_loss", X: x}}}); err != nil {
				return err
			}
		}
		if err := cell.Seal("finished", time.Second, 0); err != nil {
			return err
		}
	}
	return nil
}
