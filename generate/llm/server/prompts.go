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

// prompts reads a prompt: a string, a list of them, a list of token ids or a list of such lists.
func (t Text) prompts(raw json.RawMessage) (out []string, err error) {
	var one string
	var ids []uint32
	var lists [][]uint32
	switch {
	case !given(raw):
		out = []string{""}
	case json.Unmarshal(raw, &one) == nil:
		out = []string{one}
	case json.Unmarshal(raw, &out) == nil:
	case json.Unmarshal(raw, &ids) == nil:
		lists = [][]uint32{ids}
	case json.Unmarshal(raw, &lists) != nil:
		return nil, invalid("prompt", "prompt: must be a string, a list of strings, a list of token ids or a list of lists of token ids")
	}
	for i, ids := range lists {
		text, err := t.printed(ids)
		if err != nil {
			return nil, invalid("prompt", "prompt[%d]: %v", i, err)
		}
		out = append(out, text)
	}
	if len(out) == 0 {
		return nil, invalid("prompt", "prompt: the list is empty")
	}
	return out, nil
}

// printed is the text of ids.
func (t Text) printed(ids []uint32) (string, error) {
	var b strings.Builder
	p := place{bare: true}
	for _, id := range ids {
		if int64(id) >= int64(t.Vocabulary.Len()) || id == generate.Begin {
			return "", fmt.Errorf("%d is no token", id)
		}
		b.WriteString(t.token(p, id))
		p = place{bare: id == generate.End}
	}
	return b.String(), nil
}
