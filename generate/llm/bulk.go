package llm

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
)

// A bulk is one Each by batches: round by round, until each call has its answer or no more attempts. What is kept in memory is
// what names the calls; their bodies are made again when their answers are there.
type bulk struct {
	*Client
	api   string
	n     int
	call  func(i int) Call
	tries map[[32]byte]*try
	fresh map[int]bool // paid by this Each
}

// A try is what became of a call that has no answer yet.
type try struct {
	attempts int
	reason   string
}

// An item is a call of a batch.
type item struct {
	i     int
	sum   [32]byte
	worst cost
}

// A group is the items of one batch.
type group struct {
	batch *openBatch
	items map[[32]byte]*item // those that have no answer yet
	worst cost               // still held for them
}

func (b *bulk) each(ctx context.Context, got func(i int, r Reply) error) error {
	if b.ledger == nil {
		return errors.New("batch: needs a journal, so that no batch is paid for twice")
	}
	for {
		work, others, err := b.plan()
		if err == nil && len(work) > 0 {
			err = b.round(ctx, work)
		}
		b.release(work)
		if err != nil {
			return err
		}
		if len(work) == 0 && len(others) == 0 {
			return b.hand(got)
		}
		for _, done := range others {
			select {
			case <-done:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

// plan claims the calls that have no answer; others are under way elsewhere in this process.
func (b *bulk) plan() (work []*item, others []<-chan struct{}, err error) {
	mine := map[[32]byte]bool{}
	for i := range b.n {
		r, err := b.compose(b.call(i), b.api)
		if err != nil {
			return work, nil, err
		}
		if t := b.tries[r.sum]; mine[r.sum] || t != nil && t.attempts >= b.endpoint.Attempts {
			continue
		}
		if _, ok := b.ledger.has(r.sum); ok {
			continue
		}
		if done := b.claim(r); done != nil {
			others = append(others, done)
			continue
		}
		mine[r.sum] = true
		work = append(work, &item{i, r.sum, b.share(b.purse.worst(r.most))})
	}
	return work, others, nil
}

// share is what a cost is by a batch.
func (c *Client) share(full cost) cost {
	return cost{full.tokens, toParts(full.money() * c.endpoint.Prices.Batch)}
}

func (b *bulk) release(work []*item) {
	for _, it := range work {
		b.Client.release(request{sum: it.sum})
	}
}

// round asks for each item once: of batches that are under way those that hold it, of new ones the rest.
func (b *bulk) round(ctx context.Context, work []*item) error {
	groups, rest, err := b.resume(work)
	if err != nil {
		return err
	}
	defer func() {
		for _, g := range groups {
			b.purse.settle(g.worst, false)
		}
	}()
	wait, end := b.waiting(ctx)
	defer end()
	if len(rest) > 0 && b.tries[rest[0].sum] != nil {
		err = b.sleep(wait, backoff(request{sum: rest[0].sum}, b.tries[rest[0].sum].attempts, 0))
	}
	for len(rest) > 0 && err == nil {
		var g *group
		if g, rest, err = b.submit(ctx, wait, rest, len(groups) > 0); g == nil {
			break
		}
		groups = append(groups, g)
	}
	if wait.Err() != nil && err != nil {
		err = context.Cause(wait)
	}
	for _, g := range groups {
		if err1 := b.harvest(ctx, g); err1 != nil { // what a batch under way costs is worth waiting for, also after an error
			return errors.Join(err, err1)
		}
	}
	return err
}

// resume finds the items that batches of the journal hold.
func (b *bulk) resume(work []*item) (groups []*group, rest []*item, err error) {
	open, err := b.opened()
	if err != nil {
		return nil, nil, err
	}
	at := make(map[[32]byte]*item, len(work))
	for _, it := range work {
		at[it.sum] = it
	}
	for _, o := range open {
		g := &group{batch: o, items: map[[32]byte]*item{}}
		for _, key := range o.keys {
			if it := at[sumOf(key)]; it != nil {
				g.items[it.sum] = it
				g.worst.add(it.worst)
				delete(at, it.sum)
			}
		}
		if len(g.items) > 0 {
			b.purse.owe(g.worst)
			groups = append(groups, g)
		}
	}
	for _, it := range work {
		if at[it.sum] != nil {
			rest = append(rest, it)
		}
	}
	return groups, rest, nil
}

// hand hands the replies on, in their order.
func (b *bulk) hand(got func(i int, r Reply) error) error {
	for i := range b.n {
		r, err := b.compose(b.call(i), b.api)
		if err != nil {
			return err
		}
		var reply Reply
		if p, ok := b.ledger.has(r.sum); ok {
			if reply, err = b.recall(p, r); err != nil {
				return err
			}
			if reply.Replayed = !b.fresh[i]; reply.Replayed {
				b.purse.replayed()
			}
		} else if t := b.tries[r.sum]; t != nil {
			reply = r.reply(head{Attempts: t.attempts, Finish: "failed: " + t.reason}, answer{}, nil)
			reply.Passing = true
		} else {
			return fmt.Errorf("call %d: asked twice, it is not the same call: its seed must be drawn before", i)
		}
		if err := got(i, reply); err != nil {
			return err
		}
	}
	return nil
}

// sumOf is the sum that a key is the hex of.
func sumOf(key string) (sum [32]byte) {
	hex.Decode(sum[:], []byte(key)) // what is too short was no key
	return sum
}
