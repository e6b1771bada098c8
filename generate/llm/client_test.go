package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"modelcollapse/internal/store"
)

// What is called again is served from the journal, by the same process and by the next, and is the same in every field.
func TestReplay(t *testing.T) {
	s := serve(t, nil)
	file := filepath.Join(memory(t), "a", "calls.jsonl")
	var replies [3][]Reply
	for run := range replies {
		c := open(t, s.endpoint("chat"), Options{Journal: file})
		must(t, c.Each(t.Context(), 50, ask, func(i int, r Reply) error {
			if i != len(replies[run]) {
				t.Fatalf("reply %d came at place %d", i, len(replies[run]))
			}
			if r.Replayed != (run > 0) {
				t.Errorf("run %d: replayed is %v", run, r.Replayed)
			}
			r.Replayed = false
			replies[run] = append(replies[run], r)
			return nil
		}))
		if got := c.Spent(); got.Calls != 50 || got.Attempts != 50 || got.Prompt != 500 || got.Answer != 250 || got.Replayed != int64(min(run, 1)*50) {
			t.Errorf("run %d: %+v", run, got)
		}
		must(t, c.Close())
	}
	if !reflect.DeepEqual(replies[0], replies[1]) || !reflect.DeepEqual(replies[0], replies[2]) {
		t.Error("replies differ between runs")
	}
	if s.requests.Load() != 50 {
		t.Errorf("%d requests for 50 calls", s.requests.Load())
	}
}

// Samples of one request are calls of their own; the same call made at once by many is made once.
func TestSamplesAndTwins(t *testing.T) {
	s := serve(t, func(int, http.ResponseWriter, *http.Request, map[string]any) bool {
		time.Sleep(5 * time.Millisecond)
		return false
	})
	c := open(t, s.endpoint("chat"), Options{Journal: filepath.Join(memory(t), "j")})
	defer c.Close()
	keys := map[string]bool{}
	must(t, c.Each(t.Context(), 40, func(i int) Call { call := ask(0); call.Sample = i % 5; return call }, func(i int, r Reply) error {
		keys[r.Key] = true
		return nil
	}))
	if len(keys) != 5 || s.requests.Load() != 5 {
		t.Errorf("%d keys and %d requests for 5 samples", len(keys), s.requests.Load())
	}
}

// Zeros, further fields and nulls reach the server: the client library would drop them.
func TestBody(t *testing.T) {
	s := serve(t, nil)
	e := s.endpoint("chat")
	e.Body = map[string]any{"top_k": 0, "min_p": 0, "user": "me"}
	c := open(t, e, Options{})
	defer c.Close()
	zero, seed := 0.0, int64(7)
	_, err := c.Do(t.Context(), Call{Messages: []Message{{"system", "s"}, {"user", ""}}, Seed: &seed, Logprobs: 0,
		Sampling: Sampling{Temperature: &zero, TopP: &zero, MaxTokens: 9, Stop: []string{"x"}},
		Extra:    map[string]any{"user": nil, "max_tokens": nil, "max_completion_tokens": 12}})
	must(t, err)
	want := map[string]any{"model": "m", "temperature": 0.0, "top_p": 0.0, "top_k": 0.0, "min_p": 0.0, "seed": 7.0, "logprobs": true,
		"max_completion_tokens": 12.0, "stop": []any{"x"},
		"messages": []any{map[string]any{"role": "system", "content": "s"}, map[string]any{"role": "user", "content": ""}}}
	if !reflect.DeepEqual(s.bodies[0], want) {
		t.Errorf("got  %v\nwant %v", s.bodies[0], want)
	}
	if len(s.headers[0].Get("Idempotency-Key")) != 64 {
		t.Error("no Idempotency-Key")
	}
}

// Names that the client library refuses to send.
func TestBlockedNames(t *testing.T) {
	for _, model := range []string{"gpt-4o-mini", "o1-x", "gpt-5", "text-davinci-003"} {
		for _, api := range []string{"chat", "completions"} {
			s := serve(t, nil)
			e := s.endpoint(api)
			e.Model = model
			c := open(t, e, Options{})
			call := ask(1)
			call.Sampling.Temperature, call.Logprobs = new(0.5), 2
			r, err := c.Do(t.Context(), call)
			must(t, err)
			if r.Failed() || s.bodies[0]["model"] != model {
				t.Errorf("%s, %s: %+v, %v", model, api, r, s.bodies[0])
			}
			must(t, c.Close())
		}
	}
}

// Prompts of token ids reach the server, and so does no stream: a cut one looks whole.
func TestPromptOfTokens(t *testing.T) {
	s := serve(t, nil)
	c := open(t, s.endpoint("completions"), Options{})
	defer c.Close()
	call := ask(0)
	call.Extra = map[string]any{"prompt": []int{1, 2, 3}}
	r, err := c.Do(t.Context(), call)
	must(t, err)
	if r.Failed() || fmt.Sprint(s.bodies[0]["prompt"]) != "[1 2 3]" {
		t.Errorf("%+v, %v", r, s.bodies[0])
	}
	for _, extra := range []map[string]any{{"stream": true}, {"n": 2}, {"max_tokens": nil}} {
		call.Extra = extra
		if _, err := c.Do(t.Context(), call); err == nil {
			t.Errorf("%v was sent", extra)
		}
	}
}

// When the caller's context ends, calls under way are abandoned; they are booked as attempts, and made again later.
func TestAbandoned(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(n int, w http.ResponseWriter, r *http.Request, _ map[string]any) bool {
		if n == 5 {
			cancel()
		}
		if n >= 5 && n < 9 {
			stalls(w, r)
		}
		return n >= 5 && n < 9
	})
	file := filepath.Join(memory(t), "j")
	c := open(t, s.endpoint("chat"), Options{Journal: file})
	none := func(int, Reply) error { return nil }
	if err := c.Each(ctx, 50, ask, none); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	first := c.Spent()
	if sent := s.requests.Load(); first.Attempts < 6 || first.Attempts > 9 || first.Calls > 5 || sent > 9 {
		t.Errorf("%d requests, %+v", sent, first)
	}
	must(t, c.Close())
	c = open(t, s.endpoint("chat"), Options{Journal: file})
	s.requests.Store(100) // none stalls any more
	must(t, c.Each(t.Context(), 50, ask, none))
	if got := c.Spent(); got.Calls != 50 || got.Attempts-first.Attempts != 50-first.Calls { // the server may yet hear of abandoned ones
		t.Errorf("%d requests, %+v", s.requests.Load(), got)
	}
	must(t, c.Close())
}

// A journal that cannot be written is an error that names the file; what it has stays.
func TestFullDisk(t *testing.T) {
	s := serve(t, nil)
	file := filepath.Join(memory(t), "j")
	for at := 1; ; at++ {
		n := 0
		c := open(t, s.endpoint("chat"), Options{Journal: file})
		c.ledger.folder.Fault = func(op, _ string) error {
			if n++; n == at {
				return store.ErrShort
			}
			return nil
		}
		base := 1000 * at
		err := c.Each(t.Context(), 20, func(i int) Call { return ask(base + i) }, func(int, Reply) error { return nil })
		if err = errors.Join(err, c.Close()); n < at {
			must(t, err)
			return
		}
		if err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("operation %d failed: %v", at, err)
		}
		if n, err := reopen(file); err != nil || n < at-1 && n < 1 {
			t.Errorf("%d records, %v", n, err)
		}
	}
}

// Log probabilities in every shape, on either endpoint; a null is unknown and no certainty.
func TestLogprobShapes(t *testing.T) {
	const content = `{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":[{"token":"b","logprob":-1},{"token":"a","logprob":-0.5}]},{"token":"?","bytes":[226],"logprob":null,"top_logprobs":[]}]}`
	const legacy = `{"tokens":["a","â"],"token_logprobs":[-0.5,null],"top_logprobs":[{"b":-1,"a":-0.5},null]}`
	for name, c := range map[string]struct{ body, second string }{
		"completions, legacy":      {`{"choices":[{"text":"x","finish_reason":"stop","logprobs":` + legacy + `}]}`, "â"},
		"completions, chat-shaped": {`{"choices":[{"text":"x","finish_reason":"stop","logprobs":` + content + `}]}`, "\xe2"},
		"chat":                     {`{"choices":[{"message":{"content":"x"},"finish_reason":"stop","logprobs":` + content + `}]}`, "\xe2"},
		"a list, as for prompts":   {`[{"choices":[{"text":"x","finish_reason":"stop","logprobs":` + legacy + `}]}]`, "â"},
		"llama.cpp's own":          {`{"choices":[{"text":"x","finish_reason":"stop"}],"completion_probabilities":` + content[len(`{"content":`):len(content)-1] + `}`, "\xe2"},
		"llama.cpp's own, old":     {`{"choices":[{"text":"x","finish_reason":"stop"}],"completion_probabilities":[{"content":"a","probs":[{"tok_str":"a","prob":0.6065306597126334},{"tok_str":"b","prob":0.36787944117144233}]},{"content":"z","probs":[]}]}`, "z"},
	} {
		s := serve(t, first(c.body))
		call := ask(0)
		call.Logprobs = 2
		r := one(t, s, "completions", call)
		if r.Text != "x" || len(r.Tokens) != 2 {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		a, b := r.Tokens[0], r.Tokens[1]
		if a.Text != "a" || math.Abs(a.Logprob+0.5) > 1e-15 || len(a.Top) != 2 || a.Top[0].Text != "a" || math.Abs(a.Top[1].Logprob+1) > 1e-15 {
			t.Errorf("%s: first token %+v", name, a)
		}
		if b.Text != c.second || !math.IsNaN(b.Logprob) || !math.IsNaN(r.Logprob()) {
			t.Errorf("%s: second token %+v", name, b)
		}
	}
}

// Together gives an echo apart, and what is of an unknown type costs no answer.
func TestOddAnswers(t *testing.T) {
	s := serve(t, first(`{"prompt":[{"text":"a b","logprobs":{"tokens":["a"," b"],"token_logprobs":[null,-2]}}],"choices":[{"text":" c","finish_reason":"length","logprobs":{"tokens":[" c"],"token_logprobs":[-3]}}]}`,
		`{"prompt":"a b","model":3,"completion_probabilities":{},"choices":[{"text":" c","finish_reason":"length","logprobs":[]}],"usage":{"prompt_tokens":"many"}}`))
	call := ask(0)
	call.Echo, call.Logprobs = true, 1
	r := one(t, s, "completions", call)
	if len(r.Tokens) != 3 || r.Tokens[1].Text != " b" || r.Tokens[1].Logprob != -2 || r.Tokens[2].Logprob != -3 {
		t.Errorf("%+v", r)
	}
	if r = one(t, s, "completions", call); r.Text != " c" || r.Usage.Counted || r.Tokens != nil {
		t.Errorf("%+v", r)
	}
}

// Keys differ in whatever a server would see or a sample number, and in nothing else.
func TestKeys(t *testing.T) {
	s := serve(t, nil)
	e := s.endpoint("completions")
	c := open(t, e, Options{})
	e.Body = map[string]any{"top_k": 0}
	d := open(t, e, Options{})
	e.Model, e.Body = "n", nil
	f := open(t, e, Options{})
	seen := map[string]string{}
	for name, change := range map[string]func(*Call){
		"nothing": func(*Call) {}, "prompt": func(c *Call) { c.Prompt += " " }, "sample": func(c *Call) { c.Sample = 1 }, "seed": func(c *Call) { c.Seed = new(int64(9)) },
		"no seed": func(c *Call) { c.Seed = nil }, "temperature": func(c *Call) { c.Sampling.Temperature = new(0.0) }, "top_k": func(c *Call) { c.Sampling.TopK = new(1) },
		"max": func(c *Call) { c.Sampling.MaxTokens++ }, "logprobs": func(c *Call) { c.Logprobs = 0 }, "echo": func(c *Call) { c.Echo = true },
		"schema": func(c *Call) { c.Schema = []byte(`{}`) }, "extra": func(c *Call) { c.Extra = map[string]any{"x": 1} },
	} {
		for client, o := range map[string]*Client{"": c, " with a body": d, " of another model": f} {
			call := ask(0)
			change(&call)
			if call.Sampling.TopK != nil && o == d {
				if _, err := d.compose(call, "completions"); err == nil || !strings.Contains(err.Error(), "body.top_k: 0") {
					t.Errorf("two values of top_k: %v", err)
				}
				continue
			}
			one, err := o.compose(call, "completions")
			must(t, err)
			two, err := o.compose(call, "completions")
			must(t, err)
			if other, ok := seen[one.key]; ok || one.key != two.key {
				t.Errorf("%s%s has the key of %s, or two", name, client, other)
			}
			seen[one.key] = name + client
		}
	}
	must(t, errors.Join(c.Close(), d.Close(), f.Close()))
}

func priced(e Endpoint, in, out float64) Endpoint {
	e.Prices = Prices{Input: &in, Output: &out, Currency: "USD"}
	return e
}

// No call is made that could go beyond the budget, counting those of earlier processes; with more budget the rest follows.
func TestBudget(t *testing.T) {
	s := serve(t, nil)
	file := filepath.Join(memory(t), "j")
	const each = 10*100e-6 + 5*1000e-6 // money that an answer of the server costs
	e := priced(s.endpoint("chat"), 100, 1000)
	got := 0
	for _, budget := range []float64{0.2, 0.2, 0.3, 100} {
		c := open(t, e, Options{Journal: file, Budget: Budget{Money: budget}})
		got = 0
		err := c.Each(t.Context(), 60, ask, func(i int, r Reply) error {
			got++
			if math.Abs(r.Money-each) > 1e-12 {
				t.Errorf("an answer cost %g, want %g", r.Money, each)
			}
			return nil
		})
		spent := *c.Spent().Money
		must(t, c.Close())
		if errors.Is(err, ErrBudget) != (budget < 100) {
			t.Fatalf("budget %g: %v", budget, err)
		}
		if spent > budget || budget < 100 && spent < budget-0.08 {
			t.Errorf("budget %g: spent %g", budget, spent)
		}
	}
	if got != 60 || s.requests.Load() != 60 {
		t.Errorf("%d replies, %d requests", got, s.requests.Load())
	}
}

func TestTokenBudget(t *testing.T) {
	s := serve(t, nil)
	c := open(t, s.endpoint("chat"), Options{Budget: Budget{Tokens: 400}})
	defer c.Close()
	err := c.Each(t.Context(), 60, ask, func(int, Reply) error { return nil })
	if got := c.Spent(); !errors.Is(err, ErrBudget) || got.Prompt+got.Answer > 400 || got.Calls < 5 || got.Money != nil {
		t.Errorf("%v, %+v", err, got)
	}
	if _, err := Open(s.endpoint("chat"), Options{Budget: Budget{Money: 1}}); err == nil {
		t.Error("a budget of money without prices was taken")
	}
}

// A refusal of all calls ends Each; what was answered before is handed on, and no further call is made than was under way.
func TestRefused(t *testing.T) {
	s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request, _ map[string]any) bool {
		if n >= 10 {
			w.WriteHeader(404)
			io.WriteString(w, `{"error":{"message":"model m does not exist","code":"model_not_found"}}`)
		}
		return n >= 10
	})
	c := open(t, s.endpoint("chat"), Options{})
	defer c.Close()
	got := 0
	err := c.Each(t.Context(), 1000, ask, func(int, Reply) error { got++; return nil })
	if !errors.Is(err, ErrRefused) || got > 10 || s.requests.Load() > 18 {
		t.Errorf("%v after %d replies and %d requests", err, got, s.requests.Load())
	}
}

// A server that is down ends a run after some calls, not after all.
func TestAway(t *testing.T) {
	s := serve(t, nil)
	e := s.endpoint("chat")
	s.Close()
	c := open(t, e, Options{})
	defer c.Close()
	err := c.Each(t.Context(), 1000, ask, func(int, Reply) error { return nil })
	if got := c.Spent(); !errors.Is(err, ErrAway) || got.Attempts > 4*20 {
		t.Errorf("%v, %+v", err, got)
	}
}

// got may end Each, and Stop ends it from elsewhere: calls under way are journalled.
func TestEnds(t *testing.T) {
	s := serve(t, func(int, http.ResponseWriter, *http.Request, map[string]any) bool {
		time.Sleep(time.Millisecond)
		return false
	})
	enough := errors.New("enough")
	for _, byStop := range []bool{false, true} {
		before := s.requests.Load()
		file := filepath.Join(memory(t), "j")
		c := open(t, s.endpoint("chat"), Options{Journal: file})
		err := c.Each(t.Context(), 1000, ask, func(i int, _ Reply) error {
			if i == 20 && byStop {
				c.Stop()
			} else if i == 20 {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) && !errors.Is(err, ErrStopped) {
			t.Error(err)
		}
		made := s.requests.Load() - before
		if spent := c.Spent(); spent.Calls != made || made > 60 {
			t.Errorf("%d calls are booked, %d were made", spent.Calls, made)
		}
		must(t, c.Close())
	}
}

// The window of replies out of order is bounded: a first call that takes long holds up the others.
func TestWindow(t *testing.T) {
	free := make(chan struct{})
	s := serve(t, func(n int, _ http.ResponseWriter, _ *http.Request, b map[string]any) bool {
		if fmt.Sprint(b["seed"]) == "0" {
			<-free
		}
		return false
	})
	c := open(t, s.endpoint("chat"), Options{})
	defer c.Close()
	var done atomic.Bool
	go func() {
		time.Sleep(100 * time.Millisecond)
		if n := s.requests.Load(); n > 4*windowPer+8 {
			t.Errorf("%d requests while the first was under way", n)
		}
		done.Store(true)
		close(free)
	}()
	must(t, c.Each(t.Context(), 200, ask, func(i int, _ Reply) error {
		if !done.Load() {
			t.Error("a reply came before the first")
		}
		return nil
	}))
}
