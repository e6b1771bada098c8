package server

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server/schema"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// maxSaid bounds a string of a structured answer, in tokens.
const maxSaid = 256

// anyObject is the schema of response_format json_object without one.
const anyObject = `{"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}`

// formatOf reads response_format; nil: text.
func formatOf(raw json.RawMessage) (*schema.Schema, error) {
	if !given(raw) {
		return nil, nil
	}
	var f struct {
		Type   string          `json:"type"`
		Schema json.RawMessage `json:"schema"` // of json_object, as llama-server has it
		Named  struct {
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, invalid("response_format", "response_format: must be an object with a type")
	}
	doc := f.Schema
	switch f.Type {
	case "text":
		return nil, nil
	case "json_schema":
		if given(f.Named.Schema) {
			doc = f.Named.Schema
		}
		if !given(doc) {
			return nil, invalid("response_format", "response_format: json_schema: schema is missing")
		}
	case "json_object":
		if !given(doc) {
			doc = json.RawMessage(anyObject)
		}
	default:
		return nil, invalid("response_format", "response_format: type %q: there are text, json_object and json_schema", f.Type)
	}
	s, err := schema.Parse(doc)
	if err != nil {
		return nil, invalid("response_format", "response_format: %v", err)
	}
	return s, nil
}

// What ends a structured answer early.
var (
	errLong    = errors.New("max_tokens")
	errStopped = errors.New("stop")
)

// A form is a structured answer under way: a schema.Writer.
type form struct {
	*speaker
	ctx     context.Context
	x       *scratch
	words   *rand.Rand // of what the model says; what the schema leaves open has a stream of its own
	out     strings.Builder
	tokens  []token
	pending float64 // log probability of choices that have no text
	finish  string
}

// fill writes an answer that satisfies the schema. Its log probabilities add to that of the answer, among all that could have
// been made, unless a bound of a length cut a string.
func (j *speaker) fill(ctx context.Context, x *scratch, key rng.Key) (answer, error) {
	f := &form{speaker: j, ctx: ctx, x: x, words: key.Stream(), finish: "stop"}
	err := j.schema.Walk(f, key.Child("schema", 0).Stream())
	a := answer{f.out.String(), f.tokens, f.finish}
	switch {
	case errors.Is(err, errLong):
		a.finish = "length"
	case errors.Is(err, errStopped):
		last := f.tokens[len(f.tokens)-1]
		a.text = a.text[:stopped(a.text, len(last.text), j.stop)]
	case err != nil:
		return answer{}, err
	}
	return a, nil
}

// Put adds a piece as one token.
func (f *form) Put(piece string, nats float64) error {
	f.pending += nats
	if piece == "" {
		return nil
	}
	t := token{text: piece, nats: f.pending}
	f.pending = 0
	return f.add(t)
}

func (f *form) add(t token) error {
	if len(f.tokens) >= f.most {
		return errLong
	}
	f.tokens = append(f.tokens, t)
	f.out.WriteString(t.text)
	if len(f.stop) > 0 && stopped(f.out.String(), len(t.text), f.stop) >= 0 {
		return errStopped
	}
	return f.ctx.Err()
}

// Say writes a row of the model: until it ends, once it is long enough, and no longer than it may be.
func (f *form) Say(least, most int) error {
	at, said := place{bare: true}, 0
	for n := 0; said < most && (n < maxSaid || said < least); n++ {
		f.x.choices = f.fit.Next(f.x.choices[:0], at.row)
		if said < least {
			f.x.choices = slices.DeleteFunc(f.x.choices, func(c generate.Choice) bool { return c.Token == generate.End })
		}
		f.x.weights = f.weights(f.x.weights, f.x.choices)
		if len(f.x.weights) == 0 && said < least { // the model knows of nothing: the schema wants something
			return f.add(token{text: strings.Repeat("_", least-said), nats: f.pending})
		} else if len(f.x.weights) == 0 {
			return nil
		}
		i := draw(f.x.weights, f.words)
		c := f.x.choices[i]
		nats := num.Log(c.P)
		if c.Token == generate.End {
			f.pending += nats
			return nil
		}
		t := token{text: f.text.token(at, c.Token), nats: nats}
		t.top = f.alternatives(at, f.x.choices, t, i >= f.top)
		if said+utf8.RuneCountInString(t.text) > most {
			if said >= least {
				return nil
			}
			t.text = string([]rune(t.text)[:most-said])
		}
		said += utf8.RuneCountInString(t.text)
		inner, _ := marshal(t.text) // a string always has a form
		t.text, t.nats = string(inner[1:len(inner)-1]), t.nats+f.pending
		f.pending = 0
		if err := f.add(t); err != nil {
			return err
		}
		at = at.moved(c.Token)
	}
	return nil
}
