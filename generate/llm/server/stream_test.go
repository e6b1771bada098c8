package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"modelcollapse/generate/llm/server"
)

// eventsOf are the data of server-sent events, which must end with [DONE].
func eventsOf(t testing.TB, body string) (data []string) {
	t.Helper()
	for part := range strings.SplitSeq(strings.TrimSuffix(body, "\n\n"), "\n\n") {
		one, ok := strings.CutPrefix(part, "data: ")
		if !ok {
			t.Fatalf("%q is no event", part)
		}
		data = append(data, one)
	}
	if data[len(data)-1] != "[DONE]" {
		t.Fatalf("the last event is %q", data[len(data)-1])
	}
	return data[:len(data)-1]
}

// A stream says what one piece says: the same texts, tokens, offsets, finish reasons and usage.
func TestCompletionStream(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	body := `{"model":"toy","prompt":["a b","c"],"n":2,"seed":5,"max_tokens":12,"logprobs":1,"echo":true,"stop":"n't"`
	_, plain := ask(h, "POST", "/v1/completions", body+"}")
	_, streamed := ask(h, "POST", "/v1/completions", body+`,"stream":true,"stream_options":{"include_usage":true}}`)
	var want completion
	if err := json.Unmarshal([]byte(plain), &want); err != nil {
		t.Fatal(err)
	}
	texts, finish, tokens := map[int]string{}, map[int]string{}, map[int][]string{}
	var last completion
	for _, data := range eventsOf(t, streamed) {
		last = completion{}
		if err := json.Unmarshal([]byte(data), &last); err != nil {
			t.Fatal(err)
		}
		for _, c := range last.Choices {
			texts[c.Index] += c.Text
			finish[c.Index] += c.Finish
			if c.Logprobs != nil {
				tokens[c.Index] = append(tokens[c.Index], c.Logprobs.Tokens...)
			}
		}
	}
	if last.Usage != want.Usage {
		t.Errorf("usage %+v, want %+v", last.Usage, want.Usage)
	}
	for _, c := range want.Choices {
		if texts[c.Index] != c.Text || finish[c.Index] != c.Finish || strings.Join(tokens[c.Index], "|") != strings.Join(c.Logprobs.Tokens, "|") {
			t.Errorf("%d: %q %q, want %q %q", c.Index, texts[c.Index], finish[c.Index], c.Text, c.Finish)
		}
	}
}
