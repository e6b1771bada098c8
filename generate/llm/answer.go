package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// An answer is what a server said, read from its bytes rather than by the client library: that one reads a null as 0 and
// drops the log probabilities that llama.cpp and Ollama give in the shape of the other endpoint.
type answer struct {
	text, finish, model string
	tokens              []Token
	usage               Usage
}

// wireAnswer has the fields of both endpoints, of all servers.
type wireAnswer struct {
	Error   json.RawMessage        `json:"error"`
	Model   optional[string]       `json:"model"`
	Choices []*wireChoice          `json:"choices"`
	Usage   optional[wireUsage]    `json:"usage"`
	Prompt  optional[[]wirePrompt] `json:"prompt"`                   // Together: the echo
	Native  optional[[]wireToken]  `json:"completion_probabilities"` // llama.cpp
}

// An optional field is zero where its value is of a type that we do not know: an answer is not lost for that.
type optional[T any] struct{ value T }

// UnmarshalJSON implements json.Unmarshaler.
func (o *optional[T]) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &o.value) != nil {
		o.value = *new(T)
	}
	return nil
}

type wireChoice struct {
	Text    *string                `json:"text"`
	Finish  *string                `json:"finish_reason"`
	Message *wireMessage           `json:"message"`
	Logs    optional[wireLogprobs] `json:"logprobs"`
}

type wireMessage struct {
	Content json.RawMessage `json:"content"`
}

type wireUsage struct {
	Prompt  int64 `json:"prompt_tokens"`
	Answer  int64 `json:"completion_tokens"`
	Details struct {
		Cached int64 `json:"cached_tokens"`
	} `json:"prompt_tokens_details"`
}

type wirePrompt struct {
	Logs wireLogprobs `json:"logprobs"`
}

// What is wrong with a body that came with status 200.
var (
	errBroken  = errors.New("the answer is cut or no JSON") // passes
	errNothing = errors.New("the answer holds no choice")   // for good: the server said so in proper JSON
)

// parse reads the body of status 200. An error that the body reports is a *told.
func parse(raw []byte, r request) (answer, error) {
	raw = bytes.TrimSpace(raw)
	if r.api == "embeddings" {
		return parseVectors(raw, r)
	}
	if len(raw) > 0 && raw[0] == '[' { // an old llama-server, for a list of prompts
		var all []json.RawMessage
		if json.Unmarshal(raw, &all) != nil || len(all) == 0 {
			return answer{}, errBroken
		}
		raw = all[0]
	}
	var w wireAnswer
	if err := json.Unmarshal(raw, &w); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return answer{}, fmt.Errorf("the answer has a %s where %s should be", kind.Value, kind.Field)
		}
		return answer{}, errBroken
	}
	if told := readTold(w.Error); told != nil {
		return answer{}, told
	}
	if len(w.Choices) == 0 || w.Choices[0] == nil {
		return answer{}, errNothing
	}
	return w.answer(r)
}

func (w wireAnswer) answer(r request) (a answer, err error) {
	choice := w.Choices[0]
	a.model = w.Model.value
	if a.text, err = choice.words(); err != nil {
		return a, err
	}
	if choice.Finish == nil || *choice.Finish == "" || *choice.Finish == "null" {
		return a, fmt.Errorf("%w: it has no finish_reason", errBroken)
	}
	a.finish = *choice.Finish
	if echo := w.Prompt.value; r.echo && len(echo) > 0 {
		a.tokens = echo[0].Logs.tokens()
	}
	a.tokens = append(a.tokens, choice.Logs.value.tokens()...)
	if a.tokens == nil {
		a.tokens = nativeTokens(w.Native.value)
	}
	a.usage = w.usage(r, a.text)
	return a, nil
}

// words are the text of a choice, of either endpoint. A message without a text (a refusal, a call of a tool) is an empty one.
func (c wireChoice) words() (string, error) {
	if c.Text != nil {
		return *c.Text, nil
	}
	if c.Message == nil {
		return "", errors.New("the choice has neither a text nor a message")
	}
	content := c.Message.Content
	if len(content) == 0 || string(content) == "null" {
		return "", nil
	}
	var s string
	if json.Unmarshal(content, &s) == nil {
		return s, nil
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(content, &parts) != nil {
		return "", errors.New("the content of the message is no text")
	}
	var all strings.Builder
	for _, p := range parts {
		all.WriteString(p.Text)
	}
	return all.String(), nil
}

func (w wireAnswer) usage(r request, text string) Usage {
	if u := w.Usage.value; u.Prompt+u.Answer > 0 {
		return Usage{Prompt: u.Prompt, Cached: u.Details.Cached, Answer: u.Answer, Counted: true}
	}
	return Usage{Prompt: r.likely.prompt, Answer: int64(len(text)+bytesPerToken-1) / bytesPerToken}
}

// A told is an error that a server reports in JSON, with whatever status.
type told struct {
	message, kind, code string
}

func (t *told) Error() string {
	s := t.message
	for _, more := range []string{t.kind, t.code} {
		if more != "" && !strings.Contains(s, more) {
			s += " (" + more + ")"
		}
	}
	return strings.TrimSpace(s)
}

// readTold reads the field error of an answer: a text, or an object; nil: there is none.
func readTold(raw json.RawMessage) *told {
	if len(raw) == 0 || string(raw) == "null" || string(raw) == `""` {
		return nil
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return &told{message: s}
	}
	var o struct{ Message, Type, Code any }
	if json.Unmarshal(raw, &o) != nil {
		return &told{message: string(raw)}
	}
	return &told{plain(o.Message), plain(o.Type), plain(o.Code)}
}

func plain(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
