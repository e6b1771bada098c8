package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"modelcollapse/evaluate"
	"modelcollapse/experiments"
	"modelcollapse/results"
)

// A judgement is verdict.json.
type judgement struct {
	Verdict *experiments.Judged `json:"verdict,omitempty"` // nil: the config asks for none
	Profile []evaluate.Profile  `json:"profile"`
}

// judge tests the records of a run for what its config asks, answers the collapse profile, and writes verdict.json. With
// overrides a test may speak of arms that are not there: it is skipped, and why is said.
func (a *app) judge(p *prepared, r *results.Reader) (*experiments.Judged, error) {
	c := p.loaded.Config
	e, err := p.study.EvidenceOf(r)
	if err != nil {
		return nil, err
	}
	j := judgement{Profile: experiments.Profiles(c, r.Manifest(), e)}
	if len(c.Verdict.Tests) > 0 {
		v, err := experiments.Judge(c.Verdict, e, p.overridden)
		if err != nil {
			return nil, usage(err)
		}
		for _, why := range v.Skipped {
			fmt.Fprintf(a.err, "not tested: %s\n", why)
		}
		j.Verdict = &v
	}
	var text bytes.Buffer
	if err := asJSON(&text, j); err != nil {
		return nil, err
	}
	return j.Verdict, r.WriteVerdict(text.Bytes())
}

// printProfile is a row a definition, a column an arm, and why below where there are few arms.
func (a *app) printProfile(text []byte) error {
	var j judgement
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("verdict.json: %w: run the same command again to write it anew", err)
	}
	if j.Verdict != nil {
		fmt.Fprintf(a.out, "\nverdict: %s\n", wrap(j.Verdict.String(), 96, "  "))
	}
	if len(j.Profile) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(a.out, 0, 4, 2, ' ', 0)
	shown := j.Profile[:min(len(j.Profile), columns+2)]
	fmt.Fprintf(t, "\ncollapse profile (level %g)", j.Profile[0].Level)
	for _, p := range shown {
		fmt.Fprintf(t, "\t%s", p.Arm)
	}
	fmt.Fprintln(t)
	for i, d := range shown[0].Definitions {
		fmt.Fprint(t, d.Name)
		for _, p := range shown {
			fmt.Fprintf(t, "\t%s", p.Definitions[i].Answer)
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if left := len(j.Profile) - len(shown); left > 0 {
		fmt.Fprintf(a.out, "and %d more arms, in verdict.json\n", left)
	}
	for _, p := range shown {
		fmt.Fprintf(a.out, "\n%s\n", p.Arm)
		for _, d := range p.Definitions {
			fmt.Fprintf(a.out, "  %s: %s\n", d.Answer, wrap(d.Name+": "+d.Why, 96, "    "))
		}
	}
	return nil
}

// writable finds out before hours are spent whether a file can be written; no name asks for no file.
func writable(flag, file string) error {
	if file == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return usage(fmt.Errorf("%s: %w", flag, err))
	}
	return f.Close()
}

// writeJUnit writes verdicts for a build server.
func writeJUnit(file string, all []evaluate.Named) error {
	var text bytes.Buffer
	if err := evaluate.WriteJUnit(&text, all); err != nil {
		return err
	}
	if err := os.WriteFile(file, text.Bytes(), 0o666); err != nil {
		return fmt.Errorf("junit: %w", err)
	}
	return nil
}
