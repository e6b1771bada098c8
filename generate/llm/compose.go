package llm

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A request is a Call as it goes over the wire, and under which key it is journalled.
type request struct {
	body   []byte   // canonical JSON: fields in the order of their names
	sum    [32]byte // SHA-256 of base URL, model, body and sample
	key    string   // its hex
	api    string   // chat or completions
	prompt string   // hex of the SHA-256 of the messages or the prompt
	echo   bool
	likely tokens // to expect
	most   tokens // at worst
}

// tokens are those that a call costs.
type tokens struct{ prompt, answer int64 }

const (
	bytesPerToken  = 4  // of ordinary text, roughly
	templateTokens = 64 // that a server may add around messages, at most
)

// compose makes the request of a call: the whole body, since the client library drops zeros and knows few fields.
func (c *Client) compose(call Call, api string) (request, error) {
	if call.Echo && api != "completions" {
		return request{}, fmt.Errorf("echo: is known to completions alone: set api: completions")
	}
	m, text, err := c.fields(call, api)
	if err != nil {
		return request{}, err
	}
	if err := once(m, c.endpoint.Body); err != nil {
		return request{}, err
	}
	for _, extra := range []map[string]any{c.endpoint.Body, call.Extra} {
		maps.Copy(m, extra)
	}
	if m["stream"] == true {
		return request{}, fmt.Errorf("stream: answers are read whole: leave it out")
	}
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil }) // null takes a field away
	body, err := encode(m)
	if err != nil {
		return request{}, fmt.Errorf("body: %w", err)
	}
	r := request{body: body, api: api, echo: call.Echo}
	r.prompt = hexDigest(text)
	r.sum = c.sum(body, call.Sample)
	r.key = hex.EncodeToString(r.sum[:])
	answer, err := answerLimit(body)
	if err != nil {
		return request{}, err
	}
	r.likely = tokens{int64(len(text)+bytesPerToken-1) / bytesPerToken, answer}
	r.most = tokens{int64(len(body)) + templateTokens, answer} // a token has at least one byte
	return r, nil
}

// once refuses fields that the endpoint gives a value and the call another one: neither may win in silence. null is none.
func once(m, body map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(body)) {
		was, given := m[name]
		if !given || body[name] == nil {
			continue
		}
		a, _ := encode(was) // what does not encode fails later, by its name
		if b, _ := encode(body[name]); !bytes.Equal(a, b) {
			return fmt.Errorf("body.%s: %s here and %s for this call: say it in one place", name, b, a)
		}
	}
	return nil
}

// fields are those that the call decides, and the text that its prompt comes to.
func (c *Client) fields(call Call, api string) (m map[string]any, text []byte, err error) {
	if call.Sampling.MaxTokens < 1 {
		return nil, nil, fmt.Errorf("max_tokens: %d: want at least 1", call.Sampling.MaxTokens)
	}
	m = map[string]any{"model": c.endpoint.Model, "max_tokens": call.Sampling.MaxTokens}
	put(m, "temperature", call.Sampling.Temperature)
	put(m, "top_p", call.Sampling.TopP)
	put(m, "top_k", call.Sampling.TopK)
	put(m, "min_p", call.Sampling.MinP)
	known := c.known()
	if known.Seed != "no" {
		put(m, "seed", call.Seed)
	}
	if err := known.stops(m, call.Sampling.Stop); err != nil {
		return nil, nil, err
	}
	call, err = known.bind(m, call)
	if err != nil {
		return nil, nil, err
	}
	if api == "completions" {
		prompt := call.text()
		m["prompt"] = prompt
		if call.Echo {
			m["echo"] = true
		}
		if call.Logprobs >= 0 {
			m["logprobs"] = call.Logprobs
		}
		return m, []byte(prompt), nil
	}
	return m, chatFields(m, call), nil
}

func chatFields(m map[string]any, call Call) (text []byte) {
	messages := call.turns()
	m["messages"] = messages
	if call.Logprobs >= 0 {
		m["logprobs"] = true
	}
	if call.Logprobs > 0 {
		m["top_logprobs"] = call.Logprobs
	}
	text, _ = encode(messages) // strings always encode
	return text
}

// text is what a completion endpoint is asked.
func (call Call) text() string {
	if call.Prompt != "" || len(call.Messages) == 0 {
		return call.Prompt
	}
	all := make([]string, len(call.Messages))
	for i, m := range call.Messages {
		all[i] = m.Content
	}
	return strings.Join(all, "\n\n")
}

// turns are what a chat endpoint is asked.
func (call Call) turns() []Message {
	if len(call.Messages) > 0 {
		return call.Messages
	}
	return []Message{{"user", call.Prompt}}
}

func (p Profile) stops(m map[string]any, stop []string) error {
	switch {
	case len(stop) == 0:
	case p.Several != "no":
		m["stop"] = stop
	case len(stop) == 1:
		m["stop"] = stop[0]
	default:
		return fmt.Errorf("stop: %d texts, and the server takes one (profile.several_stops: no)", len(stop))
	}
	return nil
}

// sum names a call. Numbers are of fixed length and texts follow their length, so that no two calls share bytes.
func (c *Client) sum(body []byte, sample int) (sum [32]byte) {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(c.endpoint.BaseURL), []byte(c.endpoint.Model), body} {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(part))))
		h.Write(part)
	}
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(sample)))
	return [32]byte(h.Sum(nil))
}

// answerLimit is how many tokens the body lets a server answer with.
func answerLimit(body []byte) (int64, error) {
	var b struct {
		Max       *float64 `json:"max_tokens"`
		Completed *float64 `json:"max_completion_tokens"`
		Predict   *float64 `json:"n_predict"`
		N         float64
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return 0, fmt.Errorf("body: max_tokens, n: %w", err)
	}
	most := -1.0
	for _, f := range []*float64{b.Max, b.Completed, b.Predict} {
		if f != nil {
			most = max(most, *f)
		}
	}
	if most < 0 {
		return 0, fmt.Errorf("body: has neither max_tokens nor max_completion_tokens: what an answer can cost must be bounded")
	}
	if b.N > 1 {
		return 0, fmt.Errorf("body: n: %g: one answer a call is read: make a call a sample", b.N)
	}
	return int64(most), nil
}

func put[T any](m map[string]any, name string, value *T) {
	if value != nil {
		m[name] = *value
	}
}

// encode is JSON as a person would write it: without escapes for HTML and without a line end.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func hexDigest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
