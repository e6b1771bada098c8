package server

import (
	"encoding/json"
	"errors"
	"strings"
)

// What a request may ask for.
const (
	maxTokens  = 16_384  // of one answer
	maxAnswers = 4096    // of one request
	maxWork    = 1 << 20 // tokens of all answers of a request
	maxTop     = 1 << 20 // alternatives of all tokens of a request
	maxStops   = 16
)

// settings are the fields that both ways of asking share. What is nil was not mentioned.
type settings struct {
	Model       string          `json:"model"`
	Temperature *float64        `json:"temperature"`
	TopP        *float64        `json:"top_p"`
	TopK        *int            `json:"top_k"`
	MinP        *float64        `json:"min_p"`
	N           *int            `json:"n"`
	Seed        *int64          `json:"seed"`
	Stop        json.RawMessage `json:"stop"`
	MaxTokens   *int            `json:"max_tokens"`
	Format      json.RawMessage `json:"response_format"`
	Stream      bool            `json:"stream"`
	Streaming   struct {
		Usage bool `json:"include_usage"`
	} `json:"stream_options"`
	refused
}

// refused are fields that would change an answer and are not served: better no answer than another than was asked for.
type refused struct {
	Presence    float64         `json:"presence_penalty"`
	Frequency   float64         `json:"frequency_penalty"`
	Repetition  *float64        `json:"repetition_penalty"`
	Bias        map[string]any  `json:"logit_bias"`
	Suffix      string          `json:"suffix"`
	BestOf      int             `json:"best_of"`
	MinTokens   int             `json:"min_tokens"`
	IgnoreEnd   bool            `json:"ignore_eos"`
	Tools       []any           `json:"tools"`
	Functions   []any           `json:"functions"`
	Grammar     json.RawMessage `json:"grammar"`
	PromptNats  json.RawMessage `json:"prompt_logprobs"`
	StopTokens  []any           `json:"stop_token_ids"`
	Constrained json.RawMessage `json:"structured_outputs"`
}

// check names the first field that cannot be served.
func (r *refused) check(n int) error {
	for _, f := range []struct {
		name string
		bad  bool
	}{
		{"presence_penalty", r.Presence != 0}, {"frequency_penalty", r.Frequency != 0},
		{"repetition_penalty", r.Repetition != nil && *r.Repetition != 1}, {"logit_bias", len(r.Bias) > 0},
		{"suffix", r.Suffix != ""}, {"best_of", r.BestOf > 1 && r.BestOf != n}, {"min_tokens", r.MinTokens > 0}, {"ignore_eos", r.IgnoreEnd},
		{"tools", len(r.Tools) > 0}, {"functions", len(r.Functions) > 0}, {"grammar", given(r.Grammar)}, {"prompt_logprobs", given(r.PromptNats)},
		{"stop_token_ids", len(r.StopTokens) > 0}, {"structured_outputs", given(r.Constrained)},
	} {
		if f.bad {
			return invalid(f.name, "%s is not supported by this server", f.name)
		}
	}
	return nil
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

// decode reads a body. Fields that nobody knows are passed over, as servers do.
func decode(body []byte, into any) error {
	err := json.Unmarshal(body, into)
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		field := typ.Field[strings.LastIndex(typ.Field, ".")+1:] // without the name of a struct of ours
		return invalid(field, "%s: a JSON %s is not what is wanted here", field, typ.Value)
	}
	if err != nil {
		return invalid("", "the body is no JSON object of a request: %v", err)
	}
	return nil
}

// speaker is how the answers of a request are made: its own settings over the defaults of the server.
func (q *settings) speaker(m *Model, defaults Sampling, usual int) (*speaker, error) {
	j := &speaker{fit: m.Fit, text: m.Text, Sampling: defaults, most: usual, top: -1}
	set(&j.Temperature, q.Temperature)
	set(&j.TopP, q.TopP)
	set(&j.TopK, q.TopK)
	set(&j.MinP, q.MinP)
	set(&j.most, q.MaxTokens)
	if err := j.Validate(); err != nil {
		return nil, err
	}
	if j.most < 0 || j.most > maxTokens {
		return nil, invalid("max_tokens", "max_tokens: %d: must lie in [0, %d]", j.most, maxTokens)
	}
	if err := q.check(q.answers()); err != nil {
		return nil, err
	}
	var err error
	if j.stop, err = stops(q.Stop); err != nil {
		return nil, err
	}
	j.schema, err = formatOf(q.Format)
	return j, err
}

func set[T any](at *T, value *T) {
	if value != nil {
		*at = *value
	}
}

// answers is how many answers to each prompt are asked for.
func (q *settings) answers() int {
	if q.N == nil {
		return 1
	}
	return *q.N
}

// bounded refuses what costs too much.
func (j *speaker) bounded(prompts, n, echoed int) error {
	tokens := n*prompts*j.most + n*echoed
	switch {
	case n < 1 || n > maxAnswers || n*prompts > maxAnswers:
		return invalid("n", "n: %d answers to each of %d prompts: from 1 to %d answers are given to one request", n, prompts, maxAnswers)
	case tokens > maxWork:
		return invalid("max_tokens", "the answers could have %d tokens: at most %d are given to one request", tokens, maxWork)
	case j.top > 0 && min(j.top, j.text.Vocabulary.Len())*tokens > maxTop:
		return invalid("logprobs", "the answers could have %d alternatives: at most %d are given to one request", j.top*tokens, maxTop)
	}
	return nil
}
