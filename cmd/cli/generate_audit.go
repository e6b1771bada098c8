package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"

	"modelcollapse/evaluate/audit"
	"modelcollapse/experiments/pipelines"
)

// auditDataset audits a data set that is complete, where its pipeline says so.
func (a *app) auditDataset(ctx context.Context, p *pipelines.Prepared, dir string) error {
	c := p.Loaded.Config.Audit
	if c == nil {
		return nil
	}
	text := c.Text
	if own := p.Loaded.Config.Text; text == "" && len(own) == 1 {
		text = own[0]
	}
	real, err := p.Real()
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out)
	return a.audit(ctx, filepath.Join(dir, "data", "train-00000.jsonl"), auditFlags{
		real: real, text: text, realText: c.RealText, kind: "auto", name: p.Loaded.Name(), out: filepath.Join(dir, "audit"), figures: []string{"svg", "png"},
		o: audit.Options{Splits: c.Splits, Alpha: 0.01, Seed: p.Loaded.Config.Seed, Jobs: runtime.NumCPU()}})
}
