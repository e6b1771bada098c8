package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
	"modelcollapse/generate/read"
)

// hyper are the hyperparameters of a job: order and smoothing of the n-grams, those of the base model where they are not given.
// n_epochs and what else clients send means nothing here: counting twice is a weight of two.
type hyper struct {
	Order     int    `json:"order"`
	Smoothing string `json:"smoothing"`

	model ngram.Model
}

// identity is all that a fit depends on.
func (h hyper) identity() string {
	return fmt.Sprintf("%d %s %v %v", h.model.Order, h.model.Smoothing, h.model.Lambda, h.model.Epsilon)
}

// how is the model that a job fits.
func (q *tuningRequest) how(m *Model) (hyper, error) {
	switch {
	case m.How == nil:
		return hyper{}, invalid("model", "the model %q cannot be fine-tuned", m.ID)
	case q.Method.Type != "" && q.Method.Type != "supervised":
		return hyper{}, invalid("method", "method: %q: only supervised fine-tuning is done", q.Method.Type)
	case len(q.Suffix) > maxSuffix:
		return hyper{}, invalid("suffix", "suffix: at most %d characters", maxSuffix)
	}
	h := hyper{Order: m.How.Order, Smoothing: m.How.Smoothing, model: *m.How}
	for _, raw := range []json.RawMessage{q.Hyper, q.Method.Supervised.Hyper} {
		if given(raw) {
			if err := decode(raw, &h); err != nil {
				return h, err
			}
		}
	}
	if h.model.Order = h.Order; h.Smoothing != h.model.Smoothing {
		h.model.Smoothing, h.model.Lambda = h.Smoothing, nil
	}
	if h.Smoothing == "" {
		h.Smoothing = ngram.None
	}
	if err := h.model.Validate(); err != nil {
		return h, invalid("hyperparameters", "hyperparameters: %v", err)
	}
	return h, nil
}

// train does a job: one at a time.
func (s *Server) train(ctx context.Context, t *tuning, m *Model, f *file, id string) {
	defer t.cancel()
	s.turn.Lock()
	defer s.turn.Unlock()
	if !t.turn("running", "info", "Fine-tuning job started") {
		return
	}
	fit, tokens, err := s.fitted(ctx, t.state.Hyper.model, m.Text, f)
	switch {
	case ctx.Err() != nil:
		t.turn("cancelled", "info", "The job was cancelled")
	case err != nil:
		t.mu.Lock()
		t.state.Error = &tuningError{Code: "invalid_training_file", Message: err.Error()}
		t.mu.Unlock()
		t.turn("failed", "error", "The job failed: %v", err)
	default:
		how := t.state.Hyper.model
		s.models.put(id, &Model{ID: id, Fit: fit, Text: m.Text, How: &how, base: m.root()})
		t.mu.Lock()
		t.state.Tuned, t.state.Trained = &id, &tokens
		t.mu.Unlock()
		if t.turn("succeeded", "info", "New fine-tuned model created: %s", id) {
			s.ledger.mu.Lock()
			s.ledger.bill.Trained += int64(tokens)
			s.ledger.mu.Unlock()
		}
	}
}

// fitted is a model of the texts of a file, and how many tokens these have. A panic is an error of the file.
func (s *Server) fitted(ctx context.Context, how ngram.Model, text Text, f *file) (fit *ngram.Fitted, tokens int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the file cannot be read")
		}
	}()
	if first := bytes.TrimSpace(f.content); len(first) == 0 || first[0] != '{' {
		return nil, 0, fmt.Errorf("%s: is not JSON lines of objects", f.Name)
	}
	var rows []generate.Tokens
	from := read.Source{Path: read.Paths{"-"}, Stdin: bytes.NewReader(f.content)}
	_, err = read.Texts(ctx, from, "", func(record []byte, _ read.Place) error {
		for _, row := range text.rows(string(record)) {
			rows, tokens = append(rows, row), tokens+len(row)
		}
		return nil
	})
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("there is no text in it")
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", f.Name, err)
	}
	how.Vocabulary = text.Vocabulary.Len()
	made, err := how.Fit(ctx, generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}})
	if err != nil {
		return nil, 0, err
	}
	return made.(*ngram.Fitted), tokens, nil
}
