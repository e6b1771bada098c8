package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/generate/ngram"
	"modelcollapse/internal/rng"
)

// GoDocs is the id of the embedded model: n-grams of order 3, Kneser-Ney, of the doc comments of the Go distribution, with the
// tenth held out that a config with data: go_docs and seed 1 holds out.
const GoDocs = "go-docs"

// Embedded is a server of the embedded model with other default settings (see Defaults).
func Embedded(model string, defaults url.Values) (http.Handler, error) {
	if model != GoDocs {
		return nil, fmt.Errorf("embedded: model %q: there is %s", model, GoDocs)
	}
	how, err := Defaults(defaults)
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	m, err := goDocs()
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	return New([]Model{m}, Options{Defaults: &how})
}

// goDocs is fitted once a process: it is immutable.
var goDocs = sync.OnceValues(func() (Model, error) {
	docs := &corpus.GoDocs{Cut: generate.Cut{HeldOut: 0.1}}
	source, err := docs.Open(context.Background(), rng.Root(1).Child("data", 0).Stream())
	if err != nil {
		return Model{}, err
	}
	return Fit(context.Background(), GoDocs, source, ngram.Model{Order: 3, Smoothing: ngram.KneserNey})
})

// Fit is a model of all training rows of a corpus.
func Fit(ctx context.Context, id string, source generate.Source[generate.Tokens], how ngram.Model) (Model, error) {
	text, err := TextOf(source)
	if err != nil {
		return Model{}, err
	}
	finite, ok := source.(generate.Finite[generate.Tokens])
	if !ok {
		return Model{}, fmt.Errorf("%T has no rows to fit a model to", source)
	}
	bound, err := how.Bind(source)
	if err != nil {
		return Model{}, err
	}
	fit, err := bound.Fit(ctx, generate.Task[generate.Tokens]{Train: generate.Sample[generate.Tokens]{{Rows: finite.Rows(), Weight: 1}}})
	if err != nil {
		return Model{}, err
	}
	fitted := fit.(*ngram.Fitted) // the only fits of these models
	how = fitted.Model()
	return Model{ID: id, Fit: fitted, Text: text, How: &how}, nil
}

// Listen serves on a free port of this machine alone until close is called or ctx ends. The base URL ends in /v1.
func Listen(ctx context.Context, handler http.Handler) (baseURL string, close func() error, err error) {
	return ListenOn(ctx, "127.0.0.1:0", handler)
}

// ListenOn is Listen on an address.
func ListenOn(ctx context.Context, address string, handler http.Handler) (baseURL string, close func() error, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	close = sync.OnceValue(func() error {
		stop()
		err := server.Close()
		<-done
		return err
	})
	return "http://" + l.Addr().String() + "/v1", close, nil
}
