package server

import (
	"context"
	"math"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// A tokenScorer is a fit that scores a row faster than by listing all tokens at every place.
type tokenScorer interface {
	ScoreTokens(row generate.Tokens, nats []float64)
}

// echo is a prompt as tokens of an answer, scored row by row if log probabilities are asked for.
func (j *speaker) echo(ctx context.Context, pieces []piece, x *scratch) ([]token, error) {
	out := make([]token, len(pieces))
	for i, p := range pieces {
		out[i] = token{text: p.text, nats: math.NaN()}
	}
	for begin := 0; begin < len(pieces) && j.top >= 0; {
		end := begin
		var row generate.Tokens
		for end < len(pieces) {
			row = append(row, pieces[end].id)
			if end++; pieces[end-1].id == generate.End {
				break
			}
		}
		if err := j.score(ctx, row, out[begin:end], x); err != nil {
			return nil, err
		}
		begin = end
	}
	if len(out) > 0 {
		out[0].nats, out[0].top = math.NaN(), nil
	}
	return out, nil
}

// score writes the log probabilities of the tokens of a row.
func (j *speaker) score(ctx context.Context, row generate.Tokens, out []token, x *scratch) error {
	nats := make([]float64, len(row))
	fast, ok := j.fit.(tokenScorer)
	if ok {
		fast.ScoreTokens(row, nats)
	}
	at := place{bare: true}
	for i, id := range row {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !ok || j.top > 0 {
			x.choices = j.fit.Next(x.choices[:0], at.row)
		}
		if !ok {
			nats[i] = natsOf(x.choices, id)
		}
		out[i].nats = nats[i]
		if j.top > 0 {
			k := rank(x.choices, j.top, id)
			if out[i].top = j.alternatives(at, x.choices, out[i], k < 0); k >= 0 {
				out[i].top[k].text = out[i].text // as it was sent, so that it can be found
			}
		}
		at = at.moved(id)
	}
	return nil
}

// natsOf is the log probability of a token among choices.
func natsOf(choices []generate.Choice, id uint32) float64 {
	for _, c := range choices {
		if c.Token == id {
			return num.Log(c.P)
		}
	}
	return math.Inf(-1)
}

// rank is the place of a token among the first n choices, −1 if it is none of them.
func rank(choices []generate.Choice, n int, id uint32) int {
	for i, c := range choices[:min(n, len(choices))] {
		if c.Token == id {
			return i
		}
	}
	return -1
}
