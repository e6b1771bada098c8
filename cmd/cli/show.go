package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/experiments"
	"modelcollapse/internal/show"
	"modelcollapse/results"
	"modelcollapse/results/draw"
)

// showVerb prints what a config will do, or what a run did.
func (a *app) showVerb() *cobra.Command {
	return &cobra.Command{
		Use:   "show CONFIG|RUN|PIPELINE|DATASET [key=value …]",
		Short: "Say what a config or a pipeline will do, or what a run found or became of a data set",
		Args:  atLeast(1, "a config, a run, a pipeline or a data set"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir, ok := a.isRun(args[0]); ok {
				if len(args) > 1 {
					return errf("%s is a run: it takes no overrides", dir)
				}
				return a.showRun(dir)
			}
			if dir, ok := a.isDataset(args[0]); ok {
				if len(args) > 1 {
					return errf("%s is a data set: it takes no overrides", dir)
				}
				return a.showDataset(dir)
			}
			if a.isPipeline(args[0]) {
				return a.showPipeline(args[0], args[1:])
			}
			p, err := a.prepare(cmd.Context(), args[0], args[1:], "")
			if err != nil {
				return err
			}
			return a.describe(cmd.Context(), p)
		},
	}
}

// isRun finds a run folder: a path, or a name below the folder of runs when no config has it.
func (a *app) isRun(name string) (string, bool) {
	for _, dir := range []string{name, filepath.Join(a.root, name)} {
		if _, err := os.Stat(filepath.Join(dir, "cells.json")); err == nil {
			return dir, dir == filepath.Clean(name) || strings.Contains(name, "@") || !a.isConfig(name)
		}
	}
	return name, false
}

func (a *app) isConfig(name string) bool {
	_, err := a.load(name, nil)
	return err == nil
}

// runDir is a run folder by path or name, or an error that lists those that exist.
func (a *app) runDir(name string) (string, error) {
	for _, dir := range []string{name, filepath.Join(a.root, name)} {
		if _, err := os.Stat(filepath.Join(dir, "cells.json")); err == nil {
			return dir, nil
		}
	}
	var known []string
	found, _ := filepath.Glob(filepath.Join(a.root, "*", "cells.json"))
	for _, f := range found {
		known = append(known, filepath.Base(filepath.Dir(f)))
	}
	if len(known) == 0 {
		return "", errf("%s: no such run; there is none in %s yet: collapse run go-docs makes one", name, a.root)
	}
	more := ""
	if few := 12; len(known) > few {
		known, more = known[:few], fmt.Sprintf(" and %d more in %s", len(known)-few, a.root)
	}
	return "", errf("%s: no such run%s; there are %s%s", name, hint(name, known), strings.Join(known, ", "), more)
}

// describe says what a prepared config will do.
func (a *app) describe(ctx context.Context, p *prepared) error {
	w, c := a.out, p.loaded.Config
	fmt.Fprintf(w, "%s: %s\n", c.Name, c.Title)
	if c.Claim != "" {
		fmt.Fprintln(w, wrap("claim: "+c.Claim, 96, "  "))
	}
	if len(c.Cite) > 0 {
		fmt.Fprintf(w, "cite:  %s\n", strings.Join(c.Cite, ", "))
	}
	fmt.Fprintf(w, "%s, %s, generations 0 to %s, into %s\n", plural(len(p.study.Arms), "arm"), plural(len(p.study.Cells), "cell"), lastOf(p.study.Arms), p.dir)
	for i, arm := range p.study.Arms {
		f := arm.Facts
		fmt.Fprintf(w, "\n%s\n", arm.Name)
		if arm.Source != "" {
			fmt.Fprintf(w, "  data       %s\n", arm.Source)
		}
		fmt.Fprintf(w, "  rows       %s in generation 0 (%s); executed by %s\n", thousands(f.Rows), f.Kind, f.Execution)
		for _, server := range f.Calls {
			fmt.Fprintf(w, "  calls      %s\n", show.Line(server, 200))
		}
		fmt.Fprintf(w, "  real       %s\n", realShares(p.study, i))
		if f.Probe > 0 {
			fmt.Fprintf(w, "  probe      %s units of fresh rows a generation\n", thousands(f.Probe))
		}
		if f.HeldOut > 0 {
			fmt.Fprintf(w, "  held out   %s rows\n", thousands(f.HeldOut))
		}
		fmt.Fprintf(w, "  peak       %s\n", peak(f))
		if err := a.laws(ctx, p, i); err != nil {
			return err
		}
	}
	return nil
}

// laws says which series of an arm have a theory line, and why others have none.
func (a *app) laws(ctx context.Context, p *prepared, arm int) error {
	series, uncovered, err := p.study.Laws(ctx, arm)
	if err != nil {
		return err
	}
	if len(series) > 0 {
		fmt.Fprintf(a.out, "  theory     %s\n", wrap(strings.Join(series, ", "), 84, "             "))
	}
	for _, why := range uncovered {
		fmt.Fprintf(a.out, "  no theory  %s\n", wrap(why, 84, "             "))
	}
	return nil
}

// realShares says how much of what the first generations of an arm, and the last, learn from is real as planned: what a
// schedule, a weight or a rounded number comes to. Of a network, by its first node.
func realShares(s *experiments.Study, arm int) string {
	k := slices.IndexFunc(s.Cells, func(c experiments.Cell) bool { return c.Arm == arm })
	var parts []string
	shares := s.Cells[k].Runner().Plan().RealShares(0)
	for g, share := range shares {
		if g <= 2 || g == len(shares)-1 {
			parts = append(parts, fmt.Sprintf("%.3g %% of generation %d", 100*share, g))
		}
	}
	return strings.Join(parts, ", ")
}

// peak says how many rows a cell keeps at once, and their memory.
func peak(f experiments.Facts) string {
	if f.PeakRows == 0 {
		return "no rows: models learn from statistics that are drawn"
	}
	return fmt.Sprintf("%s rows at once, about %s", thousands(f.PeakRows), size(f.PeakBytes))
}

// showRun says what a run found.
func (a *app) showRun(dir string) error {
	r, err := results.OpenRun(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	s, err := r.Status()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %d of %s done%s\n\n", dir, s.Done, plural(len(r.Manifest().Cells), "cell"), attached(r))
	if s.Done == 0 {
		return nil
	}
	d, err := draw.Read(r)
	if err != nil {
		return err
	}
	if err := a.endTable(d); err != nil {
		return err
	}
	a.remarks(d)
	text, err := r.Verdict()
	if err != nil || text == nil {
		return err
	}
	return a.printProfile(text)
}

// attached says how many attachments there are, and where; nothing where there are none.
func attached(r *results.Reader) string {
	all, cells := 0, 0
	for _, c := range r.Manifest().Cells {
		if s, ok := r.Sealed(c.ID); ok && s.Attachments() > 0 {
			all, cells = all+s.Attachments(), cells+1
		}
	}
	if all == 0 {
		return ""
	}
	return fmt.Sprintf("; %s of %s, in cells/*/attach", plural(all, "attachment"), plural(cells, "cell"))
}

func size(bytes int) string {
	switch {
	case bytes == 0:
		return "the size of the counts"
	case bytes < 1<<20:
		return fmt.Sprintf("%d KiB", (bytes+1023)>>10)
	case bytes < 10<<30:
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d GiB", bytes>>30)
}
