package llm

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"modelcollapse/internal/rng"
)

const (
	firstWait   = 500 * time.Millisecond
	longestWait = 30 * time.Second
	longestAsk  = 10 * time.Minute // that a server may ask for
)

// backoff is how long a call waits after its n-th failed attempt: uniform below a bound that doubles (full jitter), at least
// what the server asked for. The jitter is drawn from the call's own stream, so that it depends on nothing else.
func backoff(r request, n int, asked time.Duration) time.Duration {
	bound := min(firstWait<<min(n-1, 16), longestWait)
	jitter := time.Duration(rng.Key(r.sum).Child("attempt", n).Stream().Float64() * float64(bound))
	if asked > 0 {
		return asked + jitter/4
	}
	return jitter
}

// retryAfter is what the headers ask for: milliseconds, seconds, or a date on the clock of the server; 0: nothing.
func retryAfter(h http.Header, now time.Time) time.Duration {
	wait := time.Duration(0)
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		wait = time.Duration(ms * float64(time.Millisecond))
	} else if s, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil {
		wait = time.Duration(min(s, longestAsk.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		if date, err := http.ParseTime(h.Get("Date")); err == nil {
			now = date
		}
		wait = at.Sub(now)
	}
	return min(max(wait, 0), longestAsk)
}

// sleep waits, or returns why it did not.
func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if c.pause != nil {
		return c.pause(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// waiting is a context for what comes before an attempt: it ends with ctx and with Stop. An attempt itself ends with ctx alone.
func (c *Client) waiting(ctx context.Context) (context.Context, func()) {
	w, cancel := context.WithCancelCause(ctx)
	if c.started.Err() != nil {
		cancel(ErrStopped) // at once: AfterFunc would do it in a moment
	}
	stop := context.AfterFunc(c.started, func() { cancel(ErrStopped) })
	return w, func() { stop(); cancel(nil) }
}
