package server

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server/schema"
	"modelcollapse/internal/num"
	"modelcollapse/internal/rng"
)

// A token is part of an answer or of an echoed prompt.
type token struct {
	text string
	nats float64       // NaN: nobody knows (the first of a prompt)
	top  []alternative // by falling probability; the token itself is the last where it is not among them
}

// An alternative is a token that could have stood there.
type alternative struct {
	text string
	nats float64
}

// An answer is what a model says after a prompt.
type answer struct {
	text   string
	tokens []token // End among them, if it was drawn
	finish string  // stop or length
}

// A speaker is how answers to a request are made.
type speaker struct {
	fit  generate.Continuer
	text Text
	Sampling
	most int // tokens
	top  int // alternatives a token; −1: no log probabilities are asked for
	stop []string

	schema *schema.Schema // of the answer; nil: any text
}

// scratch is memory for one draw.
type scratch struct {
	choices []generate.Choice
	weights []float64
}

// answer draws what follows from a place, or an answer to the schema.
func (j *speaker) answer(ctx context.Context, at place, x *scratch, key rng.Key) (a answer, err error) {
	if j.schema != nil {
		return j.fill(ctx, x, key)
	}
	r := key.Stream()
	a.finish = "length"
	at.row = append(generate.Tokens(nil), at.row...)
	var text strings.Builder
	for len(a.tokens) < j.most && a.finish == "length" {
		if err := ctx.Err(); err != nil {
			return a, err
		}
		t, id := j.next(at, x, r)
		a.tokens = append(a.tokens, t)
		if id == generate.End {
			a.finish = "stop"
			break
		}
		text.WriteString(t.text)
		if at = at.moved(id); len(j.stop) > 0 {
			if cut := stopped(text.String(), len(t.text), j.stop); cut >= 0 {
				return answer{text.String()[:cut], a.tokens, "stop"}, nil
			}
		}
	}
	a.text = text.String()
	return a, nil
}

// next draws a token. Where a model knows of none, the row ends.
func (j *speaker) next(at place, x *scratch, r *rand.Rand) (token, uint32) {
	x.choices = j.fit.Next(x.choices[:0], at.row)
	x.weights = j.weights(x.weights, x.choices)
	if len(x.weights) == 0 {
		return token{text: "\n", nats: math.Inf(-1)}, generate.End
	}
	i := draw(x.weights, r)
	c := x.choices[i]
	t := token{text: j.text.token(at, c.Token), nats: num.Log(c.P)}
	t.top = j.alternatives(at, x.choices, t, i >= j.top)
	return t, c.Token
}

// alternatives are the likeliest tokens, and t where it is not among them.
func (j *speaker) alternatives(at place, choices []generate.Choice, t token, other bool) (top []alternative) {
	if j.top <= 0 {
		return nil
	}
	for _, c := range choices[:min(j.top, len(choices))] {
		top = append(top, alternative{j.text.token(at, c.Token), num.Log(c.P)})
	}
	if other {
		top = append(top, alternative{t.text, t.nats})
	}
	return top
}

// stopped is where the first of some texts begins, -1 if none is there; they did not stand before the last fresh bytes.
func stopped(text string, fresh int, stop []string) int {
	cut := -1
	for _, s := range stop {
		from := max(0, len(text)-fresh-len(s)+1)
		if i := strings.Index(text[from:], s); i >= 0 && (cut < 0 || from+i < cut) {
			cut = from + i
		}
	}
	return cut
}
