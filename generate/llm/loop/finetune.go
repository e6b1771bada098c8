package loop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
)

// FineTune learns by a fine-tuning job of the server, on a file of the training rows. It begins at the model of the config, or with
// start: previous at that of the generation before. Jobs are named by their task and looked up before they are made, so
// that none is paid for twice.
type FineTune struct {
	Server
	Prompt          string         `json:"prompt" default:"Write one line." doc:"what a chat is asked, in training and after; completions begin with nothing"`
	Hyperparameters map[string]any `json:"hyperparameters" doc:"of the job, as the server calls them"`
	Poll            time.Duration  `json:"poll" default:"5s" identity:"-" doc:"between two looks at a job"`

	texts texts
}

// Bind takes from the truth how rows are texts.
func (m FineTune) Bind(truth generate.Source[generate.Tokens]) (generate.Model[generate.Tokens], error) {
	var err error
	m.texts, err = m.bind(truth)
	return m, err
}

// Weighs: a file of training rows has no weights.
func (FineTune) Weighs() bool { return false }

// Starts marks that a start acts: the job begins at that model.
func (FineTune) Starts() {}

// Fits can be asked for the likelihood of a row where prompts are completed.
func (m FineTune) Fits() generate.Fitted[generate.Tokens] { return m.fitted(&tuned{}) }

func (m FineTune) fitted(f *tuned) generate.Fitted[generate.Tokens] {
	if m.scores() {
		return tunedScored{f}
	}
	return unscored{f}
}

// Fit runs a job to its end.
func (m FineTune) Fit(ctx context.Context, t generate.Task[generate.Tokens]) (generate.Fitted[generate.Tokens], error) {
	folder, err := sharedOf(t)
	if err != nil {
		return nil, err
	}
	file, err := m.file(t.Train)
	if err != nil {
		return nil, err
	}
	job := llm.Job{Name: t.ID(), Base: m.Model, File: file, Hyperparameters: m.Hyperparameters, Seed: int64(t.Rand.Uint32() >> 1)}
	if s, ok := t.Start.(interface{ name() string }); ok {
		job.Base = s.name()
	}
	return m.tuned(ctx, job, folder, t.Progress)
}

// tuned is the model of a job.
func (m FineTune) tuned(ctx context.Context, job llm.Job, folder string, progress func(float64, string)) (generate.Fitted[generate.Tokens], error) {
	a, err := accounts.of(m.Server, folder)
	if err != nil {
		return nil, err
	}
	name, err := a.Client.FineTune(ctx, job, m.Poll, func(note string) { progress(0, note) })
	if err != nil {
		return nil, errors.Join(paused(err), accounts.close(a))
	}
	f := &tuned{Model: name, Folder: folder}
	f.heard = progress
	if m.InProcess() {
		f.Job = &job
	}
	return m.opened(f, a), nil
}

// file is the training rows as a server of fine-tuning jobs wants them.
func (m FineTune) file(train generate.Sample[generate.Tokens]) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for row := range train.All() {
		text := m.texts.Text(row)
		if text == "" {
			continue
		}
		var line any = map[string]string{"prompt": "", "completion": text}
		if m.API != "completions" {
			line = map[string][]llm.Message{"messages": {{Role: "user", Content: m.Prompt}, {Role: "assistant", Content: text}}}
		}
		if err := e.Encode(line); err != nil {
			return nil, err
		}
	}
	if b.Len() == 0 {
		return nil, errors.New("no rows for a job: nothing is left of what it learns from")
	}
	return b.Bytes(), nil
}

func (m FineTune) opened(f *tuned, a *account) generate.Fitted[generate.Tokens] {
	f.answers = answers{account: a, server: m.Server, texts: m.texts, client: a.Client.As(f.Model), heard: f.heard}
	ask := m.ask([]llm.Message{{Role: "user", Content: m.Prompt}}, "")
	if m.API == "completions" {
		ask = m.ask(nil, "")
	}
	f.call = func(*rand.Rand) llm.Call { return ask }
	return m.fitted(f)
}

// tuned is a fit of FineTune: a model that the server knows by name.
type tuned struct {
	answers `json:"-"`
	Model   string
	Folder  string
	Job     *llm.Job `json:",omitempty"` // of a server that ends with this process, and its models with it
}

func (f *tuned) name() string { return f.Model }

// Save writes the name.
func (f *tuned) Save(w io.Writer) error { return json.NewEncoder(w).Encode(f) }

// Restore reads what Save wrote.
func (m FineTune) Restore(r io.Reader) (generate.Fitted[generate.Tokens], error) {
	f := &tuned{}
	if err := json.NewDecoder(r).Decode(f); err != nil {
		return nil, fmt.Errorf("a stored model's name: %w", err)
	}
	if err := stillThere(f.Folder); err != nil {
		return nil, err
	}
	if f.Job != nil {
		return m.tuned(context.Background(), *f.Job, f.Folder, func(float64, string) {})
	}
	a, err := accounts.of(m.Server, f.Folder)
	if err != nil {
		return nil, err
	}
	return m.opened(f, a), nil
}

// tunedScored is a tuned whose server completes prompts, and so scores texts.
type tunedScored struct{ *tuned }

// Score is the log probability of rows, in nats.
func (f tunedScored) Score(ctx context.Context, rows []generate.Tokens, nats []float64) error {
	return scoreBehind(ctx, &f.answers, "", rows, nats)
}
