package cli

import (
	"context"
	"fmt"
	"path/filepath"

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
	f := usualAudit()
	f.real, f.text, f.realText = real, text, c.RealText
	f.name, f.out = p.Loaded.Name(), filepath.Join(dir, "audit")
	f.o.Splits, f.o.Seed = c.Splits, p.Loaded.Config.Seed
	return a.audit(ctx, filepath.Join(dir, "data", "train-00000.jsonl"), f)
}
