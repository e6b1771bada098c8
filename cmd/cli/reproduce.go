package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"modelcollapse/configs"
	"modelcollapse/configs/papers"
	"modelcollapse/evaluate"
	"modelcollapse/experiments"
	"modelcollapse/internal/num"
	"modelcollapse/results"
)

// A reproduction is one row of the table.
type reproduction struct {
	Row     string    `json:"row"`
	Paper   string    `json:"paper"` // of the first citation
	Cite    string    `json:"cite"`
	Title   string    `json:"title"`
	Claim   string    `json:"claim"`
	Law     string    `json:"law"`
	Tests   string    `json:"tests"` // what was tested, in short
	Looks   int       `json:"looks"`
	P       num.Float `json:"p"` // the smallest after Holm; NaN: nothing was tested
	Outcome string    `json:"verdict"`
	Why     string    `json:"why"`
	Seconds float64   `json:"seconds"`
	Figure  string    `json:"figure,omitempty"`

	Headline *experiments.Headline `json:"headline,omitempty"`
	verdict  evaluate.Verdict
}

// reproduce runs one row, or takes its finished cells, and judges it.
func (a *app) reproduce(ctx context.Context, name string, lit papers.Literature, f verifyFlags, stop <-chan struct{}) (r reproduction, err error) {
	begin := time.Now()
	p, err := a.prepare(ctx, name, nil, "")
	if err != nil {
		return r, err
	}
	if err := a.fill(ctx, p, experiments.Options{Jobs: f.jobs, Stop: stop}); err != nil {
		return r, err
	}
	reader, err := results.OpenRun(p.dir)
	if err != nil {
		return r, err
	}
	defer reader.Close()
	j, err := a.judge(p, reader)
	if err != nil {
		return r, err
	}
	r = rowOf(p.loaded.Config, *j, lit)
	if r.Seconds = time.Since(begin).Seconds(); f.table {
		r.Figure, err = a.thumbnail(p, reader, f.out)
	}
	return r, err
}

// fill brings the cells and the theory lines of a run.
func (a *app) fill(ctx context.Context, p *prepared, o experiments.Options) error {
	if err := p.fits(o.Jobs); err != nil {
		return err
	}
	run, err := a.opened(p)
	if err != nil {
		return err
	}
	tally, err := p.study.Run(ctx, run, o)
	if err == nil && tally.Failed > 0 {
		err = fmt.Errorf("%d of %d cells failed; collapse status %s lists them", tally.Failed, tally.Cells, word(p.dir))
	}
	if err == nil {
		err = a.theory(ctx, p, run, o.Stop)
	}
	return errors.Join(err, run.Close())
}

// rowOf is the row of a judged config.
func rowOf(c configs.Config, j experiments.Judged, lit papers.Literature) reproduction {
	r := reproduction{Row: c.Name, Title: c.Title, Claim: c.Claim, Law: j.Law, Looks: len(j.Looks), P: 1, Outcome: string(j.Outcome), Why: j.Why,
		Headline: j.Headline, verdict: j.Verdict}
	if len(c.Cite) > 0 {
		r.Cite, r.Paper = c.Cite[0], lit.Papers[c.Cite[0]].Short()
	}
	for _, l := range j.Looks {
		if l.Adjusted == l.Adjusted {
			r.P = min(r.P, l.Adjusted)
		}
	}
	var tests []string
	for _, t := range c.Verdict.Tests {
		what := t.Test
		if t.Metric != "" {
			what += " " + t.Metric
		}
		if !slices.Contains(tests, what) {
			tests = append(tests, what)
		}
	}
	r.Tests = strings.Join(tests, ", ")
	return r
}
