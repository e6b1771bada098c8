package llm

import (
	"context"
	"errors"
	"time"
)

// A Job is a fine-tuning job. Jobs of one name are one job: it is looked up before it is made.
type Job struct {
	Name            string         // of the task: sent as the job's suffix
	Base            string         // the model that it begins at
	File            []byte         // training rows as JSON lines
	Hyperparameters map[string]any // as the server calls them
	Seed            int64
}

// FineTune runs a job to its end and returns the name of the model. A job that an earlier process made is found again, by the journal
// or, where the process was killed between the two, by its name in the server's list.
func (c *Client) FineTune(ctx context.Context, j Job, poll time.Duration, progress func(note string)) (model string, err error) {
	return "", errors.ErrUnsupported
}

// As is the same client (its journal, limits and budget) for another model of the server.
func (c *Client) As(model string) *Client { return c }
