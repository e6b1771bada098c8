package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
	"modelcollapse/experiments/pipelines"
)

// generateFlags are the flags of generate.
type generateFlags struct {
	out, progress string
	preview       int
	dry           bool
}

// generateVerb makes a data set by a pipeline, or goes on with one.
func (a *app) generateVerb() *cobra.Command {
	f := generateFlags{progress: "auto"}
	cmd := &cobra.Command{
		Use:   "generate CONFIG [key=value …]",
		Short: "Make a data set by a pipeline; again: go on where it was, and pay no call twice",
		Long: "Runs a pipeline (a path, or a name from collapse list): seeds become records, which a model rewrites, a judge scores and filters\n" +
			"drop. Every call is journalled in the folder of the data set, so that the same command goes on where it was ended.",
		Example: "  collapse generate self-instruct-demo\n  collapse generate my.yaml --dry-run\n  collapse generate my.yaml --preview 2\n" +
			"  collapse generate self-instruct endpoint.base_url=https://api.example.com/v1 endpoint.key_env=KEY endpoint.model=NAME budget.money=5",
		Args: atLeast(1, "a pipeline: a path, or a name from collapse list"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.generate(cmd.Context(), args[0], args[1:], f, cmd.Flags().Changed("preview"))
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "the folder of the data set (default results/datasets/NAME)")
	cmd.Flags().StringVar(&f.progress, "progress", f.progress, "auto, bar, plain, json or none")
	cmd.Flags().BoolVar(&f.dry, "dry-run", false, "check everything and say what it would cost")
	cmd.Flags().IntVar(&f.preview, "preview", 0, "move so many records of the source through all stages and show them; the calls are kept for the run")
	return cmd
}

// isPipeline says whether a name is that of a pipeline: its root has stages.
func (a *app) isPipeline(name string) bool {
	return configs.Has(configs.Pipelines(), name, "stages")
}

func (a *app) generate(ctx context.Context, name string, overrides []string, f generateFlags, previewed bool) (err error) {
	if previewed && f.preview < 1 {
		return usage(fmt.Errorf("--preview %d: at least 1 record of the source", f.preview))
	}
	l, err := pipelines.Load(name, overrides)
	if err != nil && configs.Has(configs.Shipped, name, "workflow") {
		return errf("%s is an experiment: collapse run %s", name, word(name))
	} else if err != nil {
		return usage(err)
	}
	if f.dry {
		e, err := pipelines.Estimate(l)
		if err != nil {
			return usage(placed(l, l.Name(), err))
		}
		return printEstimate(a.out, l, e)
	}
	dir := f.out
	if dir == "" {
		if dir, err = pipelines.Folder(l, filepath.Join(a.root, "datasets")); err != nil {
			return err
		}
	}
	if foreignDataset(dir) {
		return usage(fmt.Errorf("%s: holds files and is no data set of a pipeline: choose another one with --out", dir))
	}
	stop, ctx, done := a.interrupts(ctx, underCalls)
	defer done()
	p, err := pipelines.Prepare(l, dir)
	if err != nil {
		return usage(placed(l, l.Name(), err))
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	defer when(stop, p.Stop)()
	if previewed {
		return a.preview(ctx, p, f.preview)
	}
	return a.makeDataset(ctx, p, dir, f.progress)
}

func (a *app) makeDataset(ctx context.Context, p *pipelines.Prepared, dir, kind string) error {
	show, err := newMaking(kind, a.err, p.Loaded.Config.Endpoint.Prices)
	if err != nil {
		return err
	}
	report, ledger, err := p.Run(ctx, show.happened)
	show.end()
	if err != nil {
		return err
	}
	if err := a.datasetScreen(p, report, ledger, dir); err != nil {
		return err
	}
	switch {
	case report.Outcome == pipelines.Complete:
		return a.auditDataset(ctx, p, dir)
	case report.Outcome == pipelines.Interrupted:
		return coded{fmt.Errorf("interrupted: %d records are in the data set, and every call is kept; the same command goes on: %s", report.Kept, a.again()), exitInterrupted}
	case strings.HasPrefix(report.Outcome, pipelines.Paused):
		return coded{fmt.Errorf("%s; %d records are in the data set", report.Outcome, report.Kept), exitFailedCells}
	}
	return coded{fmt.Errorf("%s", report.Outcome), exitFailedCells}
}

// datasetScreen is what a run ends with.
func (a *app) datasetScreen(p *pipelines.Prepared, r pipelines.Report, l *pipelines.Ledger, dir string) error {
	w := a.out
	fmt.Fprintf(w, "%s: %s\n\n", p.Loaded.Name(), r.Outcome)
	if err := a.ledger(l); err != nil {
		return err
	}
	printSpent(w, p, r.Kept)
	fmt.Fprintf(w, "\n%s in %s (data/, README.md, records.jsonl, ledger.json)\n", plural(r.Kept, "record"), dir)
	return nil
}

func (a *app) preview(ctx context.Context, p *pipelines.Prepared, n int) error {
	r, err := p.Pipeline.Preview(ctx, n, func(rec pipelines.Record) error { return printRecord(a.out, rec) })
	if err != nil {
		return err
	}
	if err := printTallies(a.out, r.Stages); err != nil {
		return err
	}
	printSpent(a.out, p, r.Kept)
	if r.Broken {
		return coded{fmt.Errorf("%s", r.Outcome), exitFailedCells}
	}
	return nil
}

func printSpent(w io.Writer, p *pipelines.Prepared, kept int) {
	s, prices := p.Spent(), p.Loaded.Config.Endpoint.Prices
	fmt.Fprintf(w, "%s (%d of them kept from before), %d made now, %s tokens of prompts, %s of answers", plural(int(s.Calls), "call"), s.Calls-p.Now(), p.Now(), thousands(int(s.Prompt)), thousands(int(s.Answer)))
	if s.Money != nil {
		fmt.Fprintf(w, ", %.4g %s", *s.Money, prices.Currency)
		if kept > 0 {
			fmt.Fprintf(w, " (%.3g a kept record)", *s.Money/float64(kept))
		}
	}
	if s.WattHours != nil {
		fmt.Fprintf(w, ", %.3g Wh", *s.WattHours)
	}
	if s.Carbon != nil {
		fmt.Fprintf(w, ", %.3g kg CO2", *s.Carbon)
	}
	fmt.Fprintln(w)
}

// foreignDataset says whether a folder holds something, but no data set of a pipeline: its first file is the journal.
func foreignDataset(dir string) bool {
	all, err := os.ReadDir(dir)
	return err == nil && len(all) > 0 && !slices.ContainsFunc(all, func(e os.DirEntry) bool {
		return strings.HasPrefix(e.Name(), "calls.jsonl") || e.Name() == "records.jsonl"
	})
}
