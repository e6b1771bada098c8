package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"modelcollapse/results"
	"modelcollapse/results/draw"
)

// plotVerb draws the figures of a run again, or one of any series.
func (a *app) plotVerb() *cobra.Command {
	spec, theory := draw.Spec{}, true
	cmd := &cobra.Command{
		Use:   "plot RUN [SERIES …]",
		Short: "Draw the figures of a run again, or one of any series",
		Args:  atLeast(1, "a config or a run"),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := a.runDir(args[0])
			if err != nil {
				return err
			}
			spec.Series, spec.Theory = args[1:], theory
			return a.plot(dir, spec)
		},
	}
	cmd.Flags().StringVar(&spec.Name, "name", "", "the files' base name (default: the first series)")
	cmd.Flags().StringVar(&spec.Title, "title", "", "printed above")
	cmd.Flags().StringVar(&spec.Scale, "scale", "", "linear or log (default: the series' own)")
	cmd.Flags().BoolVar(&theory, "theory", true, "with the theory lines")
	return cmd
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
	if len(spec.Series) == 0 {
		l, err := a.load(filepath.Join(dir, "config.yaml"), nil)
		if err != nil {
			return err
		}
		all = specs(d, l.Config)
	} else if spec.Name == "" {
		all[0].Name = fileName(spec.Series[0])
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
