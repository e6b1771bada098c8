package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"syscall"
	"time"

	"modelcollapse/configs"
	"modelcollapse/experiments"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// run runs a config with one worker and all its records, and times what follows the reading of the config.
func run(ctx context.Context, config, check string, overrides []string) (t timing, err error) {
	table := experiments.Names()
	l, err := configs.Load(table.Kinds(), configs.Shipped, config, overrides)
	if err != nil {
		return t, err
	}
	arms, err := l.Arms()
	if err != nil {
		return t, err
	}
	dir, err := os.MkdirTemp("", "speed")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(dir)
	wall, cpu := time.Now(), processor()
	s, err := experiments.Prepare(ctx, table, l.Config, arms)
	if err != nil {
		return t, err
	}
	into, err := results.Create(dir, s.Manifest(l.YAML(), nil))
	if err != nil {
		return t, err
	}
	tally, err := s.Run(ctx, into, experiments.Options{})
	if err == nil && tally.Failed > 0 {
		err = fmt.Errorf("%d of %d cells failed", tally.Failed, tally.Cells)
	}
	if err = errors.Join(err, into.Close()); err != nil {
		return t, err
	}
	t.CPU, t.Wall = processor()-cpu, time.Since(wall).Seconds()
	t.Execution = string(s.Arms[0].Facts.Execution)
	return t, t.check(dir, s.Arms[len(s.Arms)-1].Name, check)
}

// check reads what a run found at its end, in its last arm.
func (t *timing) check(dir, arm, series string) error {
	r, err := results.OpenRun(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	table, err := r.Table()
	if err != nil {
		return err
	}
	var last []float64
	for _, l := range table.Curves(arm, series, 0).Lines {
		last = append(last, l[len(l)-1])
	}
	if t.Chains = len(last); t.Chains == 0 {
		return fmt.Errorf("%s is not measured", series)
	}
	t.Mean = num.Mean(last)
	if t.Chains > 1 {
		squares := 0.0
		for _, x := range last {
			squares += (x - t.Mean) * (x - t.Mean)
		}
		se := math.Sqrt(squares / float64(t.Chains-1) / float64(t.Chains))
		t.SE = &se
	}
	return nil
}

// processor is the processor time of this process so far, in seconds.
func processor() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return math.NaN()
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
