package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// A batchLine is a line of the output file or of the error file of a batch.
type batchLine struct {
	ID       string `json:"custom_id"`
	Response *struct {
		Status int             `json:"status_code"`
		Body   json.RawMessage `json:"body"`
	} `json:"response"`
	Error json.RawMessage `json:"error"`
}

// harvest waits for the batch of a group and journals what it answered.
func (b *bulk) harvest(ctx context.Context, g *group) error {
	s, err := b.awaitBatch(ctx, g.batch.id)
	if errors.Is(err, errGone) {
		b.pass(g, errGone.Error())
		return b.close(g, batchState{Status: "gone"})
	}
	if err != nil {
		return fmt.Errorf("batch %s: %w", g.batch.id, err)
	}
	if s.Status == "failed" {
		b.pass(g, "the batch "+b.redact.message(s.why()))
	}
	refused := error(nil)
	for _, id := range []string{s.Output, s.Faults} {
		if id == "" {
			continue
		}
		var lines []byte
		e := errand{method: http.MethodGet, path: "/files/" + url.PathEscape(id) + "/content", key: hexDigest([]byte("content " + id)), bulk: true}
		if err := b.run(ctx, e, &lines); err != nil {
			return fmt.Errorf("batch %s: %w", g.batch.id, err)
		}
		for line := range bytes.Lines(lines) {
			if err := b.line(g, line); errors.Is(err, ErrRefused) {
				refused = err
			} else if err != nil {
				return fmt.Errorf("batch %s: %w", g.batch.id, err)
			}
		}
	}
	return errors.Join(b.close(g, s), refused)
}

// line journals one answer as that of a call is. Lines that are no JSON, that name no call of the group, or that come a second
// time are passed over: what has no answer in the end is asked for again.
func (b *bulk) line(g *group, text []byte) error {
	var l batchLine
	if len(bytes.TrimSpace(text)) == 0 || json.Unmarshal(text, &l) != nil || len(l.ID) != 64 {
		return nil
	}
	it := g.items[sumOf(l.ID)]
	if it == nil {
		return nil
	}
	r, err := b.compose(b.call(it.i), b.api)
	if err != nil {
		return err
	}
	o := b.judgeLine(l, r)
	t := b.try(it)
	if o.verdict == passes {
		t.reason = o.reason
		return nil
	}
	if o.verdict == refused {
		t.reason = o.reason
		return &refusal{b.endpoint.BaseURL, o.status, o.reason}
	}
	h := head{Done: r.key, Attempts: t.attempts + 1, Finish: "failed: " + o.reason}
	if o.verdict == answered {
		u := o.answer.usage
		h.Finish, h.Prompt, h.Cached, h.Answered, h.Counted = o.answer.finish, u.Prompt, u.Cached, u.Answer, u.Counted
		h.Money = b.endpoint.Prices.money(u) * b.endpoint.Prices.Batch
	}
	err = b.book(h, r, o.raw)
	delete(g.items, it.sum)
	g.worst.subtract(it.worst)
	b.purse.settle(it.worst, false)
	b.fresh[it.i] = true
	return err
}

// judgeLine is what a line comes to.
func (b *bulk) judgeLine(l batchLine, r request) (o outcome) {
	told := readTold(l.Error)
	switch {
	case l.Response != nil && l.Response.Status >= http.StatusBadRequest:
		raw := compact(b.redact.answer(l.Response.Body))
		if o = byStatus(l.Response.Status, readBody(raw)); o.verdict == final {
			o.raw = raw
		}
	case l.Response != nil && len(l.Response.Body) > 0:
		o = byAnswer(&exchange{raw: compact(b.redact.answer(l.Response.Body))}, r)
	case told != nil:
		o = outcome{verdict: passes, reason: told.Error()}
	default:
		o = outcome{verdict: passes, reason: "the batch has neither an answer nor an error for it"}
	}
	o.reason = b.redact.message(o.reason)
	return o
}

func (b *bulk) try(it *item) *try {
	t := b.tries[it.sum]
	if t == nil {
		t = &try{}
		b.tries[it.sum] = t
	}
	return t
}

// pass gives every item of a group without an answer a reason.
func (b *bulk) pass(g *group, reason string) {
	for _, it := range g.items {
		b.try(it).reason = reason
	}
}

// close counts an attempt of every item that has no answer, and notes that the batch is done with.
func (b *bulk) close(g *group, s batchState) error {
	for _, key := range g.batch.keys { // in the order of the file
		it := g.items[sumOf(key)]
		if it == nil {
			continue
		}
		t := b.try(it)
		if t.reason == "" {
			t.reason = "the batch gave no answer to it"
		}
		if t.attempts++; t.attempts < b.endpoint.Attempts {
			continue
		}
		r, err := b.compose(b.call(it.i), b.api)
		if err == nil {
			err = b.book(head{Tried: r.key, Attempts: t.attempts, Finish: "failed: " + t.reason}, r, nil)
		}
		if err != nil {
			return err
		}
	}
	if b.others(g) {
		return b.ending(g, s)
	}
	return errors.Join(b.endBatch(g.batch, s.Status), b.ending(g, s))
}

// others says whether a batch has calls that this Each did not ask for and the journal does not have.
func (b *bulk) others(g *group) bool {
	for _, key := range g.batch.keys {
		sum := sumOf(key)
		if _, ok := b.ledger.has(sum); !ok && b.tries[sum] == nil {
			return true
		}
	}
	return false
}

// ending is the error of a batch that ended as nobody wants it: called off by somebody, or refused as a whole to the last.
func (b *bulk) ending(g *group, s batchState) error {
	switch {
	case s.Status == "cancelled" && len(g.items) > 0:
		return fmt.Errorf("batch %s: %w: it was cancelled with %d calls unanswered: run the same command to ask for them again", g.batch.id, ErrAway, len(g.items))
	case s.Status != "failed":
		return nil
	}
	for _, it := range g.items {
		if b.try(it).attempts >= b.endpoint.Attempts {
			return fmt.Errorf("batch %s: %w: %s", g.batch.id, ErrAway, b.try(it).reason)
		}
		break
	}
	return nil
}
