package llm

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Several at once that ask for the same calls, and for others, share what is under way: nothing is billed twice.
func TestBatchTogether(t *testing.T) {
	s := serveBatches(t)
	s.looks = 2
	c := open(t, s.endpoint(), Options{Journal: filepath.Join(memory(t), "calls"), Budget: Budget{Tokens: worstOf(t, s, 40)}})
	defer c.Close()
	var all sync.WaitGroup
	for k := range 4 {
		all.Go(func() {
			n := 0
			err := c.Each(t.Context(), 20, func(i int) Call { return ask(i + 5*k) }, func(i int, r Reply) error {
				if n++; i != n-1 || r.Failed() {
					t.Errorf("%d: reply %d: %+v", k, i, r)
				}
				return nil
			})
			if err != nil || n != 20 {
				t.Errorf("%d: %d replies, %v", k, n, err)
			}
		})
	}
	all.Wait()
	if once, twice := s.billed(); once != 35 || twice != 0 {
		t.Errorf("%d answers billed, %d twice", once, twice)
	}
	if got := c.Spent(); got.Calls != 35 || c.purse.held != (cost{}) {
		t.Errorf("%+v, and %+v are still held", got, c.purse.held)
	}
}

// Stop ends the wait for a batch; the next process waits on for the same one.
func TestBatchStop(t *testing.T) {
	s := serveBatches(t)
	s.looks = 5
	file := filepath.Join(memory(t), "calls")
	var c *Client
	c = open(t, s.endpoint(), Options{Journal: file, pause: func(ctx context.Context, _ time.Duration) error { c.Stop(); <-ctx.Done(); return ctx.Err() }})
	if err := c.Each(t.Context(), 10, ask, func(int, Reply) error { return nil }); !errors.Is(err, ErrStopped) {
		t.Error(err)
	}
	must(t, c.Close())
	replies, _, err := bulkRun(t, s.endpoint(), Options{Journal: file}, 10)
	must(t, err)
	if once, twice := s.billed(); len(s.made) != 1 || once != 10 || twice != 0 || len(replies) != 10 || replies[0].Replayed {
		t.Errorf("%d batches, %d answers billed, %d twice", len(s.made), once, twice)
	}
}
