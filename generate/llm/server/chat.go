package server

import (
	"encoding/json"
	"strconv"
	"strings"
)

// A chatRequest is the body of POST /v1/chat/completions.
type chatRequest struct {
	settings
	Messages []message `json:"messages"`
	Logprobs bool      `json:"logprobs"`
	Top      int       `json:"top_logprobs"`
	Most     *int      `json:"max_completion_tokens"` // as max_tokens
	Cache    *float64  `json:"cache"`
}

// A message is one turn.
type message struct {
	Role    string `json:"role"`
	Content spoken `json:"content"`
}

// spoken is the text of a turn: a string, or parts of type text, one behind the other.
type spoken string

// UnmarshalJSON reads both forms; null is empty.
func (s *spoken) UnmarshalJSON(b []byte) error {
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if json.Unmarshal(b, (*string)(s)) == nil {
		return nil
	}
	if json.Unmarshal(b, &parts) != nil {
		return invalid("messages", "messages: content must be a string or a list of parts")
	}
	for _, p := range parts {
		if p.Type != "text" && p.Type != "input_text" {
			return invalid("messages", "messages: parts of type %q are not supported: only text is", p.Type)
		}
		*s += spoken(p.Text)
	}
	return nil
}

// A chatAnswer is the answer to a chatRequest.
type chatAnswer struct {
	ID      string       `json:"id"`
	Object  string       `json:"object"`
	Created int64        `json:"created"`
	Model   string       `json:"model"`
	Choices []chatChoice `json:"choices"`
	Usage   *usage       `json:"usage,omitempty"`
}

type chatChoice struct {
	Index    int           `json:"index"`
	Message  *chatMessage  `json:"message,omitempty"`
	Delta    *chatMessage  `json:"delta,omitempty"` // of an event
	Logprobs *chatLogprobs `json:"logprobs"`
	Finish   *string       `json:"finish_reason"`

	answer answer
}

type chatMessage struct {
	Role    string  `json:"role,omitempty"`
	Content *string `json:"content,omitempty"`
}

func (c chatAnswer) cost() usage { return *c.Usage }

// usualAnswer is the length of an answer in a chat that does not say.
const usualAnswer = 1024

func (s *Server) chat(r *request) (any, error) {
	var q chatRequest
	if err := decode(r.body, &q); err != nil {
		return nil, err
	}
	m, err := s.model(q.Model)
	if err != nil {
		return nil, err
	}
	if q.MaxTokens == nil {
		q.MaxTokens = q.Most
	}
	j, err := q.speaker(m, *s.Defaults, usualAnswer)
	if err != nil {
		return nil, err
	}
	switch {
	case len(q.Messages) == 0:
		return nil, invalid("messages", "messages: at least one is needed")
	case q.Top < 0 || q.Top > 0 && !q.Logprobs:
		return nil, invalid("top_logprobs", "top_logprobs: %d: must be at least 0, and goes with logprobs: true", q.Top)
	case q.Logprobs:
		j.top = q.Top
	}
	set(&j.Cache, q.Cache)
	if err := j.Validate(); err != nil {
		return nil, err
	}
	if err := j.remember(m, q.Messages); err != nil {
		return nil, err
	}
	return s.converse(r, &q, j)
}

// converse makes n answers. An answer begins a row: what the model knows of the messages is its cache.
func (s *Server) converse(r *request, q *chatRequest, j *speaker) (any, error) {
	n := q.answers()
	if err := j.bounded(1, n, 0); err != nil {
		return nil, err
	}
	key, id := s.chance.key(r.body, q.Seed)
	x := s.space.Get().(*scratch)
	defer s.space.Put(x)
	out := chatAnswer{ID: "chatcmpl-" + id, Object: "chat.completion", Model: q.Model, Usage: &usage{}}
	var prompt strings.Builder
	for _, turn := range q.Messages {
		out.Usage.Prompt += len(j.text.pieces(string(turn.Content)))
		prompt.WriteString(strconv.Quote(turn.Role) + strconv.Quote(string(turn.Content)))
	}
	key = key.Child(prompt.String(), 0)
	for k := range n {
		a, err := j.answer(r.Context(), place{bare: true}, x, key.Child("answer", k))
		if err != nil {
			return nil, err
		}
		out.Usage.Answer += len(a.tokens)
		c := chatChoice{Index: k, Message: &chatMessage{"assistant", &a.text}, Finish: &a.finish, answer: a}
		if j.top >= 0 {
			c.Logprobs = spelled(a.tokens, j.top)
		}
		out.Choices = append(out.Choices, c)
	}
	out.Usage.Total = out.Usage.Prompt + out.Usage.Answer
	if q.Stream {
		return out.events(j.top, q.Streaming.Usage), nil
	}
	return out, nil
}
