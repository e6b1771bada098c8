package llm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
)

// errNoScore is that a server cannot score what it is given.
var errNoScore = errors.New("scores no given text: echo of a prompt with logprobs (vLLM, Together, the embedded server) and a grammar (llama-server) can")

// Score writes the natural log probability of each text under the model to nats[i], by the way that the profile names, and
// the number of tokens that it is the sum over to tokens[i]: those of the text (and of Profile.After, where the text does not end in it), without the first where no
// token goes before it. −Inf is impossible. Where the server cannot, the error says so and what can; each text is one
// journalled call.
func (c *Client) Score(ctx context.Context, texts []string, nats []float64, tokens []int) error {
	return c.ScoreBehind(ctx, "", texts, nats, tokens)
}

// ScoreBehind is Score given a prompt that stands before each text: of the tokens behind it alone (a token across the border
// counts as the text's).
func (c *Client) ScoreBehind(ctx context.Context, prompt string, texts []string, nats []float64, tokens []int) error {
	way := c.known().Scoring
	if way == "auto" {
		var err error
		if way, err = c.probeScoring(ctx); err != nil {
			return fmt.Errorf("score: %w", err)
		}
		c.learn(func(p *Profile) { p.Scoring = way })
	}
	call, read := c.echoCall, (*Client).readEcho
	switch way {
	case "echo":
	case "grammar":
		call, read = grammarCall, (*Client).readForced
	default:
		return fmt.Errorf("score: %s: the server %w", c.endpoint.BaseURL, errNoScore)
	}
	return c.each(ctx, "completions", len(texts), func(i int) Call { return call(prompt, texts[i]) }, func(i int, r Reply) error {
		var err error
		if r.Failed() {
			err = errors.New(r.Finish)
		} else {
			nats[i], tokens[i], err = read(c, prompt, texts[i], r)
		}
		if err != nil {
			return fmt.Errorf("score: text %d: %w", i, err)
		}
		return nil
	})
}

// echoCall asks for the log probabilities of a prompt. One token is generated, since not every server generates none.
func (c *Client) echoCall(prompt, text string) Call {
	p := c.known()
	if !strings.HasSuffix(text, p.After) {
		text += p.After
	}
	call := Call{Prompt: p.Before + prompt + text, Echo: true, Logprobs: 1, Sampling: Sampling{MaxTokens: 1}}
	if c.endpoint.InProcess() { // which needs neither an alternative nor an answer
		call.Logprobs, call.Extra = 0, map[string]any{"max_tokens": 0}
	}
	return call
}

// readEcho adds all tokens behind the prompt but the first of all, which nothing predicts, and the generated one.
func (c *Client) readEcho(prompt, text string, r Reply) (nats float64, tokens int, err error) {
	generated := 1
	if r.Usage.Counted {
		generated = int(r.Usage.Answer)
	}
	last := len(r.Tokens) - generated
	if last < 1 || generated > 1 {
		return 0, 0, fmt.Errorf("the echo has %d tokens, %d of them generated: the server %w", len(r.Tokens), generated, errNoScore)
	}
	first, before := 0, len(c.known().Before)+len(prompt)
	for at := 0; first < last && at+len(r.Tokens[first].Text) <= before; first++ {
		at += len(r.Tokens[first].Text)
	}
	first = max(1, first)
	for _, t := range r.Tokens[min(first, last):last] {
		nats += t.Logprob
	}
	if math.IsNaN(nats) {
		return 0, 0, fmt.Errorf("the echo %.40q has a token without a log probability: the server %w", text, errNoScore)
	}
	return nats, max(0, last-first), nil
}

// grammarCall asks for an answer to the prompt that must be the text, and for its log probabilities, which llama-server computes
// before the grammar applies. Of several ways to cut the text into tokens it takes at each place the likeliest.
func grammarCall(prompt, text string) Call {
	zero := 0.0
	return Call{Prompt: prompt, Logprobs: 1, Sampling: Sampling{Temperature: &zero, MaxTokens: len(text) + 1}, Extra: map[string]any{"grammar": grammar(text)}}
}

// grammar matches the text and nothing else, in the notation of llama.cpp (GBNF).
func grammar(text string) string {
	var b strings.Builder
	b.WriteString(`root ::= "`)
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// readForced adds the tokens that make up the text; behind them may be one that ends the answer.
func (c *Client) readForced(_, text string, r Reply) (nats float64, tokens int, err error) {
	if r.Text != text {
		return 0, 0, fmt.Errorf("the server answered %.40q and not the text %.40q: it does not follow a grammar, and %w", r.Text, text, errNoScore)
	}
	var so strings.Builder
	for _, t := range r.Tokens {
		if so.Len() >= len(text) {
			break
		}
		so.WriteString(t.Text)
		nats += t.Logprob
		tokens++
	}
	if so.String() != text || math.IsNaN(nats) {
		return 0, 0, fmt.Errorf("the tokens of the answer say %.40q and the text is %.40q, or have no log probabilities: the server %w", so.String(), text, errNoScore)
	}
	return nats, tokens, nil
}
