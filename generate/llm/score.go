package llm

import (
	"context"
	"errors"
)

// Score writes the natural log probability of each text under the model to nats[i], by the way that the profile names,
// and the number of tokens that the server cut it into to tokens[i]. Where the server cannot, the error says so and what can.
func (c *Client) Score(ctx context.Context, texts []string, nats []float64, tokens []int) error {
	return errors.ErrUnsupported
}

// Probe finds out what the server can do: few short calls, each journalled. What the profile of the endpoint says goes before.
func (c *Client) Probe(ctx context.Context) (Profile, error) { return Profile{}, errors.ErrUnsupported }
