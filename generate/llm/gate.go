package llm

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A gate lets as many calls through at once as the server bears: one more a round of answers, half as many when it refuses
// (additive increase, multiplicative decrease). What it learned from one call holds for all.
type gate struct {
	mu      sync.Mutex
	most    float64
	bound   float64 // 1 to most
	busy    int
	cut     time.Time // of the bound: attempts that began before it say nothing new
	until   time.Time // the server wants nothing before
	waiting []chan struct{}
}

func newGate(most int) *gate { return &gate{most: float64(most), bound: float64(most)} }

// enter waits for a place.
func (g *gate) enter(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	g.mu.Lock()
	if g.free() && len(g.waiting) == 0 {
		g.busy++
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.waiting = append(g.waiting, turn)
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		if i := slices.Index(g.waiting, turn); i >= 0 {
			g.waiting = slices.Delete(g.waiting, i, i+1)
		} else { // the place was given in the meantime
			g.busy--
			g.wake()
		}
		return ctx.Err()
	}
}

func (g *gate) free() bool { return g.busy == 0 || float64(g.busy+1) <= g.bound }

func (g *gate) wake() {
	for len(g.waiting) > 0 && g.free() {
		close(g.waiting[0])
		g.waiting = g.waiting[1:]
		g.busy++
	}
}

// leave gives the place back and learns from the outcome of an attempt that began at a time.
func (g *gate) leave(o outcome, began, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy--
	switch {
	case o.slow:
		if began.After(g.cut) {
			g.bound, g.cut = max(1, g.bound/2), now
		}
		if until := now.Add(o.wait); until.After(g.until) {
			g.until = until
		}
	case o.verdict == answered:
		g.bound = min(g.most, g.bound+1/g.bound)
	}
	g.wake()
}

// closed is how long the server still wants nothing.
func (g *gate) closed(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until.Sub(now)
}

// A meter keeps to a number a minute; nil: without a limit.
type meter struct{ *rate.Limiter }

// newMeter allows bursts of a part of a minute.
func newMeter(perMinute, parts int) *meter {
	if perMinute == 0 {
		return nil
	}
	return &meter{rate.NewLimiter(rate.Limit(float64(perMinute)/60), max(1, perMinute/parts))}
}

// take waits until n more are due. What is more than a burst is taken in several.
func (m *meter) take(ctx context.Context, n int64) error {
	if m == nil {
		return nil
	}
	for n > 0 {
		part := min(n, int64(m.Burst()))
		if err := m.WaitN(ctx, int(part)); err != nil {
			return err
		}
		n -= part
	}
	return nil
}
