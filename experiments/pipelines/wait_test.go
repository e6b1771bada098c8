package pipelines

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"modelcollapse/generate/pipeline/scripted"
)

// A run that waits for a server says so, and for how long.
func TestWaitsAreTold(t *testing.T) {
	var calls atomic.Int64
	exact := &scripted.Server{Manner: scripted.Exact}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) == 1 {
			w.Header().Set("Retry-After-Ms", "20")
			http.Error(w, `{"error":{"message":"slower"}}`, http.StatusTooManyRequests)
			return
		}
		exact.ServeHTTP(w, r)
	}))
	defer s.Close()
	l, err := Load("paraphrase", []string{"endpoint.base_url=" + s.URL + "/v1", "endpoint.model=m"})
	must(t, err)
	p, err := Prepare(l, folder(t))
	must(t, err)
	defer p.Close()
	var notes []string
	_, _, err = p.Run(t.Context(), func(q Progress) {
		if q.Note != "" {
			notes = append(notes, q.Stage+": "+q.Note)
		}
	})
	must(t, err)
	if len(notes) != 1 || !strings.HasPrefix(notes[0], "generate: the server asks to wait (429): the next attempt in 1s") {
		t.Errorf("%q", notes)
	}
}
