package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// rendered is an answer as it is sent.
type rendered struct {
	status int
	kind   string // content type
	body   []byte
	paid   usage // what it cost; zeros: nothing
}

// events are an answer in pieces, sent as server-sent events with a [DONE] behind them.
type events struct {
	pieces []any
	paid   usage
}

// content is a file as it was uploaded.
type content []byte

// costly values know what they cost.
type costly interface{ cost() usage }

func (e events) cost() usage { return e.paid }

// render is a value or a fault as it is sent.
func render(value any, err error) rendered {
	var out rendered
	if err == nil {
		out.status, out.kind = http.StatusOK, "application/json"
		if c, ok := value.(costly); ok {
			out.paid = c.cost()
		}
		switch v := value.(type) {
		case content:
			out.kind, out.body = "application/octet-stream", v
		case events:
			out.kind = "text/event-stream"
			out.body, err = v.text()
		default:
			out.body, err = marshal(v)
		}
	}
	if err != nil {
		status, fault := faultOf(err)
		body, _ := marshal(fault) // strings always have a form
		return rendered{status: status, kind: "application/json", body: body}
	}
	return out
}

func (e events) text() ([]byte, error) {
	var out bytes.Buffer
	for _, piece := range e.pieces {
		body, err := marshal(piece)
		if err != nil {
			return nil, err
		}
		out.WriteString("data: ")
		out.Write(body)
		out.WriteString("\n\n")
	}
	out.WriteString("data: [DONE]\n\n")
	return out.Bytes(), nil
}

func (a rendered) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that has gone learns nothing
}

// marshal is JSON with characters as they are.
func marshal(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(value)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
