package llm

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"modelcollapse/internal/journal"
)

// A head is the beginning of a record: what a client needs of it before the call is asked for.
type head struct {
	Done     string  `json:"done,omitempty"`  // key of a call that has its answer, or failed for good
	Tried    string  `json:"tried,omitempty"` // key of a call that failed for reasons that pass: the next run tries it again
	Attempts int     `json:"attempts"`
	Finish   string  `json:"finish"`
	Prompt   int64   `json:"prompt"` // tokens
	Cached   int64   `json:"cached,omitempty"`
	Answered int64   `json:"answer"`
	Trained  int64   `json:"trained,omitempty"` // tokens of a fine-tuning job
	Counted  bool    `json:"counted,omitempty"` // by the server
	Money    float64 `json:"money,omitempty"`
	Batch    string  `json:"batch,omitempty"` // id of a batch, of which this record says that it was made (done) or that all is taken from it (tried)
	Doubt    int64   `json:"doubt,omitempty"` // tokens that attempts without an answer may have cost
	Unsure   float64 `json:"unsure,omitempty"`
}

// requestField begins what follows the head.
const requestField = `,"request":`

// line is a record: the head, the request, and the answer as JSON, or as a text where it is none.
func (h head) line(body, raw []byte) ([]byte, error) {
	b, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	b = append(append(b[:len(b)-1], requestField...), body...)
	b = append(b, `,"response":`...)
	if len(raw) == 0 {
		raw = []byte("null")
	}
	if raw[0] != '"' && json.Valid(raw) {
		b = append(b, raw...)
	} else {
		b = journal.AppendString(b, string(raw))
	}
	return journal.AppendCRC(b, 0), nil
}

// readHead reads the beginning of a line whose checksum holds.
func readHead(body []byte) (h head, err error) {
	n := bytes.Index(body, []byte(requestField))
	if n < 0 {
		return h, fmt.Errorf("is no record of a call")
	}
	if err := json.Unmarshal(append(bytes.Clone(body[:n]), '}'), &h); err != nil {
		return h, err
	}
	key, err := hex.DecodeString(h.Done + h.Tried)
	if err != nil || len(key) != 32 || h.Done != "" && h.Tried != "" {
		return h, fmt.Errorf("is no record of a call")
	}
	return h, nil
}

// response is what line was given as raw.
func response(body []byte) ([]byte, error) {
	var r struct{ Response json.RawMessage }
	if err := json.Unmarshal(append(bytes.Clone(body), '}'), &r); err != nil {
		return nil, err
	}
	if bytes.HasPrefix(r.Response, []byte(`"`)) {
		var s string
		err := json.Unmarshal(r.Response, &s)
		return []byte(s), err
	}
	if string(r.Response) == "null" {
		return nil, nil
	}
	return r.Response, nil
}

// compact is an answer as it is journalled, hashed and read: on one line, and in UTF-8 throughout.
func compact(raw []byte) []byte {
	raw = bytes.ToValidUTF8(raw, []byte("\uFFFD"))
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}

// failed says whether a finish is that of a call without an answer.
func failed(finish string) bool { return strings.HasPrefix(finish, "failed") }

func (h head) usage() Usage { return Usage{h.Prompt, h.Cached, h.Answered, h.Counted} }
