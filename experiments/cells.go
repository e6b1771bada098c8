package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"modelcollapse/configs"
	"modelcollapse/internal/rng"
)

// A Study is a config made ready to run: its arms, checked, and its cells.
type Study struct {
	Config configs.Config // before the sweep
	Arms   []Arm
	Cells  []Cell
}

// An Arm is one point of the sweep.
type Arm struct {
	configs.Arm
	Facts  Facts
	Digest string // of the data; empty when they are drawn from a formula
	Source string // what was read, in a line
}

// A Cell is one replicate of an arm: the unit of work, of caching and of distribution.
type Cell struct {
	ID        string // names its results: a hash of everything that decides its chain
	Arm       int    // index into Study.Arms
	Replicate int
	Key       rng.Key
	Metrics   map[string]string // the identity of every metric, by kind
	runner    Runner
	stores    bool // blocks, fits or samples are stored beside the records
}

// Prepare checks every arm of a config before anything runs, reads the data, and names the cells.
func Prepare(ctx context.Context, t Table, c configs.Config, arms []configs.Arm) (*Study, error) {
	b := &builder{table: t, reads: map[string]any{}, open: map[string]any{}}
	s := &Study{Config: c}
	for i, a := range arms {
		if a.Name == "" { // nothing is swept: the workflow names the one arm
			a.Name = a.Config.Workflow.Kind
		}
		var last built
		for k, replicate := range a.Config.Replicates {
			if k == 0 || a.Config.Vary == "split" {
				var err error
				if last, err = b.build(ctx, a.Config, dataKey(a.Config, replicate)); err != nil {
					if len(arms) > 1 {
						return nil, fmt.Errorf("arm %s: %w", a.Name, err)
					}
					return nil, err
				}
			}
			s.Cells = append(s.Cells, newCell(i, replicate, a.Config, last))
		}
		s.Arms = append(s.Arms, Arm{Arm: a, Facts: last.runner.Facts(), Digest: last.digest, Source: last.source})
	}
	s.order()
	return s, nil
}

func newCell(arm, replicate int, c configs.Config, b built) Cell {
	h := sha256.New()
	c.Execution = string(b.runner.Facts().Execution)
	fmt.Fprintf(h, "%s\n%s\n%s\n%d\n%d", rng.Version, c.Canonical(), b.digest, c.Seed, replicate)
	cell := Cell{ID: hex.EncodeToString(h.Sum(nil))[:16], Arm: arm, Replicate: replicate, runner: b.runner,
		Key: rng.Root(c.Seed).Child("replicate", replicate), Metrics: map[string]string{},
		stores: c.Checkpoint == "blocks" || c.Keep.Samples > 0 || c.Keep.Models != "none"}
	for _, m := range c.Metrics {
		sum := sha256.Sum256(m.Canonical())
		cell.Metrics[m.Kind] = hex.EncodeToString(sum[:6])
	}
	return cell
}

// order puts the first replicate of every arm first, so that the first curves of all arms are there early.
func (s *Study) order() {
	rank := map[int]int{}
	first := make([][]Cell, 0)
	for _, c := range s.Cells {
		k := rank[c.Arm]
		rank[c.Arm]++
		if k == len(first) {
			first = append(first, nil)
		}
		first[k] = append(first[k], c)
	}
	s.Cells = s.Cells[:0]
	for _, row := range first {
		s.Cells = append(s.Cells, row...)
	}
}

// Runner is the checked chain of a cell.
func (c Cell) Runner() Runner { return c.runner }
