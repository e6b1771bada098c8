package server_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"modelcollapse/generate/llm/server"
)

// Structured answers are JSON of the schema, their tokens are the answer, and equal answers have equal log probabilities that
// agree with how often they come.
func TestStructured(t *testing.T) {
	const n = 3000
	h, _, _ := toy(t, server.Options{})
	schema := json.RawMessage(`{"type":"object","properties":{"word":{"type":"string"},"sure":{"type":"boolean"}},"required":["word","sure"]}`)
	for _, format := range []fields{
		{"type": "json_schema", "json_schema": fields{"name": "x", "strict": true, "schema": schema}},
		{"type": "json_object", "schema": schema},
	} {
		var got chat
		call(t, h, "POST", "/v1/chat/completions", fields{"model": "toy", "messages": user("a"), "response_format": format, "n": n, "seed": 1, "logprobs": true, "max_tokens": 200}, 200, &got)
		seen, p := map[string]float64{}, map[string]float64{}
		for _, c := range got.Choices {
			var value struct {
				Word *string
				Sure *bool
			}
			text, nats := "", 0.0
			for _, token := range c.Logprobs.Content {
				text, nats = text+token.Token, nats+token.Nats
			}
			if err := json.Unmarshal([]byte(c.Message.Content), &value); err != nil || value.Word == nil || value.Sure == nil || text != c.Message.Content {
				t.Fatalf("%q (%q): %v", c.Message.Content, text, err)
			}
			if before, again := p[text]; again && math.Abs(before-math.Exp(nats)) > 1e-12 {
				t.Errorf("%s has probability %g and %g", text, before, math.Exp(nats))
			}
			seen[text]++
			p[text] = math.Exp(nats)
		}
		for text, k := range seen {
			if want := n * p[text]; math.Abs(k-want) > 5*math.Sqrt(want)+3 {
				t.Errorf("%s came %g times, want about %.1f", text, k, want)
			}
		}
	}
}

// Lengths of strings and of answers hold; a cut answer says so.
func TestStructuredBounds(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	format := fields{"type": "json_schema", "json_schema": fields{"schema": json.RawMessage(`{"type":"string","minLength":7,"maxLength":9}`)}}
	var got chat
	call(t, h, "POST", "/v1/chat/completions", fields{"model": "toy", "messages": user("a"), "response_format": format, "n": 200, "seed": 1}, 200, &got)
	for _, c := range got.Choices {
		var text string
		if err := json.Unmarshal([]byte(c.Message.Content), &text); err != nil || len(text) < 7 || len(text) > 9 || c.Finish != "stop" {
			t.Errorf("%q: %v", c.Message.Content, err)
		}
	}
	call(t, h, "POST", "/v1/chat/completions", fields{"model": "toy", "messages": user("a"), "response_format": format, "max_tokens": 2, "seed": 1}, 200, &got)
	if c := got.Choices[0]; c.Finish != "length" || !strings.HasPrefix(c.Message.Content, `"`) || strings.HasSuffix(c.Message.Content[1:], `"`) {
		t.Errorf("%+v", c)
	}
}
