package server

import (
	"fmt"
	"net/http"
)

// A modelCard is a model as GET /v1/models lists it.
type modelCard struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	Owner   string `json:"owned_by"`
}

type list[T any] struct {
	Object string `json:"object"`
	Data   []T    `json:"data"`
}

func (s *Server) listModels(*request) (any, error) {
	cards := []modelCard{}
	for _, m := range s.models.all() {
		cards = append(cards, m.card())
	}
	return list[modelCard]{"list", append(cards, embeddingsCard)}, nil
}

func (s *Server) oneModel(r *request) (any, error) {
	if r.PathValue("model") == Embeddings {
		return embeddingsCard, nil
	}
	m, err := s.model(r.PathValue("model"))
	if err != nil {
		return nil, err
	}
	return m.card(), nil
}

// deleteModel removes a model that a job made; those that the server was started with stay.
func (s *Server) deleteModel(r *request) (any, error) {
	m, err := s.model(r.PathValue("model"))
	switch {
	case err != nil:
		return nil, err
	case m.base == "":
		return nil, &fault{status: http.StatusForbidden, message: fmt.Sprintf("The model %q was not fine-tuned here, so it is not deleted", m.ID), param: "model"}
	}
	s.models.drop(m.ID)
	return deleted{m.ID, "model", true}, nil
}

// deleted says what is gone.
type deleted struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Deleted bool   `json:"deleted"`
}

const owner = "modelcollapse"

func (m *Model) card() modelCard { return modelCard{m.ID, "model", 0, owner} }

// embeddingsCard is the model that every server has, and that only makes embeddings.
var embeddingsCard = modelCard{Embeddings, "model", 0, owner}
