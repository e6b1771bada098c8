package server

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
	for _, m := range s.models {
		cards = append(cards, m.card())
	}
	return list[modelCard]{"list", cards}, nil
}

func (s *Server) oneModel(r *request) (any, error) {
	m, err := s.model(r.PathValue("model"))
	if err != nil {
		return nil, err
	}
	return m.card(), nil
}

func (m *Model) card() modelCard { return modelCard{m.ID, "model", 0, "modelcollapse"} }
