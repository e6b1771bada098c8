package server

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// maxBody bounds the body of a request, in bytes.
const maxBody = 8 << 20

// A request is one that was let in, with its body read.
type request struct {
	*http.Request
	body []byte
}

// An endpoint answers a request: with a value that becomes JSON, with events or with a fault.
type endpoint func(r *request) (any, error)

// events are an answer in pieces, sent as server-sent events with a [DONE] behind them.
type events []any

// route tells the server its endpoints.
func (s *Server) route() {
	paths := map[string]bool{}
	for _, e := range []struct {
		method, path string
		serve        endpoint
	}{
		{"GET", "/v1/models", s.listModels},
		{"GET", "/v1/models/{model...}", s.oneModel},
		{"POST", "/v1/completions", s.completions},
	} {
		s.mux.Handle(e.method+" "+e.path, s.guard(e.serve))
		if !paths[e.path] {
			paths[e.path] = true
			s.mux.Handle(e.path, s.guard(func(r *request) (any, error) {
				return nil, &fault{status: http.StatusMethodNotAllowed, code: "method_not_supported",
					message: fmt.Sprintf("Not allowed to %s on %s", r.Method, r.URL.Path)}
			}))
		}
	}
	s.mux.Handle("/", s.guard(func(r *request) (any, error) {
		return nil, &fault{status: http.StatusNotFound, code: "unknown_url", message: fmt.Sprintf("Unknown request URL: %s %s", r.Method, r.URL.Path)}
	}))
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// guard lets requests with the key in, bounds what they send, and turns what comes back into an answer. A panic is an answer too.
func (s *Server) guard(serve endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		value, err := func() (value any, err error) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("panic: %v", p)
				}
			}()
			if err := s.admit(r); err != nil {
				return nil, err
			}
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
			if err != nil {
				return nil, broken(err)
			}
			return serve(&request{Request: r, body: body})
		}()
		if err != nil {
			status, body := faultOf(err)
			send(w, status, body)
			return
		}
		if e, ok := value.(events); ok {
			stream(w, e)
			return
		}
		send(w, http.StatusOK, value)
	})
}

// broken is a body that did not come whole; one that is too large keeps its own fault.
func broken(err error) error {
	if status, _ := faultOf(err); status == http.StatusRequestEntityTooLarge {
		return err
	}
	return invalid("", "the body cannot be read: %v", err)
}

// admit checks the key. What was sent in its place is not repeated.
func (s *Server) admit(r *http.Request) error {
	if s.Key == "" {
		return nil
	}
	key, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case !bears:
		return &fault{status: http.StatusUnauthorized, message: "You didn't provide an API key: send it as Authorization: Bearer KEY"}
	case subtle.ConstantTimeCompare([]byte(key), []byte(s.Key)) != 1:
		return &fault{status: http.StatusUnauthorized, message: "Incorrect API key provided", code: "invalid_api_key"}
	}
	return nil
}

// send writes an answer of one piece.
func send(w http.ResponseWriter, status int, value any) {
	body, err := marshal(value)
	if err != nil {
		status = http.StatusInternalServerError
		_, fault := faultOf(err)
		body, _ = marshal(fault)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone learns nothing
}

// stream writes events.
func stream(w http.ResponseWriter, e events) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	flusher, _ := w.(http.Flusher)
	for _, value := range e {
		body, err := marshal(value)
		if err != nil {
			_, fault := faultOf(err)
			body, _ = marshal(fault)
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil {
			return
		}
		if flusher != nil {
			flusher.Flush()
		}
	}
	_, _ = io.WriteString(w, "data: [DONE]\n\n")
}

// marshal is JSON with characters as they are.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
