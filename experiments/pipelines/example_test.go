package pipelines_test

import (
	"context"
	"fmt"
	"os"

	"modelcollapse/experiments/pipelines"
)

// A pipeline of the program, with the server of the program, into a folder.
func Example() {
	dir, err := os.MkdirTemp("", "dataset")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	loaded, err := pipelines.Load("self-instruct-demo", []string{"records=2"})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := pipelines.Prepare(loaded, dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	report, _, err := p.Run(context.Background(), func(pipelines.Progress) {})
	fmt.Println(report.Outcome, report.Kept, err)
	row, err := pipelines.Trace(dir, "1")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("generation", row.Generation, "of", len(row.Seeds()), "real seeds")
	// Output:
	// complete 2 <nil>
	// generation 2 of 8 real seeds
}
