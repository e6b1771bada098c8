package llm

import (
	"context"
	"errors"
)

// Embed places texts in the space of the endpoint's model, a vector a text, all of one length.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float64, error) {
	return nil, errors.ErrUnsupported
}
