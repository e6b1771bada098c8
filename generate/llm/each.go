package llm

import (
	"context"
	"sync"
)

// windowPer is how many replies may wait for one before them, for each call that may be under way.
const windowPer = 4

// A promise is the reply of a call under way.
type promise struct {
	i     int
	reply Reply
	err   error
	done  chan struct{}
}

// Each makes n calls, as many at once as the limits allow, and hands their replies to got in the order of their index, from
// one goroutine; call is asked from several. It ends at the first error in that order; calls under way are finished and
// journalled first. What waits for its turn is bounded: some replies for each call at once. With Endpoint.Batch the calls that
// the journal does not have go through the server's batch API, and the first reply comes when the last is there.
func (c *Client) Each(ctx context.Context, n int, call func(i int) Call, got func(i int, r Reply) error) error {
	return c.each(ctx, c.endpoint.API, n, call, got)
}

func (c *Client) each(ctx context.Context, api string, n int, call func(i int) Call, got func(i int, r Reply) error) error {
	if c.endpoint.Batch {
		b := &bulk{Client: c, api: api, n: n, call: call, tries: map[[32]byte]*try{}, fresh: map[int]bool{}}
		return b.each(ctx, got)
	}
	workers := min(n, c.endpoint.Limits.Concurrency)
	if workers < 1 {
		return nil
	}
	ordered := make(chan *promise, windowPer*workers)
	work := make(chan *promise)
	quit := make(chan struct{})
	var once sync.Once
	end := func() { once.Do(func() { close(quit) }) }
	go deal(n, ordered, work, quit)
	var busy sync.WaitGroup
	for range workers {
		busy.Go(func() {
			for p := range work {
				if p.reply, p.err = c.do(ctx, call(p.i), api); p.err != nil {
					end()
				}
				close(p.done)
			}
		})
	}
	err := collect(ordered, got)
	end()
	for range ordered { // dealt already: let them finish
	}
	busy.Wait()
	return err
}

// deal gives out the calls in their order until it is told to quit.
func deal(n int, ordered, work chan<- *promise, quit <-chan struct{}) {
	defer close(ordered)
	defer close(work)
	for i := range n {
		p := &promise{i: i, done: make(chan struct{})}
		select {
		case work <- p:
			ordered <- p
		case <-quit:
			return
		}
		select {
		case <-quit: // both cases above may have been ready
			return
		default:
		}
	}
}

// collect hands the replies on in their order.
func collect(ordered <-chan *promise, got func(i int, r Reply) error) error {
	for p := range ordered {
		<-p.done
		if p.err != nil {
			return p.err
		}
		if err := got(p.i, p.reply); err != nil {
			return err
		}
	}
	return nil
}
