package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/evaluate"
	"modelcollapse/results"
	"modelcollapse/results/draw"
)

// compareFlags are the flags of compare.
type compareFlags struct {
	format string
	series []string
	all    bool
}

// compareVerb says what changes from one arm to another, in one run or across two.
func (a *app) compareVerb() *cobra.Command {
	f := compareFlags{format: "text"}
	cmd := &cobra.Command{
		Use:   "compare RUN[:ARM] [RUN[:ARM] …]",
		Short: "Say what changes from the first side to each other: difference, interval, p",
		Long: "A side is a run, or one arm of it. One run alone: its first arm against each other arm.\n" +
			"Rows are the first, the middle and the last generation; ~ is not significant at 5 % after Holm.\n" +
			"The curves are drawn over each other, with the difference between equal replicates beside them.",
		Example: "  collapse compare go-docs\n  collapse compare go-docs:replace go-docs:accumulate --series tail_loss",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errf("compare takes one run, or two or more sides RUN or RUN:ARM")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return a.compare(args, f) },
	}
	cmd.Flags().StringVar(&f.format, "format", f.format, "text or json")
	cmd.Flags().StringSliceVar(&f.series, "series", nil, "which series (default: those of the last screen)")
	cmd.Flags().BoolVar(&f.all, "all", false, "every series that the first side has")
	return cmd
}

// A side of a comparison, with its run open.
type side struct {
	draw.Side
	reader *results.Reader
	dir    string
	seed   uint64
}

func (a *app) compare(args []string, f compareFlags) (err error) {
	sides, err := a.sides(args)
	defer func() {
		for _, s := range sides {
			err = errors.Join(err, s.reader.Close())
		}
	}()
	if err != nil {
		return err
	}
	series := f.choose(sides[0].Run)
	var all []evaluate.Comparison
	for _, other := range sides[1:] {
		c := evaluate.Compare(sides[0].Name, other.Name, contrasts(sides[0], other, series))
		all = append(all, c)
		if f.format == "text" {
			if err := c.WriteText(a.out); err != nil {
				return err
			}
			fmt.Fprintln(a.out)
		}
		if err := a.overlay(sides[0], other, series, f.format == "text"); err != nil {
			return err
		}
	}
	switch f.format {
	case "text":
		return nil
	case "json":
		return asJSON(a.out, all)
	}
	return errf("--format %s: text or json", f.format)
}

// choose is which series are compared.
func (f compareFlags) choose(r draw.Run) (series []string) {
	if f.all {
		return r.Table.Series()
	}
	asked := f.series
	if len(asked) == 0 {
		asked = headline
	}
	for _, name := range asked {
		if s := r.Resolve(name); len(f.series) > 0 || slices.Contains(r.Table.Series(), s) && len(series) < columns {
			series = append(series, s)
		}
	}
	if len(series) == 0 {
		series = r.Table.Series()
	}
	return series
}

// sides opens what was named: sides, or all arms of one run.
func (a *app) sides(args []string) (all []side, err error) {
	for _, arg := range args {
		name, arm, named := strings.Cut(arg, ":")
		dir, err := a.runDir(name)
		if err != nil {
			return all, err
		}
		arms, err := armsOf(dir)
		if err != nil {
			return all, err
		}
		switch {
		case named && !slices.Contains(arms, arm):
			return all, errf("%s: no arm %q%s; there are %s", name, arm, hint(arm, arms), strings.Join(arms, ", "))
		case named:
			arms = []string{arm}
		case len(args) > 1 && len(arms) > 1:
			return all, errf("%s has several arms; name one: %s:%s", name, name, strings.Join(arms, " or "+name+":"))
		}
		for _, arm := range arms {
			s, err := a.side(dir, arm)
			if err != nil {
				return all, err
			}
			if s.Name = arm; len(args) > 1 {
				s.Name = filepath.Base(dir) + ":" + arm
			}
			all = append(all, s)
		}
	}
	if len(all) < 2 {
		return all, errf("%s has one arm; name another side to compare it with", args[0])
	}
	return all, nil
}

func armsOf(dir string) (arms []string, err error) {
	r, err := results.OpenRun(dir)
	if err != nil {
		return nil, err
	}
	for _, arm := range r.Manifest().Arms {
		arms = append(arms, arm.Name)
	}
	return arms, r.Close()
}

func (a *app) side(dir, arm string) (side, error) {
	l, err := a.load(filepath.Join(dir, "config.yaml"), nil)
	if err != nil {
		return side{}, err
	}
	r, err := results.OpenRun(dir)
	if err != nil {
		return side{}, err
	}
	d, err := draw.Read(r)
	if err != nil {
		return side{}, errors.Join(err, r.Close())
	}
	return side{draw.Side{Run: d, Arm: arm}, r, dir, l.Config.Seed}, nil
}

func contrasts(a, b side, series []string) (all []evaluate.Contrast) {
	for _, s := range series {
		axis, _ := a.Run.Manifest.Axis(s)
		for _, node := range a.Run.Table.Nodes(a.Arm, s) {
			all = append(all, evaluate.Contrast{A: a.Run.Table.Curves(a.Arm, s, node), B: b.Run.Table.Curves(b.Arm, s, node),
				Axis: axis, Shared: a.seed == b.seed})
		}
	}
	return all
}

// overlay draws the comparison into the figures of the first side's run.
func (a *app) overlay(first, other side, series []string, say bool) error {
	f, err := draw.Compare(first.Side, other.Side, series[:min(len(series), 4)])
	if err != nil {
		return usage(err)
	}
	name := fileName("compare-" + first.Name + "-" + other.Name)
	err = save(f, first.reader, name)
	if err == nil && say {
		_, err = fmt.Fprintf(a.out, "figure: %s\n\n", filepath.Join(first.dir, "figures", name+".png"))
	}
	return err
}
