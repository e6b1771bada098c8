package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
	"modelcollapse/configs/papers"
	"modelcollapse/evaluate"
	"modelcollapse/experiments"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// verifyFlags are the flags of verify.
type verifyFlags struct {
	jobs        int
	out, junit  string
	list, table bool // table: write it
}

// verifyVerb runs the shipped configs that test a published statement, and prints the reproduction table.
func (a *app) verifyVerb() *cobra.Command {
	f := verifyFlags{jobs: 2, out: filepath.Join(a.root, "reference")}
	cmd := &cobra.Command{
		Use:   "verify [ROW …]",
		Short: "Reproduce the literature: run every shipped config that tests a law, and judge it",
		Long: "Every row is a shipped config: a published statement, computed, laid over its exact law and judged by a test whose\n" +
			"error rate is known. Finished cells are reused. All rows together are written as a table with figures.",
		Example: "  collapse verify\n  collapse verify gaussian-replace zipf-replace",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.table = cmd.Flags().Changed("out")
			return a.verify(cmd.Context(), args, f)
		},
	}
	cmd.Flags().IntVarP(&f.jobs, "jobs", "j", f.jobs, "cells at once")
	cmd.Flags().StringVar(&f.out, "out", f.out, "where the table goes; of named rows it is written where this is given")
	cmd.Flags().StringVar(&f.junit, "junit", "", "write the verdicts as JUnit XML to this file")
	cmd.Flags().BoolVar(&f.list, "list", false, "list the rows")
	return cmd
}

// A reproduction is one row of the table.
type reproduction struct {
	Row     string    `json:"row"`
	Paper   string    `json:"paper"` // of the first citation
	Cite    string    `json:"cite"`
	Title   string    `json:"title"`
	Claim   string    `json:"claim"`
	Law     string    `json:"law"`
	Tests   string    `json:"tests"` // what was tested, in short
	Looks   int       `json:"looks"`
	P       num.Float `json:"p"` // the smallest after Holm; NaN: nothing was tested
	Outcome string    `json:"verdict"`
	Why     string    `json:"why"`
	Seconds float64   `json:"seconds"`
	Figure  string    `json:"figure,omitempty"`

	Headline *experiments.Headline `json:"headline,omitempty"`
	verdict  evaluate.Verdict
}

func (a *app) verify(ctx context.Context, rows []string, f verifyFlags) error {
	all, err := a.rows()
	if err != nil {
		return err
	}
	for _, r := range rows {
		if !slices.Contains(all, r) {
			return errf("verify: no row %q%s; collapse verify --list lists them", r, hint(r, all))
		}
	}
	if len(rows) == 0 {
		rows, f.table = all, true
	}
	if f.list {
		_, err := fmt.Fprintln(a.out, strings.Join(rows, "\n"))
		return err
	}
	lit, err := papers.All()
	if err != nil {
		return err
	}
	if err := errors.Join(checkJobs(f.jobs), writable(f.junit)); err != nil {
		return err
	}
	stop, ctx, done := a.interrupts(ctx)
	defer done()
	limitMemory(f.jobs)
	begin := time.Now()
	var table []reproduction
	fmt.Fprintln(a.out, head)
	for _, name := range rows {
		r, err := a.reproduce(ctx, name, lit, f, stop)
		if closed(stop) || ctx.Err() != nil {
			return coded{fmt.Errorf("interrupted at %s: %d of %d rows are done and saved; the same command goes on: %s", name, len(table), len(rows), a.again()), exitInterrupted}
		}
		if err != nil { // one row that cannot be had is no reason to have none
			fmt.Fprintf(a.err, "%s: %v\n", name, err)
			r = reproduction{Row: name, P: num.Float(math.NaN()), Outcome: failed, Why: err.Error()}
		}
		table = append(table, r)
		fmt.Fprintln(a.out, r)
	}
	return a.verified(table, lit, f, time.Since(begin))
}

// failed is the outcome of a row that could not be had.
const failed = "failed"

// rows are the shipped configs that test something and need no data by path, in alphabetical order.
func (a *app) rows() (names []string, err error) {
	for _, info := range configs.List(configs.Shipped, a.table.Kinds()) {
		l, err := a.load(info.Name, nil)
		if err != nil {
			return nil, err
		}
		if len(l.Config.Verdict.Tests) > 0 {
			names = append(names, info.Name)
		}
	}
	return names, nil
}

// reproduce runs one row, or takes its finished cells, and judges it.
func (a *app) reproduce(ctx context.Context, name string, lit papers.Literature, f verifyFlags, stop <-chan struct{}) (r reproduction, err error) {
	begin := time.Now()
	p, err := a.prepare(ctx, name, nil, "")
	if err != nil {
		return r, err
	}
	if err := a.fill(ctx, p, experiments.Options{Jobs: f.jobs, Stop: stop}); err != nil {
		return r, err
	}
	reader, err := results.OpenRun(p.dir)
	if err != nil {
		return r, err
	}
	defer reader.Close()
	j, err := a.judge(p, reader)
	if err != nil {
		return r, err
	}
	r = rowOf(p.loaded.Config, *j, lit)
	if r.Seconds = time.Since(begin).Seconds(); f.table {
		r.Figure, err = a.thumbnail(p, reader, f.out)
	}
	return r, err
}

// fill brings the cells and the theory lines of a run.
func (a *app) fill(ctx context.Context, p *prepared, o experiments.Options) error {
	if err := p.fits(o.Jobs); err != nil {
		return err
	}
	run, err := p.open()
	if err != nil {
		return err
	}
	if err := a.adopt(p, run); err != nil {
		return errors.Join(err, run.Close())
	}
	tally, err := p.study.Run(ctx, run, o)
	if err == nil && tally.Failed > 0 {
		err = fmt.Errorf("%d of %d cells failed; collapse status %s lists them", tally.Failed, tally.Cells, word(p.dir))
	}
	if err == nil {
		var theory []results.Theory
		if theory, err = p.study.Predictions(ctx); err == nil {
			err = run.WritePredictions(theory)
		}
	}
	return errors.Join(err, run.Close())
}

// rowOf is the row of a judged config.
func rowOf(c configs.Config, j experiments.Judged, lit papers.Literature) reproduction {
	r := reproduction{Row: c.Name, Title: c.Title, Claim: c.Claim, Law: j.Law, Looks: len(j.Looks), P: 1, Outcome: string(j.Outcome), Why: j.Why,
		Headline: j.Headline, verdict: j.Verdict}
	if len(c.Cite) > 0 {
		r.Cite, r.Paper = c.Cite[0], lit.Papers[c.Cite[0]].Short()
	}
	for _, l := range j.Looks {
		if l.Adjusted == l.Adjusted {
			r.P = min(r.P, l.Adjusted)
		}
	}
	var tests []string
	for _, t := range c.Verdict.Tests {
		what := t.Test
		if t.Metric != "" {
			what += " " + t.Metric
		}
		if !slices.Contains(tests, what) {
			tests = append(tests, what)
		}
	}
	r.Tests = strings.Join(tests, ", ")
	return r
}

// verified ends a verification: the table and its files, and the exit code.
func (a *app) verified(table []reproduction, lit papers.Literature, f verifyFlags, took time.Duration) error {
	count := map[string]int{}
	var all []evaluate.Named
	for _, r := range table {
		count[r.Outcome]++
		named := evaluate.Named{Name: r.Row, Verdict: r.verdict}
		if r.Outcome == failed {
			named.Failed = r.Why
		}
		all = append(all, named)
	}
	fmt.Fprintf(a.out, "\n%s in %.0f s: %d consistent, %d undecided, %d rejected", plural(len(table), "row"), took.Seconds(),
		count[string(evaluate.Consistent)], count[string(evaluate.Undecided)], count[string(evaluate.Rejected)])
	if n := count[failed]; n > 0 {
		fmt.Fprintf(a.out, ", %d failed", n)
	}
	if f.table {
		fmt.Fprintf(a.out, "; %d statements stay open", len(lit.Open))
		if err := writeReproduction(f.out, table, lit); err != nil {
			return err
		}
		fmt.Fprintf(a.out, "\ntable: %s", filepath.Join(f.out, "reproduction.{md,json}"))
	}
	fmt.Fprintln(a.out)
	if f.junit != "" {
		if err := writeJUnit(f.junit, all); err != nil {
			return err
		}
	}
	switch rejected, failed := count[string(evaluate.Rejected)], count[failed]; {
	case failed > 0:
		return coded{fmt.Errorf("%s failed", plural(failed, "row")), exitFailedCells}
	case rejected > 0:
		return coded{fmt.Errorf("%s rejected", plural(rejected, "row")), exitRejected}
	}
	return nil
}
