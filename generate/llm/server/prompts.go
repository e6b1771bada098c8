package server

import (
	"encoding/json"
	"fmt"
	"strings"

	"modelcollapse/generate"
)

// stops are the texts that end an answer: one or a list.
func stops(raw json.RawMessage) (list []string, err error) {
	if !given(raw) {
		return nil, nil
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		list = []string{one}
	} else if json.Unmarshal(raw, &list) != nil {
		return nil, invalid("stop", "stop: must be a string or a list of strings")
	}
	if len(list) > maxStops {
		return nil, invalid("stop", "stop: %d strings: at most %d", len(list), maxStops)
	}
	for _, s := range list {
		if s == "" {
			return nil, invalid("stop", "stop: an empty string stops nothing")
		}
	}
	return list, nil
}

// A prompt is a text that was cut.
type prompt struct {
	text   string
	pieces []piece
}

// prompts reads a prompt: a string, a list of them, a list of token ids or a list of such lists.
func (t Text) prompts(raw json.RawMessage) (out []prompt, err error) {
	texts, many := as[[]string](raw)
	lists, more := as[[][]uint32](raw)
	one, single := as[string](raw)
	ids, tokens := as[[]uint32](raw)
	switch {
	case !given(raw):
		texts = []string{""}
	case single:
		texts = []string{one}
	case tokens && len(ids) > 0:
		lists = [][]uint32{ids}
	case !many && !more:
		return nil, invalid("prompt", "prompt: must be a string, a list of strings, a list of token ids or a list of lists of token ids")
	}
	for _, text := range texts {
		out = append(out, prompt{text, t.pieces(text)})
	}
	for i, ids := range lists {
		p, err := t.printed(ids)
		if err != nil {
			return nil, invalid("prompt", "prompt[%d]: %v", i, err)
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, invalid("prompt", "prompt: the list is empty")
	}
	return out, nil
}

// as is a JSON value of a type; the zero value where it is of another.
func as[T any](raw json.RawMessage) (x T, ok bool) {
	if json.Unmarshal(raw, &x) != nil {
		var none T
		return none, false
	}
	return x, true
}

// printed is the prompt that ids are.
func (t Text) printed(ids []uint32) (p prompt, err error) {
	var b strings.Builder
	at := place{bare: true}
	for _, id := range ids {
		if int64(id) >= int64(t.Vocabulary.Len()) || id == generate.Begin {
			return p, fmt.Errorf("%d is no token", id)
		}
		text := t.token(at, id)
		b.WriteString(text)
		p.pieces = append(p.pieces, piece{text, id})
		at = place{bare: id == generate.End}
	}
	p.text = b.String()
	return p, nil
}
