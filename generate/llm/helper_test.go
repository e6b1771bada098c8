package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const canary = "sk-canary/0123456789+abcdef=XYZ"

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// memory is a folder in memory where there is one.
func memory(t testing.TB) string {
	if _, err := os.Stat("/dev/shm"); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "llm")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// good is an answer of a chat endpoint: a function of the request.
func good(body map[string]any) string {
	text := "answer to " + fmt.Sprint(body["messages"], body["prompt"], body["seed"])
	b, _ := json.Marshal(text)
	return `{"model":"m-1","choices":[{"message":{"content":` + string(b) + `},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5}}`
}

// A scripted server gives the n-th request (from 0) to its script, which says whether it answered; what it leaves gets a good
// answer.
type scripted struct {
	*httptest.Server
	script   func(n int, w http.ResponseWriter, r *http.Request, body map[string]any) bool
	requests atomic.Int64
	mu       sync.Mutex
	bodies   []map[string]any
	headers  []http.Header
	billed   map[string]int // good answers by Idempotency-Key
}

func serve(t testing.TB, script func(n int, w http.ResponseWriter, r *http.Request, body map[string]any) bool) *scripted {
	s := &scripted{script: script, billed: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := int(s.requests.Add(1)) - 1
	b, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(b))
	var body map[string]any
	json.Unmarshal(b, &body)
	s.mu.Lock()
	s.bodies, s.headers = append(s.bodies, body), append(s.headers, r.Header.Clone())
	s.mu.Unlock()
	if s.script != nil && s.script(n, w, r, body) {
		return
	}
	s.mu.Lock()
	s.billed[r.Header.Get("Idempotency-Key")]++
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, good(body))
}

func (s *scripted) endpoint(api string) Endpoint {
	e := Endpoint{BaseURL: s.URL + "/v1", Model: "m", API: api, Timeout: 5 * time.Second, Attempts: 4}
	e.Limits.Concurrency = 4
	return e
}

// first answers the first requests with texts of its own.
func first(bodies ...string) func(int, http.ResponseWriter, *http.Request, map[string]any) bool {
	return func(n int, w http.ResponseWriter, _ *http.Request, _ map[string]any) bool {
		if n < len(bodies) {
			io.WriteString(w, bodies[n])
		}
		return n < len(bodies)
	}
}

// waits notes how long the client would have waited, and does not.
type waits struct {
	mu  sync.Mutex
	all []time.Duration
}

func (w *waits) pause(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	w.all = append(w.all, d)
	w.mu.Unlock()
	return ctx.Err()
}

func (w *waits) longest() (most time.Duration) {
	for _, d := range w.all {
		most = max(most, d)
	}
	return most
}

func open(t testing.TB, e Endpoint, o Options) *Client {
	t.Helper()
	if o.pause == nil {
		o.pause = new(waits).pause
	}
	c, err := Open(e, o)
	must(t, err)
	return c
}

func ask(i int) Call {
	return Call{Prompt: fmt.Sprintf("question %d", i), Seed: new(int64(i)), Logprobs: -1, Sampling: Sampling{MaxTokens: 16}}
}

// one makes a single call.
func one(t *testing.T, s *scripted, api string, call Call) Reply {
	t.Helper()
	c := open(t, s.endpoint(api), Options{})
	defer c.Close()
	r, err := c.Do(t.Context(), call)
	must(t, err)
	return r
}

// noCanary looks for the key, in whatever form, in every file below dir and in the texts.
func noCanary(t *testing.T, dir string, texts ...string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		texts = append(texts, string(b))
		return err
	})
	must(t, err)
	for _, s := range texts {
		for _, form := range append(newRedactor(canary), []byte("0123456789")) {
			if strings.Contains(s, string(form)) {
				t.Errorf("the key is in %q", s)
			}
		}
	}
}
