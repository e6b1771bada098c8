package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"modelcollapse/results"
	"modelcollapse/results/draw"
)

// plotVerb draws the figures of a run again, or one of any series.
func (a *app) plotVerb() *cobra.Command {
	spec, theory, rows := draw.Spec{}, true, ""
	cmd := &cobra.Command{
		Use:   "plot RUN [SERIES …]",
		Short: "Draw the figures of a run again, or one of any series, or of rows",
		Example: `  collapse plot gaussian-replace variance
  collapse plot two-dimensional-gaussian --scatter
  collapse plot two-dimensional-gaussian --scatter=0,20,40 --name rows`,
		Args: atLeast(1, "a config or a run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, err := a.runDir(args[0])
			if err != nil {
				return err
			}
			spec.Series, spec.Theory = args[1:], theory
			if spec.Scatter = cmd.Flags().Changed("scatter"); spec.Scatter {
				if spec.Generations, err = generations(rows); err != nil {
					return err
				}
				if len(spec.Series) > 0 {
					return errf("plot draws %s or --scatter, not both; generations are --scatter=0,5,10", spec.Series[0])
				}
			}
			return a.plot(dir, spec)
		},
	}
	cmd.Flags().StringVar(&spec.Name, "name", "", "the files' base name (default: the first series)")
	cmd.Flags().StringVar(&spec.Title, "title", "", "printed above")
	cmd.Flags().StringSliceVar(&spec.By, "by", nil, "swept keys: a panel for each value of one, a table of panels for two")
	cmd.Flags().StringVar(&spec.Scale, "scale", "", "linear or log (default: the series' own)")
	cmd.Flags().BoolVar(&theory, "theory", true, "with the theory lines")
	cmd.Flags().StringVar(&rows, "scatter", "", "the rows that the metric scatter attached, of these generations (--scatter alone: up to six)")
	cmd.Flags().Lookup("scatter").NoOptDefVal = "spread"
	return cmd
}

// generations reads "0,5,10"; none of "spread".
func generations(text string) (all []int, err error) {
	if text == "spread" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		g, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || g < 0 {
			return nil, errf("--scatter=%s: want generations such as 0,5,10", text)
		}
		all = append(all, g)
	}
	return all, nil
}

func (a *app) plot(dir string, spec draw.Spec) error {
	r, err := results.OpenRun(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	d, err := draw.Read(r)
	if err != nil {
		return err
	}
	if spec.Scale != "" && spec.Scale != "linear" && spec.Scale != "log" {
		return errf("--scale %s: linear or log", spec.Scale)
	}
	all := []draw.Spec{spec}
	if len(spec.Series) == 0 && !spec.Scatter {
		l, err := a.load(filepath.Join(dir, "config.yaml"), nil)
		if err != nil {
			return err
		}
		all = specs(d, l.Config)
	} else if spec.Name == "" {
		all[0].Name = ownName(spec)
	}
	if len(spec.By) > 2 || len(spec.By) > 0 && len(spec.Series) != 1 {
		return errf("--by: one or two swept keys, and one series")
	}
	for _, s := range all {
		f, e := d.Figure(s)
		if e == nil {
			e = save(f, r, s.Name)
		}
		if err = errors.Join(err, usage(e)); e == nil {
			fmt.Fprintln(a.out, filepath.Join(dir, "figures", s.Name+".png"))
		}
	}
	return err
}
