package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/experiments"
	"modelcollapse/results"
)

// measureFlags are the flags of measure.
type measureFlags struct {
	runFlags
	metric string
	replay bool
}

// measureVerb measures a finished run by one more metric.
func (a *app) measureVerb() *cobra.Command {
	f := measureFlags{runFlags: runFlags{jobs: min(2, runtime.NumCPU()), progress: "auto"}}
	cmd := &cobra.Command{
		Use:   "measure RUN --metric NAME",
		Short: "Measure a finished run by one more metric, into its folder added",
		Long: "Measures what the run kept: its fits (keep.models: all), or fresh rows of them (keep.samples). Where nothing was kept the\n" +
			"cells are computed again from their streams, which gives the same rows. The records of the run are not touched.",
		Example: "  collapse measure gaussian-replace --metric tail_loss\n  collapse measure my --metric '{kind: tail_loss, by: bins}'",
		Args:    exactly(1, "a run: its folder, or its name in results"),
		RunE:    func(cmd *cobra.Command, args []string) error { return a.measure(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.metric, "metric", "", "the metric: a name, or {kind: NAME, …} with settings")
	cmd.Flags().BoolVar(&f.replay, "replay", false, "compute the cells again, whatever was kept")
	cmd.Flags().IntVarP(&f.jobs, "jobs", "j", f.jobs, "cells at once")
	cmd.Flags().StringVar(&f.progress, "progress", f.progress, "auto, bar, plain, json or none")
	return cmd
}

func (a *app) measure(ctx context.Context, name string, f measureFlags) error {
	if f.metric == "" {
		return errf("measure: --metric: name a metric, such as tail_loss")
	}
	if err := checkJobs(f.jobs); err != nil {
		return err
	}
	dir, err := a.runDir(name)
	if err != nil {
		return err
	}
	p, err := a.prepareMeasure(ctx, dir, f)
	if err != nil {
		return err
	}
	p.loaded.Config.Name = filepath.Base(dir)
	of, err := results.OpenRun(dir)
	if err != nil {
		return err
	}
	defer of.Close()
	kept, err := p.kept(of, f.replay)
	if err != nil {
		return err
	}
	return a.measureKept(ctx, p, dir, kept, f)
}

// measureKept measures what a run in a folder kept; nil: its cells are computed again.
func (a *app) measureKept(ctx context.Context, p *prepared, dir string, kept *results.Reader, f measureFlags) error {
	stop, ctx, done := a.interrupts(ctx, underGenerations)
	defer done()
	limitMemory(f.jobs)
	bar, err := newProgress(f.progress, a.err, p.study)
	if err != nil {
		return err
	}
	run, err := p.open()
	if err != nil {
		return err
	}
	if f.replay {
		err = errors.Join(err, run.Remember(dir))
	}
	if err != nil {
		return errors.Join(err, run.Close())
	}
	tally, err := p.study.Run(ctx, run, experiments.Options{Jobs: f.jobs, Stop: stop, Listen: bar.happened, Kept: kept})
	bar.end()
	if err == nil {
		err = a.finish(ctx, p, run, tally, f.runFlags, stop)
	}
	return a.verdict(p.dir, tally, errors.Join(err, run.Close()), closed(stop) || ctx.Err() != nil)
}

// prepareMeasure is the config of a run with one metric of ours, in a folder of that metric and of how it is measured: of kept
// rows, which may be fewer than those that the run measured, or computed again on request.
func (a *app) prepareMeasure(ctx context.Context, dir string, f measureFlags) (*prepared, error) {
	config := filepath.Join(dir, "config.yaml")
	overrides := []string{"metrics=[" + f.metric + "]", "figures=[]", "verdict.tests=[]"}
	l, err := a.load(config, overrides)
	if err != nil {
		return nil, err
	}
	m, keep := l.Config.Metrics[0], l.Config.Keep
	folder := m.Kind
	if strings.Contains(f.metric, "{") { // other settings are another folder
		folder += fmt.Sprintf("-%.3x", sha256.Sum256(m.Canonical()))
	}
	switch {
	case f.replay:
		folder += "@replay"
		overrides = append(overrides, "keep.models=none", "keep.samples=0") // the run has them
	case keep.Models != "all" && keep.Samples > 0 && l.Config.Data.Rows == "tokens":
		return nil, errf("measure: rows of texts that were kept are not of the size that is measured: --replay computes the cells again, and keep.models: all keeps what any size is drawn from")
	case keep.Models != "all" && keep.Samples > 0:
		folder += fmt.Sprintf("@%d", keep.Samples)
	}
	p, err := a.prepare(ctx, config, overrides, filepath.Join(dir, "added", folder))
	if err != nil || f.replay || keep.Models == "all" || keep.Samples == 0 {
		return p, err
	}
	if probe := p.study.Arms[0].Facts.Probe; probe > keep.Samples {
		fmt.Fprintf(a.err, "measured on the %d rows of each fit that were kept, where the run looks at %d\n", keep.Samples, probe)
		p.study.Reprobe(keep.Samples)
	}
	return p, nil
}

// kept is the run whose kept fits or rows are measured; nil: the cells are computed again.
func (p *prepared) kept(of *results.Reader, replay bool) (*results.Reader, error) {
	missing := 0
	for _, c := range p.study.Cells {
		if _, done := of.Sealed(c.ID); !done {
			missing++
		}
	}
	if missing > 0 {
		return nil, errf("measure: %d of %s of the run are not done: finish it first", missing, plural(len(p.study.Cells), "cell"))
	}
	keep, dear := p.loaded.Config.Keep, p.study.Arms[0].Facts.Stores
	switch {
	case replay:
		return nil, nil
	case keep.Models == "all" || keep.Samples > 0:
		return of, nil
	case dear:
		return nil, errf("measure: the run kept neither its fits nor rows of them (keep: {models: all}, keep: {samples: 1000}), and its fits are expensive: --replay makes all of them again")
	}
	return nil, nil
}
