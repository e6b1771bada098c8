package server_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/num"
)

// A chat is what tests read of an answer, and of an event.
type chat struct {
	Object  string
	Choices []struct {
		Index    int
		Message  struct{ Role, Content string }
		Delta    struct{ Role, Content string }
		Finish   string `json:"finish_reason"`
		Logprobs *struct {
			Content []struct {
				Token string
				Nats  float64 `json:"logprob"`
				Bytes []byte
				Top   []struct{ Token string } `json:"top_logprobs"`
			}
		}
	}
	Usage struct {
		Answer int `json:"completion_tokens"`
	}
}

func user(text string) []fields { return []fields{{"role": "user", "content": text}} }

// The log probabilities of an answer in a chat add to its score, and a stream says the same.
func TestChatScores(t *testing.T) {
	h, f, v := toy(t, server.Options{})
	body := fields{"model": "toy", "messages": user("say something"), "n": 40, "seed": 3, "logprobs": true, "top_logprobs": 2}
	var got chat
	call(t, h, "POST", "/v1/chat/completions", body, 200, &got)
	for _, c := range got.Choices {
		row := generate.Tokens{}
		for _, w := range strings.Fields(c.Message.Content) {
			row = append(row, v.ID(w))
		}
		nats, sum, text := make([]float64, 1), 0.0, ""
		if err := f.Score(t.Context(), []generate.Tokens{append(row, generate.End)}, nats); err != nil {
			t.Fatal(err)
		}
		for _, token := range c.Logprobs.Content {
			sum += token.Nats
			text += token.Token
			if len(token.Top) != 2 || string(token.Bytes) != token.Token {
				t.Errorf("%+v", token)
			}
		}
		if math.Abs(sum-nats[0]) > 1e-9 || text != c.Message.Content+"\n" || c.Finish != "stop" || c.Message.Role != "assistant" {
			t.Errorf("%+v: %g, want %g", c, sum, nats[0])
		}
	}
	body["stream"], body["stream_options"] = true, fields{"include_usage": true}
	texts, usage := make([]string, 40), 0
	for _, data := range eventsOf(t, call(t, h, "POST", "/v1/chat/completions", body, 200, nil)) {
		var e chat
		if err := json.Unmarshal([]byte(data), &e); err != nil || e.Object != "chat.completion.chunk" {
			t.Fatalf("%s: %v", data, err)
		}
		for _, c := range e.Choices {
			texts[c.Index] += c.Delta.Content
		}
		usage = e.Usage.Answer
	}
	for i, c := range got.Choices {
		if texts[i] != c.Message.Content {
			t.Errorf("%q streamed as %q", c.Message.Content, texts[i])
		}
	}
	if usage != got.Usage.Answer {
		t.Errorf("%d tokens, streamed %d", got.Usage.Answer, usage)
	}
}

// The cache is a mixture of the model and of the n-grams of the prompt: first words are drawn with its law.
func TestCacheIsAMixture(t *testing.T) {
	const n, weight = 4000, 0.7
	h, f, v := toy(t, server.Options{})
	said := ngram.NewCounts(3, v.Len())
	said.Add(generate.Span[generate.Tokens]{Rows: []generate.Tokens{{v.ID("f"), v.ID("f"), generate.End}, {v.ID("f"), generate.End}, {v.ID("e"), v.ID("b"), generate.End}}, Weight: 1})
	fit, err := ngram.Model{Order: 3, Vocabulary: v.Len()}.FitStats(t.Context(), generate.Task[generate.Tokens]{}, said)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{}
	for _, c := range f.Next(nil, nil) {
		want[v.Word[c.Token]] += (1 - weight) * c.P
	}
	for _, c := range fit.(*ngram.Fitted).Next(nil, nil) {
		want[v.Word[c.Token]] += weight * c.P
	}
	var got chat
	call(t, h, "POST", "/v1/chat/completions", fields{"model": "toy", "messages": user("f f\n\nf\ne b"), "cache": weight, "n": n, "seed": 1, "max_tokens": 1, "logprobs": true}, 200, &got)
	seen := map[string]float64{}
	for _, c := range got.Choices {
		token := c.Logprobs.Content[0]
		seen[strings.Replace(token.Token, "\n", "</s>", 1)]++
		if w := want[strings.Replace(token.Token, "\n", "</s>", 1)]; math.Abs(token.Nats-math.Log(w)) > 1e-9 {
			t.Errorf("%q: %g, want %g", token.Token, token.Nats, math.Log(w))
		}
	}
	x, df := 0.0, -1.0
	for word, p := range want {
		if e := n * p; e > 5 {
			x, df = x+(seen[word]-e)*(seen[word]-e)/e, df+1
		}
	}
	if p := num.ChiSquaredSurvival(x, df); p < 1e-4 {
		t.Errorf("p = %.2g: %v, want %v", p, seen, want)
	}
}

// The law of a mixture falls and adds to 1, over every place.
func TestCacheKeepsAllMass(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	var got chat
	body := fields{"model": "toy", "messages": user("a b c\nzzz a"), "cache": 0.5, "n": 50, "seed": 2, "max_tokens": 4, "logprobs": true, "top_logprobs": 100}
	answer := call(t, h, "POST", "/v1/chat/completions", body, 200, &got)
	var full struct {
		Choices []struct {
			Logprobs struct {
				Content []struct {
					Top []struct{ Logprob float64 } `json:"top_logprobs"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(answer), &full); err != nil {
		t.Fatal(err)
	}
	for _, c := range full.Choices {
		for _, token := range c.Logprobs.Content {
			sum := 0.0
			for i, a := range token.Top {
				if sum += math.Exp(a.Logprob); i > 0 && a.Logprob > token.Top[i-1].Logprob {
					t.Fatalf("%v do not fall", token.Top)
				}
			}
			if math.Abs(sum-1) > 1e-6 {
				t.Fatalf("%v add to %g", token.Top, sum)
			}
		}
	}
}

func TestChatFaults(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	for _, body := range []fields{
		{"model": "toy"}, {"model": "toy", "messages": []fields{}}, {"model": "toy", "messages": user("a"), "cache": 1},
		{"model": "toy", "messages": user("a"), "top_logprobs": 2}, {"model": "toy", "messages": []fields{{"role": "user", "content": 3}}},
		{"model": "toy", "messages": []fields{{"role": "user", "content": []fields{{"type": "image_url"}}}}},
		{"model": "toy", "messages": user("a"), "tools": []fields{{"type": "function"}}},
		{"model": "toy", "messages": user("a"), "response_format": fields{"type": "xml"}},
		{"model": "toy", "messages": user("a"), "response_format": fields{"type": "json_schema", "json_schema": fields{"schema": fields{"enum": []int{}}}}},
	} {
		call(t, h, "POST", "/v1/chat/completions", body, 400, nil)
	}
}
