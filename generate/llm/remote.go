package llm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// longestBulk is the least time that a file is given to go up or down.
const longestBulk = 10 * time.Minute

// An errand is a request that is no call: of files, jobs and batches. It is tried as often as a call is, and costs nothing by itself.
type errand struct {
	method, path, kind string // path below the base URL; kind is the content type of the body
	body               []byte
	key                string // the same for the same errand: Idempotency-Key
	bulk               bool   // a file goes up or down, which takes its time
}

// A denial is an answer that says no.
type denial struct {
	code int
	*told
}

func (s *denial) Error() string { return fmt.Sprintf("%d %s", s.code, s.told.Error()) }

// run does an errand; into takes the answer, as JSON or, a *[]byte, as it is.
func (c *Client) run(ctx context.Context, e errand, into any) error {
	for attempt := 1; ; attempt++ {
		raw, o := c.errand(ctx, e)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case o.verdict == answered:
			if b, plain := into.(*[]byte); plain {
				*b = raw
				return nil
			}
			if err := json.Unmarshal(raw, into); err != nil {
				return fmt.Errorf("%s %s: the answer is not what this server is known for: %s", e.method, e.path, excerpt(raw))
			}
			return nil
		case o.verdict == passes && attempt < c.endpoint.Attempts:
			if err := c.sleep(ctx, backoff(request{sum: sha256.Sum256([]byte(e.key))}, attempt, o.wait)); err != nil {
				return err
			}
		default:
			return e.failed(o)
		}
	}
}

// failed says how an errand ended; ErrAway: it may succeed later.
func (e errand) failed(o errandOutcome) error {
	if o.verdict == passes {
		return fmt.Errorf("%s %s: %w: %w", e.method, e.path, ErrAway, o.cause)
	}
	return fmt.Errorf("%s %s: %w", e.method, e.path, o.cause)
}

// An errandOutcome is an outcome whose cause can be asked for its status.
type errandOutcome struct {
	outcome
	cause error
}

func (c *Client) errand(ctx context.Context, e errand) ([]byte, errandOutcome) {
	x := &exchange{body: e.body, key: e.key}
	timeout := c.endpoint.Timeout
	if e.bulk {
		x.most, timeout = longestFile, max(timeout, longestBulk)
	}
	short, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(x.in(short), e.method, c.base+e.path, bytes.NewReader(e.body))
	if err != nil {
		return nil, errandOutcome{outcome{verdict: final}, err}
	}
	if c.authorize(req); e.kind != "" {
		req.Header.Set("Content-Type", e.kind)
	}
	res, err := c.http.Do(req)
	if err == nil {
		res.Body.Close()
	}
	raw := c.redact.bytes(x.raw)
	var o errandOutcome
	switch {
	case err != nil:
		o.outcome = byError(err, x.status)
		o.cause = errors.New(c.redact.message(o.reason))
	case x.status >= http.StatusBadRequest:
		t := readBody(raw)
		t.message = c.redact.message(t.message)
		o.outcome, o.cause = byStatus(x.status, t), &denial{x.status, t}
	}
	return raw, o
}

// missing reports that a server does not know what was asked for, or not that it could be asked for.
func missing(err error) bool {
	var s *denial
	return errors.As(err, &s) && (s.code == http.StatusNotFound || s.code == http.StatusMethodNotAllowed)
}

// upload puts a file on the server and returns its id.
func (c *Client) upload(ctx context.Context, purpose, name string, content []byte, key string) (string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if err := errors.Join(w.SetBoundary("collapse-"+key[:32]), w.WriteField("purpose", purpose)); err != nil {
		return "", err
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = io.Copy(part, bytes.NewReader(content))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return "", err
	}
	var file struct{ ID string }
	err = c.run(ctx, errand{http.MethodPost, "/files", w.FormDataContentType(), b.Bytes(), key, true}, &file)
	if err == nil && strings.TrimSpace(file.ID) == "" {
		err = errors.New("POST /files: the server took the file and gave it no id")
	}
	return file.ID, err
}
