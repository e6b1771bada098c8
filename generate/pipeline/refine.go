package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"modelcollapse/generate/llm"
)

// Refine has the model rewrite records that meet a condition; the others stay as they are.
type Refine struct {
	When     string         `json:"when" doc:"condition such as score < 4; empty: every record is rewritten"`
	System   string         `json:"system" doc:"template of the system message; empty: there is none"`
	Prompt   string         `json:"prompt" required:"true" doc:"template: the record, what is wrong with it, and what is wanted"`
	Into     string         `json:"into" default:"text" doc:"the field that the answer replaces"`
	Schema   map[string]any `json:"schema" doc:"JSON schema of the answer; its properties replace fields. Empty: the answer is text"`
	Reasks   int            `json:"re_asks" default:"2" min:"0" max:"20" doc:"how often an answer that is not in form is asked for again"`
	Sampling llm.Sampling   `json:"sampling"`
	Endpoint string         `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

// Validate checks what one setting cannot know of another.
func (r Refine) Validate() error {
	if len(r.Schema) > 0 {
		return nil
	}
	if err := checkField(r.Into); err != nil {
		return fmt.Errorf("into: %w", err)
	}
	return nil
}

// Open implements Stage.
func (r Refine) Open(e *Env) (any, error) {
	out := &refiner{Refine: r, env: e}
	f, must, may, err := formOf(r.Schema, r.Into)
	if err != nil {
		return nil, err
	}
	server, err := e.server(r.Endpoint)
	if err != nil {
		return nil, err
	}
	out.asker = asker{e, server, f, r.Reasks}
	var e1, e2, e3 error
	out.when, e1 = e.condition("when", r.When)
	out.system, e2 = e.template("system", r.System)
	out.prompt, e3 = e.template("prompt", r.Prompt)
	if err := errors.Join(e1, e2, e3); err != nil {
		return nil, err
	}
	e.calls = append(e.calls, cost{server: r.Endpoint, each: 1, most: 1, reasks: r.Reasks, prompt: prompted(e.Fields.sizes, out.system, out.prompt),
		schema: len(f.raw), sampling: r.Sampling})
	e.Fields.sized(writtenSize(r.Sampling, len(must)+len(may)), true, append(slices.Clone(must), may...)...)
	for _, name := range append(must, may...) {
		if !e.Fields.always(name) {
			e.may(name, "a record that "+e.Name+" leaves as it is lacks it")
		}
	}
	return out, nil
}

// may notes a field that some records lack.
func (e *Env) may(name, why string) {
	if e.Fields.always(name) {
		return
	}
	if e.Fields.some == nil {
		e.Fields.some = map[string]string{}
	}
	e.Fields.some[name] = why
}

type refiner struct {
	Refine
	env            *Env
	asker          asker
	when           condition
	system, prompt *Template
}

// DrawGiven rewrites the records that meet the condition, each a child of what it was.
func (r *refiner) DrawGiven(ctx context.Context, dst, given []Record, rng *rand.Rand) ([]Record, error) {
	var all []question
	for _, rec := range given {
		if r.when.holds(rec.Fields) {
			q := question{parents: []Record{rec}, fields: rec.Fields, call: chat(r.system.fill(rec.Fields), r.prompt.fill(rec.Fields), r.Sampling, rng)}
			q.call.Sample = r.env.made + len(all)
			all = append(all, q)
		}
	}
	written, err := r.env.written(ctx, nil, all, r.asker)
	if err != nil {
		return nil, err
	}
	next := 0
	for _, rec := range given {
		if r.when.holds(rec.Fields) {
			rec = written[next]
			next++
		}
		dst = append(dst, rec)
	}
	return dst, nil
}
