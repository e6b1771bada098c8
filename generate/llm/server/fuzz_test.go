package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"modelcollapse/generate/llm/server"
)

var endpoints = []string{"/v1/completions", "/v1/chat/completions", "/v1/embeddings", "/v1/fine_tuning/jobs", "/v1/batches", "/v1/files"}

// Whatever is sent, the answer is one of ours or the sender's fault: no failure of the server, no panic.
func FuzzBody(f *testing.F) {
	h, _, _ := toy(f, server.Options{})
	for _, body := range []string{
		`{"model":"toy","prompt":"a b","max_tokens":3,"logprobs":2,"echo":true,"n":2,"seed":-1}`,
		`{"model":"toy","prompt":[[3,4],[5]],"stop":["b"],"temperature":1e300,"top_p":1e-300,"min_p":1,"top_k":-1}`,
		`{"model":"toy","prompt":["",""],"max_tokens":0,"stream":true,"stream_options":{"include_usage":true}}`,
		`{"model":"toy","temperature":1e-320,"seed":9223372036854775807}`, `[]`, `null`,
		`{"model":"toy","messages":[{"role":"user","content":"a b\nc"},{"role":"user","content":[{"type":"text","text":"d"}]}],"cache":0.5,"n":2,"logprobs":true,"top_logprobs":2}`,
		`{"model":"toy","messages":[{"role":"user","content":null}],"response_format":{"type":"json_schema","json_schema":{"schema":{"type":"array","items":{"type":"string"}}}},"max_tokens":30}`,
		`{"model":"hashed-ngrams-256","input":["a","b c"],"encoding_format":"base64"}`, `{"model":"toy","stop":[null]}`,
	} {
		for which := range endpoints {
			f.Add(byte(which), body)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, body string) {
		if len(body) > 4000 {
			return
		}
		status, answer := ask(h, "POST", endpoints[int(which)%len(endpoints)], body)
		if status >= http.StatusInternalServerError || status != http.StatusOK && status < 300 {
			t.Fatalf("%s: %d %s", body, status, answer)
		}
		if status == http.StatusOK && !strings.HasPrefix(answer, "data: ") && !json.Valid([]byte(answer)) {
			t.Fatalf("%s: %s", body, answer)
		}
	})
}
