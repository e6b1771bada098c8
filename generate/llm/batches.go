package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// batchSizes bound the file of a batch.
type batchSizes struct{ calls, bytes int }

// largestBatch is what OpenAI takes.
var largestBatch = batchSizes{50_000, 100_000_000}

// batches are those that the journal knows and that something may still be taken from.
type batches struct {
	mu       sync.Mutex
	open     []*openBatch
	known    map[string]bool // ids, taken ones among them
	sizes    batchSizes
	progress func(string)
}

// An openBatch is a batch on the server.
type openBatch struct {
	id, name string
	keys     []string // of its calls; nil: they stand in the journal
}

func (b *batches) start(o Options) {
	b.known, b.sizes, b.progress = map[string]bool{}, o.sizes, o.Progress
	if b.sizes == (batchSizes{}) {
		b.sizes = largestBatch
	}
	if b.progress == nil {
		b.progress = func(string) {}
	}
}

// reopen notes a record of an earlier process.
func (b *batches) reopen(h head) {
	switch {
	case h.Batch == "":
	case h.Done != "":
		b.add(&openBatch{id: h.Batch, name: h.Done})
	default:
		b.drop(h.Batch)
	}
}

func (b *batches) add(o *openBatch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[o.id] = true
	b.open = append(b.open, o)
}

func (b *batches) drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, o := range b.open {
		if o.id == id {
			b.open = append(b.open[:i:i], b.open[i+1:]...)
			return
		}
	}
}

func (b *batches) has(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.known[id]
}

// begun is what the record of a batch holds as its answer.
type begun struct {
	ID    string   `json:"id"`
	Calls []string `json:"calls"` // keys
}

// opened are the open batches with their calls.
func (c *Client) opened() ([]*openBatch, error) {
	c.batches.mu.Lock()
	defer c.batches.mu.Unlock()
	for _, o := range c.batches.open {
		if o.keys != nil {
			continue
		}
		p, ok := c.ledger.has(sumOf(o.name))
		if !ok {
			return nil, fmt.Errorf("%s: batch %s: its record is gone", c.ledger.name, o.id)
		}
		_, raw, err := c.ledger.read(p, o.name)
		var was begun
		if err = errors.Join(err, json.Unmarshal(raw, &was)); err != nil {
			return nil, fmt.Errorf("batch %s: %w", o.id, err)
		}
		o.keys = was.Calls
	}
	return append([]*openBatch{}, c.batches.open...), nil
}

// noteBatch journals a batch before anybody waits for it.
func (c *Client) noteBatch(o *openBatch) error {
	raw, err := encode(begun{o.id, o.keys})
	if err != nil {
		return err
	}
	h := head{Done: o.name, Batch: o.id, Attempts: 1, Finish: "begun"}
	line, err := h.line([]byte("null"), raw)
	if err == nil {
		err = c.ledger.append(line, h)
	}
	if err == nil {
		c.batches.add(o)
	}
	return err
}

// endBatch journals that there is nothing more to take from a batch.
func (c *Client) endBatch(o *openBatch, status string) error {
	h := head{Tried: o.name, Batch: o.id, Attempts: 1, Finish: status}
	line, err := h.line([]byte("null"), nil)
	if err == nil {
		err = c.ledger.append(line, h)
	}
	c.batches.drop(o.id)
	return err
}

// A batchState is what a server says of a batch.
type batchState struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Output   string            `json:"output_file_id"`
	Faults   string            `json:"error_file_id"`
	Metadata map[string]string `json:"metadata"`
	Errors   struct {
		Data []struct {
			Code, Message string
			Line          int
		}
	} `json:"errors"`
	Counts struct{ Total, Completed, Failed int } `json:"request_counts"`
}

func (s batchState) ended() bool {
	switch s.Status {
	case "completed", "failed", "expired", "cancelled":
		return true
	}
	return false
}

// why is what the server says of a batch that failed.
func (s batchState) why() string {
	if len(s.Errors.Data) == 0 {
		return s.Status + ", and the server does not say why"
	}
	e := s.Errors.Data[0]
	if e.Line > 0 {
		return fmt.Sprintf("%s: line %d: %s (%s)", s.Status, e.Line, e.Message, e.Code)
	}
	return fmt.Sprintf("%s: %s (%s)", s.Status, e.Message, e.Code)
}

// awaitBatch looks at a batch until it has ended. errGone: the server does not know it.
func (c *Client) awaitBatch(ctx context.Context, id string) (s batchState, err error) {
	wait, end := c.waiting(ctx)
	defer end()
	for began := time.Now(); ; {
		err := c.run(ctx, errand{method: http.MethodGet, path: "/batches/" + url.PathEscape(id), key: hexDigest([]byte(id))}, &s)
		switch {
		case missing(err):
			return s, errGone
		case err != nil || s.ended():
			return s, err
		}
		c.batches.progress(fmt.Sprintf("batch %s: %s, %d of %d answered, %d failed, %s", id, s.Status, s.Counts.Completed, s.Counts.Total, s.Counts.Failed,
			time.Since(began).Round(time.Second)))
		if err := c.sleep(wait, c.endpoint.Poll); err != nil {
			return s, context.Cause(wait)
		}
	}
}

var errGone = errors.New("the server no longer knows the batch")
