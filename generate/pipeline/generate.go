package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"modelcollapse/generate/llm"
)

// Generate asks the model for new records, given each record: by a template, with examples, as text or by a JSON schema.
type Generate struct {
	System   string              `json:"system" doc:"template of the system message; empty: there is none"`
	Prompt   string              `json:"prompt" required:"true" doc:"template: {{field}} is a field of the record, {{field|otherwise}} has an alternative, {{examples}} are the examples"`
	Into     string              `json:"into" default:"text" doc:"the field that a free answer becomes"`
	Schema   map[string]any      `json:"schema" doc:"JSON schema of the answer, type: object; its properties become fields. Empty: the answer is text"`
	Answers  int                 `json:"answers" default:"1" min:"1" max:"1000" doc:"records made of each record (and cell of over)"`
	Over     map[string][]string `json:"over" doc:"values by field: the question is put for each combination of them"`
	Take     int                 `json:"take" default:"0" min:"0" doc:"so many combinations of over, drawn for each record; 0: all"`
	Examples Examples            `json:"examples"`
	Reasks   int                 `json:"re_asks" default:"2" min:"0" max:"20" doc:"how often an answer that is not in form is asked for again, with what was wrong"`
	Sampling llm.Sampling        `json:"sampling"`
	Endpoint string              `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

// Examples are shown in a prompt: few-shot, drawn anew for each question.
type Examples struct {
	Seeds  int    `json:"seeds" default:"0" min:"0" max:"100" doc:"drawn from the seeds"`
	Kept   int    `json:"kept" default:"0" min:"0" max:"100" doc:"drawn from what was kept so far; seeds stand in for what is not there yet"`
	Format string `json:"format" default:"'{{n}}. {{text}}'" doc:"template of one example; {{n}} is its number from 1"`
}

// Validate checks what one setting cannot know of another.
func (g Generate) Validate() error {
	if len(g.Schema) == 0 {
		if err := checkField(g.Into); err != nil {
			return fmt.Errorf("into: %w", err)
		}
	}
	if len(g.Over) > 0 {
		if err := (Grid{Axes: g.Over}).Validate(); err != nil {
			return fmt.Errorf("over: %w", err)
		}
	}
	if cells := newCells(g.Over).count; g.Take > cells {
		return fmt.Errorf("take: %d of %d combinations", g.Take, cells)
	}
	return nil
}

// Open implements Stage.
func (g Generate) Open(e *Env) (any, error) {
	out := &generator{Generate: g, env: e, cells: newCells(g.Over)}
	f, must, may, err := formOf(g.Schema, g.Into)
	if err != nil {
		return nil, err
	}
	server, err := e.server(g.Endpoint)
	if err != nil {
		return nil, err
	}
	out.asker = asker{e, server, f, g.Reasks}
	more := out.cells.names
	if g.Examples.Seeds+g.Examples.Kept > 0 {
		more = append([]string{"examples"}, more...)
	}
	out.system, err = e.template("system", g.System, more...)
	var e1, e2 error
	out.prompt, e1 = e.template("prompt", g.Prompt, more...)
	if out.example, e2 = ParseTemplate(g.Examples.Format); e2 != nil {
		e2 = eachError("examples.format", e2)
	}
	if err := errors.Join(err, e1, e2); err != nil {
		return nil, err
	}
	if err := out.checkExamples(); err != nil {
		return nil, err
	}
	out.given = e.Fields.uses(out.system, out.prompt)
	each := out.per()
	e.factor = each
	e.Fields.add(out.cells.names...)
	out.cells.sized(e.Fields)
	e.calls = append(e.calls, cost{server: g.Endpoint, each: float64(each), most: each, reasks: g.Reasks, prompt: out.size(e.Fields),
		schema: len(f.raw), sampling: g.Sampling})
	e.Fields.sized(writtenSize(g.Sampling, len(must)+len(may)), false, append(slices.Clone(must), may...)...)
	e.wrote(must, may)
	return out, nil
}

// formOf is the form of answers and the fields that they become.
func formOf(schema map[string]any, into string) (f form, must, may []string, err error) {
	if len(schema) == 0 {
		return textForm(into), []string{into}, nil, nil
	}
	if f, err = schemaForm(schema); err != nil {
		return f, nil, nil, err
	}
	must, may = properties(schema)
	for _, name := range append(append([]string{}, must...), may...) {
		if err := checkField(name); err != nil {
			return f, nil, nil, fmt.Errorf("schema: %w", err)
		}
	}
	return f, must, may, nil
}

// wrote notes the fields that a stage writes.
func (e *Env) wrote(must, may []string) {
	e.Fields.add(must...)
	e.Fields.wrote = append(append([]string{}, must...), may...)
	for _, name := range may {
		e.may(name, "the schema of "+e.Name+" does not require it")
	}
}

// uses reports whether templates have a place for a field of the record itself.
func (n *Names) uses(all ...*Template) bool {
	for _, t := range all {
		for _, name := range t.Names() {
			if n.always(name) || n.sometimes(name) {
				return true
			}
		}
	}
	return false
}

type generator struct {
	Generate
	env            *Env
	asker          asker
	cells          cells
	system, prompt *Template
	example        *Template
	given          bool // the record itself stands in the prompt
}

// per is how many questions a record makes.
func (g *generator) per() int {
	cells := g.cells.count
	if g.Take > 0 {
		cells = g.Take
	}
	return cells * g.Answers
}

// size is that of a question: of the templates, with the longest examples that there may be. Seeds stand in for kept ones.
func (g *generator) size(here *Names) func(*Names) size {
	known, n := maps.Clone(here.sizes), g.Examples.Seeds+g.Examples.Kept
	return func(last *Names) size {
		seeds, kept := g.example.size(g.env.Pool.names().sizes), g.example.size(last.sizes)
		examples := seeds.times(g.Examples.Seeds).plus(kept.or(seeds).times(g.Examples.Kept)).plus(readSize(4 * n)) // numbers and line ends
		return prompted(known.with("examples", examples), g.system, g.prompt)(last)
	}
}

// checkExamples checks the format of examples against seeds now, and against what is kept once that is known.
func (g *generator) checkExamples() error {
	if g.Examples.Seeds+g.Examples.Kept == 0 {
		return nil
	}
	if len(g.env.Pool.seeds) == 0 {
		return errors.New("examples: there are no seeds: begin with a stage of kind seeds")
	}
	names := g.env.Pool.names()
	if err := g.example.check(names.beside("n")); err != nil {
		return eachError("examples.format", err)
	}
	g.env.Pool.wanted = g.env.Pool.wanted || g.Examples.Kept > 0
	g.env.late = append(g.env.late, func(last *Names) error {
		if g.Examples.Kept == 0 {
			return nil
		}
		if err := g.example.check(last.beside("n")); err != nil {
			return eachError("examples.format", err)
		}
		return nil
	})
	return nil
}

// A question is one call that a generator makes, and whom its record descends from.
type question struct {
	call    llm.Call
	parents []Record
	fields  Fields // that the record has beside the answer
}

// DrawGiven makes the records of all given ones; those whose answer is of no use say why.
func (g *generator) DrawGiven(ctx context.Context, dst, given []Record, rng *rand.Rand) ([]Record, error) {
	var all []question
	for _, r := range given {
		for _, cell := range g.chosen(rng) {
			for range g.Answers {
				q, err := g.question(r, cell, rng)
				if err != nil {
					return nil, err
				}
				q.call.Sample = g.env.made + len(all)
				all = append(all, q)
			}
		}
	}
	return g.env.written(ctx, dst, all, g.asker)
}

// written puts questions and makes records of the answers.
func (e *Env) written(ctx context.Context, dst []Record, all []question, a asker) ([]Record, error) {
	answers, err := a.ask(ctx, len(all), func(i int) llm.Call { return all[i].call })
	if err != nil {
		return nil, err
	}
	for i, got := range answers {
		r := Record{ID: e.next(), Stage: e.Name, Fields: all[i].fields.with(got.fields), Drawn: got.drawn(all[i].call, a.server.Body), Cost: got.cost, Why: short(got.why)}
		r.descend(all[i].parents)
		dst = append(dst, r)
	}
	return dst, nil
}

// chosen are the cells of over that a record is asked about; one without fields where there is no over.
func (g *generator) chosen(rng *rand.Rand) (out []Fields) {
	if g.Take == 0 {
		for i := range g.cells.count {
			out = append(out, g.cells.at(i))
		}
		return out
	}
	for _, i := range choose(g.Take, g.cells.count, rng) {
		out = append(out, g.cells.at(i))
	}
	return out
}

func (g *generator) question(r Record, cell Fields, rng *rand.Rand) (q question, err error) {
	shown := r.Fields.with(cell)
	q.fields = shown
	var examples []Record
	if n := g.Examples.Seeds + g.Examples.Kept; n > 0 {
		if examples, err = g.env.Pool.sample(g.Examples.Seeds, g.Examples.Kept, rng); err != nil {
			return q, err
		}
		var lines []string
		for i, x := range examples {
			lines = append(lines, g.example.fill(x.Fields.with(Fields{"n": strconv.Itoa(i + 1)})))
		}
		shown = shown.with(Fields{"examples": strings.Join(lines, "\n")})
	}
	if g.given || len(examples) == 0 {
		q.parents = []Record{r}
	}
	for _, x := range examples {
		if len(q.parents) == 0 || x.ID != q.parents[0].ID || !g.given {
			q.parents = append(q.parents, x)
		}
	}
	q.call = chat(g.system.fill(shown), g.prompt.fill(shown), g.Sampling, rng)
	return q, nil
}

// chat is a call of one or two messages with a seed of its own.
func chat(system, prompt string, s llm.Sampling, rng *rand.Rand) llm.Call {
	seed := int64(rng.Uint32() >> 1) // what every server takes
	c := llm.Call{Seed: &seed, Sampling: s}
	if system != "" {
		c.Messages = append(c.Messages, llm.Message{Role: "system", Content: system})
	}
	c.Messages = append(c.Messages, llm.Message{Role: "user", Content: prompt})
	return c
}

// short is a reason that fits into a record.
func short(why string) string {
	if r := []rune(why); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return why
}
