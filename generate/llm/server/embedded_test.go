package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"modelcollapse/generate/llm/server"
)

// The embedded model is reached over a socket, and what it hides are its defaults.
func TestEmbedded(t *testing.T) {
	h, err := server.Embedded(server.GoDocs, url.Values{"top_k": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	base, stop, err := server.Listen(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]bool{}
	for seed := range 5 {
		r, err := http.Post(base+"/completions", "application/json", strings.NewReader(fmt.Sprintf(`{"model":"go-docs","prompt":"Package","seed":%d}`, seed)))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		_, text, _ := strings.Cut(string(body), `"text"`)
		answers[text] = r.StatusCode == http.StatusOK
	}
	if len(answers) != 1 {
		t.Errorf("greedy in secret, and yet %v", answers)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(base + "/models"); err == nil {
		t.Error("it still answers")
	}
	for _, bad := range []url.Values{{"top_k": {"x"}}, {"top_j": {"1"}}, {"min_p": {"2"}}} {
		if _, err := server.Embedded(server.GoDocs, bad); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
	if _, err := server.Embedded("gpt", nil); err == nil {
		t.Error("there is no gpt here")
	}
}

// BenchmarkOneToken is a completion of one token over a socket.
func BenchmarkOneToken(b *testing.B) {
	h, err := server.Embedded(server.GoDocs, nil)
	if err != nil {
		b.Fatal(err)
	}
	base, stop, err := server.Listen(b.Context(), h)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			r, err := http.Post(base+"/completions", "application/json", strings.NewReader(fmt.Sprintf(`{"model":"go-docs","prompt":"the","max_tokens":1,"seed":%d}`, i)))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, r.Body)
			r.Body.Close()
		}
	})
}
