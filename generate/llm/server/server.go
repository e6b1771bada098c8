package server

import (
	"fmt"
	"net/http"
	"sync"

	"modelcollapse/generate"
	"modelcollapse/generate/ngram"
)

// A Model is a fitted model that is served under an id. A fit that also has ScoreTokens (ngram.Fitted) scores prompts fast.
type Model struct {
	ID   string
	Fit  generate.Continuer
	Text Text
	// How are the n-grams of the lines of a prompt (cache) and of fine-tuning jobs on this model; nil: there are none.
	How *ngram.Model

	base string // of a model that was tuned: the id of that which it comes from
}

// Options of a server. The zero value needs no key and samples honestly.
type Options struct {
	Key      string    // that requests must bear; empty: none
	Defaults *Sampling // of fields that a request does not mention; nil: honest
}

// Server is an http.Handler. It is safe for concurrent use. All that it is told (files, jobs, batches) it keeps in memory.
type Server struct {
	Options
	mux    *http.ServeMux
	space  sync.Pool // of *scratch
	models shelf[*Model]
	chance chance
	ledger ledger
	files  shelf[*file]
	tuned  shelf[*tuning]
	work   shelf[*batch]
	turn   sync.Mutex // jobs are done one after the other
}

// New serves models of different ids, below /v1.
func New(models []Model, o Options) (*Server, error) {
	s := &Server{Options: o, mux: http.NewServeMux(), chance: chance{seen: map[[32]byte]int{}},
		ledger: ledger{kept: map[string]*entry{}, bill: Bill{By: map[string]int64{}}}}
	if s.Defaults == nil {
		s.Defaults = &Sampling{Temperature: 1, TopP: 1}
	}
	if err := s.Defaults.Validate(); err != nil {
		return nil, fmt.Errorf("defaults: %w", err)
	}
	if len(models) == 0 {
		return nil, fmt.Errorf("no model to serve")
	}
	for _, m := range models {
		if m.ID == "" || m.Fit == nil || m.Text.Vocabulary == nil {
			return nil, fmt.Errorf("model %q: an id, a fit and a vocabulary are needed", m.ID)
		}
		if m.How != nil {
			how := *m.How
			how.Vocabulary = m.Text.Vocabulary.Len()
			m.How = &how
		}
		if !s.models.put(m.ID, &m) {
			return nil, fmt.Errorf("model %q is served twice", m.ID)
		}
	}
	s.space.New = func() any { return new(scratch) }
	s.handle()
	return s, nil
}

// model is the model that a request names.
func (s *Server) model(id string) (*Model, error) {
	if id == "" {
		return nil, invalid("model", "you must provide a model parameter")
	}
	m, ok := s.models.get(id)
	if !ok {
		return nil, &fault{status: http.StatusNotFound, message: fmt.Sprintf("The model %q does not exist", id), param: "model", code: "model_not_found"}
	}
	return m, nil
}
