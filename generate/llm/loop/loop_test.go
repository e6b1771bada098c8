package loop_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"modelcollapse/evaluate"
	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/generate/llm"
	"modelcollapse/generate/llm/loop"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// docs is the corpus whose words the embedded server knows.
func docs(t testing.TB) *corpus.Corpus {
	t.Helper()
	source, err := (&corpus.GoDocs{Cut: generate.Cut{HeldOut: 0.1}}).Open(context.Background(), rng.Root(1).Child("data", 0).Stream())
	if err != nil {
		t.Fatal(err)
	}
	return source.(*corpus.Corpus)
}

func server(base string) loop.Server {
	one := 1.0
	return loop.Server{Endpoint: llm.Endpoint{BaseURL: base, Model: "go-docs", API: "completions"},
		Sampling: llm.Sampling{Temperature: &one, TopP: &one, MaxTokens: 200}}
}

// task is the fit of generation 0 in a run folder of its own.
func task(t testing.TB, rows []generate.Tokens) generate.Task[generate.Tokens] {
	dir := t.TempDir()
	return generate.Task[generate.Tokens]{Arm: "arm", Chain: rng.Root(7), Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}},
		Rand: rng.Root(3).Stream(), Progress: func(float64, string) {}, Shared: func() (string, error) { return dir, nil }}
}

func tuned(t testing.TB, base string, c *corpus.Corpus, rows []generate.Tokens, how map[string]any) generate.Fitted[generate.Tokens] {
	t.Helper()
	m, err := loop.FineTune{Server: server(base), Hyperparameters: how, Poll: time.Millisecond}.Bind(c)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Fit(context.Background(), task(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.(interface{ Close() error }).Close() })
	return f
}

// The likelihood of held-out text through the API is the model's own.
func TestScoreThroughAPI(t *testing.T) {
	c := docs(t)
	rows, held := c.Rows()[:2000], c.HeldOut()[:200]
	f := tuned(t, llm.Embedded, c, rows, map[string]any{"order": 3, "smoothing": "kneser_ney"})
	direct, err := ngram.Model{Order: 3, Smoothing: ngram.KneserNey}.Bind(c)
	if err != nil {
		t.Fatal(err)
	}
	own, err := direct.Fit(context.Background(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	got, want := make([]float64, len(held)), make([]float64, len(held))
	if err := f.(generate.Scorer[generate.Tokens]).Score(context.Background(), held, got); err != nil {
		t.Fatal(err)
	}
	if err := own.(generate.Scorer[generate.Tokens]).Score(context.Background(), held, want); err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-9*math.Abs(want[i]) {
			t.Fatalf("row %d (%q): %v through the API, %v by itself", i, c.Text(held[i]), got[i], want[i])
		}
	}
}

// Drawn through the API, an honest server passes the sampler audit at its nominal rate, and one that truncates fails it.
func TestSamplerAudit(t *testing.T) {
	c := docs(t)
	const draws, level = 300, 0.05
	for base, most := range map[string]int{llm.Embedded: mostRejected, llm.Embedded + "?top_k=40&min_p=0.05": -1} {
		f := tuned(t, base, c, c.Rows()[:2000], map[string]any{"order": 2, "smoothing": "none"}).(generate.NextDrawer)
		rejected, lost := 0, 0.0
		for i := range audits {
			if most < 0 && i == 5 {
				break
			}
			drawn, law, err := f.DrawNext(context.Background(), draws, rng.Root(5).Child(base, i).Stream())
			if err != nil {
				t.Fatal(err)
			}
			test, err := evaluate.TestSampler(drawn, law)
			if err != nil {
				t.Fatal(err)
			}
			if test.P < level {
				rejected++
			}
			lost += test.Lost
		}
		switch {
		case most >= 0 && (rejected > most || lost > 0.01*audits): // of a token that is expected five times, e^−5 of the audits see none
			t.Errorf("%s: %d of %d audits reject at %g, and %.3g was lost", base, rejected, audits, level, lost)
		case most < 0 && rejected < 5:
			t.Errorf("%s: %d of 5 audits reject", base, rejected)
		}
		t.Logf("%s: %d rejected, stated probability that never came: %.3f an audit", base, rejected, lost/audits)
	}
}

// A fit that is stored and read again draws the same rows, and pays for none of them twice.
func TestRestored(t *testing.T) {
	c := docs(t)
	one := task(t, c.Rows()[:300])
	for name, m := range map[string]generate.Model[generate.Tokens]{
		"incontext": loop.InContext{Server: server(llm.Embedded), Examples: 4},
		"finetune":  loop.FineTune{Server: server(llm.Embedded), Poll: time.Millisecond, Hyperparameters: map[string]any{"order": 2}},
	} {
		t.Run(name, func(t *testing.T) {
			bound, err := m.(generate.Bound[generate.Tokens]).Bind(c)
			if err != nil {
				t.Fatal(err)
			}
			draw := func(f generate.Fitted[generate.Tokens]) string {
				rows, err := f.Draw(context.Background(), nil, 20, rng.Root(9).Stream())
				if err != nil {
					t.Fatal(err)
				}
				if err := f.(interface{ Close() error }).Close(); err != nil {
					t.Fatal(err)
				}
				return fmt.Sprint(rows)
			}
			f, err := bound.Fit(context.Background(), one)
			if err != nil {
				t.Fatal(err)
			}
			var stored strings.Builder
			if err := f.(generate.Saver).Save(&stored); err != nil {
				t.Fatal(err)
			}
			want := draw(f)
			size := journalled(t, one)
			again, err := bound.(generate.Restorer[generate.Tokens]).Restore(strings.NewReader(stored.String()))
			if err != nil {
				t.Fatal(err)
			}
			if got := draw(again); got != want {
				t.Errorf("drew %s, before %s", got, want)
			}
			if now := journalled(t, one); name == "incontext" && now != size {
				t.Errorf("the journal grew from %d to %d bytes", size, now)
			}
		})
	}
}

// journalled is the size of the journals of a task, in bytes.
func journalled(t *testing.T, task generate.Task[generate.Tokens]) (n int64) {
	dir, _ := task.Shared()
	names, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		n += info.Size()
	}
	return n
}

// replying is a model behind a server that answers so.
func replying(t *testing.T, status int, body string) generate.Fitted[generate.Tokens] {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	here := server(s.URL)
	here.Attempts = 1
	c := docs(t)
	m, err := loop.InContext{Server: here, Examples: 2}.Bind(c)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Fit(context.Background(), task(t, c.Rows()[:50]))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.(io.Closer).Close() })
	return f
}

// A server that answers nothing is no collapse: the draw fails with its reason, and single answers of nothing are rows of no tokens.
func TestAnswersOfNothing(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"empty":   {200, `{"choices":[{"text":"","finish_reason":"stop"}]}`, "8 of 8 answers have no word: the answer is empty (finish_reason stop)"},
		"refused": {400, `{"error":{"message":"max_tokens must lie in [0, 16]"}}`, "max_tokens must lie in [0, 16]"},
	} {
		t.Run(name, func(t *testing.T) {
			f := replying(t, c.status, c.body)
			rows, err := f.Draw(context.Background(), nil, 3, rng.Root(1).Stream())
			if err != nil || len(rows) != 3 || len(rows[0]) != 0 {
				t.Fatalf("three rows: %v, %v", rows, err)
			}
			if why := f.(generate.Degenerate).Degenerate(); !strings.Contains(why, "3 of 3 answers have no word") {
				t.Errorf("the record says %q", why)
			}
			if _, err := f.Draw(context.Background(), nil, 40, rng.Root(1).Stream()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("forty rows: %v", err)
			}
		})
	}
}

// What no cell has failed at pauses the run.
func TestPauses(t *testing.T) {
	for _, status := range []int{401, 403, 404} {
		f := replying(t, status, `{"error":{"message":"no"}}`)
		if _, err := f.Draw(context.Background(), nil, 2, rng.Root(1).Stream()); !errors.Is(err, generate.ErrPaused) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// A model under which the text of the probe is impossible scores for all that.
func TestImpossibleIsAScore(t *testing.T) {
	c := docs(t)
	f := tuned(t, llm.Embedded, c, c.Rows()[:100], map[string]any{"order": 2, "smoothing": "none"})
	nats := make([]float64, 2)
	if err := f.(generate.Scorer[generate.Tokens]).Score(context.Background(), []generate.Tokens{c.Rows()[0], c.HeldOut()[0]}, nats); err != nil {
		t.Fatal(err)
	}
	if math.IsInf(nats[0], 0) || !math.IsInf(nats[1], -1) {
		t.Errorf("%v: a row that was learned, and one that was not", nats)
	}
}

// Behind a prompt that the model holds for impossible, rows are scored for all that: by their own tokens.
func TestScoreBehindAnImpossiblePrompt(t *testing.T) {
	c := docs(t)
	here := server(llm.Embedded)
	m, err := loop.InContext{Server: here, Examples: 2}.Bind(c)
	if err != nil {
		t.Fatal(err)
	}
	odd := generate.Tokens{generate.Unknown, generate.Unknown, generate.End}
	f, err := m.Fit(context.Background(), task(t, []generate.Tokens{odd, odd}))
	if err != nil {
		t.Fatal(err)
	}
	defer f.(io.Closer).Close()
	nats := make([]float64, 3)
	if err := f.(generate.Scorer[generate.Tokens]).Score(context.Background(), c.HeldOut()[:3], nats); err != nil {
		t.Fatal(err)
	}
	want := make([]float64, 3)
	direct, _ := ngram.Model{Order: 3, Smoothing: ngram.KneserNey}.Bind(c)
	own, err := direct.Fit(context.Background(), generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: c.Rows(), Weight: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := own.(generate.Scorer[generate.Tokens]).Score(context.Background(), c.HeldOut()[:3], want); err != nil {
		t.Fatal(err)
	}
	for i := range want { // rows do not depend on rows before them
		if math.Abs(nats[i]-want[i]) > 1e-9*math.Abs(want[i]) {
			t.Errorf("row %d: %v behind the prompt, %v by itself", i, nats[i], want[i])
		}
	}
}

// A call that failed for reasons that pass is no row to learn from: the run pauses and asks again.
func TestPassingFailuresPause(t *testing.T) {
	calls := atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1)%3 == 0 {
			http.Error(w, `{"error":{"message":"slow down"}}`, http.StatusTooManyRequests)
			return
		}
		io.WriteString(w, `{"choices":[{"text":"the function","finish_reason":"stop"}]}`)
	}))
	defer s.Close()
	c := docs(t)
	here := server(s.URL)
	here.Attempts = 1
	m, err := loop.InContext{Server: here, Examples: 2}.Bind(c)
	if err != nil {
		t.Fatal(err)
	}
	fit := task(t, c.Rows()[:50])
	for try := 0; ; try++ {
		fit.Rand = rng.Root(3).Stream()
		f, err := m.Fit(context.Background(), fit)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.Draw(context.Background(), nil, 20, rng.Root(1).Stream())
		f.(io.Closer).Close()
		if err == nil {
			if len(rows) != 20 || try == 0 || calls.Load() > 40 {
				t.Errorf("%d rows at try %d by %d calls", len(rows), try, calls.Load())
			}
			return
		}
		if !errors.Is(err, generate.ErrPaused) || !strings.Contains(err.Error(), "for reasons that pass") || try == 9 {
			t.Fatal(err)
		}
	}
}

// A stored fit whose journal was moved away is no fit, and no journal is begun where it was.
func TestMovedRun(t *testing.T) {
	c := docs(t)
	dir := filepath.Join(t.TempDir(), "work")
	one := task(t, c.Rows()[:50])
	one.Shared = func() (string, error) { return dir, os.MkdirAll(dir, 0o755) }
	m, err := loop.InContext{Server: server(llm.Embedded), Examples: 2}.Bind(c)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Fit(context.Background(), one)
	if err != nil {
		t.Fatal(err)
	}
	var stored strings.Builder
	if err := errors.Join(f.(generate.Saver).Save(&stored), f.(io.Closer).Close(), os.Rename(dir, dir+"-moved")); err != nil {
		t.Fatal(err)
	}
	if _, err := m.(generate.Restorer[generate.Tokens]).Restore(strings.NewReader(stored.String())); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("restored: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a folder was made where the run had been")
	}
}
