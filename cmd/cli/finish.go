package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/experiments"
	"modelcollapse/results"
	"modelcollapse/results/draw"
	"modelcollapse/results/figure"
)

// finish writes what is drawn from the records, and prints the one screen that a run ends with.
func (a *app) finish(ctx context.Context, p *prepared, run *results.Run, t experiments.Tally, f runFlags, stop <-chan struct{}) error {
	if err := a.theory(ctx, p, run, stop); err != nil {
		return err
	}
	if t.Done == 0 {
		return nil
	}
	r, err := results.OpenRun(p.dir)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := r.WriteMetrics(); err != nil {
		return err
	}
	d, err := draw.Read(r)
	if err != nil {
		return err
	}
	files, err := a.figures(d, r, p.loaded.Config)
	if err != nil {
		return err
	}
	judged, err := a.judge(p, r)
	if err != nil {
		return err
	}
	if err := a.screen(p, d, t, files, judged); err != nil || judged == nil {
		return err
	}
	return answer(p.loaded.Config.Name, *judged, f.junit)
}

// answer puts a verdict where it was asked for, and into the exit code.
func answer(config string, j experiments.Judged, junit string) error {
	if junit != "" {
		if err := writeJUnit(junit, []evaluate.Named{{Name: config, Verdict: j.Verdict}}); err != nil {
			return err
		}
	}
	if j.Outcome == evaluate.Rejected {
		return coded{fmt.Errorf("the verdict is rejected: %s", j.Why), exitRejected}
	}
	return nil
}

// figures draws every figure of a config; without any, one of the first series of each metric.
func (a *app) figures(d draw.Run, r *results.Reader, c configs.Config) (names []string, err error) {
	for _, s := range specs(d, c) {
		f, e := d.Figure(s)
		if e == nil {
			e = save(f, r, s.Name)
		}
		if errors.Is(e, draw.ErrNoRows) || errors.Is(e, draw.ErrNoValue) || errors.Is(e, figure.ErrNoData) && s.Scatter {
			fmt.Fprintln(a.err, e)
			continue
		}
		if errors.Is(e, figure.ErrNoData) { // a result too: every fit was degenerate
			fmt.Fprintf(a.err, "figure %s: no finite value of %s to draw\n", s.Name, strings.Join(s.Series, ", "))
			continue
		}
		if err = errors.Join(err, e); e == nil {
			names = append(names, s.Name)
		}
	}
	return names, err
}

// save puts a figure, in every format and with its data, into the figures of a run.
func save(f *figure.Figure, r *results.Reader, name string) error {
	return f.Save(func(file string, write func(io.Writer) error) error { return r.Figures().Put(file, write) }, name, figure.Options{})
}

// specs are the figures that a config asks for, with every name filled in.
func specs(d draw.Run, c configs.Config) (all []draw.Spec) {
	for _, f := range c.Figures {
		s := draw.Spec{Name: f.Name, Title: f.Title, Series: f.Series(), Theory: f.Theory, By: f.By}
		if f.Scale != "auto" {
			s.Scale = f.Scale
		}
		if f.Scatter != nil {
			s.Scatter, s.Generations = true, *f.Scatter
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		seen := map[string]bool{}
		for _, series := range d.Table.Series() {
			if kind := baseName(series); !seen[kind] && kind != "one_step" { // transforms are for the verdict, not for the eye
				seen[kind] = true
				if slices.Contains(d.Table.Series(), kind) { // the series that stands for the others
					series = kind
				}
				all = append(all, draw.Spec{Series: []string{series}, Theory: true})
			}
		}
	}
	for i, s := range all {
		if s.Name == "" {
			all[i].Name = ownName(s)
		}
		if s.Title == "" {
			all[i].Title = c.Title
		}
	}
	return all
}

// ownName is what a figure's files are called where nobody says so.
func ownName(s draw.Spec) string {
	if s.Scatter {
		return "scatter"
	}
	return fileName(s.Series[0])
}

// fileName keeps letters, digits, dots, dashes and underscores of a series; every other character becomes one.
func fileName(series string) string {
	name := []rune(series)
	for i, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-') {
			name[i] = '_'
		}
	}
	for len(name) > 1 && name[len(name)-1] == '_' {
		name = name[:len(name)-1]
	}
	return string(name)
}

func baseName(series string) string {
	for i, c := range series {
		if c == '.' || c == '@' || c == '{' {
			return series[:i]
		}
	}
	return series
}

func errf(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }
