package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"modelcollapse/configs"
	"modelcollapse/configs/papers"
	"modelcollapse/evaluate"
	"modelcollapse/internal/num"
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
	if err := errors.Join(checkJobs(f.jobs), writable("junit", f.junit), f.folder()); err != nil {
		return err
	}
	rows = distinct(rows)
	begin := time.Now()
	table, err := a.reproduceAll(ctx, rows, lit, f)
	if err != nil {
		return err
	}
	return a.verified(table, lit, f, time.Since(begin))
}

// reproduceAll prints row after row as it comes, the failed ones too.
func (a *app) reproduceAll(ctx context.Context, rows []string, lit papers.Literature, f verifyFlags) (table []reproduction, err error) {
	stop, ctx, done := a.interrupts(ctx, underGenerations)
	defer done()
	limitMemory(f.jobs)
	fmt.Fprintln(a.out, head)
	for _, name := range rows {
		r, err := a.reproduce(ctx, name, lit, f, stop)
		if closed(stop) || ctx.Err() != nil {
			return nil, coded{fmt.Errorf("interrupted at %s: %d of %d rows are done and saved; the same command goes on: %s", name, len(table), len(rows), a.again()), exitInterrupted}
		}
		if err != nil { // one row that cannot be had is no reason to have none
			fmt.Fprintf(a.err, "%s: %v\n", name, err)
			r = reproduction{Row: name, P: num.Float(math.NaN()), Outcome: failed, Why: err.Error()}
		}
		table = append(table, r)
		fmt.Fprintln(a.out, r)
	}
	return table, nil
}

// folder makes the table's folder, before anything is computed that could not be written.
func (f verifyFlags) folder() error {
	if !f.table {
		return nil
	}
	if err := os.MkdirAll(filepath.Join(f.out, "figures"), 0o777); err != nil {
		return usage(fmt.Errorf("out: %w", err))
	}
	return writable("out", filepath.Join(f.out, "reproduction.md"))
}

// distinct drops names that were given before.
func distinct(names []string) (out []string) {
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
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
