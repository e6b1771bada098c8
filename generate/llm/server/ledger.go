package server

import (
	"crypto/sha256"
	"net/http"
	"sync"
)

// maxKept bounds the answers that are kept for their Idempotency-Key, in bytes; the oldest go first.
const maxKept = 64 << 20

// A ledger counts what was billed, and keeps the answers of requests that came with an Idempotency-Key.
type ledger struct {
	mu    sync.Mutex
	bill  Bill
	kept  map[string]*entry
	order []string
	bytes int
}

// A Bill is what was paid for, as GET /v1/usage says: answers that were made, and their tokens. Faults cost nothing, and neither does
// an answer that is given again for its Idempotency-Key.
type Bill struct {
	Object   string           `json:"object"`
	Calls    int64            `json:"calls"`
	Replayed int64            `json:"replayed_calls"`
	Prompt   int64            `json:"prompt_tokens"`
	Answer   int64            `json:"completion_tokens"`
	Trained  int64            `json:"trained_tokens"`
	By       map[string]int64 `json:"calls_by_endpoint"`
}

// An entry is an answer that was given once; whoever asks meanwhile waits for it.
type entry struct {
	sum    [32]byte // of method, path and body
	ready  chan struct{}
	answer rendered
}

// once answers a request; one with an Idempotency-Key that was answered gets that answer.
func (s *Server) once(r *request, serve endpoint) rendered {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || r.Method != http.MethodPost {
		return s.paid(r.URL.Path, answered(r, serve))
	}
	l := &s.ledger
	sum := sha256.Sum256([]byte(r.URL.Path + "\x00" + string(r.body)))
	l.mu.Lock()
	if e := l.kept[key]; e != nil {
		l.mu.Unlock()
		return l.again(r, e, sum)
	}
	e := &entry{sum: sum, ready: make(chan struct{})}
	l.kept[key] = e
	l.mu.Unlock()
	e.answer = s.paid(r.URL.Path, answered(r, serve))
	close(e.ready)
	l.keep(key, e)
	return e.answer
}

// again is the answer of before. Another request under the same key is a mistake.
func (l *ledger) again(r *request, e *entry, sum [32]byte) rendered {
	if e.sum != sum {
		return render(nil, &fault{status: http.StatusConflict, code: "idempotency_key_reused", kind: "idempotency_error",
			message: "this Idempotency-Key came before with another request"})
	}
	select {
	case <-e.ready:
	case <-r.Context().Done():
		return render(nil, r.Context().Err())
	}
	l.mu.Lock()
	l.bill.Replayed++
	l.mu.Unlock()
	return e.answer
}

// keep keeps good answers, as far as there is room. A fault may be tried again under its key.
func (l *ledger) keep(key string, e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.answer.status != http.StatusOK {
		delete(l.kept, key)
		return
	}
	l.order = append(l.order, key)
	l.bytes += len(key) + len(e.answer.body)
	for l.bytes > maxKept && len(l.order) > 1 {
		oldest := l.order[0]
		l.bytes -= len(oldest) + len(l.kept[oldest].answer.body)
		delete(l.kept, oldest)
		l.order = l.order[1:]
	}
}

// paid puts an answer on the bill.
func (s *Server) paid(path string, a rendered) rendered {
	if a.paid == (usage{}) {
		return a
	}
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	b := &s.ledger.bill
	b.Calls++
	b.By[path]++
	b.Prompt += int64(a.paid.Prompt)
	b.Answer += int64(a.paid.Answer)
	return a
}

// usage is the bill so far.
func (s *Server) usage(*request) (any, error) {
	s.ledger.mu.Lock()
	defer s.ledger.mu.Unlock()
	b := s.ledger.bill
	b.Object, b.By = "usage", map[string]int64{}
	for path, n := range s.ledger.bill.By {
		b.By[path] = n
	}
	return b, nil
}
