package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"modelcollapse/generate/llm/server"
)

func embedded(b *testing.B) http.Handler {
	b.Helper()
	h, err := server.Embedded(server.GoDocs, url.Values{})
	if err != nil {
		b.Fatal(err)
	}
	return h
}

// sentences are n sentences of the embedded model, a line each.
func sentences(b *testing.B, h http.Handler, n int) string {
	b.Helper()
	lines := []string{""}
	for _, c := range complete(b, h, fields{"model": server.GoDocs, "n": n, "seed": 1, "max_tokens": 60}).Choices {
		lines = append(lines, c.Text)
	}
	return strings.Join(lines, "\n") + "\n"
}

// BenchmarkAnswers times requests without a network: a scored prompt of 50 sentences, a sentence, and a sentence with 50 examples.
func BenchmarkAnswers(b *testing.B) {
	h := embedded(b)
	text := sentences(b, h, 50)
	for name, body := range map[string]fields{
		"echo50":    {"prompt": text, "echo": true, "logprobs": 0, "max_tokens": 0},
		"sentence":  {"prompt": "", "max_tokens": 60},
		"top_k=40":  {"prompt": "", "max_tokens": 60, "top_k": 40},
		"examples":  {"messages": user(text), "cache": 0.5},
		"one_token": {"prompt": "the", "max_tokens": 1},
	} {
		body["model"] = server.GoDocs
		path := "/v1/completions"
		if body["messages"] != nil {
			path = "/v1/chat/completions"
		}
		request, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if status, answer := ask(h, "POST", path, string(request)); status != http.StatusOK {
					b.Fatal(answer)
				}
			}
		})
	}
}
