package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/experiments"
	"modelcollapse/results"
)

// A prepared config: loaded, checked, its data read, its folder named.
type prepared struct {
	loaded *configs.Loaded
	study  *experiments.Study
	dir    string
	given  bool // the folder was asked for with --out

	overridden bool // by key=value that may take away what the verdict speaks of
}

func (a *app) load(name string, overrides []string) (*configs.Loaded, error) {
	l, err := configs.Load(a.table.Kinds(), configs.Shipped, name, overrides)
	if err != nil && a.isPipeline(name) {
		return nil, errf("%s is a pipeline, which makes a data set: collapse generate %s", name, word(name))
	}
	return l, usage(err)
}

func (a *app) prepare(ctx context.Context, name string, overrides []string, out string) (*prepared, error) {
	l, err := a.load(name, overrides)
	if err != nil {
		return nil, err
	}
	arms, err := l.Arms()
	if err != nil {
		return nil, usage(err)
	}
	s, err := experiments.Prepare(ctx, a.table, l.Config, arms)
	if err != nil {
		if ctx.Err() != nil {
			return nil, coded{fmt.Errorf("interrupted while preparing"), exitInterrupted}
		}
		return nil, usage(placed(l, l.Config.Name, err))
	}
	p := &prepared{loaded: l, study: s, dir: out, given: out != "", overridden: slices.ContainsFunc(overrides, changes)}
	if err := s.CheckVerdict(); err != nil && !p.overridden {
		return nil, usage(placed(l, l.Config.Name, err))
	}
	if out == "" {
		if slices.Contains(reserved, l.Config.Name) {
			return nil, errf("%s: a run cannot be called %s, which is a folder of the program's source: rename the config or give --out", name, l.Config.Name)
		}
		p.dir = a.folder(l, arms, name, overrides)
	}
	return p, nil
}

// changes reports whether an override may take away an arm, a series or a generation that the verdict speaks of.
func changes(override string) bool {
	key, _, _ := strings.Cut(override, "=")
	top, _, _ := strings.Cut(key, ".")
	return !slices.Contains([]string{"replicates", "seed", "verdict", "profile", "figures", "title", "claim", "cite", "keep", "probe"}, top)
}

// reserved are the folders that lie in results where collapse itself is developed.
var reserved = []string{"draw", "figure", "reference", "testdata"}

// folder is results/NAME; results/NAME@hash when overrides change what is computed, and not only how often, or when
// another experiment of that name lives there.
func (a *app) folder(l *configs.Loaded, arms []configs.Arm, name string, overrides []string) string {
	dir, asked := filepath.Join(a.root, l.Config.Name), experimentOf(arms)
	if len(overrides) > 0 && a.experiment(name) != asked {
		return dir + "@" + asked[:6]
	}
	if a.another(dir, asked) {
		return dir + "@" + asked[:6]
	}
	return dir
}

// another says whether a run of another experiment lives in a folder; a config that was damaged since does not say so.
func (a *app) another(dir, asked string) bool {
	there := filepath.Join(dir, "config.yaml")
	if _, err := os.Stat(there); err != nil || a.experiment(there) == asked {
		return false
	}
	r, err := results.OpenRun(dir)
	if err != nil {
		return true
	}
	defer r.Close()
	return !slices.ContainsFunc(r.Damage(), func(d results.Damage) bool { return d.File == "config.yaml" })
}

// experiment is experimentOf a config without overrides; empty when it cannot be loaded.
func (a *app) experiment(name string) string {
	l, err := configs.Load(a.table.Kinds(), configs.Shipped, name, nil)
	if err != nil {
		return ""
	}
	arms, err := l.Arms()
	if err != nil {
		return ""
	}
	return experimentOf(arms)
}

// experimentOf names what a set of arms computes, whatever the replicates.
func experimentOf(arms []configs.Arm) string {
	h := sha256.New()
	for _, a := range arms {
		fmt.Fprintf(h, "%s\n%d\n%s\n", a.Name, a.Config.Seed, a.Config.Canonical())
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func (p *prepared) open() (*results.Run, error) {
	if foreign(p.dir) {
		return nil, usage(fmt.Errorf("%s: holds files and is no run folder: choose another one with --out", p.dir))
	}
	if err := os.MkdirAll(p.dir, 0o777); err != nil {
		return nil, fmt.Errorf("%w: choose another place with --out", err)
	}
	if err := p.owns(); err != nil {
		return nil, err
	}
	m := p.study.Manifest(p.loaded.YAML(), environment(p.study))
	beside, err := results.Siblings(p.dir)
	if err != nil {
		return nil, err
	}
	for _, dir := range append(beside, p.dir) {
		m.Axes = withAxes(m.Axes, dir)
	}
	return results.Create(p.dir, m)
}

// foreign says whether a folder holds something, but no run: a run's first file is its lock.
func foreign(dir string) bool {
	all, err := os.ReadDir(dir)
	return err == nil && len(all) > 0 && !slices.ContainsFunc(all, func(e os.DirEntry) bool {
		return e.Name() == "lock" || e.Name() == "cells.json"
	})
}

// adopt takes over finished cells from runs of the same config with other overrides.
func (a *app) adopt(p *prepared, run *results.Run) error {
	beside, err := results.Siblings(p.dir)
	if err != nil {
		return err
	}
	_, err = run.Adopt(beside)
	return err
}

// withAxes adds the axes of a run folder: its cells are reused, with the series of metrics that nobody asks for now.
func withAxes(axes []results.Axis, dir string) []results.Axis {
	r, err := results.OpenRun(dir)
	if err != nil {
		return axes
	}
	defer r.Close()
	for _, old := range r.Manifest().Axes {
		if !slices.ContainsFunc(axes, func(a results.Axis) bool { return a.Series == old.Series }) {
			axes = append(axes, old)
		}
	}
	return axes
}

// owns refuses a folder that was asked for with --out and holds another experiment, with no cell in common.
func (p *prepared) owns() error {
	r, err := results.OpenRun(p.dir)
	if !p.given || err != nil {
		return nil // a damaged folder is for results.Create to judge
	}
	defer r.Close()
	mine := map[string]bool{}
	for _, c := range p.study.Cells {
		mine[c.ID] = true
	}
	there := r.Manifest().Cells
	if len(there) == 0 || slices.ContainsFunc(there, func(c results.CellInfo) bool { return mine[c.ID] }) {
		return nil
	}
	return errf("--out %s: holds another experiment, with no cell in common; choose another folder, or delete it", p.dir)
}

// fits refuses plans whose rows exceed the memory of this machine, where that is known.
func (p *prepared) fits(jobs int) error {
	total := memory()
	for _, a := range p.study.Arms {
		if need := a.Facts.PeakBytes; total > 0 && need > total/min(jobs, len(p.study.Cells)) {
			return errf("arm %s keeps %s rows at once, about %s a cell, and this machine has %s: give fewer rows or --jobs",
				a.Name, thousands(a.Facts.PeakRows), size(need), size(total))
		}
	}
	return nil
}

// memory is the machine's, in bytes; 0: unknown.
func memory() (bytes int) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	if _, err := fmt.Sscanf(string(b), "MemTotal: %d kB", &bytes); err != nil {
		return 0
	}
	return bytes << 10
}
