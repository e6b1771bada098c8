package llm

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// A verdict is what an attempt came to.
type verdict int

const (
	answered verdict = iota
	passes           // worth another attempt
	final            // this call fails, whenever it is made
	refused          // no call can succeed
	given            // up: the caller's context ended
)

// An outcome is a verdict with its reason.
type outcome struct {
	verdict verdict
	answer  answer
	raw     []byte // of an answer, redacted
	reason  string // redacted
	status  int    // that the server gave; 0: none
	wait    time.Duration
	slow    bool // the server asks for fewer calls
	unsure  bool // the server may have billed what it never delivered
}

// judge turns what the client library and the wire say into an outcome. It does not redact.
func judge(x *exchange, err error, r request) (o outcome) {
	var api *openai.APIError
	var req *openai.RequestError
	switch {
	case errors.Is(err, errRedirect):
		o.verdict, o.reason = refused, unwrapURL(err)
	case errors.As(err, &api):
		o = byStatus(api.HTTPStatusCode, &told{api.Message, api.Type, plain(api.Code)})
	case errors.As(err, &req):
		o = byStatus(req.HTTPStatusCode, readBody(req.Body))
	case err != nil:
		o = byError(err, x.status)
	default:
		o = byAnswer(x, r)
	}
	if o.verdict == final {
		o.raw = x.raw
	}
	if o.verdict == passes && x.header != nil {
		o.wait = retryAfter(x.header, time.Now())
	}
	return o
}

// byAnswer judges a body that came with status 200.
func byAnswer(x *exchange, r request) outcome {
	a, err := parse(x.raw, r)
	var t *told
	switch {
	case err == nil:
		return outcome{answer: a, raw: x.raw}
	case errors.As(err, &t):
		status, _ := strconv.Atoi(t.code)
		if status < 400 {
			status = http.StatusBadGateway // an error without a number: of whatever stands behind the server
		}
		return byStatus(status, t)
	case errors.Is(err, errBroken):
		return outcome{verdict: passes, reason: err.Error() + ": " + excerpt(x.raw), unsure: true}
	}
	return outcome{verdict: final, raw: x.raw, reason: err.Error() + ": " + excerpt(x.raw)}
}

// passing are the statuses below 500 that are worth another attempt.
var passing = []int{http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests}

// closing are the statuses that every call will get.
var closing = []int{http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound,
	http.StatusMethodNotAllowed, http.StatusProxyAuthRequired}

// byStatus judges an error by its number, and by its name where that says more.
func byStatus(status int, t *told) outcome {
	o := outcome{status: status, reason: strings.TrimSpace(fmt.Sprintf("%d %s", status, t))}
	name := t.code + " " + t.kind
	switch {
	case strings.Contains(name, "insufficient_quota"), strings.Contains(name, "model_not_found"), slices.Contains(closing, status):
		o.verdict = refused
	case strings.Contains(name, "content_filter"), strings.Contains(name, "context_length_exceeded"):
		o.verdict = final
	case slices.Contains(passing, status), status >= 500 && status != http.StatusNotImplemented:
		o.verdict = passes
		o.slow = status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || status == 529
	case status < 400:
		o.verdict = refused
	default:
		o.verdict = final
	}
	return o
}

// byError judges an exchange that ended without a whole answer.
func byError(err error, status int) outcome {
	reason := unwrapURL(err)
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var name *net.DNSError
	switch {
	case errors.As(err, &cert), errors.As(err, &record), errors.As(err, &name) && name.IsNotFound,
		strings.Contains(reason, "server gave HTTP response to HTTPS client"):
		return outcome{verdict: refused, reason: reason}
	case errors.Is(err, errLong):
		return outcome{verdict: final, reason: reason, unsure: true}
	case errors.Is(err, context.DeadlineExceeded):
		return outcome{verdict: passes, reason: "no answer in time", unsure: true}
	}
	var dial *net.OpError
	unsent := errors.As(err, &dial) && dial.Op == "dial"
	return outcome{verdict: passes, reason: reason, unsure: !unsent && status < 400}
}

// unwrapURL is the message without the method and the address, which the user knows.
func unwrapURL(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}

// readBody is what a body that is no OpenAI error says.
func readBody(body []byte) *told {
	var o struct {
		Error   json.RawMessage
		Message string
		Detail  any
	}
	if json.Unmarshal(body, &o) == nil {
		if t := readTold(o.Error); t != nil {
			return t
		}
		if s := strings.TrimSpace(o.Message + " " + plain(o.Detail)); s != "" {
			return &told{message: s}
		}
	}
	return &told{message: excerpt(body)}
}

// excerpt is the beginning of a body, on one line.
func excerpt(b []byte) string {
	const longest = 200
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(b[:min(len(b), 4*longest)]), "\uFFFD")), " ")
	if len(s) > longest {
		return strings.ToValidUTF8(s[:longest], "") + " …"
	}
	return s
}
