package audit

import (
	"context"
	"errors"
	"fmt"

	"modelcollapse/generate/read"
)

// Tables are the sets of an audit of tables. Types are inferred from the real set; Types overrides them.
type Tables struct {
	Real      *read.Frame // what the generator learned from
	Synthetic *read.Frame
	HoldOut   *read.Frame // real rows that the generator never saw; nil: membership and attribute inference are not measured
	Canaries  *read.Frame // rows that were planted among the training rows, to be recognised; nil: none

	Types      map[string]string // by column, as read.Options.Schema
	Rules      Rules             // what cells may be
	Target     string            // the column that models are trained to predict; empty: utility is not measured
	Group      string            // the column whose rows belong together, such as a person's: a split never parts them, and it is not compared; empty: none
	SmallCells bool              // gaps of fewer than 5 real rows are shown
}

// fewRows is what each set must have at least: with fewer, two halves have hardly a tail.
const fewRows = 20

// Table audits a synthetic table.
func Table(ctx context.Context, t Tables, o Options) (*Report, error) {
	o = o.filled()
	if t.Real == nil || t.Synthetic == nil {
		return nil, errors.New("audit: a real and a synthetic set are needed")
	}
	d, err := tableOf(t)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if d.real < fewRows || d.synth < fewRows/2 {
		return nil, fmt.Errorf("audit: %d real and %d synthetic rows: want at least %d and %d", d.real, d.synth, fewRows, fewRows/2)
	}
	target, err := d.target(t.Target)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	r := &Report{Kind: "table", Unit: "rows", Read: t.read(d)}
	set := family{name: "rows", units: Units{Real: d.real, Synthetic: d.synth, Group: d.group}, measures: []Measure{validityOf(d), marginsOf(d), sameRowsOf(d)}}
	var together *pairs
	var compared Split
	set.chosen = func(found Split, jobs int) ([]Measure, error) {
		thousand := fewOf(found, set.units, fewAtOnce, streamOf(o, "few"))
		compared, together = found, pairsOf(d, fewOf(found, set.units, pairRows, streamOf(o, "pairs")))
		all := []Measure{together, jointOf(d, thousand), kernelOf(d, thousand), closestOf(ctx, d, thousand, jobs)}
		if target >= 0 {
			all = append(all, utilityOf(d, thousand, target, streamOf(o, "utility")))
		}
		return all, ctx.Err()
	}
	if err := r.conclude(ctx, o, set, d.leakFamily(ctx, o)); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	r.absent(d, target)
	r.setGaps(d.gaps(), t.SmallCells)
	r.Curves = append(r.Curves, rarityCurve())
	r.Words = append(d.words(r), together.words(r, compared)...)
	return r, nil
}

// read says what every set holds.
func (t Tables) read(d *table) (all []Read) {
	for _, set := range []struct {
		name  string
		frame *read.Frame
	}{{"real", t.Real}, {"synthetic", t.Synthetic}, {"hold-out", t.HoldOut}, {"canaries", t.Canaries}} {
		if set.frame == nil {
			continue
		}
		s := set.frame.Summary
		one := Read{Set: set.name, Files: s.Files, SHA256: s.SHA256, Rows: set.frame.Rows, Notes: s.Dropped}
		for _, c := range s.Columns {
			text := c.Name + ": " + c.Type.String()
			if c.Nulls > 0 {
				text += fmt.Sprintf(", %d null", c.Nulls)
			}
			if c.Note != "" {
				text += " (" + c.Note + ")"
			}
			one.Columns = append(one.Columns, text)
		}
		all = append(all, one)
	}
	all[1].Notes = append(all[1].Notes, d.notes...)
	return all
}

// target is the number of a column that is to be predicted; −1: of none.
func (d *table) target(name string) (int, error) {
	if name == "" {
		return -1, nil
	}
	var known []string
	for j, c := range d.columns {
		if c.name == name {
			return j, nil
		}
		known = append(known, c.name)
	}
	return 0, fmt.Errorf("target: there is no column %q; there are %q", name, known)
}

// absent says which parts were not measured, and what they need.
func (r *Report) absent(d *table, target int) {
	if d.held == 0 {
		why := "give --holdout: real rows that the generator never saw"
		var l leak
		r.miss(why, l.Statistics()...)
	}
	if d.canary == 0 {
		r.miss("give --canaries: rows that were planted among the training rows", canaries{}.Statistics()...)
	}
	if target < 0 {
		r.miss("give --target: the column to predict", Statistic{Name: utilityName, Part: Utility})
	}
}
