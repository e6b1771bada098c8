package pipelines

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"

	"modelcollapse/generate/llm"
	"modelcollapse/generate/pipeline"
	"modelcollapse/internal/store"
)

// journalFile is the journal of the client in the folder of a data set.
const journalFile = "calls.jsonl"

// A Prepared is a pipeline that is ready to run into a folder.
type Prepared struct {
	Loaded   *Loaded
	Pipeline *pipeline.Pipeline

	folder *store.Folder
	client *llm.Client
}

// plan is the pipeline that a config says.
func plan(l *Loaded) (pipeline.Plan, error) {
	c := l.Config
	p := pipeline.Plan{Name: l.Name(), Seed: c.Seed, Records: c.Records, Tries: c.Tries, Window: c.Window, Logprobs: c.Logprobs,
		Text: c.Text, Columns: c.Columns}
	sum := sha256.Sum256(fmt.Appendf(l.Canonical("seed", "window", "logprobs", "text", "stages"), "\n%s\n%s\n%s", c.Endpoint.BaseURL, c.Endpoint.Model, c.Endpoint.API))
	p.Run = fmt.Sprintf("%x", sum)
	for _, s := range c.Stages {
		stage, ok := reflect.ValueOf(s.Value).Elem().Interface().(pipeline.Stage)
		if !ok {
			return p, fmt.Errorf("stages: %s is no stage", s.Kind)
		}
		p.Stages = append(p.Stages, pipeline.Step{Kind: s.Kind, Stage: stage})
	}
	return p, nil
}

// Check opens the stages of a config without a client and without a folder, so that everything is refused that a run would
// refuse before its first call.
func Check(l *Loaded) (*pipeline.Pipeline, error) {
	p, err := plan(l)
	if err != nil {
		return nil, err
	}
	return pipeline.Open(p, pipeline.Parts{Embedder: (*llm.Client)(nil)})
}

// Prepare opens the stages of a config, the folder of its data set and the client with its journal.
func Prepare(l *Loaded, dir string) (*Prepared, error) {
	checked, err := Check(l)
	if err != nil {
		return nil, err
	}
	if err := checked.Close(); err != nil {
		return nil, err
	}
	folder, err := store.Make(dir)
	if err != nil {
		return nil, err
	}
	p := &Prepared{Loaded: l, folder: folder}
	if err := p.open(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Prepared) open() (err error) {
	c := p.Loaded.Config
	p.client, err = llm.Open(c.Endpoint, llm.Options{Budget: c.Budget, Journal: p.folder.Path(journalFile)})
	if err != nil {
		return fmt.Errorf("endpoint: %w", err)
	}
	// The client holds the lock of the folder now, so what lies unfinished is of a process that was killed.
	if err := errors.Join(p.folder.Sweep(".", false), p.folder.Sweep("data", false)); err != nil {
		return err
	}
	plan, err := plan(p.Loaded)
	if err != nil {
		return err
	}
	p.Pipeline, err = pipeline.Open(plan, pipeline.Parts{Caller: p.client, Embedder: p.client, Folder: p.folder})
	return err
}

// Stop lets the calls under way finish; the run then ends as interrupted.
func (p *Prepared) Stop() { p.client.Stop() }

// Spent is what the calls of the folder have cost so far.
func (p *Prepared) Spent() llm.Spent { return p.client.Spent() }

// Run makes the data set, its ledger, its card and its figure.
func (p *Prepared) Run(ctx context.Context, listen func(pipeline.Progress)) (pipeline.Report, *pipeline.Ledger, error) {
	report, err := p.Pipeline.Run(ctx, listen)
	if err != nil {
		return report, nil, err
	}
	c := p.Loaded.Config
	ledger, err := p.Pipeline.Write(report, pipeline.Facts{Title: c.Title, Cite: c.Cite, Config: p.Loaded.YAML(),
		BaseURL: c.Endpoint.BaseURL, Model: c.Endpoint.Model, Currency: c.Endpoint.Prices.Currency, Spent: p.client.Spent()})
	if err != nil {
		return report, nil, err
	}
	return report, ledger, draw(p.folder, ledger)
}

// Close ends the client and the stages.
func (p *Prepared) Close() error {
	var errs []error
	if p.Pipeline != nil {
		errs = append(errs, p.Pipeline.Close())
	}
	if p.client != nil {
		errs = append(errs, p.client.Close())
	}
	return errors.Join(append(errs, p.folder.Close())...)
}

// Estimate says what a config would ask of the server, without asking it.
func Estimate(l *Loaded) (pipeline.Estimate, error) {
	p, err := Check(l)
	if err != nil {
		return pipeline.Estimate{}, err
	}
	return p.Estimate(), p.Close()
}
