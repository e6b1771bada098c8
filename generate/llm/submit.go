package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
)

// batchTag is the field of a batch's metadata that names it.
const batchTag = "collapse"

// submit makes one batch of as many items as a file takes, and returns it with the items that are left. No batch is made that
// the server has under its name already, or that could go beyond the budget. Behind others of this bulk, whose worst case is held, it is
// nil where it does not fit yet: to wait for them here would be to wait for oneself.
func (b *bulk) submit(ctx, wait context.Context, items []*item, behind bool) (*group, []*item, error) {
	file, g, left, err := b.file(items)
	if err != nil {
		return nil, items, err
	}
	if behind && !b.purse.holdNow(g.worst) {
		return nil, items, nil
	}
	if !behind {
		if err := b.purse.hold(wait, g.worst); err != nil {
			return nil, items, fmt.Errorf("a batch of %d calls: %w", len(g.items), err)
		}
	}
	g.batch.name = b.name(file)
	err = wait.Err()
	if err == nil {
		g.batch.id, err = b.begin(ctx, g.batch.name, file)
	}
	if err == nil {
		err = b.noteBatch(g.batch)
	}
	if err != nil {
		b.purse.settle(g.worst, false)
		return nil, items, fmt.Errorf("a batch of %d calls: %w", len(g.items), err)
	}
	return g, left, nil
}

// file is the requests of the first items, one a line.
func (b *bulk) file(items []*item) (file []byte, g *group, left []*item, err error) {
	g = &group{batch: &openBatch{}, items: map[[32]byte]*item{}}
	for k, it := range items {
		r, err := b.compose(b.call(it.i), b.api)
		if err != nil {
			return nil, nil, nil, err
		}
		line, err := encode(struct {
			ID     string          `json:"custom_id"`
			Method string          `json:"method"`
			URL    string          `json:"url"`
			Body   json.RawMessage `json:"body"`
		}{r.key, http.MethodPost, b.path(), r.body})
		if err != nil {
			return nil, nil, nil, err
		}
		if k > 0 && (k >= b.batches.sizes.calls || len(file)+len(line)+1 > b.batches.sizes.bytes) {
			return file, g, items[k:], nil
		}
		file = append(append(file, line...), '\n')
		g.items[it.sum] = it
		g.batch.keys = append(g.batch.keys, r.key)
		g.worst.add(it.worst)
	}
	return file, g, nil, nil
}

func (b *bulk) path() string {
	if b.api == "completions" {
		return "/v1/completions"
	}
	return "/v1/chat/completions"
}

// name is the next free name of a batch of a file: the second batch of the same calls is another one.
func (b *bulk) name(file []byte) string {
	digest := sha256.Sum256(file)
	for n := 0; ; n++ {
		sum := b.sum(append([]byte("batch "), digest[:]...), n)
		if _, ok := b.ledger.has(sum); !ok {
			return hex.EncodeToString(sum[:])
		}
	}
}

// begin is the id of the batch of that name: one that the server has, left by a process that was killed before it could note
// it, or a new one. It looks again before each further attempt, since a server may have made what it did not confirm.
func (b *bulk) begin(ctx context.Context, name string, file []byte) (string, error) {
	input := ""
	for attempt := 1; ; attempt++ {
		id, err := b.find(ctx, name)
		if id != "" || err != nil {
			return id, err
		}
		if input == "" {
			if input, err = b.upload(ctx, "batch", "collapse-"+name[:16]+".jsonl", file, hexDigest([]byte("file "+name))); err != nil {
				return "", err
			}
		}
		body, err := encode(map[string]any{"input_file_id": input, "endpoint": b.path(), "completion_window": "24h", "metadata": map[string]string{batchTag: name}})
		if err != nil {
			return "", err
		}
		e := errand{method: http.MethodPost, path: "/batches", kind: "application/json", body: body, key: name}
		raw, o := b.errand(ctx, e)
		var s batchState
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case o.verdict == answered && json.Unmarshal(raw, &s) == nil && s.ID != "":
			return s.ID, nil
		case o.verdict == answered:
			return "", fmt.Errorf("POST /batches: the answer names no batch: %s", excerpt(raw))
		case o.verdict != passes || attempt >= b.endpoint.Attempts:
			return "", e.failed(o)
		}
		if err := b.sleep(ctx, backoff(request{sum: sha256.Sum256([]byte(name))}, attempt, o.wait)); err != nil {
			return "", err
		}
	}
}

// longestList is how many pages of a server's list of batches are looked at.
const longestList = 50

// find looks for a batch of a name that the journal does not know; "" : there is none, or the server has no list.
func (c *Client) find(ctx context.Context, name string) (string, error) {
	after := ""
	for range longestList {
		var list struct {
			Data []batchState `json:"data"`
			More bool         `json:"has_more"`
		}
		query := url.Values{"limit": {"100"}}
		if after != "" {
			query.Set("after", after)
		}
		err := c.run(ctx, errand{method: http.MethodGet, path: "/batches?" + query.Encode(), key: hexDigest([]byte("list " + name + after))}, &list)
		if missing(err) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		for _, s := range list.Data {
			if s.Metadata[batchTag] == name && s.ID != "" && !c.batches.has(s.ID) {
				return s.ID, nil
			}
		}
		if !list.More || len(list.Data) == 0 {
			return "", nil
		}
		after = list.Data[len(list.Data)-1].ID
	}
	return "", nil
}
