package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/show"
)

// An answer is what a question came to, all calls for it together.
type answer struct {
	fields Fields    // nil: there is none in form
	form   string    // valid, repaired, re-asked, invalid, or failed
	reply  llm.Reply // the last
	why    string    // it is not in form
	cost   float64
	tokens int64 // of all prompts and answers
}

// An asker puts questions until their answers are in form.
type asker struct {
	env    *Env
	server Server
	form   form
	reasks int
}

// ask puts n questions. What is not in form is asked again with what was wrong, a.reasks times at most; a call that failed is
// not, since the client has tried what can be tried.
func (a asker) ask(ctx context.Context, n int, question func(i int) llm.Call) ([]answer, error) {
	out := make([]answer, n)
	calls := make([]llm.Call, n)
	open := make([]int, n)
	for i := range n {
		calls[i], open[i] = a.dressed(question(i)), i
	}
	for round := 0; round <= a.reasks && len(open) > 0; round++ {
		err := a.server.Caller.Each(ctx, len(open), func(k int) llm.Call { return calls[open[k]] }, func(k int, r llm.Reply) error {
			out[open[k]].take(a.form, r, round)
			a.env.Tally.answers().Calls++
			if a.env.heard != nil {
				a.env.heard()
			}
			return a.env.hopes(r)
		})
		if err != nil {
			var none *hopeless
			for i := range out {
				if errors.As(err, &none) && out[i].form == "failed" {
					a.env.Tally.count(&out[i])
				}
			}
			return nil, err
		}
		var again []int
		for _, i := range open {
			if out[i].form == "invalid" {
				calls[i] = told(calls[i], out[i])
				again = append(again, i)
			}
		}
		open = again
	}
	for i := range out {
		a.env.Tally.count(&out[i])
	}
	return out, nil
}

// A hopeless stage is one of whose first answers none came, for one reason that does not pass.
type hopeless struct {
	calls  int
	reason string
}

func (h *hopeless) Error() string { return unanswered(h.calls, h.reason) }

func unanswered(calls int, reason string) string {
	return fmt.Sprintf("the server answered none of %d calls: %s", calls, show.Line(reason, 200))
}

// equalFailures is how many first calls of a stage may fail for good, and for the same reason, before no more are made.
const equalFailures = 8

// hopes is an error once the first calls of a stage have failed, all for the same reason.
func (e *Env) hopes(r llm.Reply) error {
	if e.hopeful = e.hopeful || !r.Failed() || r.Passing || e.refused.calls > 0 && e.refused.reason != r.Finish; e.hopeful {
		return nil
	}
	e.refused.reason = r.Finish
	if e.refused.calls++; e.refused.calls == equalFailures {
		return &hopeless{equalFailures, strings.TrimPrefix(r.Finish, "failed: ")}
	}
	return nil
}

// dressed adds what every call of the pipeline has.
func (a asker) dressed(c llm.Call) llm.Call {
	c.Schema = a.form.raw
	if c.Logprobs = -1; a.env.Logprobs {
		c.Logprobs = 0
	}
	return c
}

// told is a call with the answer that was not in form, and what was wrong with it.
func told(c llm.Call, a answer) llm.Call {
	messages := append([]llm.Message{}, c.Messages...)
	c.Messages = append(messages,
		llm.Message{Role: "assistant", Content: a.reply.Text},
		llm.Message{Role: "user", Content: fmt.Sprintf("This cannot be used: %s. Answer again, with nothing but what was asked for.", fault(a.why))})
	return c
}

// maxFault is how many bytes of what is wrong with an answer the model is told.
const maxFault = 200

// fault is what is wrong with an answer, no longer than that.
func fault(why string) string {
	if len(why) > maxFault {
		return strings.ToValidUTF8(why[:maxFault-3], "") + "…"
	}
	return why
}

// withheld is how an answer ends that a filter of the server kept back, in whole or in part: asked again it would be again.
const withheld = "content_filter"

// take notes the reply to the call of a round.
func (a *answer) take(f form, r llm.Reply, round int) {
	a.reply = r
	a.cost += r.Money
	a.tokens += r.Usage.Prompt + r.Usage.Answer
	if r.Failed() {
		a.form, a.why = "failed", r.Finish
		return
	}
	if r.Finish == withheld {
		a.form, a.why = "failed", "failed: "+withheld
		return
	}
	fields, mended, err := f.read(r.Text)
	switch {
	case err != nil:
		a.form, a.why = "invalid", err.Error()
		return
	case round > 0:
		a.form = "re-asked"
	case mended:
		a.form = "repaired"
	default:
		a.form = "valid"
	}
	a.fields, a.why = fields, ""
}

// drawn is how the answer was written.
func (a answer) drawn(c llm.Call, body map[string]any) *Drawn {
	s := c.Sampling
	d := &Drawn{Model: a.reply.Model, Sampler: Sampler{s.Temperature, s.TopP, s.TopK, s.MinP, s.MaxTokens, s.Stop, body}, Seed: c.Seed, Prompt: a.reply.Prompt, Response: a.reply.Response,
		Key: a.reply.Key, Tokens: a.reply.Usage.Answer, Finish: a.reply.Finish, Form: a.form}
	if sum := a.reply.Logprob(); !math.IsNaN(sum) && !math.IsInf(sum, 0) {
		d.Logprob = &sum
	}
	return d
}

func (t *Tally) answers() *Answers {
	if t.Answers == nil {
		t.Answers = &Answers{}
	}
	return t.Answers
}

// count notes an answer and what it cost.
func (t *Tally) count(a *answer) {
	t.Cost += a.cost
	t.Tokens += a.tokens
	n := t.answers()
	if a.fields != nil && a.reply.Finish == "length" {
		n.Cut++
	}
	switch a.form {
	case "valid":
		n.Valid++
	case "repaired":
		n.Repaired++
	case "re-asked":
		n.Reasked++
	case "failed":
		n.Failed++
		t.failed(a.why)
		if a.reply.Passing {
			n.Passing++
		}
	default:
		n.Invalid++
	}
}
