package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"modelcollapse/configs"
	"modelcollapse/experiments"
	"modelcollapse/results"
)

// A prepared config: loaded, checked, its data read, its folder named.
type prepared struct {
	name      string
	overrides []string
	loaded    *configs.Loaded
	study     *experiments.Study
	dir       string
}

func (a *app) load(name string, overrides []string) (*configs.Loaded, error) {
	l, err := configs.Load(a.table.Kinds(), configs.Shipped, name, overrides)
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
		return nil, usage(fmt.Errorf("%s: %w", l.Config.Name, err))
	}
	p := &prepared{name: name, overrides: overrides, loaded: l, study: s, dir: out}
	if out == "" {
		p.dir, err = a.folder(l, arms, name, overrides)
	}
	return p, err
}

// folder is results/NAME, or results/NAME@hash when overrides changed what is computed, and not only how often.
func (a *app) folder(l *configs.Loaded, arms []configs.Arm, name string, overrides []string) (string, error) {
	dir := filepath.Join(a.root, l.Config.Name)
	if len(overrides) == 0 {
		return dir, nil
	}
	asked := experimentOf(arms)
	plain, err := configs.Load(a.table.Kinds(), configs.Shipped, name, nil)
	if err == nil {
		var same []configs.Arm
		if same, err = plain.Arms(); err == nil && experimentOf(same) == asked {
			return dir, nil
		}
	}
	return dir + "@" + asked[:6], nil
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
	if err := os.MkdirAll(filepath.Dir(p.dir), 0o777); err != nil {
		return nil, fmt.Errorf("%w: choose another place with --out", err)
	}
	return results.Create(p.dir, p.study.Manifest(p.loaded.YAML(), environment(p.study)))
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
