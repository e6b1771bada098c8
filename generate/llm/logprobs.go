package llm

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// wireLogprobs are in one of two shapes, whichever the endpoint: parallel lists (OpenAI's completions, vLLM, Together) or a list of
// tokens (OpenAI's chats, llama.cpp, Ollama).
type wireLogprobs struct {
	Content  []wireToken           `json:"content"`
	Tokens   []string              `json:"tokens"`
	Logprobs []*float64            `json:"token_logprobs"`
	Top      []map[string]*float64 `json:"top_logprobs"`
}

type wireToken struct {
	Token   string      `json:"token"`
	Logprob *float64    `json:"logprob"`
	Bytes   tokenBytes  `json:"bytes"`
	Top     []wireToken `json:"top_logprobs"`
	Content string      `json:"content"` // llama.cpp before 2025: the token; its probability is in probs
	Probs   []struct {
		Text string  `json:"tok_str"`
		Prob float64 `json:"prob"`
	} `json:"probs"`
}

// tokenBytes are the bytes of a token, as a list of numbers; a token may be a part of a character.
type tokenBytes []byte

// UnmarshalJSON implements json.Unmarshaler. What is no list of bytes is none.
func (t *tokenBytes) UnmarshalJSON(b []byte) error {
	var all []uint8
	var wide []int
	if bytes.HasPrefix(b, []byte("[")) && json.Unmarshal(b, &wide) == nil {
		for _, n := range wide {
			if n < 0 || n > 255 {
				return nil
			}
			all = append(all, byte(n))
		}
	}
	*t = all
	return nil
}

// impossible stands for −Inf where JSON has no infinity (vLLM; OpenAI, for what is very unlikely).
const impossible = -9999

// nats is a log probability; NaN where the server gave none: a null is not a probability of one.
func nats(p *float64) float64 {
	switch {
	case p == nil:
		return math.NaN()
	case *p <= impossible:
		return math.Inf(-1)
	}
	return *p
}

func (l *wireLogprobs) tokens() []Token {
	if l.Content != nil {
		return nativeTokens(l.Content)
	}
	if l.Tokens == nil {
		return nil
	}
	all := make([]Token, 0, len(l.Tokens))
	for i, text := range l.Tokens {
		t := Token{Text: text, Logprob: math.NaN()}
		if i < len(l.Logprobs) {
			t.Logprob = nats(l.Logprobs[i])
		}
		if i < len(l.Top) {
			for text, p := range l.Top[i] {
				t.Top = append(t.Top, Alternative{text, nats(p)})
			}
		}
		t.sort()
		all = append(all, t)
	}
	return all
}

// nativeTokens reads the list of tokens of chats, and that of llama.cpp's own endpoint.
func nativeTokens(list []wireToken) []Token {
	if list == nil {
		return nil
	}
	all := make([]Token, len(list))
	for i, w := range list {
		t := Token{Text: w.text(), Logprob: nats(w.Logprob)}
		for _, a := range w.Top {
			t.Top = append(t.Top, Alternative{a.text(), nats(a.Logprob)})
		}
		for _, p := range w.Probs {
			t.Top = append(t.Top, Alternative{p.Text, math.Log(p.Prob)})
			if w.Logprob == nil && p.Text == t.Text {
				t.Logprob = math.Log(p.Prob)
			}
		}
		t.sort()
		all[i] = t
	}
	return all
}

func (w wireToken) text() string {
	switch {
	case len(w.Bytes) > 0:
		return string(w.Bytes)
	case w.Token != "":
		return w.Token
	}
	return w.Content
}

// sort puts the likeliest first, equal ones by their texts: the order of a JSON object says nothing.
func (t *Token) sort() {
	slices.SortFunc(t.Top, func(a, b Alternative) int {
		return cmp.Or(cmp.Compare(b.Logprob, a.Logprob), cmp.Compare(a.Text, b.Text))
	})
}
