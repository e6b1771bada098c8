package llm

import (
	"io"
	"net/http"
	"path/filepath"
	"testing"
)

// Vectors come in the order of the texts, whatever the order in the answer, and a second client pays nothing for them.
func TestEmbed(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, r *http.Request, body map[string]any) bool {
		if r.URL.Path != "/embeddings" || len(body["input"].([]any)) != 2 {
			t.Errorf("%s %v", r.URL.Path, body)
		}
		io.WriteString(w, `{"model":"e","data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[1,0]}],"usage":{"prompt_tokens":3,"total_tokens":3}}`)
		return true
	})
	journal := filepath.Join(memory(t), "calls.jsonl")
	for range 2 {
		c, err := Open(Endpoint{BaseURL: s.URL, Model: "m"}, Options{Journal: journal})
		must(t, err)
		v, err := c.Embed(t.Context(), "e", []string{"a", "b"})
		must(t, err)
		if len(v) != 2 || v[0][0] != 1 || v[1][1] != 2 {
			t.Errorf("got %v", v)
		}
		if n := c.Spent().Prompt; n != 3 {
			t.Errorf("%d tokens, want 3", n)
		}
		must(t, c.Close())
	}
	if n := s.requests.Load(); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}
