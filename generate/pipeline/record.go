package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Fields are what a record says: a JSON object. Numbers are json.Number, so that they are written as they were read.
type Fields map[string]any

// A Record is one row on its way into a data set, with where it came from.
type Record struct {
	ID         string   `json:"id"`                // of the run, the stage and the index: the same whenever it is made again
	Stage      string   `json:"stage"`             // that made it
	Generation int      `json:"generation"`        // 0: read; else 1 + the highest of its parents
	Parents    []string `json:"parents,omitempty"` // ids of the records that stood in its prompt
	Real       bool     `json:"real"`              // it was read, and no model wrote it
	RealShare  float64  `json:"real_share"`        // share of real ancestry: 1 of real records, else the mean of its parents
	Fields     Fields   `json:"fields"`
	Origin     string   `json:"origin,omitempty"` // file and place that it was read from, or the folder of a data set of ours

	Drawn *Drawn `json:"drawn,omitempty"` // how a model wrote it; nil: none did

	Cost float64 `json:"cost,omitempty"` // of all calls about it, in the currency of the prices
	Left string  `json:"left,omitempty"` // the stage at which it left the stream; "": it is in the data set
	Why  string  `json:"why,omitempty"`  // it was dropped; "": it became the parent of others
}

// A Drawn is how a model wrote a record: the last call that was made for it.
type Drawn struct {
	Model    string   `json:"model"`
	Sampler  Sampler  `json:"sampler"`           // as it was sent
	Seed     *int64   `json:"seed,omitempty"`    // as it was sent
	Prompt   string   `json:"prompt"`            // SHA-256, hex
	Response string   `json:"response"`          // SHA-256, hex
	Key      string   `json:"key"`               // of the call in the journal
	Logprob  *float64 `json:"logprob,omitempty"` // sum over its tokens, nats; nil: the server gave none
	Tokens   int64    `json:"tokens"`            // of the answer
	Finish   string   `json:"finish"`
	Form     string   `json:"form,omitempty"` // of an answer to a schema: valid, repaired, re-asked or invalid
}

// A Sampler is how an answer was drawn; what is not there was left to the server.
type Sampler struct {
	Temperature *float64 `json:"temperature,omitempty"`
	TopP        *float64 `json:"top_p,omitempty"`
	TopK        *int     `json:"top_k,omitempty"`
	MinP        *float64 `json:"min_p,omitempty"`
	MaxTokens   int      `json:"max_tokens"`
	Stop        []string `json:"stop,omitempty"`

	Body map[string]any `json:"body,omitempty"` // further fields of every request of the endpoint
}

// id names a record by its run, its stage and its index there.
func id(run, stage string, index int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", run, stage, index))
	return hex.EncodeToString(sum[:10])
}

// descend makes a record a child of others: its generation and its share of real ancestry follow from theirs.
func (r *Record) descend(parents []Record) {
	r.Generation, r.RealShare, r.Parents = 0, 0, nil
	for _, p := range parents {
		r.Generation = max(r.Generation, p.Generation)
		r.RealShare += p.RealShare
		r.Parents = append(r.Parents, p.ID)
	}
	r.RealShare /= float64(max(len(parents), 1)) // divided once: the sum of n shares is n at most, rounding included
	r.Generation++
	r.Real = false
}

// with is f and more, which wins; neither is changed.
func (f Fields) with(more Fields) Fields {
	out := make(Fields, len(f)+len(more))
	maps.Copy(out, f)
	maps.Copy(out, more)
	return out
}

// Text is the value of a field as a prompt shows it: a text as it is, anything else as JSON.
func (f Fields) Text(name string) (string, bool) {
	switch v := f[name].(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	default:
		return string(asJSON(v)), true
	}
}

// Number is the value of a field where it is a number, or the text of one.
func (f Fields) Number(name string) (float64, bool) {
	text, ok := f.Text(name)
	if !ok {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil
}

// Names are those of all fields, sorted.
func (f Fields) Names() []string { return slices.Sorted(maps.Keys(f)) }

// asJSON is a value on one line; what was decoded from JSON can always be encoded.
func asJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Appendf(nil, "%q", err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// decodeJSON reads one JSON value, numbers as json.Number.
func decodeJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return fmt.Errorf("more than one JSON value")
	}
	return nil
}
