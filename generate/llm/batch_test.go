package llm

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// bulkRun makes n calls by batches and returns their replies; the client is closed.
func bulkRun(t *testing.T, e Endpoint, o Options, n int) (replies []Reply, spent Spent, err error) {
	t.Helper()
	c := open(t, e, o)
	err = c.Each(t.Context(), n, ask, func(i int, r Reply) error {
		if i != len(replies) {
			t.Fatalf("reply %d came at place %d", i, len(replies))
		}
		replies = append(replies, r)
		return nil
	})
	spent = c.Spent()
	must(t, c.Close())
	return replies, spent, err
}

// plainly is a reply without what depends on the way it came.
func plainly(r Reply) Reply {
	r.Money, r.Attempts, r.Replayed = 0, 0, false
	return r
}

// Whatever order a batch answers in, the replies are those of single calls, at half the price; and single calls afterwards find them.
func TestBatchIsCalls(t *testing.T) {
	s := serveBatches(t)
	s.looks = 3
	file := filepath.Join(memory(t), "calls")
	w := new(waits)
	var notes []string
	e := s.endpoint()
	got, spent, err := bulkRun(t, e, Options{Journal: file, pause: w.pause, Progress: func(s string) { notes = append(notes, s) }}, 40)
	must(t, err)
	single := serve(t, nil)
	e.Batch = false
	e.BaseURL = single.URL + "/v1"
	one, want, err := bulkRun(t, e, Options{Journal: filepath.Join(memory(t), "calls")}, 40)
	must(t, err)
	for i := range got {
		a, b := plainly(got[i]), plainly(one[i])
		if a.Key = b.Key; !reflect.DeepEqual(a, b) { // which depends on the port
			t.Errorf("call %d: %+v by a batch, %+v by itself", i, a, b)
		}
	}
	if math.Abs(*spent.Money-*want.Money/2) > 1e-12 || spent.Calls != 40 || spent.Doubt != 0 || spent.Prompt != want.Prompt {
		t.Errorf("%+v of a batch, %+v of calls", spent, want)
	}
	if len(notes) != 3 || !slices.Equal(w.all, []time.Duration{30 * time.Second, 30 * time.Second, 30 * time.Second}) {
		t.Errorf("waited %v, told %q", w.all, notes)
	}
	requests := s.requests.Load()
	e.BaseURL = s.URL + "/v1"
	again, _, err := bulkRun(t, e, Options{Journal: file}, 40)
	must(t, err)
	if s.requests.Load() != requests {
		t.Errorf("%d requests for calls that a batch answered", s.requests.Load()-requests)
	}
	for i, r := range again {
		if !r.Replayed || !reflect.DeepEqual(plainly(r), plainly(got[i])) {
			t.Errorf("call %d, replayed: %+v", i, r)
		}
	}
}

// Lines that are missing, broken, doubled, of strangers, or in the error file: what passes is asked for again in a batch of its own,
// what does not is kept, nothing is lost and nothing paid twice.
func TestBatchTrouble(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	s := serveBatches(t)
	s.trouble = func(batch, i int, line string) (out, bad []string) {
		_, body := s.parse(line)
		switch seed := int(body["seed"].(float64)); {
		case seed == 3: // for good
			return nil, []string{s.fault(line, 400, `{"error":{"message":"too long for `+canary+`","type":"invalid_request_error"}}`)}
		case seed == 4 && batch < 2:
			return nil, []string{s.fault(line, 500, `{"error":{"message":"oops"}}`)}
		case seed == 5 && batch == 0:
			return nil, nil
		case seed == 6 && batch == 0:
			return []string{`{"id":"x","custom_id":"` + strings.Repeat("0", 64) + `","response":{"status_code":200,"body":` + good(body) + `}}`, `{"custom_id`, "", "[]"}, nil
		case seed == 7: // never
			return nil, nil
		case seed == 8:
			a := s.answer(line)
			return []string{a, strings.Replace(a, "answer to", "another answer to", 1), a}, []string{s.fault(line, 500, `{}`)}
		case seed == 9 && batch == 0:
			id, _ := s.parse(line)
			return nil, []string{`{"custom_id":"` + id + `","response":null,"error":{"code":"batch_expired","message":"This request could not be executed before the completion window expired."}}`}
		}
		return []string{s.answer(line)}, nil
	}
	dir := memory(t)
	e := s.endpoint()
	e.KeyEnv = "LLM_TEST_KEY"
	got, spent, err := bulkRun(t, e, Options{Journal: filepath.Join(dir, "calls")}, 12)
	must(t, err)
	noCanary(t, dir, fmt.Sprint(got, err))
	attempts := []int{1, 1, 1, 1, 3, 2, 2, 4, 1, 2, 1, 1}
	for i, r := range got {
		switch {
		case i == 3 && !strings.Contains(r.Finish, "failed: 400 too long for [redacted]"), i == 7 && r.Finish != "failed: the batch gave no answer to it",
			i != 3 && i != 7 && (r.Failed() || !strings.HasPrefix(r.Text, "answer to")), r.Attempts != attempts[i], r.Passing != (i == 7):
			t.Errorf("call %d: %+v", i, r)
		}
	}
	if once, twice := s.billed(); len(s.made) != 4 || once != 10 || twice != 0 || spent.Failed != 1 || spent.Calls != 11 {
		t.Errorf("%d batches, %d answers billed, %d twice; %+v", len(s.made), once, twice, spent)
	}
	again, _, err := bulkRun(t, e, Options{Journal: filepath.Join(dir, "calls")}, 12)
	must(t, err)
	if len(s.made) != 8 || !again[3].Replayed || again[7].Replayed { // it is tried again, as any call that failed for reasons that pass
		t.Errorf("%d batches after the second run; %+v", len(s.made), again[7])
	}
}

// A file holds no more than it may; a batch whose file the budget does not allow is not made, and those that were made are taken in.
func TestBatchSizes(t *testing.T) {
	s := serveBatches(t)
	file := filepath.Join(memory(t), "calls")
	o := Options{Journal: file, sizes: batchSizes{7, 1 << 20}}
	_, _, err := bulkRun(t, s.endpoint(), o, 20)
	must(t, err)
	if len(s.made) != 3 {
		t.Errorf("%d batches of 20 calls, 7 a file", len(s.made))
	}
	s = serveBatches(t)
	o = Options{Journal: filepath.Join(memory(t), "calls"), sizes: batchSizes{100, 1000}}
	_, _, err = bulkRun(t, s.endpoint(), o, 20)
	must(t, err)
	for id, text := range s.files {
		if len(text) > 1000 && !strings.Contains(id, "output") {
			t.Errorf("%s has %d bytes", id, len(text))
		}
	}
	s = serveBatches(t)
	o = Options{Journal: filepath.Join(memory(t), "calls"), sizes: batchSizes{10, 1 << 20}, Budget: Budget{Tokens: worstOf(t, s, 10) + 100}} // 150 are spent by then
	replies, spent, err := bulkRun(t, s.endpoint(), o, 20)
	if !errors.Is(err, ErrBudget) || len(replies) != 0 || len(s.made) != 1 || spent.Calls != 10 {
		t.Errorf("%v after %d batches, %d replies, %+v", err, len(s.made), len(replies), spent)
	}
	o.Budget.Tokens *= 2
	replies, _, err = bulkRun(t, s.endpoint(), o, 20)
	must(t, err)
	if once, twice := s.billed(); once != 20 || twice != 0 || len(replies) != 20 || !replies[0].Replayed || replies[19].Replayed {
		t.Errorf("%d answers billed, %d twice, with a larger budget", once, twice)
	}
}

// worstOf is how many tokens the first n calls can cost.
func worstOf(t *testing.T, s *batchServer, n int) int64 {
	c := open(t, s.endpoint(), Options{})
	defer c.Close()
	f, err := c.Forecast(n, ask)
	must(t, err)
	return f.Most.Prompt + f.Most.Answer
}

// A batch that expires or is cancelled gives what it has; one that fails as a whole is made again, and in the end the server counts
// as away; a server that forgets its batches is asked again.
func TestBatchEndings(t *testing.T) {
	half := func(s *batchServer) func(batch, i int, line string) ([]string, []string) {
		return func(batch, i int, line string) (out, bad []string) {
			if i%2 == 0 || batch > 0 {
				return []string{s.answer(line)}, nil
			}
			return nil, nil
		}
	}
	for _, c := range []struct {
		ending  string
		batches int
		err     error
		reply   int
	}{{"expired", 2, nil, 10}, {"cancelled", 1, ErrAway, 0}, {"failed", 4, ErrAway, 0}} {
		s := serveBatches(t)
		s.trouble = half(s)
		s.ending = func(batch int) string {
			if batch == 0 || c.ending == "failed" {
				return c.ending
			}
			return "completed"
		}
		file := filepath.Join(memory(t), "calls")
		replies, _, err := bulkRun(t, s.endpoint(), Options{Journal: file}, 10)
		if !errors.Is(err, c.err) || len(replies) != c.reply || len(s.made) != c.batches {
			t.Errorf("%s: %v, %d replies, %d batches", c.ending, err, len(replies), len(s.made))
		}
		if c.ending == "failed" && !strings.Contains(err.Error(), "Enqueued token limit") {
			t.Errorf("no reason in %v", err)
		}
		s.ending = nil
		replies, _, err = bulkRun(t, s.endpoint(), Options{Journal: file}, 10)
		must(t, err)
		if once, twice := s.billed(); once != 10 || twice != 0 || len(replies) != 10 {
			t.Errorf("%s: %d answers billed, %d twice", c.ending, once, twice)
		}
	}
	s := serveBatches(t)
	forgotten := 0
	s.refuse = func(_ int, w http.ResponseWriter, _ *http.Request, what string) bool {
		if strings.HasPrefix(what, "GET /batches/") && forgotten < 2 {
			forgotten++
			w.WriteHeader(http.StatusNotFound)
			return true
		}
		return false
	}
	replies, _, err := bulkRun(t, s.endpoint(), Options{Journal: filepath.Join(memory(t), "calls")}, 5)
	must(t, err)
	if len(replies) != 5 || replies[0].Failed() || len(s.made) != 3 {
		t.Errorf("%+v after %d batches", replies, len(s.made))
	}
}

// Refusals end it; a server without a list is asked all the same; an answer to the creation that is lost makes no second batch.
func TestBatchErrands(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	for _, path := range []string{"POST /files", "POST /batches", "GET /batches", "GET /batches/batch_0", "GET /files/file-batch_0output_file_id/content"} {
		s := serveBatches(t)
		hits := 0
		s.refuse = func(_ int, w http.ResponseWriter, r *http.Request, what string) bool {
			if what != path || hits > 1 {
				return false
			}
			if hits++; hits == 2 {
				status(500, `{"error":{"message":"oops"}}`)(w, r)
				return true
			}
			echoesKey(401)(w, r)
			return true
		}
		dir := memory(t)
		e := s.endpoint()
		e.KeyEnv = "LLM_TEST_KEY"
		_, _, err := bulkRun(t, e, Options{Journal: filepath.Join(dir, "calls")}, 5)
		if err == nil {
			t.Errorf("%s: refused, and nobody says so", path)
		}
		noCanary(t, dir, fmt.Sprint(err))
		got, _, err := bulkRun(t, e, Options{Journal: filepath.Join(dir, "calls")}, 5)
		must(t, err)
		if once, twice := s.billed(); once != 5 || twice != 0 || len(got) != 5 || len(s.made) != 1 {
			t.Errorf("%s: %d answers billed, %d twice, %d batches", path, once, twice, len(s.made))
		}
	}
	s := serveBatches(t)
	s.noList = true
	_, _, err := bulkRun(t, s.endpoint(), Options{Journal: filepath.Join(memory(t), "calls")}, 5)
	must(t, err)
	s = serveBatches(t)
	s.page = 1
	lost := false
	s.refuse = func(_ int, w http.ResponseWriter, r *http.Request, what string) bool {
		if what != "POST /batches" || lost {
			return false
		}
		lost = true
		s.mu.Lock()
		s.make(s.bodies[len(s.bodies)-1])
		s.make(map[string]any{"input_file_id": s.made[0].input, "metadata": map[string]string{"collapse": "another"}})
		clear(s.answers)
		s.mu.Unlock()
		raw("", true)(w, r)
		return true
	}
	got, _, err := bulkRun(t, s.endpoint(), Options{Journal: filepath.Join(memory(t), "calls")}, 5)
	must(t, err)
	if len(s.made) != 2 || got[4].Failed() {
		t.Errorf("%d batches, one of them another's", len(s.made))
	}
	if _, _, err := bulkRun(t, s.endpoint(), Options{}, 5); err == nil || !strings.Contains(err.Error(), "journal") {
		t.Errorf("without a journal: %v", err)
	}
}

// The embedded server: the same answers by batches as by calls, of both endpoints.
func TestBatchEmbedded(t *testing.T) {
	for _, api := range []string{"chat", "completions"} {
		e := Endpoint{BaseURL: Embedded, Model: "go-docs", API: api, Poll: time.Millisecond}
		one, _, err := bulkRun(t, e, Options{Journal: filepath.Join(memory(t), "calls")}, 20)
		must(t, err)
		e.Batch = true
		c, err := Open(e, Options{Journal: filepath.Join(memory(t), "calls")})
		must(t, err)
		must(t, c.Each(t.Context(), 20, ask, func(i int, r Reply) error {
			if a, b := plainly(r), plainly(one[i]); !reflect.DeepEqual(a, b) {
				t.Errorf("%s, call %d: %+v by a batch, %+v by itself", api, i, a, b)
			}
			return nil
		}))
		must(t, c.Close())
	}
}
