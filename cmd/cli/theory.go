package cli

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"modelcollapse/experiments"
	"modelcollapse/results"
)

// patience is how long the theory may take before it is said what the program is doing.
const patience = 2 * time.Second

// theory works the lines out and puts them into a run. When told to stop it returns experiments.ErrStopped at once: cells
// are saved, and no formula need be waited for.
func (a *app) theory(ctx context.Context, p *prepared, run *results.Run, stop <-chan struct{}) error {
	type answer struct {
		lines []results.Theory
		err   error
	}
	got := make(chan answer, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				got <- answer{err: fmt.Errorf("theory: panic: %v\n%s", p, debug.Stack())}
			}
		}()
		lines, err := p.study.Predictions(ctx)
		got <- answer{lines, err}
	}()
	late := time.After(patience)
	for {
		select {
		case x := <-got:
			if x.err != nil {
				return x.err
			}
			return run.WritePredictions(x.lines)
		case <-late:
			fmt.Fprintln(a.err, "working out the theory lines")
		case <-stop:
			return experiments.ErrStopped
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
