package experiments

import (
	"context"

	"modelcollapse/generate"
	"modelcollapse/internal/rng"
)

// Facts is what was decided before a run.
type Facts struct {
	Kind      string
	Execution Execution
	Rows      int      // draws of generation 0's first block
	Units     int      // its units (tokens), from a sample where the truth has no end; 0 where rows are units
	HeldOut   int      // rows
	Probe     int      // units; 0: nobody needs one
	PeakRows  int      // draws that the plan keeps at once, at most
	PeakBytes int      // of memory for them; rows that are only counted weigh nothing
	Calls     []string // models of servers that are called, a line each
	Stores    bool     // blocks and fits are stored, so that a restart goes on from them
}

// settle fills in the facts: what runs, and how much memory the plan implies.
func (c *compiled[E]) settle() {
	f := Facts{Stores: c.Checkpoint, Kind: c.Kind.Name, Execution: ByStatistics, Rows: c.plan.Draw(generate.At{}).Rows, HeldOut: len(c.deals[0].held)}
	for _, m := range c.Models {
		if r, ok := m.(generate.Remote); ok {
			f.Calls = append(f.Calls, r.Calls())
		}
	}
	switch {
	case c.rows:
		f.Execution = ByRows
	case c.count:
		f.Execution = ByCounting
	}
	perRow := 8
	if d := c.deals[0]; d.finite {
		first := d.rows[:min(f.Rows, len(d.rows))]
		f.Units, perRow = c.Kind.UnitsOf(first), c.bytesOf(first)
	}
	if !c.deals[0].finite && c.Kind.Units != nil {
		f.Units = c.pilot(f.Rows)
	}
	if c.need.Probe || c.Keep.Samples > 0 {
		if f.Probe = c.Probe; f.Probe == 0 {
			if f.Probe = f.Units; f.Probe == 0 {
				f.Probe = f.Rows
			}
			f.Probe = min(MaxProbe, f.Probe)
		}
	}
	f.PeakRows = c.peak()
	if f.PeakBytes = f.PeakRows * perRow; c.Kind.Name == generate.Histograms.Name {
		f.PeakBytes = 0
	}
	c.facts = f
}

// pilot is about how many units that many rows of a truth without end have, from a sample of them.
func (c *compiled[E]) pilot(rows int) int {
	const sample = 1000
	some, err := c.Truth[0].Draw(context.Background(), nil, sample, rng.Root(0).Child("pilot", 0).Stream())
	if err != nil {
		return 0 // whoever runs the chain will see the error
	}
	return int(float64(c.Kind.UnitsOf(some)) / sample * float64(rows))
}

// peak is the most draws whose rows the plan keeps at once.
func (c *compiled[E]) peak() (most int) {
	change := make([]int, len(c.plan.Steps)+1)
	for g, s := range c.plan.Steps {
		for i, d := range s.Draws {
			at := generate.At{Generation: g, Index: i}
			if _, ok := c.shortcuts[at]; ok {
				continue // its rows are never made
			}
			change[g] += d.Rows
			change[max(g, c.plan.Rows(at))+1] -= d.Rows
		}
	}
	alive := 0
	for _, by := range change {
		alive += by
		most = max(most, alive)
	}
	return most
}

// Probed is the chain with another size of every probe, in units: Prepare gives all arms the same.
func (c *compiled[E]) Probed(units int) Runner {
	x := *c
	if x.facts.Probe > 0 {
		x.facts.Probe = units
	}
	return &x
}

// bytesOf is the mean memory of a row.
func (c *compiled[E]) bytesOf(rows []E) int {
	if c.Kind.Bytes == nil || len(rows) == 0 {
		return 8
	}
	total := 0
	for _, r := range rows {
		total += c.Kind.Bytes(r)
	}
	return total/len(rows) + 1
}
