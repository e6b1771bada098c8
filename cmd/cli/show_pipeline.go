package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"modelcollapse/configs"
	"modelcollapse/experiments/pipelines"
	"modelcollapse/internal/show"
)

// isDataset finds the folder of a data set: a path, or a name below results/datasets when no config has it. One that was ended
// before its first summary has a journal.
func (a *app) isDataset(name string) (string, bool) {
	is := func(dir string) bool { return pipelines.ReadLedger(dir) != nil || pipelines.ReadJournal(dir) != nil }
	if is(name) {
		return name, true
	}
	dir := filepath.Join(a.root, "datasets", name)
	return dir, !a.isPipeline(name) && is(dir)
}

// noSummary says what there is of a data set that was ended before its first summary, or is being made.
func (a *app) noSummary(dir string, j *pipelines.Journal) error {
	_, err := fmt.Fprintf(a.out, "%s: no summary yet: %s in the journal; the same command goes on: collapse generate …\n", dir, plural(j.Answers, "answer"))
	return err
}

// showDataset says what became of a data set.
func (a *app) showDataset(dir string) error {
	l, j := pipelines.ReadLedger(dir), pipelines.ReadJournal(dir)
	if l == nil {
		return a.noSummary(dir, j)
	}
	fmt.Fprintf(a.out, "%s: %s\n\n", dir, show.Line(l.Outcome, 400))
	if err := a.ledger(l); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "\n%s in %s (data/, README.md, records.jsonl, ledger.json)\n", plural(l.Kept, "record"), dir)
	if j != nil && j.Later(dir) {
		fmt.Fprintf(a.out, "this summary is of an earlier end: the journal is newer, with %s; the same command goes on: collapse generate …\n", plural(j.Answers, "answer"))
	}
	return nil
}

// ledger is what stages did, as a table and in words.
func (a *app) ledger(l *pipelines.Ledger) error {
	if err := printTallies(a.out, l.Tallies); err != nil {
		return err
	}
	for _, line := range slices.Concat(l.Lines(), l.Judgements()) {
		fmt.Fprintln(a.out, line)
	}
	return nil
}

// showPipeline says what a pipeline will do, stage by stage, and what it would ask.
func (a *app) showPipeline(name string, overrides []string) error {
	l, err := pipelines.Load(name, overrides)
	if err != nil {
		return usage(err)
	}
	e, err := pipelines.Estimate(l)
	if err != nil {
		return usage(placed(l, l.Name(), err))
	}
	fmt.Fprintf(a.out, "%s: %s\n", l.Name(), show.Line(l.Config.Title, 200))
	if len(l.Config.Cite) > 0 {
		fmt.Fprintf(a.out, "cite:  %s\n", strings.Join(l.Config.Cite, ", "))
	}
	wanted := "what one pass over the source gives"
	if n := l.Config.Records; n > 0 {
		wanted = plural(n, "record")
	}
	fmt.Fprintf(a.out, "makes %s of %s, by %s at %s\n\n", wanted, show.Line(e.Source, 120), l.Config.Endpoint.Model, l.Config.Endpoint.BaseURL)
	t := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	kinds := pipelines.Kinds()
	for i, s := range l.Config.Stages {
		k := slices.IndexFunc(kinds, func(k configs.Kind) bool { return k.Name == s.Kind })
		fmt.Fprintf(t, "%d\t%s\t%s\n", i+1, s.Kind, kinds[k].Doc)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	total := e.Total()
	_, err = fmt.Fprintf(a.out, "\n%s expected, %s at most; collapse generate %s --dry-run says what they would cost\n",
		plural(total.Expected.Calls, "call"), thousands(total.Most.Calls), word(name))
	return err
}
