package server

import (
	"context"
	"encoding/json"
	"math"
	"unicode/utf8"

	"modelcollapse/internal/rng"
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
func (s *Server) complete(r *request, q *completionRequest, j *speaker, prompts []prompt) (any, error) {
	out := completion{Object: "text_completion", Model: q.Model, Usage: &usage{}}
	for _, p := range prompts {
		out.Usage.Prompt += len(p.pieces)
	}
	echoed := 0
	if q.Echo {
		echoed = out.Usage.Prompt
	}
	if err := j.bounded(len(prompts), q.answers(), echoed); err != nil {
		return nil, err
	}
	key, id := s.chance.key(r.body, q.Seed)
	out.ID = "cmpl-" + id
	x := s.space.Get().(*scratch)
	defer s.space.Put(x)
	for i, p := range prompts {
		answers, err := j.answers(r.Context(), p, q.answers(), q.Echo, x, key.Child(p.text, i))
		if err != nil {
			return nil, err
		}
		for _, a := range answers {
			out.Usage.Answer += len(a.tokens)
			if q.Echo {
				out.Usage.Answer -= len(p.pieces)
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

// answers are n answers to a prompt, which stands before each of them if it is echoed.
func (j *speaker) answers(ctx context.Context, p prompt, n int, echo bool, x *scratch, key rng.Key) (all []answer, err error) {
	var echoed []token
	if echo {
		if echoed, err = j.echo(ctx, p.pieces, x); err != nil {
			return nil, err
		}
	}
	at := j.text.place(p.text, p.pieces)
	for k := range n {
		a, err := j.answer(ctx, at, x, key.Child("answer", k))
		if err != nil {
			return nil, err
		}
		if echo {
			a.text, a.tokens = p.text+a.text, append(echoed[:len(echoed):len(echoed)], a.tokens...)
		}
		all = append(all, a)
	}
	return all, nil
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
