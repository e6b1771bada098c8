package loop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

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
	tally  tally
	heard  func(done float64, note string) // how far a draw is; nil: nobody listens
}

// told passes on how far a draw is, twenty times at most.
func (a *answers) told(given, n int) {
	if step := max(1, n/20); a.heard != nil && (given%step == 0 || given == n) {
		a.heard(float64(given)/float64(n), fmt.Sprintf("%d of %d answers", given, n))
	}
}

// A tally counts answers, and those without a word by their reason.
type tally struct {
	mutex sync.Mutex
	all   int
	empty map[string]int
}

func (t *tally) add(all int, empty map[string]int) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.all += all
	if t.empty == nil {
		t.empty = map[string]int{}
	}
	for why, n := range empty {
		t.empty[why] += n
	}
}

// Degenerate says of how many answers there is nothing, and why most of them.
func (a *answers) Degenerate() string {
	a.tally.mutex.Lock()
	defer a.tally.mutex.Unlock()
	return nothing(a.tally.all, a.tally.empty)
}

func nothing(all int, empty map[string]int) string {
	n, most := 0, ""
	for _, why := range slices.Sorted(maps.Keys(empty)) {
		if n += empty[why]; most == "" || empty[why] > empty[most] {
			most = why
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d answers have no word: %s", n, all, most)
}

// fewAnswers are too few to say that a server answers nothing.
const fewAnswers = 8

// Draw asks for n rows. What is random in all calls is drawn before the first is made.
func (a *answers) Draw(ctx context.Context, dst []generate.Tokens, n int, r *rand.Rand) ([]generate.Tokens, error) {
	given, empty, lost := 0, map[string]int{}, map[string]int{}
	err := a.client.Each(ctx, n, a.calls(n, r), func(_ int, reply llm.Reply) error {
		if reply.Passing {
			lost[reply.Finish]++
		}
		row, why := a.texts.row(reply)
		if given++; why != "" {
			empty[why]++
		}
		a.told(given, n)
		if given == fewAnswers && len(empty) == 1 && empty[why] == given {
			return errors.New(nothing(given, empty))
		}
		dst = append(dst, row)
		return nil
	})
	a.tally.add(given, empty)
	if err == nil && len(lost) > 0 { // rows that another day would have given are not to be learned from
		err = fmt.Errorf("%w: %s; these failed for reasons that pass, and are asked for again", generate.ErrPaused, nothing(given, lost))
	}
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

// unscored is a fit whose server is not asked for the likelihood of given text.
type unscored struct{ chat }

// A chat is what every fit here can do.
type chat interface {
	generate.Fitted[generate.Tokens]
	generate.NextDrawer
	generate.Saver
	generate.Degenerate
	io.Closer
}

// Unscored says what would have one.
func (unscored) Unscored() string {
	return "a chat has no place for given answers: api: completions asks a server that can score (profile.scoring), and data_perplexity needs none"
}
