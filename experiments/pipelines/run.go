package pipelines

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"sync"

	"modelcollapse/configs/papers"
	"modelcollapse/generate/llm"
	"modelcollapse/generate/pipeline"
	"modelcollapse/internal/store"
)

// A Prepared is a pipeline that is ready to run into a folder.
type Prepared struct {
	Loaded   *Loaded
	Pipeline *pipeline.Pipeline

	folder  *store.Folder
	clients map[string]*llm.Client // by the name of the endpoint
	heard   progress
	before  int64 // answers that the journals had when they were opened
}

// plan is the pipeline that a config says.
func plan(l *Loaded) (pipeline.Plan, error) {
	c := l.Config
	p := pipeline.Plan{Name: l.Name(), Seed: c.Seed, Records: c.Records, Tries: c.Tries, Window: c.Window, Logprobs: c.Logprobs,
		Text: c.Text, Columns: c.Columns}
	identity := l.Canonical("seed", "window", "logprobs", "text", "stages")
	all := c.all()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		e := all[name]
		identity = fmt.Appendf(identity, "\n%q %q %q %q", name, e.BaseURL, e.Model, e.API)
	}
	p.Run = fmt.Sprintf("%x", sha256.Sum256(identity))
	for _, s := range c.Stages {
		stage, ok := reflect.ValueOf(s.Value).Elem().Interface().(pipeline.Stage)
		if !ok {
			return p, fmt.Errorf("stages: %s is no stage", s.Kind)
		}
		p.Stages = append(p.Stages, pipeline.Step{Kind: s.Kind, Stage: stage})
	}
	return p, nil
}

// Folder is where the data set of a config goes: below root by its name, or that and a digest where the data set of another
// pipeline lives there already, or of this one with records that would be lost since fewer are wanted now.
func Folder(l *Loaded, root string) (string, error) {
	p, err := plan(l)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, l.Name())
	there := pipeline.ReadLedger(dir)
	switch {
	case there == nil || owned(there, p):
		return dir, nil
	case there.Run != p.Run:
		other := dir + "@" + p.Run[:6]
		if beside := pipeline.ReadLedger(other); beside == nil || owned(beside, p) {
			return other, nil
		}
	}
	return fmt.Sprintf("%s@%.3x", dir, sha256.Sum256(fmt.Appendf(nil, "%s %d %d", p.Run, p.Records, p.Tries))), nil
}

// owned reports whether a data set is what a plan makes, or some of it.
func owned(l *pipeline.Ledger, p pipeline.Plan) bool {
	return l.Run == p.Run && (l.Wanted == nil || pipeline.Wanted{Records: p.Records, Tries: p.Tries}.Covers(*l.Wanted))
}

// owns refuses a folder with a data set that would be written over and lost.
func owns(dir string, p pipeline.Plan) error {
	there := pipeline.ReadLedger(dir)
	switch {
	case there == nil || owned(there, p):
		return nil
	case there.Run != p.Run:
		return fmt.Errorf("%s: holds the data set of another pipeline, or of this one with other settings: choose another folder, or delete it", dir)
	}
	return fmt.Errorf("%s: holds %d records of this pipeline, made with records: %d and tries: %d: with fewer some would be lost: choose another folder, or delete it",
		dir, there.Kept, there.Wanted.Records, there.Wanted.Tries)
}

// Check opens the stages of a config without a client and without a folder, so that everything is refused that a run would
// refuse before its first call.
func Check(l *Loaded) (*pipeline.Pipeline, error) {
	p, err := plan(l)
	if err != nil {
		return nil, err
	}
	servers := map[string]pipeline.Server{}
	for name := range l.Config.all() {
		servers[name] = pipeline.Server{Embedder: (*llm.Client)(nil)}
	}
	return pipeline.Open(p, pipeline.Parts{Servers: servers})
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
	mine, err := plan(l)
	if err != nil {
		return nil, err
	}
	if err := owns(dir, mine); err != nil {
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

func (p *Prepared) open() error {
	p.clients = map[string]*llm.Client{}
	servers := map[string]pipeline.Server{}
	all := p.Loaded.Config.all()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		e := all[name]
		c, err := llm.Open(e.Endpoint, llm.Options{Budget: e.Budget, Journal: p.folder.Path(journalOf(name)), Progress: p.heard.note})
		if err != nil {
			return fmt.Errorf("%s: %w", keyOf(name), err)
		}
		p.clients[name] = c
		p.before += c.Spent().Calls
		servers[name] = pipeline.Server{Caller: c, Embedder: c, Body: e.Body}
	}
	// The clients hold the locks of the folder now, so what lies unfinished is of a process that was killed.
	if err := errors.Join(p.folder.Sweep(".", false), p.folder.Sweep("data", false)); err != nil {
		return err
	}
	plan, err := plan(p.Loaded)
	if err != nil {
		return err
	}
	p.Pipeline, err = pipeline.Open(plan, pipeline.Parts{Servers: servers, Folder: p.folder})
	return err
}

// journalOf is the journal of an endpoint in the folder of a data set.
func journalOf(name string) string {
	if name == "" {
		return "calls.jsonl"
	}
	return "calls-" + name + ".jsonl"
}

// keyOf is the key of an endpoint in a config.
func keyOf(name string) string {
	if name == "" {
		return "endpoint"
	}
	return "endpoints." + name
}

// Stop lets the calls under way finish; the run then ends as interrupted.
func (p *Prepared) Stop() {
	for _, c := range p.clients {
		c.Stop()
	}
}

// Spent is what the calls of the folder have cost so far, at all endpoints.
func (p *Prepared) Spent() (total llm.Spent) {
	for _, name := range slices.Sorted(maps.Keys(p.clients)) {
		s := p.clients[name].Spent()
		total.Calls, total.Replayed, total.Attempts, total.Failed = total.Calls+s.Calls, total.Replayed+s.Replayed, total.Attempts+s.Attempts, total.Failed+s.Failed
		total.Prompt, total.Cached, total.Answer = total.Prompt+s.Prompt, total.Cached+s.Cached, total.Answer+s.Answer
		total.Money, total.WattHours, total.Carbon = plus(total.Money, s.Money), plus(total.WattHours, s.WattHours), plus(total.Carbon, s.Carbon)
	}
	return total
}

// Now is how many answers came since the folder was opened: those that its journals did not have.
func (p *Prepared) Now() int64 { return p.Spent().Calls - p.before }

// plus adds what is known.
func plus(a, b *float64) *float64 {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return new(*a + *b)
}

// A progress hands on what a run says, and what its clients wait for, one at a time.
type progress struct {
	mu     sync.Mutex
	last   pipeline.Progress
	listen func(pipeline.Progress) // nil: nobody does
}

func (h *progress) to(listen func(pipeline.Progress)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listen = listen
}

func (h *progress) happened(p pipeline.Progress) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = p
	h.listen(p)
}

func (h *progress) note(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.listen != nil {
		p := h.last
		p.Note = text
		h.listen(p)
	}
}

// Run makes the data set, its ledger, its card and its figure.
func (p *Prepared) Run(ctx context.Context, listen func(pipeline.Progress)) (pipeline.Report, *pipeline.Ledger, error) {
	p.heard.to(listen)
	report, err := p.Pipeline.Run(ctx, p.heard.happened)
	if err != nil {
		return report, nil, err
	}
	c := p.Loaded.Config
	ledger, err := p.Pipeline.Write(report, pipeline.Facts{Title: c.Title, Cite: references(c.Cite), Config: p.Loaded.YAML(),
		BaseURL: c.Endpoint.BaseURL, Model: c.Endpoint.Model, Currency: c.Endpoint.Prices.Currency, Spent: p.Spent()})
	if err != nil {
		return report, nil, err
	}
	return report, ledger, draw(p.folder, ledger)
}

// references are papers in words; a key that the literature lacks stays as it is.
func references(keys []string) (out []string) {
	known, err := papers.All()
	for _, key := range keys {
		if p, ok := known.Papers[key]; ok && err == nil {
			key = fmt.Sprintf("%s, %s (%s)", p.Short(), p.Title, p.Where)
		}
		out = append(out, key)
	}
	return out
}

// Close ends the client and the stages.
func (p *Prepared) Close() error {
	var errs []error
	if p.Pipeline != nil {
		errs = append(errs, p.Pipeline.Close())
	}
	for _, c := range p.clients {
		errs = append(errs, c.Close())
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

// Money is the price of an estimate in the currency of each endpoint, added up; false: an endpoint that is asked has no prices.
func Money(l *Loaded, e pipeline.Estimate) (expected, most float64, ok bool) {
	all := l.Config.all()
	for _, s := range e.Stages {
		p := all[s.Endpoint].Prices
		if p.Input == nil || p.Output == nil {
			return 0, 0, false
		}
		expected += s.Expected.Money(*p.Input, *p.Output)
		most += s.Most.Money(*p.Input, *p.Output)
	}
	return expected, most, true
}
