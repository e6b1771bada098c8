package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/experiments/pipelines"
	"modelcollapse/internal/show"
)

// traceVerb walks a record of a data set back to its seeds.
func (a *app) traceVerb() *cobra.Command {
	folder, json := "", false
	cmd := &cobra.Command{
		Use:   "trace RECORD",
		Short: "Walk a record of a data set back to its real seeds, over all data sets between",
		Long: "RECORD is an id (_id of a row, or the beginning of one) or a number: a line of the data set, from 1. Without --in it is looked for\n" +
			"in all of results/datasets.",
		Example: "  collapse trace 3f09ac\n  collapse trace 17 --in results/datasets/self-instruct --json",
		Args:    exactly(1, "a record: an id, its beginning, or a line of the data set"),
		RunE: func(_ *cobra.Command, args []string) error {
			t, err := a.trace(folder, args[0])
			if err != nil {
				return usage(err)
			}
			if json {
				return asJSON(a.out, t.All())
			}
			return a.printTrace(t)
		},
	}
	cmd.Flags().StringVar(&folder, "in", "", "the folder of the data set")
	cmd.Flags().BoolVar(&json, "json", false, "print it as JSON")
	return cmd
}

// trace looks for a record in a folder, or in all data sets.
func (a *app) trace(folder, name string) (*pipelines.Traced, error) {
	if folder != "" {
		return pipelines.Trace(folder, name)
	}
	all, _ := filepath.Glob(filepath.Join(a.root, "datasets", "*", "records.jsonl"))
	if len(all) == 0 {
		return nil, fmt.Errorf("there is no data set in %s: name its folder with --in", filepath.Join(a.root, "datasets"))
	}
	var found []*pipelines.Traced
	for _, file := range all {
		t, err := pipelines.Trace(filepath.Dir(file), name)
		if errors.Is(err, pipelines.ErrUnknownRecord) {
			continue
		} else if err != nil {
			return nil, err
		}
		found = append(found, t)
	}
	return one(found, name, len(all))
}

// one is the record that was meant: where several data sets have it, the one that made it.
func one(found []*pipelines.Traced, name string, sets int) (*pipelines.Traced, error) {
	var made []*pipelines.Traced
	var folders []string
	for _, t := range found {
		folders = append(folders, t.Folder)
		if t.Drawn != nil || len(found) == 1 {
			made = append(made, t)
		}
	}
	switch {
	case len(found) == 0:
		return nil, fmt.Errorf("%s: no record of %s begins so", name, plural(sets, "data set"))
	case len(made) != 1:
		return nil, fmt.Errorf("%s: is in %s: choose one with --in", name, strings.Join(folders, ", "))
	}
	return made[0], nil
}

// printTrace draws the tree.
func (a *app) printTrace(t *pipelines.Traced) error {
	seen := map[*pipelines.Traced]bool{}
	var draw func(n *pipelines.Traced, first, rest string)
	draw = func(n *pipelines.Traced, first, rest string) {
		fmt.Fprintf(a.out, "%s%s\n", first, headOf(n))
		if seen[n] {
			return
		}
		seen[n] = true
		below := "   "
		if len(n.From) > 0 {
			below = "│  "
		}
		for _, line := range detail(n, n == t) {
			fmt.Fprintf(a.out, "%s%s%s\n", rest, below, line)
		}
		for i, p := range n.From {
			if i == len(n.From)-1 {
				draw(p, rest+"└─ ", rest+"   ")
			} else {
				draw(p, rest+"├─ ", rest+"│  ")
			}
		}
	}
	draw(t, "", "")
	real, seeds := 0, t.Seeds()
	for _, s := range seeds {
		if s.Real {
			real++
		}
	}
	_, err := fmt.Fprintf(a.out, "\ngeneration %d, %s at its roots, %d of them real; %.3g %% of its ancestry is real\n", t.Generation, plural(len(seeds), "record"), real, 100*t.RealShare)
	return err
}

// headOf says what a record is, on one line.
func headOf(n *pipelines.Traced) string {
	what := fmt.Sprintf("%s, generation %d", n.Stage, n.Generation)
	switch {
	case n.Real:
		what = n.Stage + ", real"
	case n.Drawn == nil && n.Generation == 0:
		what = n.Stage + ", no data"
	}
	return fmt.Sprintf("%s  %s  (%s)", n.ID[:min(8, len(n.ID))], what, n.Folder)
}

// detail says how a record came about, and what it says.
func detail(n *pipelines.Traced, whole bool) (lines []string) {
	if d := n.Drawn; d != nil {
		line := fmt.Sprintf("%s, %s, %s of %d tokens", show.Line(d.Model, 80), samplerLine(d.Sampler), show.Line(d.Finish, 80), d.Tokens)
		if d.Seed != nil {
			line += fmt.Sprintf(", seed %d", *d.Seed)
		}
		if n.Cost > 0 {
			line += fmt.Sprintf(", cost %.3g", n.Cost)
		}
		lines = append(lines, line)
	}
	if n.Origin != "" {
		lines = append(lines, "from "+show.Line(n.Origin, 200))
	}
	if n.Why != "" {
		lines = append(lines, fmt.Sprintf("dropped by %s: %s", n.Left, show.Line(n.Why, 200)))
	}
	if n.Lacking != "" {
		lines = append(lines, "its ancestors are lost: "+show.Line(n.Lacking, 300))
	}
	width := 90
	if whole {
		width = 400
	}
	for _, name := range n.Fields.Names() {
		text, _ := n.Fields.Text(name)
		lines = append(lines, show.Line(name+": "+text, width))
	}
	return lines
}

// samplerLine is what was sent of a sampler.
func samplerLine(s pipelines.Sampler) string {
	var parts []string
	add := func(name string, value *float64) {
		if value != nil {
			parts = append(parts, fmt.Sprintf("%s %g", name, *value))
		}
	}
	add("temperature", s.Temperature)
	add("top_p", s.TopP)
	add("min_p", s.MinP)
	if s.TopK != nil {
		parts = append(parts, fmt.Sprintf("top_k %d", *s.TopK))
	}
	return strings.Join(parts, ", ")
}
