package server

import "unicode/utf8"

// events are a completion in pieces: a token each, then how each answer ended, then the usage if that was asked for.
func (c completion) events(usage bool) any {
	out := events{paid: *c.Usage}
	part := c
	part.Usage = nil
	for _, choice := range c.Choices {
		for _, piece := range choice.split() {
			part.Choices = []completionChoice{piece}
			out.pieces = append(out.pieces, part)
		}
		part.Choices = []completionChoice{{Index: choice.Index, Finish: choice.Finish}}
		out.pieces = append(out.pieces, part)
	}
	if usage {
		part.Choices, part.Usage = []completionChoice{}, c.Usage
		out.pieces = append(out.pieces, part)
	}
	return out
}

// split is an answer token by token; the texts of all of them are its text, which may end within one.
func (c completionChoice) split() (pieces []completionChoice) {
	at, offset := 0, 0
	for _, t := range c.tokens {
		end := min(at+len(t.text), len(c.Text))
		p := completionChoice{Index: c.Index, Text: c.Text[at:end]}
		if c.top >= 0 {
			p.Logprobs = legacy([]token{t}, c.top > 0, offset)
		}
		if p.Text != "" || p.Logprobs != nil {
			pieces = append(pieces, p)
		}
		at, offset = end, offset+utf8.RuneCountInString(t.text)
	}
	return pieces
}
