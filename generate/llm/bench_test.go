package llm

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// BenchmarkCalls makes calls over loopback, through client and journal, to a server that answers at once; a call is one
// operation. requests/s is the promise: 2000.
func BenchmarkCalls(b *testing.B) {
	const body = `{"id":"x","object":"chat.completion","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Some forty words of an answer that a model could have given to a question that somebody could have asked it, if there had been a model and somebody who asked."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":40,"total_tokens":50}}`
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write([]byte(body))
	}))
	defer s.Close()
	e := Endpoint{BaseURL: s.URL + "/v1", Model: "m"}
	e.Limits.Concurrency = 32
	dir, err := os.MkdirTemp("", "llm-bench")
	must(b, err)
	defer os.RemoveAll(dir)
	c := open(b, e, Options{Journal: filepath.Join(dir, "calls")})
	defer c.Close()
	b.ReportAllocs()
	b.ResetTimer()
	must(b, c.Each(b.Context(), b.N, ask, func(int, Reply) error { return nil }))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkReplay reads calls back from the journal.
func BenchmarkReplay(b *testing.B) {
	s := serve(b, nil)
	file := filepath.Join(b.TempDir(), "calls")
	c := open(b, s.endpoint("chat"), Options{Journal: file})
	defer c.Close()
	const n = 1000
	none := func(int, Reply) error { return nil }
	must(b, c.Each(b.Context(), n, ask, none))
	b.ReportAllocs()
	b.ResetTimer()
	must(b, c.Each(b.Context(), b.N, func(i int) Call { return ask(i % n) }, none))
}
