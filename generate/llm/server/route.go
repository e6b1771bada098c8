package server

import (
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxBody bounds the body of a request, in bytes.
const maxBody = 8 << 20

// A request is one that was let in, with its body read.
type request struct {
	*http.Request
	body []byte
}

// An endpoint answers a request: with a value that becomes JSON, with events, with a file, or with a fault.
type endpoint func(r *request) (any, error)

// A route is an endpoint and how much it may be sent.
type route struct {
	method, path string
	serve        endpoint
	most         int64 // bytes of a body
}

// routes are all endpoints.
func (s *Server) routes() []route {
	return []route{
		{"GET", "/v1/models", s.listModels, maxBody},
		{"GET", "/v1/models/{model...}", s.oneModel, maxBody},
		{"DELETE", "/v1/models/{model...}", s.deleteModel, maxBody},
		{"POST", "/v1/completions", s.completions, maxBody},
		{"POST", "/v1/chat/completions", s.chat, maxBody},
		{"POST", "/v1/embeddings", s.embeddings, maxBody},
		{"GET", "/v1/usage", s.usage, maxBody},
		{"POST", "/v1/files", s.upload, maxFile + maxBody},
		{"GET", "/v1/files", s.listFiles, maxBody},
		{"GET", "/v1/files/{file}", s.oneFile, maxBody},
		{"DELETE", "/v1/files/{file}", s.deleteFile, maxBody},
		{"GET", "/v1/files/{file}/content", s.fileContent, maxBody},
		{"POST", "/v1/fine_tuning/jobs", s.createTuning, maxBody},
		{"GET", "/v1/fine_tuning/jobs", s.listTunings, maxBody},
		{"GET", "/v1/fine_tuning/jobs/{job}", s.oneTuning, maxBody},
		{"GET", "/v1/fine_tuning/jobs/{job}/events", s.tuningEvents, maxBody},
		{"POST", "/v1/fine_tuning/jobs/{job}/cancel", s.cancelTuning, maxBody},
		{"POST", "/v1/batches", s.createBatch, maxBody},
		{"GET", "/v1/batches", s.listBatches, maxBody},
		{"GET", "/v1/batches/{batch}", s.oneBatch, maxBody},
		{"POST", "/v1/batches/{batch}/cancel", s.cancelBatch, maxBody},
	}
}

// handle tells the mux every route, and what to say of others.
func (s *Server) handle() {
	paths := map[string]bool{}
	for _, e := range s.routes() {
		s.mux.Handle(e.method+" "+e.path, s.guard(e))
		if !paths[e.path] {
			paths[e.path] = true
			s.mux.Handle(e.path, s.guard(route{serve: wrongMethod, most: maxBody}))
		}
	}
	s.mux.Handle("/", s.guard(route{serve: wrongPath, most: maxBody}))
}

func wrongMethod(r *request) (any, error) {
	return nil, &fault{status: http.StatusMethodNotAllowed, code: "method_not_supported", message: fmt.Sprintf("Not allowed to %s on %s", r.Method, r.URL.Path)}
}

func wrongPath(r *request) (any, error) {
	return nil, &fault{status: http.StatusNotFound, code: "unknown_url", message: fmt.Sprintf("Unknown request URL: %s %s", r.Method, r.URL.Path)}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// guard lets requests with the key in, bounds what they send, and turns what comes back into an answer.
func (s *Server) guard(e route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.admit(r); err != nil {
			render(nil, err).send(w)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, e.most))
		if err != nil {
			render(nil, broken(err)).send(w)
			return
		}
		s.once(&request{Request: r, body: body}, e.serve).send(w)
	})
}

// answered is what an endpoint answers; a panic is an answer too.
func answered(r *request, serve endpoint) (out rendered) {
	defer func() {
		if p := recover(); p != nil {
			out = render(nil, fmt.Errorf("panic: %v", p))
		}
	}()
	return render(serve(r))
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
