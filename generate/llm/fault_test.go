package llm

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A scenario is what a server does to the third of some calls, how often, and what must come of it.
type scenario struct {
	name     string
	do       func(w http.ResponseWriter, r *http.Request)
	forever  bool          // else twice, and the third attempt is answered
	finish   string        // part of Finish, "" if the call is answered in the end
	done     bool          // the failure is final: the journal has it
	refused  bool          // no call can succeed: ErrRefused
	atLeast  time.Duration // that the client waited, once
	atMost   time.Duration
	attempts int           // of the call; 0: as the rest says
	timeout  time.Duration // 0: long
}

func status(code int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

// raw takes the connection over and writes bytes to it.
func raw(text string, reset bool) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		buf.WriteString(text)
		buf.Flush()
		if tcp, ok := conn.(interface{ SetLinger(int) error }); ok && reset {
			tcp.SetLinger(0)
		}
		conn.Close()
	}
}

func stalls(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func stallsInBody(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, `{"choices":[`)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func huge(w http.ResponseWriter, r *http.Request) {
	block := bytes.Repeat([]byte("x"), 1<<20)
	io.WriteString(w, `{"choices":[{"text":"`)
	for range longestAnswer>>20 + 1 {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func echoesKey(code int) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		fmt.Fprintf(w, `{"error":{"message":"bad key %s in Authorization: Bearer %s, or as api-key=%s","type":"invalid_request_error"}}`, key, key, key)
	}
}

const chatOpen = `{"choices":[{"message":{"content":"x"},"finish_reason":`

var scenarios = []scenario{
	{name: "429, Retry-After in seconds", do: status(429, `{"error":{"message":"slow"}}`, "Retry-After", "7"), atLeast: 7 * time.Second, atMost: 8 * time.Second},
	{name: "429, Retry-After as a date", do: status(429, "", "Date", "Thu, 26 Nov 2026 10:00:00 GMT", "Retry-After", "Thu, 26 Nov 2026 10:01:30 GMT"), atLeast: 90 * time.Second, atMost: 91 * time.Second},
	{name: "429, Retry-After of a year", do: status(429, "", "Retry-After", "31536000"), atLeast: longestAsk, atMost: longestAsk + time.Second},
	{name: "429 without", do: status(429, ""), atMost: time.Second},
	{name: "429, no money left", do: status(429, `{"error":{"message":"You exceeded your quota","type":"insufficient_quota","code":"insufficient_quota"}}`), refused: true},
	{name: "500", do: status(500, `{"error":{"message":"oops"}}`), forever: true, finish: "500 oops", attempts: 4},
	{name: "503, then good", do: status(503, "")},
	{name: "529", do: status(529, "")},
	{name: "408", do: status(408, "")},
	{name: "no answer in time", do: stalls, forever: true, finish: "no answer in time", attempts: 4, timeout: 250 * time.Millisecond},
	{name: "stalled in the body", do: stallsInBody, timeout: 250 * time.Millisecond},
	{name: "reset in the body", do: raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"choices\"", true)},
	{name: "reset at once", do: raw("", true)},
	{name: "closed at once", do: raw("", false)},
	{name: "cut body", do: raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"+chatOpen+`"st`, false)},
	{name: "too long a Content-Length", do: raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+chatOpen+`"stop"}]}`, false)},
	{name: "too short a Content-Length", do: raw("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"+chatOpen+`"stop"}]}`, false)},
	{name: "no HTTP", do: raw("SSH-2.0-OpenSSH_9.6\r\n", false)},
	{name: "HTML of a proxy", do: status(200, "<html><body>Please log in</body></html>"), forever: true, finish: "no JSON: <html>", attempts: 4},
	{name: "HTML of a proxy, 502", do: status(502, "<html><h1>502 Bad Gateway</h1></html>")},
	{name: "nothing", do: status(200, "")},
	{name: "200 with an error", do: status(200, `{"error":{"message":"upstream broke","code":502}}`)},
	{name: "200 with a text as error", do: status(200, `{"error":"model is loading"}`)},
	{name: "200 with an error for good", do: status(200, `{"error":{"message":"too long","code":400}}`), finish: "400 too long", done: true},
	{name: "choices: [null]", do: status(200, `{"choices":[null]}`), finish: "no choice", done: true},
	{name: "no choices", do: status(200, `{"choices":[],"usage":{"prompt_tokens":3}}`), finish: "no choice", done: true},
	{name: "a choice of nothing", do: status(200, `{"choices":[{"finish_reason":"stop"}]}`), finish: "neither a text", done: true},
	{name: "a choice of another type", do: status(200, `{"choices":{"text":"x"}}`), finish: "object where choices", done: true},
	{name: "no finish_reason", do: status(200, chatOpen+`null}]}`)},
	{name: "null as logprobs", do: status(200, chatOpen+`"stop","logprobs":null}]}`), attempts: 1},
	{name: "400 for good", do: status(400, `{"error":{"message":"max_tokens is too large"}}`), finish: "400 max_tokens is too large", done: true},
	{name: "400 as a detail", do: status(422, `{"detail":"seed: not an integer"}`), finish: "422 seed: not", done: true},
	{name: "content filter", do: status(400, `{"error":{"message":"filtered","code":"content_filter"}}`), finish: "content_filter", done: true},
	{name: "unknown model", do: status(404, `{"error":{"message":"no model m"}}`), refused: true},
	{name: "model name in a 400", do: status(400, `{"error":{"message":"no","code":"model_not_found"}}`), refused: true},
	{name: "401 with the key in it", do: echoesKey(401), refused: true},
	{name: "400 with the key in it", do: echoesKey(400), finish: "bad key [redacted]", done: true},
	{name: "403", do: status(403, "<html>forbidden</html>"), refused: true},
	{name: "huge body", do: huge, finish: "longer than", done: true},
}

// Whatever a server does to one call of several: no reply is lost, none that is journalled is asked for again, the failure
// is kept only if it is final, the server is left alone as long as it asks, and the key is nowhere.
func TestFaults(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			testFault(t, s)
		})
	}
}

// A fault is a scenario on its way: its server, which may heal, and the folder of the journal.
type fault struct {
	scenario
	server *scripted
	healed atomic.Bool
	dir    string
}

func newFault(t *testing.T, sc scenario) *fault {
	f := &fault{scenario: sc, dir: memory(t)}
	var hits atomic.Int64 // a call that was given up may still be served beside the next
	f.server = serve(t, func(_ int, w http.ResponseWriter, r *http.Request, body map[string]any) bool {
		if f.healed.Load() || fmt.Sprint(body["seed"]) != "2" || hits.Load() == 2 && !sc.forever && !sc.done && !sc.refused {
			return false
		}
		hits.Add(1)
		sc.do(w, r)
		return true
	})
	return f
}

// run makes five calls, one after the other.
func (f *fault) run(t *testing.T) (replies []Reply, w *waits, spent Spent, err error) {
	e := f.server.endpoint("chat")
	e.KeyEnv, e.Limits.Concurrency, e.Timeout = "LLM_TEST_KEY", 1, cmp.Or(f.timeout, 20*time.Second)
	w = new(waits)
	c := open(t, e, Options{Journal: filepath.Join(f.dir, "calls"), pause: w.pause})
	err = c.Each(t.Context(), 5, ask, func(_ int, r Reply) error { replies = append(replies, r); return nil })
	spent = c.Spent()
	must(t, c.Close())
	noCanary(t, f.dir, fmt.Sprint(replies, err))
	return replies, w, spent, err
}

func testFault(t *testing.T, sc scenario) {
	f := newFault(t, sc)
	replies, w, spent, err := f.run(t)
	if !sc.refused {
		must(t, err)
		checkThird(t, sc, replies, w)
	} else if err == nil || !strings.Contains(err.Error(), ErrRefused.Error()) || len(replies) != 2 || spent.Attempts > 4 {
		t.Fatalf("%v after %d replies, %+v", err, len(replies), spent)
	}
	first := f.server.requests.Load()
	f.healed.Store(true)
	again, _, _, err := f.run(t)
	must(t, err)
	if len(again) != 5 {
		t.Fatalf("%d replies after the server healed", len(again))
	}
	for i, r := range again {
		lasting := i < len(replies) && (i != 2 || sc.done || sc.finish == "")
		if r.Replayed != lasting && !sc.refused || lasting && r.Response != replies[i].Response || r.Failed() && !sc.done {
			t.Errorf("call %d, again: %+v", i, r)
		}
	}
	if got := f.server.requests.Load() - first; !sc.refused && got > 1 || sc.refused && got > 3 {
		t.Errorf("%d requests were made again", got)
	}
}

func checkThird(t *testing.T, sc scenario, replies []Reply, w *waits) {
	if len(replies) != 5 {
		t.Fatalf("%d replies of 5", len(replies))
	}
	want := sc.attempts
	if want == 0 && sc.done {
		want = 1
	} else if want == 0 {
		want = 3
	}
	for i, r := range replies {
		switch {
		case i != 2 && (r.Failed() || r.Attempts != 1 || r.Text == ""):
			t.Errorf("call %d: %+v", i, r)
		case i == 2 && (r.Failed() != (sc.finish != "") || !strings.Contains(r.Finish, sc.finish) || r.Attempts != want || r.Failed() && r.Text != ""):
			t.Errorf("call 2: %+v", r)
		}
	}
	if got := w.longest(); got < sc.atLeast || sc.atMost > 0 && got > sc.atMost {
		t.Errorf("the longest wait was %v", got)
	}
}

// A key is for the host that the user named: no redirect is followed, to another host or to the same.
func TestRedirect(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	for _, code := range []int{301, 302, 307, 308} {
		other := serve(t, nil)
		s := serve(t, func(_ int, w http.ResponseWriter, r *http.Request, _ map[string]any) bool {
			http.Redirect(w, r, other.URL+"/v1/chat/completions?key="+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), code)
			return true
		})
		e := s.endpoint("chat")
		e.KeyEnv = "LLM_TEST_KEY"
		c := open(t, e, Options{})
		_, err := c.Do(t.Context(), ask(1))
		if err == nil || !strings.Contains(err.Error(), "base_url") || other.requests.Load() != 0 {
			t.Errorf("%d: %v; the other host got %d requests", code, err, other.requests.Load())
		}
		noCanary(t, t.TempDir(), fmt.Sprint(err))
		must(t, c.Close())
	}
}

// An answer that holds the key, in whatever form, is kept without it.
func TestKeyInAnAnswer(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	dir := memory(t)
	escaped := strings.NewReplacer("/", `\/`, "+", `\u002b`, "s", `\u0073`).Replace(canary)
	for i, form := range append(newRedactor(canary), []byte(escaped)) {
		s := serve(t, first(`{"choices":[{"message":{"content":"your key is `+string(form)+`!"},"finish_reason":"stop"}]}`))
		e := s.endpoint("chat")
		e.KeyEnv = "LLM_TEST_KEY"
		c := open(t, e, Options{Journal: filepath.Join(dir, fmt.Sprint(i))})
		call := ask(0)
		call.Prompt += canary
		r, err := c.Do(t.Context(), call)
		must(t, err)
		must(t, c.Close())
		if !strings.Contains(r.Text, redacted) {
			t.Error(r.Text)
		}
		noCanary(t, dir, fmt.Sprint(r))
	}
}

func TestKeyOfEnvironment(t *testing.T) {
	for _, key := range []string{"", "two words", "snow☃man-key"} {
		t.Setenv("LLM_TEST_KEY", key)
		_, err := Open(Endpoint{BaseURL: "http://localhost/v1", Model: "m", KeyEnv: "LLM_TEST_KEY"}, Options{})
		if err == nil || key != "" && strings.Contains(err.Error(), key) {
			t.Errorf("%q: %v", key, err)
		}
	}
	for _, url := range []string{"http://u:secret@h/v1", "http://h/v1?key=secret", "ftp://h/v1", "localhost:80", "embedded?%zz"} {
		if _, err := Open(Endpoint{BaseURL: url, Model: "m"}, Options{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// A certificate that nobody signed, plain HTTP where TLS is expected, and a host without an address are refused at once.
func TestNoConnection(t *testing.T) {
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	plain := serve(t, nil)
	for _, url := range []string{tls.URL, strings.Replace(plain.URL, "http:", "https:", 1)} {
		c := open(t, Endpoint{BaseURL: url, Model: "m"}, Options{})
		_, err := c.Do(t.Context(), ask(0))
		if err == nil || !strings.Contains(err.Error(), ErrRefused.Error()) {
			t.Errorf("%s: %v", url, err)
		}
		must(t, c.Close())
	}
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}
