package llm

import (
	"bytes"
	"io"
	"net/http"

	"modelcollapse/generate/llm/server"
)

// inProcess is the server in this program, called without a network: its base URL has no port and nothing listens.
func inProcess(e Endpoint) (base string, under http.RoundTripper, err error) {
	query, err := e.embeddedQuery()
	if err != nil {
		return "", nil, err
	}
	handler, err := server.Embedded(e.Model, query)
	if err != nil {
		return "", nil, err
	}
	return "http://" + Embedded + "/v1", direct{handler}, nil
}

// direct hands requests to a handler.
type direct struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(req *http.Request) (*http.Response, error) {
	w := &written{header: http.Header{}, status: http.StatusOK}
	d.handler.ServeHTTP(w, req)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, ContentLength: int64(w.body.Len()), Body: io.NopCloser(&w.body), Request: req}, nil
}

// written is what a handler wrote.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *written) Header() http.Header         { return w.header }
func (w *written) WriteHeader(status int)      { w.status = status }
func (w *written) Write(b []byte) (int, error) { return w.body.Write(b) }
