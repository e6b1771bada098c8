package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"modelcollapse/evaluate"
	"modelcollapse/evaluate/audit"
	"modelcollapse/results/figure"
)

// auditFlags are the flags of audit.
type auditFlags struct {
	real, holdout, canaries string
	kind, schema            string
	text, realText          string
	target, group           string
	out, name               string
	expect, junit, summary  string
	figures                 []string
	fail                    bool
	small                   bool
	o                       audit.Options
}

// usualAudit is an audit where nobody says otherwise.
func usualAudit() auditFlags {
	return auditFlags{kind: "auto", figures: []string{"svg", "png"}, o: audit.Options{Splits: 200, Alpha: 0.01, Seed: 1, Jobs: runtime.NumCPU()}}
}

// auditVerb audits a synthetic set against a real one.
func (a *app) auditVerb() *cobra.Command {
	f := usualAudit()
	cmd := &cobra.Command{
		Use:   "audit DATASET --real FILE",
		Short: "Say how a synthetic set differs from real data, beside what two real halves differ by",
		Long: "Compares a synthetic table or set of texts with the real one: validity, columns, pairs, tails, diversity, duplicates, copying,\n" +
			"and, with --holdout, membership and attribute inference. Every number stands beside the same number between two halves of\n" +
			"the real set. Files are what data takes: CSV, TSV, JSON, JSON lines, Parquet, text, compressed or not, folders, - for standard input.\n\n" +
			"The report goes to results/audits/NAME: audit.json, audit.md with figures, gaps.csv. The exit code is 0 whatever the verdict,\n" +
			"4 where a bound of --expect does not hold, or with --fail where the verdict is rejected.",
		Example: "  collapse audit synthetic.csv --real train.csv --holdout test.csv\n" +
			"  collapse audit synthetic.jsonl --real real.jsonl --text answer\n" +
			"  collapse audit synthetic.csv --real train.csv --expect gate.yaml --junit audit.xml",
		Args: exactly(1, "a synthetic set: a file, a glob, a folder, or -"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.audit(cmd.Context(), args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.real, "real", "", "the real set that the generator learned from")
	flags.StringVar(&f.holdout, "holdout", "", "real rows that the generator never saw: membership and attribute inference, closeness to training rows")
	flags.StringVar(&f.canaries, "canaries", "", "rows or texts that were planted among the training rows, to be recognised")
	flags.StringVar(&f.kind, "kind", f.kind, "table, text, or auto: what the real set looks like")
	flags.StringVar(&f.text, "text", "", "the field that holds the text (makes it an audit of texts)")
	flags.StringVar(&f.realText, "real-text", "", "the field that holds the text of the real set, the hold-out and the canaries (default: that of --text)")
	flags.StringVar(&f.schema, "schema", "", "a YAML file of what columns are: COLUMN: {type, min, max, values, required}")
	flags.StringVar(&f.target, "target", "", "the column to predict: train on synthetic rows, test on real ones")
	flags.StringVar(&f.group, "group", "", "the column whose rows belong together, such as a person's")
	flags.StringVar(&f.out, "out", "", "the folder of the report (default: results/audits/NAME)")
	flags.StringVar(&f.name, "name", "", "what the set is called (default: its file)")
	flags.StringVar(&f.expect, "expect", "", "a YAML file of bounds: STATISTIC.max, .min or .excess (above the null): number")
	flags.StringVar(&f.junit, "junit", "", "write the bounds, or without --expect all statistics, as JUnit XML")
	flags.StringVar(&f.summary, "summary", "", "write verdict and what differs as Markdown")
	flags.StringSliceVar(&f.figures, "figures", f.figures, "formats of figures: "+strings.Join(figure.Formats(), ", ")+"; empty: none")
	flags.BoolVar(&f.fail, "fail", false, "end with exit code 4 where the verdict is rejected")
	flags.BoolVar(&f.small, "small-cells", false, "show gaps of fewer than 5 real rows")
	flags.IntVar(&f.o.Splits, "splits", f.o.Splits, "halvings of the real set; there are as many exchanges of sides, five times as many of up to 30,000 rows")
	flags.Float64Var(&f.o.Alpha, "alpha", f.o.Alpha, "chance of any false alarm")
	flags.Uint64Var(&f.o.Seed, "seed", f.o.Seed, "of every random choice")
	flags.IntVarP(&f.o.Jobs, "jobs", "j", f.o.Jobs, "splits at once")
	return cmd
}

// check refuses flags that cannot be.
func (f auditFlags) check(set string) error {
	stdin := 0
	for _, file := range []string{set, f.real, f.holdout, f.canaries} {
		if file == "-" {
			stdin++
		}
	}
	switch {
	case f.real == "":
		return errf("audit: --real: name the real set")
	case stdin > 1:
		return errf("audit: only one set can be -")
	case f.kind != "auto" && f.kind != "table" && f.kind != "text":
		return errf("audit: --kind %s: table, text or auto%s", f.kind, hint(f.kind, []string{"table", "text", "auto"}))
	case f.kind == "table" && f.text != "":
		return errf("audit: --text is of audits of texts, and --kind says table")
	case f.o.Splits < 20 || f.o.Splits > 100_000:
		return errf("audit: --splits %d: 20 to 100000", f.o.Splits)
	case !(f.o.Alpha > 0 && f.o.Alpha < 1):
		return errf("audit: --alpha %g: between 0 and 1", f.o.Alpha)
	}
	for _, format := range f.figures {
		if known := figure.Formats(); !slices.Contains(known, format) {
			return errf("audit: --figures %s: %s%s", format, strings.Join(known, ", "), hint(format, known))
		}
	}
	return checkJobs(f.o.Jobs)
}

func (a *app) audit(ctx context.Context, set string, f auditFlags) error {
	if err := f.check(set); err != nil {
		return err
	}
	g, err := readGate(f.expect)
	if err != nil {
		return err
	}
	if err := errors.Join(writable("--junit", f.junit), writable("--summary", f.summary)); err != nil {
		return err
	}
	f.name = nameOf(f.name, set)
	f.o.Name = f.name
	ctx, done := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM) // half an audit is none: the first one ends it
	defer done()
	r, err := a.audited(ctx, set, f)
	if err != nil {
		if ctx.Err() != nil {
			return coded{fmt.Errorf("interrupted: nothing was written"), exitInterrupted}
		}
		return usage(err)
	}
	checks, err := g.check(r)
	if err != nil {
		return err
	}
	dir, err := a.writeAudit(r, f)
	if err != nil {
		return err
	}
	if err := r.WriteWide(a.out, columnsOf(a.out)); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "report:  %s\n", filepath.Join(dir, f.files()))
	return a.answerAudit(r, checks, f)
}

// files are those of a report.
func (f auditFlags) files() string {
	if len(f.figures) == 0 {
		return "{audit.md,audit.json,gaps.csv}"
	}
	return "{audit.md,audit.json,gaps.csv,figures}"
}

// columnsOf is the width of a terminal; 0: it is none.
func columnsOf(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			return columns
		}
	}
	return 0
}

// nameOf is what a set is called: asked for, or its file without endings.
func nameOf(name, set string) string {
	if name == "" {
		name = filepath.Base(set)
		for _, end := range []string{".gz", ".zst", filepath.Ext(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst"))} {
			name = strings.TrimSuffix(name, end)
		}
	}
	if name = fileName(name); strings.Trim(name, "._-") == "" {
		return "audit"
	}
	return name
}

// holds says that all bounds do.
func holds(n int) string {
	if n == 1 {
		return "its one bound holds"
	}
	return fmt.Sprintf("all %d bounds hold", n)
}

// answerAudit writes what a build server reads, says which bounds do not hold, and chooses the exit code.
func (a *app) answerAudit(r *audit.Report, checks []check, f auditFlags) error {
	if f.junit != "" {
		file, err := os.Create(f.junit)
		if err != nil {
			return usage(fmt.Errorf("--junit: %w", err))
		}
		err = evaluate.WriteSuites(file, []evaluate.Suite{suiteOf(r, checks, f.expect != "")})
		if e := file.Close(); err == nil {
			err = e
		}
		if err != nil {
			return fmt.Errorf("--junit: %w", err)
		}
	}
	if f.summary != "" {
		if err := writeSummary(f.summary, r, checks); err != nil {
			return err
		}
	}
	var broken []string
	for _, c := range checks {
		if c.broken != "" {
			fmt.Fprintf(a.out, "gate:    %s: %s\n", c.name, c.broken)
			broken = append(broken, c.name)
		}
	}
	switch {
	case len(broken) > 0:
		return coded{fmt.Errorf("%s of %d broken: %s", plural(len(broken), "bound"), len(checks), strings.Join(broken, ", ")), exitRejected}
	case f.fail && r.Outcome == evaluate.Rejected:
		return coded{fmt.Errorf("the verdict is rejected"), exitRejected}
	}
	if len(checks) > 0 {
		fmt.Fprintf(a.out, "gate:    %s\n", holds(len(checks)))
	}
	return nil
}
