package llm

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// refusal sets what answers in the server's place.
func (b *batchServer) refusal(by func(n int, w http.ResponseWriter, r *http.Request, what string) bool) {
	b.mu.Lock()
	b.refuse = by
	b.mu.Unlock()
}

// A batchServer answers batches as its fields say. Batches are done at once; they are seen to be after some looks.
type batchServer struct {
	*scripted
	files   map[string]string
	made    []*batchMade
	looks   int                                                                 // before a batch is seen to be done
	trouble func(batch, i int, line string) (output, faults []string)           // of the i-th line of a batch; nil: it is answered
	ending  func(batch int) string                                              // status; nil: completed
	refuse  func(n int, w http.ResponseWriter, r *http.Request, by string) bool // answers a request in the server's place
	answers map[string]int                                                      // billed, by custom_id
	page    int                                                                 // batches of a page of the list
	noList  bool
}

type batchMade struct {
	id, input string
	looks     int
	state     map[string]any
}

func serveBatches(t testing.TB) *batchServer {
	b := &batchServer{files: map[string]string{}, answers: map[string]int{}, page: 100}
	b.scripted = serve(t, b.route)
	return b
}

func (b *batchServer) endpoint() Endpoint {
	e := b.scripted.endpoint("chat")
	e.Batch = true
	e.Prices.Input, e.Prices.Output = new(2.0), new(8.0)
	return e
}

func (b *batchServer) route(n int, w http.ResponseWriter, r *http.Request, body map[string]any) bool {
	what := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/v1")
	b.mu.Lock()
	refuse := b.refuse
	b.mu.Unlock()
	if refuse != nil && refuse(n, w, r, what) {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	part := strings.Split(r.URL.Path, "/")
	switch {
	case what == "POST /files":
		id := fmt.Sprintf("file-%d", len(b.files))
		f, _, err := r.FormFile("file")
		if err != nil || r.FormValue("purpose") != "batch" {
			w.WriteHeader(http.StatusBadRequest)
			return true
		}
		text, _ := io.ReadAll(f)
		b.files[id] = string(text)
		writeJSON(w, map[string]any{"id": id})
	case what == "POST /batches":
		b.make(body)
		writeJSON(w, b.made[len(b.made)-1].state)
	case what == "GET /batches":
		b.list(w, r)
	case strings.HasPrefix(what, "GET /batches/"):
		b.look(w, part[3])
	case strings.HasPrefix(what, "GET /files/"):
		io.WriteString(w, b.files[part[3]])
	default:
		return false
	}
	return true
}

func writeJSON(w io.Writer, v any) { json.NewEncoder(w).Encode(v) }

func (b *batchServer) list(w http.ResponseWriter, r *http.Request) {
	if b.noList {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	all := []map[string]any{}
	started := r.URL.Query().Get("after") == ""
	more := false
	for _, m := range slices.Backward(b.made) {
		if started && len(all) == b.page {
			more = true
			break
		}
		if started {
			all = append(all, m.state)
		}
		started = started || m.id == r.URL.Query().Get("after")
	}
	writeJSON(w, map[string]any{"data": all, "has_more": more})
}

func (b *batchServer) look(w http.ResponseWriter, id string) {
	for _, m := range b.made {
		if m.id != id {
			continue
		}
		state := m.state
		if m.looks++; m.looks <= b.looks {
			state = map[string]any{"id": id, "status": "in_progress", "metadata": state["metadata"]}
		}
		writeJSON(w, state)
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

// make does a batch: its lines in another order.
func (b *batchServer) make(body map[string]any) {
	nth := len(b.made)
	m := &batchMade{id: fmt.Sprintf("batch_%d", nth), input: fmt.Sprint(body["input_file_id"])}
	status := "completed"
	if b.ending != nil {
		status = b.ending(nth)
	}
	m.state = map[string]any{"id": m.id, "status": status, "metadata": body["metadata"]}
	b.made = append(b.made, m)
	if status == "failed" {
		m.state["errors"] = map[string]any{"data": []any{map[string]any{"code": "token_limit_exceeded", "message": "Enqueued token limit reached"}}}
		return
	}
	lines := strings.Split(strings.TrimSpace(b.files[m.input]), "\n")
	var output, faults []string
	for _, i := range rand.New(rand.NewPCG(1, uint64(nth))).Perm(len(lines)) {
		var out, bad []string
		if b.trouble != nil {
			out, bad = b.trouble(nth, i, lines[i])
		} else {
			out = []string{b.answer(lines[i])}
		}
		output, faults = append(output, out...), append(faults, bad...)
	}
	for name, lines := range map[string][]string{"output_file_id": output, "error_file_id": faults} {
		if len(lines) > 0 {
			id := "file-" + m.id + name
			b.files[id] = strings.Join(lines, "\n") + "\n"
			m.state[name] = id
		}
	}
}

// answer is a good answer to a line, and is billed.
func (b *batchServer) answer(line string) string {
	id, body := b.parse(line)
	b.answers[id]++
	return `{"id":"x","custom_id":"` + id + `","response":{"status_code":200,"request_id":"r","body":` + good(body) + `},"error":null}`
}

func (b *batchServer) parse(line string) (id string, body map[string]any) {
	var l struct {
		ID   string `json:"custom_id"`
		Body map[string]any
	}
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		panic(err)
	}
	return l.ID, l.Body
}

// fault is a line of the error file.
func (b *batchServer) fault(line string, status int, body string) string {
	id, _ := b.parse(line)
	return fmt.Sprintf(`{"id":"x","custom_id":"%s","response":{"status_code":%d,"body":%s},"error":null}`, id, status, body)
}

// billed is how many answers were paid for, and how many of them twice.
func (b *batchServer) billed() (once, twice int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.answers {
		once++
		twice += n - 1
	}
	return once, twice
}
