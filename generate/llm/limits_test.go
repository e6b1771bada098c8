package llm

import (
	"context"
	"errors"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The gate halves what it lets through when the server refuses, once for all that were under way, and grows by one a round.
func TestGate(t *testing.T) {
	g := newGate(16)
	begin := time.Unix(1000, 0)
	for range 16 {
		must(t, g.enter(t.Context()))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if g.enter(ended) == nil {
		t.Fatal("17 went through a gate for 16")
	}
	for i := range 16 { // all of them refused
		g.leave(outcome{verdict: passes, slow: true, wait: time.Second}, begin, begin.Add(time.Duration(i+1)*time.Millisecond))
	}
	if g.bound != 8 || g.busy != 0 {
		t.Fatalf("bound %g, busy %d", g.bound, g.busy)
	}
	if got := g.closed(begin.Add(16 * time.Millisecond)); got != time.Second {
		t.Errorf("closed for %v", got)
	}
	for range 8 {
		must(t, g.enter(t.Context()))
		g.leave(outcome{verdict: answered}, begin, begin)
	}
	if g.bound < 8.9 || g.bound > 9 {
		t.Errorf("after a round of answers: %g", g.bound)
	}
	for range 10 {
		now := begin.Add(time.Hour)
		must(t, g.enter(t.Context()))
		g.leave(outcome{verdict: passes, slow: true}, now, now)
		begin = now
	}
	if g.bound != 1 {
		t.Errorf("after refusals alone: %g", g.bound)
	}
}

// However entering, leaving and giving up are mixed, no more are inside than the bound allows and nobody waits for ever.
func TestGateLaw(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		most := rapid.IntRange(1, 5).Draw(r, "most")
		g := newGate(most)
		var inside, worst atomic.Int64
		var all sync.WaitGroup
		for _, patience := range rapid.SliceOfN(rapid.IntRange(0, 3), 1, 40).Draw(r, "patience") {
			all.Go(func() {
				ctx := t.Context()
				if patience > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, time.Duration(patience)*10*time.Microsecond)
					defer cancel()
				}
				if g.enter(ctx) != nil {
					return
				}
				if n := inside.Add(1); n > worst.Load() {
					worst.Store(n)
				}
				time.Sleep(5 * time.Microsecond)
				inside.Add(-1)
				g.leave(outcome{verdict: answered}, time.Time{}, time.Now())
			})
		}
		all.Wait()
		if worst.Load() > int64(most) || g.busy != 0 || len(g.waiting) != 0 {
			r.Fatalf("%d inside of %d; %d busy, %d waiting", worst.Load(), most, g.busy, len(g.waiting))
		}
	})
}

// Requests and tokens a minute are kept to, from a burst on.
func TestMeters(t *testing.T) {
	s := serve(t, nil)
	for _, k := range []struct {
		limits Limits
		burst  int // calls, of 27 tokens each
		behind int
	}{{Limits{Concurrency: 8, Requests: 6000}, 100, 40}, {Limits{Concurrency: 8, Tokens: 60_000}, 370, 15}} {
		e := s.endpoint("chat")
		e.Limits = k.limits
		c := open(t, e, Options{})
		began := time.Now()
		must(t, c.Each(t.Context(), k.burst+k.behind, ask, func(int, Reply) error { return nil }))
		if took := time.Since(began).Seconds(); took < 0.3 || took > 5 {
			t.Errorf("%+v: %d calls behind a burst of %d took %.2g s", k.limits, k.behind, k.burst, took)
		}
		must(t, c.Close())
	}
}

// The wait of a call depends on the call and the attempt alone, is below the bound, and not below what the server asks.
func TestBackoff(t *testing.T) {
	sum := 0.0
	const n = 2000
	for i := range n {
		r := request{sum: [32]byte{byte(i), byte(i >> 8)}}
		d := backoff(r, 3, 0)
		if d != backoff(r, 3, 0) || d < 0 || d >= 4*firstWait {
			t.Fatal(d)
		}
		if d := backoff(r, 50, time.Minute); d < time.Minute || d > time.Minute+longestWait/4 {
			t.Fatal(d)
		}
		sum += float64(d) / float64(4*firstWait)
	}
	if mean := sum / n; math.Abs(mean-0.5) > 4*math.Sqrt(1.0/12/n) {
		t.Errorf("full jitter has mean %g", mean)
	}
}

// FuzzRetryAfter: whatever the headers say, the wait is between nothing and the longest.
func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"7", "-3", "1e300", "NaN", "Thu, 26 Nov 2026 10:01:30 GMT", "x", "0.5", "Inf"} {
		f.Add(s, "")
		f.Add("", s)
	}
	f.Fuzz(func(t *testing.T, after, ms string) {
		h := http.Header{"Retry-After": {after}, "Retry-After-Ms": {ms}}
		if d := retryAfter(h, time.Unix(0, 0)); d < 0 || d > longestAsk {
			t.Error(d)
		}
	})
}

// Whatever answers cost and however many are under way, what is spent and in doubt stays within the budget, and a call is
// refused only if it could have gone beyond.
func TestBudgetLaw(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p, err := newPurse(Budget{Tokens: rapid.Int64Range(1, 300).Draw(r, "tokens"), Money: rapid.Float64Range(1e-6, 1e-3).Draw(r, "money")},
			priced(Endpoint{}, rapid.Float64Range(0, 5).Draw(r, "in"), rapid.Float64Range(0, 5).Draw(r, "out")))
		must(t, err)
		var all sync.WaitGroup
		for range 8 {
			most := tokens{rapid.Int64Range(1, 60).Draw(r, "prompt"), rapid.Int64Range(1, 60).Draw(r, "answer")}
			real := Usage{Prompt: rapid.Int64Range(0, most.prompt).Draw(r, "real"), Answer: rapid.Int64Range(0, most.answer).Draw(r, "real")}
			unsure := rapid.Bool().Draw(r, "unsure")
			all.Go(func() {
				worst := p.worst(most)
				if p.hold(t.Context(), worst) != nil {
					p.mu.Lock()
					defer p.mu.Unlock()
					if p.fits(cost{}, worst) {
						t.Error("refused and would have fitted")
					}
					return
				}
				if !unsure {
					p.enter(head{Done: "x", Prompt: real.Prompt, Answered: real.Answer, Money: p.prices.money(real)})
				}
				p.settle(worst, unsure)
			})
		}
		all.Wait()
		if !p.fits(cost{}, cost{}) || p.held != (cost{}) {
			r.Fatalf("%+v of %+v, held %+v", p.gone(), p.bounds, p.held)
		}
	})
}

// What attempts without an answer may have cost counts against the budget, in the next process too, and not as spent.
func TestDoubt(t *testing.T) {
	s := serve(t, func(n int, w http.ResponseWriter, r *http.Request, _ map[string]any) bool {
		if n < 2 {
			stalls(w, r)
		}
		return n < 2
	})
	e := priced(s.endpoint("chat"), 1e6, 1e6)
	e.Timeout, e.Attempts = 50*time.Millisecond, 2
	file := memory(t) + "/j"
	for run := range 2 {
		c := open(t, e, Options{Journal: file, Budget: Budget{Tokens: 500}})
		r, err := c.Do(t.Context(), ask(0))
		if got := c.Spent(); run == 0 && (err != nil || !r.Failed() || *got.Money != 0 || got.Doubt < 300) {
			t.Errorf("%v, %+v, %+v", err, r, got)
		}
		if run == 1 && !errors.Is(err, ErrBudget) {
			t.Errorf("%v: twice the worst case is in doubt, and a third was begun", err)
		}
		must(t, c.Close())
	}
}

// A forecast sends nothing, knows what is journalled, and bounds what is then paid.
func TestForecast(t *testing.T) {
	s := serve(t, nil)
	e := priced(s.endpoint("chat"), 100, 1000)
	c := open(t, e, Options{Journal: memory(t) + "/j"})
	defer c.Close()
	none := func(int, Reply) error { return nil }
	must(t, c.Each(t.Context(), 10, ask, none))
	before := *c.Spent().Money
	f, err := c.Forecast(30, ask)
	must(t, err)
	if s.requests.Load() != 10 || f.Calls != 30 || f.Known != 10 || f.Likely.Answer != 20*5 || f.Most.Answer != 20*16 {
		t.Errorf("%d requests, %+v", s.requests.Load(), f)
	}
	must(t, c.Each(t.Context(), 30, ask, none))
	if paid := *c.Spent().Money - before; paid > *f.Worst || math.Abs(paid-*f.Money) > 0.5*paid {
		t.Errorf("paid %g, forecast %g, at worst %g", paid, *f.Money, *f.Worst)
	}
}
