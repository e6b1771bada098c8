package main

import (
	"bytes"
	"fmt"
	"os"

	"modelcollapse/evaluate"
	"modelcollapse/experiments"
	"modelcollapse/results"
)

// judge tests the records of a run for what its config asks, writes verdict.json, and returns the verdict; nil where the
// config asks nothing. With overrides a test may speak of arms that are not there: then there is no verdict, and why is said.
func (a *app) judge(p *prepared, r *results.Reader) (*experiments.Judged, error) {
	c := p.loaded.Config
	if len(c.Verdict.Tests) == 0 {
		return nil, nil
	}
	e, err := experiments.EvidenceOf(r)
	if err != nil {
		return nil, err
	}
	j, err := experiments.Judge(c, e)
	if err != nil && p.overridden {
		fmt.Fprintf(a.err, "no verdict: %v\n", err)
		return nil, nil
	}
	if err != nil {
		return nil, usage(err)
	}
	var text bytes.Buffer
	if err := asJSON(&text, j); err != nil {
		return nil, err
	}
	return &j, r.WriteVerdict(text.Bytes())
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
