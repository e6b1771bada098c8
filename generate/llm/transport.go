package llm

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// An exchange is one attempt on the wire: what is to be sent in place of the client library's body, and what came back
// before the library made something else of it.
type exchange struct {
	body, raw []byte
	key       string // of the call, as Idempotency-Key
	most      int64  // bytes of an answer; 0: longestAnswer
	status    int    // 0: there was no answer
	header    http.Header
}

type exchangeKey struct{}

func (x *exchange) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

const (
	longestAnswer = 32 << 20 // bytes: 4096 tokens with 20 alternatives each are some 8 MiB
	longestFile   = 1 << 30  // bytes of the answers to a batch
	longestError  = 64 << 10 // bytes of an answer that says why there is none
)

var errLong = fmt.Errorf("the answer is longer than %d MiB", longestAnswer>>20)

// wire is the transport under the client library. The library sees an empty object in place of every answer, since it
// loses what it has no field for; what is no answer it decodes.
type wire struct{ under http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w wire) RoundTrip(req *http.Request) (*http.Response, error) {
	x, ok := req.Context().Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errors.New("a request without a call")
	}
	out := req.Clone(req.Context())
	out.Body = io.NopCloser(bytes.NewReader(x.body))
	out.ContentLength = int64(len(x.body))
	out.GetBody = nil // net/http sends a request with an Idempotency-Key again by itself, if it can: attempts are ours to count
	out.Header.Set("Idempotency-Key", x.key)
	res, err := w.under.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	x.status, x.header = res.StatusCode, res.Header
	err = x.read(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	shown := x.raw
	if res.StatusCode < http.StatusBadRequest {
		shown = []byte("{}")
	}
	res.Body = io.NopCloser(bytes.NewReader(shown))
	return res, nil
}

func (x *exchange) read(body io.Reader) (err error) {
	if x.status >= http.StatusBadRequest {
		x.raw, err = io.ReadAll(io.LimitReader(body, longestError))
		return err
	}
	most := cmp.Or(x.most, longestAnswer)
	if x.raw, err = io.ReadAll(io.LimitReader(body, most+1)); err != nil {
		return fmt.Errorf("the answer breaks off: %w", err)
	}
	if int64(len(x.raw)) > most {
		x.raw = nil
		return errLong
	}
	return nil
}

var errRedirect = errors.New("the server sends its callers elsewhere")

// newHTTP is the HTTP client of an endpoint. It follows no redirect: the key belongs to the host that the user named.
func newHTTP(under http.RoundTripper) *http.Client {
	return &http.Client{Transport: wire{under}, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		return fmt.Errorf("%w, to %s: if that is right, put it into base_url", errRedirect, req.URL.Host)
	}}
}

// overTCP keeps as many connections as there are calls at once.
func overTCP(most int) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, most
	t.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	return t
}
