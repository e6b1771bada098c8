// Package scripted is a server of chat completions for tests of pipelines: what it answers is a function of the request, so
// that equal runs are equal, and its manner says how it treats the form that is asked for.
package scripted

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// A Manner is how a server answers.
type Manner string

// The manners.
const (
	Exact Manner = "exact" // by the schema, and sensible texts
	Fuzzy Manner = "fuzzy" // by the schema but for wrappings, with any content
	Never Manner = "never" // prose, whatever form is asked for
	Mute  Manner = "mute"  // no text at all
)

// A Server answers POST /v1/chat/completions and /v1/embeddings.
type Server struct {
	Manner Manner
	Delay  time.Duration // before each answer
	Calls  atomic.Int64  // requests so far
}

type request struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	Seed           *int64 `json:"seed"`
	Logprobs       bool   `json:"logprobs"`
	ResponseFormat *struct {
		JSONSchema *struct {
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	Input []string `json:"input"`
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.Calls.Add(1)
	time.Sleep(s.Delay)
	var body bytes.Buffer
	var q request
	if _, err := body.ReadFrom(r.Body); err != nil || json.Unmarshal(body.Bytes(), &q) != nil {
		http.Error(w, `{"error":{"message":"no JSON"}}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if strings.HasSuffix(r.URL.Path, "/embeddings") {
		json.NewEncoder(w).Encode(embeddings(q))
		return
	}
	json.NewEncoder(w).Encode(s.chat(q))
}

// seeded is the stream of a request: of its model, messages, seed and schema.
func seeded(q request) *rand.Rand {
	b, _ := json.Marshal(q)
	return rand.New(rand.NewChaCha8(sha256.Sum256(b)))
}

func (s *Server) chat(q request) any {
	rng := seeded(q)
	text := s.answer(q, rng)
	choice := map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text}}
	tokens := strings.SplitAfter(text, " ")
	if q.Logprobs {
		var all []map[string]any
		for _, t := range tokens {
			all = append(all, map[string]any{"token": t, "logprob": -1 - 3*rng.Float64(), "top_logprobs": []any{}})
		}
		choice["logprobs"] = map[string]any{"content": all}
	}
	prompt := 0
	for _, m := range q.Messages {
		prompt += len(strings.Fields(m.Content))
	}
	return map[string]any{"id": "x", "object": "chat.completion", "model": q.Model, "choices": []any{choice},
		"usage": map[string]any{"prompt_tokens": prompt, "completion_tokens": len(tokens), "total_tokens": prompt + len(tokens)}}
}

func (s *Server) answer(q request, rng *rand.Rand) string {
	switch {
	case s.Manner == Mute:
		return ""
	case s.Manner == Never || q.ResponseFormat == nil || q.ResponseFormat.JSONSchema == nil:
		return s.text(rng, 6+rng.IntN(30))
	}
	var schema map[string]any
	if err := json.Unmarshal(q.ResponseFormat.JSONSchema.Schema, &schema); err != nil {
		return "the schema is no JSON"
	}
	b, _ := json.Marshal(s.value(schema, rng))
	if s.Manner == Fuzzy {
		return wrapped(string(b), rng)
	}
	return string(b)
}

// wrapped spoils an answer as models do.
func wrapped(text string, rng *rand.Rand) string {
	switch rng.IntN(6) {
	case 0:
		return "```json\n" + text + "\n```"
	case 1:
		return "Sure! Here you are [1]:\n" + text + "\nLet me know."
	case 2:
		return strings.TrimSuffix(text, "}") + ",}"
	case 3:
		return text[:len(text)/2]
	}
	return text
}

// value is a value by a schema: the part of JSON schema that configs of pipelines use.
func (s *Server) value(schema map[string]any, rng *rand.Rand) any {
	if c, ok := schema["const"]; ok {
		return c
	}
	if list, ok := schema["enum"].([]any); ok {
		return list[rng.IntN(len(list))]
	}
	switch schema["type"] {
	case "object":
		out := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for _, name := range sorted(properties) {
			if inner, ok := properties[name].(map[string]any); ok {
				out[name] = s.value(inner, rng)
			}
		}
		return out
	case "array":
		inner, _ := schema["items"].(map[string]any)
		least, most := bound(schema, "minItems", 1), bound(schema, "maxItems", 3)
		out := []any{}
		for range least + rng.IntN(max(most-least, 0)+1) {
			out = append(out, s.value(inner, rng))
		}
		return out
	case "integer":
		low, high := bound(schema, "minimum", 0), bound(schema, "maximum", 100)
		return low + rng.IntN(max(high-low, 0)+1)
	case "number":
		low, high := bound(schema, "minimum", 0), bound(schema, "maximum", 100)
		return float64(low) + rng.Float64()*float64(high-low)
	case "boolean":
		return rng.IntN(2) == 0
	}
	return s.text(rng, bound(schema, "minLength", 3)+rng.IntN(12))
}

func bound(schema map[string]any, key string, otherwise int) int {
	if x, ok := schema[key].(float64); ok {
		return int(x)
	}
	return otherwise
}

// text is n words; the fuzzy server puts in what breaks careless readers.
func (s *Server) text(rng *rand.Rand, n int) string {
	words := strings.Fields(vocabulary)
	var out []string
	for range n {
		i := int(float64(len(words)) * rng.Float64() * rng.Float64()) // the first words are common, the last rare
		out = append(out, words[i])
	}
	if s.Manner == Fuzzy {
		odd := []string{"{{topic}}", `"`, "\n\n", "<script>alert(1)</script>", "}", "naïve 日本語", "\t", "'; DROP", "```", "|", "\u2028", `\`}
		for range 1 + rng.IntN(4) {
			out[rng.IntN(len(out))] = odd[rng.IntN(len(odd))]
		}
	}
	return strings.Join(out, " ")
}

func embeddings(q request) any {
	var data []any
	for i, text := range q.Input {
		v := make([]float64, 8)
		for _, w := range strings.Fields(text) {
			sum := sha256.Sum256([]byte(w))
			v[sum[0]%8]++
		}
		data = append(data, map[string]any{"object": "embedding", "index": i, "embedding": v})
	}
	return map[string]any{"object": "list", "data": data, "model": q.Model, "usage": map[string]any{"prompt_tokens": len(q.Input), "total_tokens": len(q.Input)}}
}

// String says how often the server was called.
func (s *Server) String() string { return fmt.Sprintf("%s: %d calls", s.Manner, s.Calls.Load()) }
