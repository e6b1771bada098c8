package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"modelcollapse/internal/rng"
)

// What batches may be.
const (
	maxBatches = 1000
	maxLines   = 50_000
)

// A batch answers the requests of a file, one a line, in an order of its own.
type batch struct {
	mu     sync.Mutex
	state  batchState
	cancel context.CancelFunc
}

type batchState struct {
	ID       string            `json:"id"`
	Object   string            `json:"object"`
	Endpoint string            `json:"endpoint"`
	Errors   *list[batchError] `json:"errors"`
	Input    string            `json:"input_file_id"`
	Window   string            `json:"completion_window"`
	Status   string            `json:"status"` // validating, in_progress, completed, failed or cancelled
	Output   *string           `json:"output_file_id"`
	Faults   *string           `json:"error_file_id"`
	Created  int64             `json:"created_at"`
	Counts   struct {
		Total     int `json:"total"`
		Completed int `json:"completed"`
		Failed    int `json:"failed"`
	} `json:"request_counts"`
	Metadata map[string]string `json:"metadata"`
}

type batchError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Line    int    `json:"line"`
}

// A batchLine is a request of a batch.
type batchLine struct {
	ID     string          `json:"custom_id"`
	Method string          `json:"method"`
	URL    string          `json:"url"`
	Body   json.RawMessage `json:"body"`
}

// A batchAnswer is the answer to it.
type batchAnswer struct {
	ID       string        `json:"id"`
	Custom   string        `json:"custom_id"`
	Response batchResponse `json:"response"`
	Error    *string       `json:"error"`
}

type batchResponse struct {
	Status  int             `json:"status_code"`
	Request string          `json:"request_id"`
	Body    json.RawMessage `json:"body"`
}

func (b *batch) see() batchState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// change changes the state unless it has ended.
func (b *batch) change(do func(*batchState)) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if slices.Contains([]string{"completed", "failed", "cancelled"}, b.state.Status) {
		return false
	}
	do(&b.state)
	return true
}

// createBatch starts a batch, or finds the one of the same file, endpoint and metadata; what was cancelled or has failed is
// tried again.
func (s *Server) createBatch(r *request) (any, error) {
	var q struct {
		Input    string            `json:"input_file_id"`
		Endpoint string            `json:"endpoint"`
		Window   string            `json:"completion_window"`
		Metadata map[string]string `json:"metadata"`
	}
	if err := decode(r.body, &q); err != nil {
		return nil, err
	}
	f, err := s.file(q.Input, "input_file_id")
	if err != nil {
		return nil, err
	}
	serve := s.batched(q.Endpoint)
	if serve == nil {
		return nil, invalid("endpoint", "endpoint: %q: there are /v1/chat/completions, /v1/completions and /v1/embeddings", q.Endpoint)
	}
	metadata, _ := json.Marshal(q.Metadata) // texts by texts always have a form, with their keys in order
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %s", q.Input, q.Endpoint, metadata))
	b := &batch{state: batchState{ID: "batch_" + hex.EncodeToString(sum[:12]), Object: "batch", Endpoint: q.Endpoint, Input: q.Input,
		Window: q.Window, Status: "validating", Metadata: q.Metadata}}
	if old, ok := s.work.get(b.state.ID); ok {
		if state := old.see(); state.Status != "failed" && state.Status != "cancelled" {
			return state, nil
		}
		s.work.drop(b.state.ID)
	}
	if len(s.work.all()) >= maxBatches {
		return nil, invalid("", "there are %d batches: no more are taken", maxBatches)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	b.cancel = cancel
	if s.work.put(b.state.ID, b) {
		go s.doBatch(ctx, b, f, serve)
	}
	return b.see(), nil
}

// batched is the endpoint of a path that batches can ask.
func (s *Server) batched(path string) endpoint {
	for _, e := range s.routes() {
		if e.path == path && slices.Contains([]string{"/v1/chat/completions", "/v1/completions", "/v1/embeddings"}, path) {
			return e.serve
		}
	}
	return nil
}

func (s *Server) doBatch(ctx context.Context, b *batch, f *file, serve endpoint) {
	defer b.cancel()
	s.turn.Lock()
	defer s.turn.Unlock()
	lines, faults := linesOf(f.content, b.state.Endpoint)
	if len(faults) > 0 {
		b.change(func(x *batchState) { x.Status, x.Errors = "failed", &list[batchError]{"list", faults} })
		return
	}
	b.change(func(x *batchState) { x.Status, x.Counts.Total = "in_progress", len(lines) })
	var good, bad bytes.Buffer
	order := rng.Root(0).Child(b.state.ID, 0).Stream().Perm(len(lines))
	for _, i := range order {
		if ctx.Err() != nil {
			return
		}
		a := s.line(ctx, b.state.ID, i, lines[i], b.state.Endpoint, serve)
		text, _ := marshal(a) // an answer that was marshalled has a form
		failed := a.Response.Status != http.StatusOK
		if failed {
			bad.Write(append(text, '\n'))
		} else {
			good.Write(append(text, '\n'))
		}
		b.change(func(x *batchState) {
			if failed {
				x.Counts.Failed++
			} else {
				x.Counts.Completed++
			}
		})
	}
	output, err1 := s.outcome(b.state.ID+"_output.jsonl", good.Bytes())
	errors, err2 := s.outcome(b.state.ID+"_error.jsonl", bad.Bytes())
	b.change(func(x *batchState) {
		if x.Status, x.Output, x.Faults = "completed", output, errors; err1 != nil || err2 != nil {
			x.Status, x.Errors = "failed", &list[batchError]{"list", []batchError{{"no_room", "there is no room for the output file", 0}}}
		}
	})
}

// outcome keeps what a batch wrote, if it wrote anything, and is the id of the file.
func (s *Server) outcome(name string, content []byte) (*string, error) {
	if len(content) == 0 {
		return nil, nil
	}
	f, err := s.stored(newFile(name, "batch_output", content))
	if err != nil {
		return nil, err
	}
	return &f.ID, nil
}

// line answers a line of a batch.
func (s *Server) line(ctx context.Context, batch string, i int, l batchLine, path string, serve endpoint) batchAnswer {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, path, nil)
	out := render(nil, err)
	if err == nil {
		out = answered(&request{Request: r, body: l.Body}, serve)
	}
	if out.kind != "application/json" {
		out = render(nil, invalid("stream", "stream: a batch has no streams"))
	}
	out = s.paid(path, out)
	id := fmt.Sprintf("batch_req_%s_%d", strings.TrimPrefix(batch, "batch_"), i)
	return batchAnswer{ID: id, Custom: l.ID, Response: batchResponse{out.status, id, out.body}}
}

func (s *Server) listBatches(*request) (any, error) {
	out := list[batchState]{"list", []batchState{}}
	for _, b := range s.work.all() {
		out.Data = append(out.Data, b.see())
	}
	return out, nil
}

func (s *Server) batch(r *request) (*batch, error) {
	id := r.PathValue("batch")
	b, ok := s.work.get(id)
	if !ok {
		return nil, missing("Batch", id, "batch_id")
	}
	return b, nil
}

func (s *Server) oneBatch(r *request) (any, error) {
	b, err := s.batch(r)
	if err != nil {
		return nil, err
	}
	return b.see(), nil
}

func (s *Server) cancelBatch(r *request) (any, error) {
	b, err := s.batch(r)
	if err != nil {
		return nil, err
	}
	if !b.change(func(x *batchState) { x.Status = "cancelled" }) {
		return nil, invalid("", "the batch has ended: it is %s", b.see().Status)
	}
	b.cancel()
	return b.see(), nil
}
