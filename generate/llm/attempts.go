package llm

import (
	"context"
	"errors"
	"fmt"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// patience is how many calls in a row may fail, each after all its attempts, before the server counts as away.
const patience = 10

// make makes a call: attempts until one is answered or there is no sense in more.
func (c *Client) make(ctx context.Context, r request) (Reply, error) {
	worst := c.purse.worst(r.most)
	h := head{Tried: r.key}
	wait, end := c.waiting(ctx)
	defer end()
	for {
		o, err := c.attempt(ctx, wait, r, worst)
		if err == nil {
			h.Attempts++
			if o.unsure {
				h.Doubt, h.Unsure = h.Doubt+worst.tokens, h.Unsure+worst.money()
			}
			if o.verdict != passes || h.Attempts >= c.endpoint.Attempts {
				return c.finish(ctx, h, r, o)
			}
			pause := backoff(r, h.Attempts, o.wait)
			if o.slow {
				c.batches.progress(fmt.Sprintf("the server asks to wait (%d): the next attempt in %s", o.status, max(pause, time.Second).Round(time.Second)))
			}
			err = c.sleep(wait, pause)
		}
		if err != nil {
			if wait.Err() != nil && !errors.Is(err, ErrBudget) {
				err = context.Cause(wait)
			}
			return Reply{}, errors.Join(err, c.book(h, r, nil))
		}
	}
}

// attempt makes one attempt when limits and budget allow it. An error means that none was made.
func (c *Client) attempt(ctx, wait context.Context, r request, worst cost) (o outcome, err error) {
	if err := c.gate.enter(wait); err != nil {
		return o, err
	}
	began := time.Now()
	o.verdict = given
	defer func() { c.gate.leave(o, began, time.Now()) }()
	if err := c.sleep(wait, c.gate.closed(began)); err != nil {
		return o, err
	}
	if err := errors.Join(c.requests.take(wait, 1), c.tokens.take(wait, r.likely.prompt+r.likely.answer)); err != nil {
		return o, err
	}
	if err := c.purse.hold(wait, worst); err != nil {
		return o, err
	}
	began = time.Now()
	o = c.send(ctx, r)
	if o.verdict != answered {
		c.purse.settle(worst, o.unsure)
	}
	return o, nil
}

// send sends the request once, through the client library. What it is given beside the context has no effect: the transport
// puts the body of the request in its place, so that the library's list of models that it refuses does not apply.
func (c *Client) send(ctx context.Context, r request) outcome {
	x := &exchange{body: r.body, key: r.key}
	short, cancel := context.WithTimeout(ctx, c.endpoint.Timeout)
	defer cancel()
	var err error
	switch r.api {
	case "embeddings":
		_, err = c.api.CreateEmbeddings(x.in(short), openai.EmbeddingRequest{Input: ""})
	case "completions":
		_, err = c.api.CreateCompletion(x.in(short), openai.CompletionRequest{Prompt: ""})
	default:
		_, err = c.api.CreateChatCompletion(x.in(short), openai.ChatCompletionRequest{})
	}
	if err != nil && ctx.Err() != nil {
		return outcome{verdict: given, reason: ctx.Err().Error(), unsure: true}
	}
	x.raw = compact(c.redact.answer(x.raw))
	o := judge(x, err, r)
	o.reason = c.redact.message(o.reason)
	return o
}

// finish books the last outcome of a call and says what it came to.
func (c *Client) finish(ctx context.Context, h head, r request, o outcome) (Reply, error) {
	switch o.verdict {
	case answered:
		h.Finish = o.answer.finish
		u := o.answer.usage
		h.Prompt, h.Cached, h.Answered, h.Counted = u.Prompt, u.Cached, u.Answer, u.Counted
		h.Money = c.endpoint.Prices.money(u)
	case final, passes:
		h.Finish = "failed: " + o.reason
	case refused:
		return Reply{}, errors.Join(&refusal{c.endpoint.BaseURL, o.status, o.reason}, c.book(h, r, nil))
	case given:
		return Reply{}, errors.Join(ctx.Err(), c.book(h, r, nil))
	}
	if o.verdict != passes {
		h.Done, h.Tried = r.key, ""
	}
	err := c.book(h, r, o.raw)
	if o.verdict == answered {
		c.purse.settle(c.purse.worst(r.most), false)
	}
	if err != nil {
		return Reply{}, err
	}
	if o.verdict != passes {
		c.away.Store(0)
	} else if c.away.Add(1) >= patience {
		return Reply{}, fmt.Errorf("%s: %w: %d calls in a row failed, the last one with %q: run the same command again when it does",
			c.endpoint.BaseURL, ErrAway, patience, o.reason)
	}
	reply := r.reply(h, o.answer, o.raw)
	reply.Passing = o.verdict == passes
	return reply, nil
}

// A refusal is an ErrRefused with its reason.
type refusal struct {
	url    string
	status int // 0: there was no answer
	reason string
}

func (r *refusal) Error() string { return fmt.Sprintf("%s: %v: %s", r.url, ErrRefused, r.reason) }

func (r *refusal) Unwrap() error { return ErrRefused }

// book writes what a call came to into the journal and the accounts. A call of which no attempt was made leaves nothing.
func (c *Client) book(h head, r request, raw []byte) error {
	if h.Attempts == 0 {
		return nil
	}
	if c.ledger != nil {
		line, err := h.line(c.redact.bytes(r.body), raw)
		if err == nil {
			err = c.ledger.append(line, h)
		}
		if err != nil {
			return err
		}
	}
	c.purse.enter(h)
	return nil
}
