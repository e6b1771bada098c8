package server

import (
	"encoding/json"
	"math"
	"unicode/utf8"
)

// A completionRequest is the body of POST /v1/completions.
type completionRequest struct {
	settings
	Prompt   json.RawMessage `json:"prompt"`
	Echo     bool            `json:"echo"`
	Logprobs *int            `json:"logprobs"`
}

// A completion is the answer to it, or one event of it.
type completion struct {
	ID      string             `json:"id"`
	Object  string             `json:"object"`
	Created int64              `json:"created"`
	Model   string             `json:"model"`
	Choices []completionChoice `json:"choices"`
	Usage   *usage             `json:"usage,omitempty"`
}

type completionChoice struct {
	Index    int             `json:"index"`
	Text     string          `json:"text"`
	Logprobs *legacyLogprobs `json:"logprobs"`
	Finish   *string         `json:"finish_reason"`

	tokens []token
	top    int
}

// legacyLogprobs are log probabilities in the shape of completions: four lists of equal length.
type legacyLogprobs struct {
	Tokens  []string             `json:"tokens"`
	Nats    []*float64           `json:"token_logprobs"`
	Top     []map[string]float64 `json:"top_logprobs"`
	Offsets []int                `json:"text_offset"` // in characters
}

// usage counts tokens; those of an echo are the prompt's.
type usage struct {
	Prompt int `json:"prompt_tokens"`
	Answer int `json:"completion_tokens"`
	Total  int `json:"total_tokens"`
}

// usualTokens is the length of an answer to a completion that does not say.
const usualTokens = 16

func (c completion) cost() usage { return *c.Usage }

func (s *Server) completions(r *request) (any, error) {
	var q completionRequest
	if err := decode(r.body, &q); err != nil {
		return nil, err
	}
	m, err := s.model(q.Model)
	if err != nil {
		return nil, err
	}
	j, err := q.speaker(m, *s.Defaults, usualTokens)
	if err != nil {
		return nil, err
	}
	if q.Logprobs != nil {
		if j.top = *q.Logprobs; j.top < 0 {
			return nil, invalid("logprobs", "logprobs: %d: must be at least 0", j.top)
		}
	}
	prompts, err := m.Text.prompts(q.Prompt)
	if err != nil {
		return nil, err
	}
	return s.complete(r, &q, j, prompts)
}

// complete makes n answers to each prompt, the answers to one prompt side by side.
func (s *Server) complete(r *request, q *completionRequest, j *speaker, prompts []string) (any, error) {
	pieces, all := make([][]piece, len(prompts)), 0
	for i, p := range prompts {
		pieces[i] = j.text.pieces(p)
		all += len(pieces[i])
	}
	echoed, n := 0, q.answers()
	if q.Echo {
		echoed = all
	}
	if err := j.bounded(len(prompts), n, echoed); err != nil {
		return nil, err
	}
	key, id := s.chance.key(r.body, q.Seed)
	x := s.space.Get().(*scratch)
	defer s.space.Put(x)
	out := completion{ID: "cmpl-" + id, Object: "text_completion", Model: q.Model, Usage: &usage{Prompt: all}}
	for i, prompt := range prompts {
		var echo []token
		if q.Echo {
			var err error
			if echo, err = j.echo(r.Context(), pieces[i], x); err != nil {
				return nil, err
			}
		}
		at, key := j.text.place(prompt, pieces[i]), key.Child(prompt, i)
		for k := range n {
			a, err := j.answer(r.Context(), at, x, key.Child("answer", k))
			if err != nil {
				return nil, err
			}
			out.Usage.Answer += len(a.tokens)
			if q.Echo {
				a.text, a.tokens = prompt+a.text, append(echo[:len(echo):len(echo)], a.tokens...)
			}
			out.Choices = append(out.Choices, j.choice(len(out.Choices), a))
		}
	}
	out.Usage.Total = out.Usage.Prompt + out.Usage.Answer
	if q.Stream {
		return out.events(q.Streaming.Usage), nil
	}
	return out, nil
}

func (j *speaker) choice(index int, a answer) completionChoice {
	c := completionChoice{Index: index, Text: a.text, Finish: &a.finish, tokens: a.tokens, top: j.top}
	if j.top >= 0 {
		c.Logprobs = legacy(a.tokens, j.top > 0, 0)
	}
	return c
}

// legacy is the shape of completions; the first token begins at an offset.
func legacy(tokens []token, top bool, offset int) *legacyLogprobs {
	l := &legacyLogprobs{Tokens: make([]string, len(tokens)), Nats: make([]*float64, len(tokens)), Offsets: make([]int, len(tokens))}
	if top {
		l.Top = make([]map[string]float64, len(tokens))
	}
	for i, t := range tokens {
		l.Tokens[i], l.Offsets[i] = printable(t.text), offset
		offset += utf8.RuneCountInString(t.text)
		if math.IsNaN(t.nats) {
			continue
		}
		x := finite(t.nats)
		if l.Nats[i] = &x; !top {
			continue
		}
		l.Top[i] = map[string]float64{}
		for _, a := range t.top {
			l.Top[i][printable(a.text)] = finite(a.nats)
		}
	}
	return l
}

// finite is a log probability that JSON has a number for.
func finite(nats float64) float64 { return max(nats, -9999) }
