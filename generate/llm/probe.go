package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Probe finds out what the server can do: few short calls, each journalled. What the profile of the endpoint says goes before.
// From then on calls are made as it says; before, auto sends seeds, lists of stops and json_schema.
func (c *Client) Probe(ctx context.Context) (Profile, error) {
	for _, p := range []struct {
		name  string
		field func(*Profile) *string
		find  func(context.Context) (string, error)
	}{
		{"scoring", func(p *Profile) *string { return &p.Scoring }, c.probeScoring},
		{"seed", func(p *Profile) *string { return &p.Seed }, c.probeSeed},
		{"schema", func(p *Profile) *string { return &p.Schema }, c.probeSchema},
		{"several_stops", func(p *Profile) *string { return &p.Several }, c.probeStops},
	} {
		known := c.known()
		if *p.field(&known) != "auto" {
			continue
		}
		found, err := p.find(ctx)
		if err != nil {
			return c.known(), fmt.Errorf("%s: %w", p.name, err)
		}
		c.learn(func(k *Profile) { *p.field(k) = found })
	}
	return c.known(), nil
}

func (c *Client) learn(change func(*Profile)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.profile)
}

// try makes a call that the server may refuse: nil without an error if it did.
func (c *Client) try(ctx context.Context, call Call, api string) (*Reply, error) {
	r, err := c.do(ctx, call, api)
	var no *refusal
	if errors.As(err, &no) && (no.status == http.StatusNotFound || no.status == http.StatusMethodNotAllowed) && api != c.endpoint.API {
		return nil, nil // the other endpoint is not there
	}
	switch {
	case err != nil:
		return nil, err
	case !r.Failed():
		return &r, nil
	case r.Passing:
		return nil, errors.New(r.Finish)
	}
	return nil, nil
}

const probeText = "one two three"

// probeScoring asks for an echo, and if it does not come, for an answer by a grammar.
func (c *Client) probeScoring(ctx context.Context) (string, error) {
	r, err := c.try(ctx, c.echoCall("", probeText), "completions")
	if err != nil {
		return "", err
	}
	if r != nil {
		if _, n, err := c.readEcho("", probeText, *r); err == nil && n > 0 { // −∞ is a score too
			return "echo", nil
		}
	}
	if r, err = c.try(ctx, grammarCall("", probeText), "completions"); err != nil {
		return "", err
	}
	if r != nil {
		if _, _, err := c.readForced("", probeText, *r); err == nil {
			return "grammar", nil
		}
	}
	return "none", nil
}

func yes(r *Reply) string {
	if r == nil {
		return "no"
	}
	return "yes"
}

func (c *Client) probeSeed(ctx context.Context) (string, error) {
	r, err := c.try(ctx, Call{Prompt: probeText, Seed: new(int64(1)), Logprobs: -1, Sampling: Sampling{MaxTokens: 1}}, c.endpoint.API)
	return yes(r), err
}

func (c *Client) probeStops(ctx context.Context) (string, error) {
	r, err := c.try(ctx, Call{Prompt: probeText, Logprobs: -1, Sampling: Sampling{MaxTokens: 1, Stop: []string{"\n\n", "###"}}}, c.endpoint.API)
	return yes(r), err
}

// probeSchema asks something that nobody answers in JSON unless bound to. Servers that do not know the field may pass it over.
func (c *Client) probeSchema(ctx context.Context) (string, error) {
	schema := json.RawMessage(`{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}`)
	for _, way := range []string{"json_schema", "json_object"} {
		m := map[string]any{}
		if _, err := (Profile{Schema: way}).bind(m, Call{Schema: schema}); err != nil {
			return "", err
		}
		r, err := c.try(ctx, Call{Prompt: "How are you?", Logprobs: -1, Sampling: Sampling{MaxTokens: 64}, Extra: m}, c.endpoint.API)
		if err != nil {
			return "", err
		}
		var o struct{ N *int }
		if r != nil && json.Unmarshal([]byte(r.Text), &o) == nil && o.N != nil {
			return way, nil
		}
	}
	return "none", nil
}
