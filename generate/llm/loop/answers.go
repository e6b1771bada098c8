package loop

import (
	"context"
	"math/rand/v2"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
)

// answers is what fits have in common: they draw rows by asking a server, by calls that each fit writes.
type answers struct {
	*account
	server Server
	texts  texts
	client *llm.Client                 // of the model that is asked
	call   func(r *rand.Rand) llm.Call // takes all that is random from r
}

// Draw asks for n rows. What is random in all calls is drawn before the first is made.
func (a *answers) Draw(ctx context.Context, dst []generate.Tokens, n int, r *rand.Rand) ([]generate.Tokens, error) {
	err := a.client.Each(ctx, n, a.calls(n, r), func(_ int, reply llm.Reply) error {
		dst = append(dst, a.texts.row(reply))
		return nil
	})
	return dst, paused(err)
}

// calls writes n calls.
func (a *answers) calls(n int, r *rand.Rand) func(i int) llm.Call {
	all := make([]llm.Call, n)
	for i := range all {
		c := a.call(r)
		seed := int64(r.Uint32() >> 1) // what every server can hold
		c.Seed, c.Sample = &seed, int(r.Uint64()>>1)
		all[i] = c
	}
	return func(i int) llm.Call { return all[i] }
}

// DrawNext draws the first token of n answers to one call, and asks for the law that the server says it has.
func (a *answers) DrawNext(ctx context.Context, n int, r *rand.Rand) (drawn []string, law []generate.Named, err error) {
	return FirstTokens(ctx, a.client, a.call(r), n, a.calls(n, r))
}

// FirstTokens draws the first token of n answers to one call, each with the seed and the sample of another call, and returns the law
// that the server states for it: its likeliest tokens, nil where it states none. A call that failed is left out.
func FirstTokens(ctx context.Context, c *llm.Client, ask llm.Call, n int, next func(i int) llm.Call) (drawn []string, law []generate.Named, err error) {
	ask.Sampling.MaxTokens, ask.Sampling.Stop, ask.Logprobs = 1, nil, mostAlternatives
	err = c.Each(ctx, n, func(i int) llm.Call {
		c, one := next(i), ask
		one.Seed, one.Sample = c.Seed, c.Sample
		return one
	}, func(_ int, reply llm.Reply) error {
		text, top := firstToken(reply)
		if reply.Failed() {
			return nil
		}
		drawn = append(drawn, text)
		if law == nil {
			law = top
		}
		return nil
	})
	return drawn, law, paused(err)
}

// mostAlternatives is how many alternatives a token every server of the kind will list.
const mostAlternatives = 20

// firstToken is what was drawn first and what could have been; the end of an answer is the empty text.
func firstToken(r llm.Reply) (text string, law []generate.Named) {
	if len(r.Tokens) == 0 {
		return "", nil
	}
	for _, t := range r.Tokens[0].Top {
		law = append(law, generate.Named{Name: t.Text, Nats: t.Logprob})
	}
	return r.Tokens[0].Text, law
}

// Close gives the account back.
func (a *answers) Close() error { return accounts.close(a.account) }
