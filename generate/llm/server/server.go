package server

import (
	"fmt"
	"net/http"
	"sync"

	"modelcollapse/generate"
)

// A Model is a fitted model that is served under an id. A fit that also has ScoreTokens (ngram.Fitted) scores prompts fast.
type Model struct {
	ID   string
	Fit  generate.Continuer
	Text Text
}

// Options of a server. The zero value needs no key and samples honestly.
type Options struct {
	Key      string    // that requests must bear; empty: none
	Defaults *Sampling // of fields that a request does not mention; nil: honest
}

// Server is an http.Handler. It is safe for concurrent use.
type Server struct {
	Options
	models []*Model // in the order in which they were given
	mux    *http.ServeMux
	space  sync.Pool // of *scratch

	mu   sync.Mutex
	seen map[[32]byte]int // how often a request without a seed came
	turn int              // how often seen was emptied
}

// New serves models of different ids, below /v1.
func New(models []Model, o Options) (*Server, error) {
	s := &Server{Options: o, mux: http.NewServeMux(), seen: map[[32]byte]int{}}
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
		if s.find(m.ID) != nil {
			return nil, fmt.Errorf("model %q is served twice", m.ID)
		}
		s.models = append(s.models, &m)
	}
	s.space.New = func() any { return new(scratch) }
	s.route()
	return s, nil
}

// find is the model of an id, or nil.
func (s *Server) find(id string) *Model {
	for _, m := range s.models {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// model is the model that a request names.
func (s *Server) model(id string) (*Model, error) {
	if id == "" {
		return nil, invalid("model", "you must provide a model parameter")
	}
	if m := s.find(id); m != nil {
		return m, nil
	}
	return nil, &fault{status: http.StatusNotFound, message: fmt.Sprintf("The model %q does not exist", id), param: "model", code: "model_not_found"}
}
