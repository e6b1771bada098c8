package llm

import (
	"context"
	"errors"
	"math"
)

var nan = math.NaN()

// What ends a run of calls, rather than one of them. Everything that was paid for is in the journal.
var (
	ErrBudget  = errors.New("budget reached")                  // pause: the same command with a larger budget goes on
	ErrRefused = errors.New("the server refuses to be called") // 401, 403, an unknown model: no call can succeed
)

// A Client calls one endpoint. It is safe for concurrent use.
type Client struct{}

// Options are what a client needs beside the endpoint.
type Options struct {
	Budget  Budget
	Journal string // the file of the journal, created with its folders; empty: none, and nothing survives
}

// Open starts a client. The key is read from the environment now, and kept out of everything that is written.
func Open(e Endpoint, o Options) (*Client, error) { return nil, errors.ErrUnsupported }

// Do makes one call, or finds it in the journal. The error is nil for a call that failed by itself (its Reply says so), and
// otherwise ErrBudget, ErrRefused, an error of the journal, or that of ctx.
func (c *Client) Do(ctx context.Context, call Call) (Reply, error) {
	return Reply{}, errors.ErrUnsupported
}

// Each makes n calls, as many at once as the limits allow, and hands their replies to got in the order of their index. It
// ends at the first error; calls under way are finished and journalled first.
func (c *Client) Each(ctx context.Context, n int, call func(i int) Call, got func(i int, r Reply) error) error {
	return errors.ErrUnsupported
}

// Spent is what was paid so far, calls of earlier processes in the same journal included.
func (c *Client) Spent() Spent { return Spent{} }

// Score writes the natural log probability of each text under the model to nats[i], by the way that the profile names,
// and the number of tokens that the server cut it into to tokens[i]. Where the server cannot, the error says so and what can.
func (c *Client) Score(ctx context.Context, texts []string, nats []float64, tokens []int) error {
	return errors.ErrUnsupported
}

// Probe finds out what the server can do: few short calls, each journalled. What the profile of the endpoint says goes before.
func (c *Client) Probe(ctx context.Context) (Profile, error) { return Profile{}, errors.ErrUnsupported }

// Close ends the client; the journal is on disk when it returns.
func (c *Client) Close() error { return nil }
