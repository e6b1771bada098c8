package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/internal/rng"
)

// A Study is a config made ready to run: its arms, checked, and its cells.
type Study struct {
	Config configs.Config // before the sweep
	Arms   []Arm
	Cells  []Cell
	words  spoken
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
	b := &builder{table: t, reads: map[string]any{}, open: map[string]any{}, words: t.words()}
	s := &Study{Config: c, words: b.words}
	var all []unnamed
	var errs []error
	for i, a := range arms {
		if a.Name == "" { // nothing is swept: the workflow names the one arm
			a.Name = a.Config.Workflow.Kind
		}
		cells, err := b.arm(ctx, i, a.Config)
		if err != nil {
			errs = another(errs, b.words.error(err), a.Name, len(arms))
			continue
		}
		all = append(all, cells...)
		s.Arms = append(s.Arms, Arm{Arm: a, Digest: cells[0].digest, Source: cells[0].source})
	}
	if len(errs) > 0 || ctx.Err() != nil {
		return nil, errors.Join(append(errs, ctx.Err())...)
	}
	if err := s.name(all); err != nil {
		return nil, err
	}
	s.order()
	return s, nil
}

// another adds what is wrong with an arm, unless that is wrong with an arm before it too.
func another(errs []error, err error, arm string, arms int) []error {
	if slices.ContainsFunc(errs, func(e error) bool { return strings.HasSuffix(e.Error(), err.Error()) }) {
		return errs
	}
	if arms > 1 {
		err = fmt.Errorf("arm %s: %w", arm, err)
	}
	return append(errs, err)
}

// An unnamed cell is built; what names it may depend on the other arms.
type unnamed struct {
	built
	arm, replicate int
}

// arm builds one runner an arm, or one a replicate where the split varies.
func (b *builder) arm(ctx context.Context, arm int, c configs.Config) (cells []unnamed, err error) {
	var last built
	for k, replicate := range c.Replicates {
		if k == 0 || c.Vary == "split" {
			if last, err = b.build(ctx, c, dataKey(c, replicate)); err != nil {
				return nil, err
			}
		}
		if k == 0 { // what a metric refuses of one split it refuses of the others
			if err = last.runner.Starts(ctx, replicateKey(c, replicate)); err != nil {
				return nil, err
			}
		}
		cells = append(cells, unnamed{last, arm, replicate})
	}
	return cells, nil
}

// name gives every arm the same probe, the smallest that one of them would have, and every cell its identity.
func (s *Study) name(all []unnamed) error {
	probe := 0
	for _, u := range all {
		if p := u.runner.Facts().Probe; p > 0 && (probe == 0 || p < probe) {
			probe = p
		}
	}
	names := map[string]int{}
	for _, u := range all {
		u.runner = u.runner.Probed(probe)
		s.Arms[u.arm].Facts = u.runner.Facts()
		cell := newCell(u, s.Arms[u.arm].Config)
		if other, twice := names[cell.ID]; twice {
			return fmt.Errorf("the arms %s and %s are the same experiment", s.Arms[other].Name, s.Arms[u.arm].Name)
		}
		names[cell.ID] = u.arm
		s.Cells = append(s.Cells, cell)
	}
	return nil
}

// newCell hashes everything that decides the chain into its name, and everything that decides a metric's values
// beside the chain into that metric's identity.
func newCell(u unnamed, c configs.Config) Cell {
	facts := u.runner.Facts()
	c.Execution = string(facts.Execution)
	id := hashed(rng.Version, c.Canonical(), versions(append(append([]configs.Spec{c.Data, c.Model, c.Workflow}, c.Models...), c.Interventions...)...), u.digest, c.Seed, u.replicate)
	return Cell{ID: id[:16], Arm: u.arm, Replicate: u.replicate, runner: u.runner, Metrics: metricIDs(c, facts.Probe),
		Key: replicateKey(c, u.replicate), stores: facts.Stores || c.Keep.Samples > 0 || c.Keep.Models != "none"}
}

// metricIDs hash everything that decides a metric's values beside the chain.
func metricIDs(c configs.Config, probe int) map[string]string {
	ids := map[string]string{}
	for _, m := range c.Metrics {
		ids[m.Kind] = hashed(m.Canonical(), versions(m), c.Every, probe)[:12]
	}
	if c.Keep.Samples > 0 || c.Keep.Models != "none" {
		ids["keep"] = hashed(c.Keep, c.Every, probe)[:12]
	}
	return ids
}

// Reprobe measures probes of another size, of the same chains.
func (s *Study) Reprobe(units int) {
	for i, c := range s.Cells {
		runner, config := c.runner.Probed(units), s.Arms[c.Arm].Config
		config.Execution = string(runner.Facts().Execution)
		s.Cells[i].runner, s.Cells[i].Metrics = runner, metricIDs(config, units)
		s.Arms[c.Arm].Facts = runner.Facts()
	}
}

// replicateKey is the path of everything that a replicate draws.
func replicateKey(c configs.Config, replicate int) rng.Key {
	return rng.Root(c.Seed).Child("replicate", replicate)
}

// versions tell implementations of the same name apart: their packages, and a Version that they may state and raise
// when what they compute changes.
func versions(specs ...configs.Spec) string {
	text := ""
	for _, s := range specs {
		typ := reflect.TypeOf(s.Value)
		for typ != nil && typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ != nil {
			text += typ.PkgPath() + "." + typ.Name()
		}
		if v, ok := s.Value.(interface{ Version() string }); ok {
			text += "@" + v.Version()
		}
		text += " "
	}
	return text
}

// hashed is the SHA-256, in hex, of parts one a line.
func hashed(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		if b, ok := p.([]byte); ok {
			p = string(b)
		}
		fmt.Fprintf(h, "%v\n", p)
	}
	return hex.EncodeToString(h.Sum(nil))
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
