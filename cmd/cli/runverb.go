package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"modelcollapse/experiments"
	"modelcollapse/generate"
	"modelcollapse/results"
)

// runFlags are the flags of run.
type runFlags struct {
	jobs, replicates     int
	out, progress, junit string
	dry, failFast, retry bool
}

// runVerb runs a config, or goes on with what an earlier run left.
func (a *app) runVerb() *cobra.Command {
	f := runFlags{jobs: min(2, runtime.NumCPU()), progress: "auto"}
	cmd := &cobra.Command{
		Use:   "run CONFIG [key=value …] [key=a,b,c …]",
		Short: "Run a config: a path, or a name from collapse list; again: go on where it was",
		Example: `  collapse run go-docs
  collapse run go-docs model.order=2,3 replicates=10
  collapse run my.yaml --dry-run`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(fmt.Errorf("run takes a config: a path, or a name from collapse list"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.runStudy(cmd.Context(), args[0], args[1:], f) },
	}
	cmd.Flags().IntVarP(&f.jobs, "jobs", "j", f.jobs, "cells at once")
	cmd.Flags().IntVar(&f.replicates, "replicates", 0, "replicates of each arm, instead of the config's")
	cmd.Flags().StringVar(&f.out, "out", "", "the run folder (default results/NAME)")
	cmd.Flags().StringVar(&f.progress, "progress", f.progress, "auto, bar, plain, json or none")
	cmd.Flags().StringVar(&f.junit, "junit", "", "write the verdict as JUnit XML to this file")
	cmd.Flags().BoolVar(&f.dry, "dry-run", false, "check everything and say what would run")
	cmd.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop at the first failed cell")
	cmd.Flags().BoolVar(&f.retry, "retry-failed", false, "run cells again that failed three times")
	return cmd
}

func (a *app) runStudy(ctx context.Context, name string, overrides []string, f runFlags) error {
	if err := errors.Join(checkJobs(f.jobs), writable("junit", f.junit)); err != nil {
		return err
	}
	if f.replicates != 0 {
		overrides = append(overrides, fmt.Sprintf("replicates=%d", f.replicates))
	}
	limitMemory(f.jobs)
	stop, ctx, done := a.interrupts(ctx, underGenerations)
	defer done()
	p, err := a.prepare(ctx, name, overrides, f.out)
	if err != nil {
		return err
	}
	bar, err := newProgress(f.progress, a.err, p.study)
	if err != nil {
		return err
	}
	if f.dry {
		return a.describe(ctx, p)
	}
	if err := p.fits(f.jobs); err != nil {
		return err
	}
	run, err := a.opened(p)
	if err != nil {
		return err
	}
	tally, err := p.study.Run(ctx, run, experiments.Options{Jobs: f.jobs, FailFast: f.failFast, RetryFailed: f.retry,
		Stop: stop, Listen: bar.happened})
	bar.end()
	if err == nil {
		err = a.finish(ctx, p, run, tally, f, stop)
	}
	if e := run.Close(); e != nil {
		err = errors.Join(err, e)
	}
	return a.verdict(p.dir, tally, err, closed(stop) || ctx.Err() != nil)
}

// opened is the folder of a run, with what runs of other overrides have finished of it.
func (a *app) opened(p *prepared) (*results.Run, error) {
	run, err := p.open()
	if err != nil {
		return nil, err
	}
	for _, d := range run.Damage() {
		fmt.Fprintf(a.err, "damaged and made again: %v\n", d)
	}
	if err := a.adopt(p, run); err != nil {
		return nil, errors.Join(err, run.Close())
	}
	return run, nil
}

func checkJobs(n int) error {
	if n < 1 {
		return usage(fmt.Errorf("--jobs %d: at least 1", n))
	}
	return nil
}

// verdict is how the program ends after a run. A failure of the disk also ends the other cells, which is no interruption.
func (a *app) verdict(dir string, t experiments.Tally, err error, interrupted bool) error {
	if errors.Is(err, generate.ErrPaused) {
		return coded{fmt.Errorf("%w; %d of %d cells are done, everything that was paid for is saved, and the same command goes on", besides(err, experiments.ErrStopped, context.Canceled), t.Done, t.Cells), exitFailedCells}
	}
	other := besides(err, experiments.ErrStopped, context.Canceled)
	switch {
	case other != nil:
		return other
	case err != nil && interrupted:
		return coded{fmt.Errorf("interrupted: %d of %d cells are done and saved; the same command goes on: %s", t.Done, t.Cells, a.again()), exitInterrupted}
	case t.Failed > 0:
		return coded{fmt.Errorf("%d of %d cells failed; collapse status %s lists them; after three failures --retry-failed tries a cell again", t.Failed, t.Cells, word(dir)), exitFailedCells}
	}
	return err
}

// besides is what an error joins that is none of these.
func besides(err error, known ...error) error {
	is := func(k error) bool { return errors.Is(err, k) }
	if !slices.ContainsFunc(known, is) {
		return err
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, e := range joined.Unwrap() {
			rest = append(rest, besides(e, known...))
		}
		return errors.Join(rest...)
	}
	return nil
}

// perCell is the memory that one cell may use before the collector works harder, in bytes.
const perCell = 300 << 20

// limitMemory makes the collector keep to perCell a cell at once, unless GOMEMLIMIT says otherwise. It is a soft limit: a
// chain that needs more gets it.
func limitMemory(jobs int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(int64(jobs) * perCell)
	}
}
