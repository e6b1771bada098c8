package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// What ends a run of calls, rather than one of them. Everything that was paid for is in the journal.
var (
	ErrBudget  = errors.New("budget reached")                  // pause: the same command with a larger budget goes on
	ErrRefused = errors.New("the server refuses to be called") // 401, 403, an unknown model: no call can succeed
	ErrAway    = errors.New("the server does not answer")      // pause: call after call failed for reasons that pass
	ErrStopped = errors.New("stopped")                         // by Client.Stop
	ErrKey     = errors.New("no key")                          // pause: the same command with the variable set goes on
)

// A Client calls one endpoint. It is safe for concurrent use.
type Client struct {
	endpoint Endpoint
	*account
}

// As is the same client (its journal, limits and budget) for another model of the server.
func (c *Client) As(model string) *Client {
	other := *c
	other.endpoint.Model = model
	return &other
}

// An account is what the models of a server share.
type account struct {
	api       *openai.Client
	http      *http.Client
	base      string              // URL that paths are put behind
	authorize func(*http.Request) // puts the key into a request that the client library has no part in
	redact    redactor
	ledger    *ledger // nil: without a journal
	purse     *purse
	gate      *gate
	requests  *meter
	tokens    *meter
	pause     func(context.Context, time.Duration) error // nil: a timer
	batches   batches

	started context.Context // ends with Stop
	stop    context.CancelFunc
	away    atomic.Int64 // calls in a row that failed for reasons that pass

	mu      sync.Mutex
	flying  map[[32]byte]chan struct{} // calls under way, when there is a journal to find their answers in
	profile Profile                    // what is known so far
}

// Options are what a client needs beside the endpoint.
type Options struct {
	Budget  Budget
	Journal string // the file of the journal, created with its folders; empty: none, and nothing survives

	Progress func(note string) // hears what is waited for, from several goroutines: batches, and a server that wants fewer calls; nil: nobody does

	pause func(context.Context, time.Duration) error // in place of waiting, for tests
	sizes batchSizes                                 // of files of batches, for tests
}

// Open starts a client. The key is read from the environment now, and kept out of everything that is written.
func Open(e Endpoint, o Options) (*Client, error) {
	e = e.filled()
	if err := e.Validate(); err != nil {
		return nil, err
	}
	c := &Client{e, &account{profile: e.Profile, pause: o.pause, gate: newGate(e.Limits.Concurrency),
		requests: newMeter(e.Limits.Requests, 60), tokens: newMeter(e.Limits.Tokens, 6),
		flying: map[[32]byte]chan struct{}{}}}
	c.started, c.stop = context.WithCancel(context.Background())
	if err := c.connect(); err != nil {
		return nil, err
	}
	var err error
	if c.purse, err = newPurse(o.Budget, e); err != nil {
		return nil, err
	}
	c.batches.start(o)
	if o.Journal == "" {
		return c, nil
	}
	if c.ledger, err = openLedger(o.Journal, func(h head) { c.purse.reopen(h); c.batches.reopen(h) }); err != nil {
		return nil, err
	}
	return c, nil
}

// connect sets up the client library over our transport.
func (c *Client) connect() error {
	base, under := c.endpoint.BaseURL, http.RoundTripper(nil)
	key := ""
	var err error
	if c.endpoint.InProcess() {
		base, under, err = inProcess(c.endpoint)
	} else if key, err = c.endpoint.key(); err == nil {
		under = overTCP(c.endpoint.Limits.Concurrency)
	}
	if err != nil {
		return err
	}
	c.redact = newRedactor(key)
	c.http, c.base = newHTTP(under), base
	c.authorize = func(r *http.Request) {
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
	}
	config := openai.DefaultConfig(key)
	config.BaseURL, config.HTTPClient = base, c.http
	c.api = openai.NewClientWithConfig(config)
	return nil
}

// Do makes one call, or finds it in the journal. The error is nil for a call that failed by itself (its Reply says so), and
// otherwise ErrBudget, ErrRefused, ErrAway, ErrStopped, an error of the journal or of the call, or that of ctx.
func (c *Client) Do(ctx context.Context, call Call) (Reply, error) {
	return c.do(ctx, call, c.endpoint.API)
}

func (c *Client) do(ctx context.Context, call Call, api string) (Reply, error) {
	r, err := c.compose(call, api)
	if err != nil {
		return Reply{}, err
	}
	return c.answer(ctx, r)
}

// answer finds the answer to a request in the journal, or pays for it.
func (c *Client) answer(ctx context.Context, r request) (Reply, error) {
	if c.ledger == nil {
		return c.make(ctx, r)
	}
	for {
		if p, ok := c.ledger.has(r.sum); ok {
			return c.replay(p, r)
		}
		wait := c.claim(r)
		if wait == nil {
			defer c.release(r)
			if p, ok := c.ledger.has(r.sum); ok { // since we looked
				return c.replay(p, r)
			}
			return c.make(ctx, r)
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return Reply{}, ctx.Err()
		}
	}
}

// known is what is known of the server so far.
func (c *Client) known() Profile {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.profile
}

// claim is nil for the one who shall make the call, and else closed when that one is done.
func (c *Client) claim(r request) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if done, ok := c.flying[r.sum]; ok {
		return done
	}
	c.flying[r.sum] = make(chan struct{})
	return nil
}

func (c *Client) release(r request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.flying[r.sum])
	delete(c.flying, r.sum)
}

// replay is the reply of a call that the journal knows.
func (c *Client) replay(p place, r request) (Reply, error) {
	reply, err := c.recall(p, r)
	if err == nil {
		c.purse.replayed()
	}
	return reply, err
}

// recall reads a reply from the journal.
func (c *Client) recall(p place, r request) (Reply, error) {
	h, raw, err := c.ledger.read(p, r.key)
	if err != nil {
		return Reply{}, err
	}
	var a answer
	if !failed(h.Finish) {
		if a, err = parse(raw, r); err != nil {
			return Reply{}, fmt.Errorf("%s: the record at byte %d: %w", c.ledger.name, p.from, err)
		}
	}
	reply := r.reply(h, a, raw)
	reply.Replayed = true
	return reply, nil
}

// reply puts together what a call came to.
func (r request) reply(h head, a answer, raw []byte) Reply {
	reply := Reply{Text: a.text, Finish: h.Finish, Tokens: a.tokens, Usage: h.usage(), Money: h.Money, Model: a.model,
		Key: r.key, Prompt: r.prompt, Attempts: h.Attempts}
	if len(raw) > 0 {
		reply.Response = hexDigest(raw)
	}
	return reply
}

// Spent is what was paid so far, calls of earlier processes in the same journal included.
func (c *Client) Spent() Spent { return c.purse.report() }

// Stop lets the calls under way finish and starts no more: Do and Each return ErrStopped. It may be called more than once,
// from anywhere.
func (c *Client) Stop() { c.stop() }

// Close ends the client; the journal is on disk when it returns. No call may be under way.
func (c *Client) Close() error {
	c.Stop()
	c.http.CloseIdleConnections()
	if c.ledger == nil {
		return nil
	}
	return c.ledger.close()
}
