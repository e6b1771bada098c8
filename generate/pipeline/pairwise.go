package pipeline

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"

	"modelcollapse/generate"
	"modelcollapse/generate/llm"
	"modelcollapse/internal/rng"
)

// Pairwise keeps the best of the records that one record was made into: a knock-out in which each pair is judged twice, with
// the order of the two swapped, so that the place where a judge sees something decides nothing and its bias is known.
type Pairwise struct {
	System   string       `json:"system" doc:"template of the system message; empty: there is none"`
	Rubric   string       `json:"rubric" required:"true" doc:"template of the question: {{first}} and {{second}} are the texts of the two"`
	Field    string       `json:"field" doc:"whose text is compared; empty: the text of the record"`
	Reasks   int          `json:"re_asks" default:"2" min:"0" max:"20" doc:"how often a judgement that is not in form is asked for again"`
	Sampling llm.Sampling `json:"sampling"`
	Endpoint string       `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

// Open implements Stage.
func (p Pairwise) Open(e *Env) (any, error) {
	f, err := schemaForm(map[string]any{"type": "object", "properties": map[string]any{
		"winner": map[string]any{"enum": []any{"first", "second"}}}, "required": []any{"winner"}, "additionalProperties": false})
	if err != nil {
		return nil, err
	}
	server, err := e.server(p.Endpoint)
	if err != nil {
		return nil, err
	}
	out := &pairwise{Pairwise: p, env: e, asker: asker{e, server, f, p.Reasks}}
	var e1, e2, e3 error
	out.textOf, e1 = e.textOf(p.Field)
	names, _ := e.textNames(p.Field)
	out.system, e2 = e.template("system", p.System)
	out.rubric, e3 = e.template("rubric", p.Rubric, "first", "second")
	if err := errors.Join(e1, e2, e3); err != nil {
		return nil, err
	}
	text := e.Fields.sizes.of(names)
	known := e.Fields.sizes.with("first", text).with("second", text)
	e.calls = append(e.calls, cost{server: p.Endpoint, each: 2, most: 2, reasks: p.Reasks, prompt: prompted(known, out.system, out.rubric),
		schema: len(f.raw), sampling: p.Sampling})
	return out, nil
}

type pairwise struct {
	Pairwise
	env            *Env
	asker          asker
	textOf         func(Fields) string
	system, rubric *Template
}

// Name implements generate.Intervention.
func (p *pairwise) Name() string { return p.env.Name }

// Apply plays all groups at once, a round after the other.
func (p *pairwise) Apply(ctx context.Context, b generate.Batch[Record]) error {
	groups, most := siblings(b.Rows)
	best := make([]int, len(groups))
	streams := make([]*rand.Rand, len(groups)) // each group has its own, so that a preview asks what the run will ask
	for k, g := range groups {
		best[k], streams[k] = g[0], rng.Root(b.Rand.Uint64()).Stream()
	}
	for round := 1; round < most; round++ {
		var pairs [][2]int
		var of []int
		var calls []llm.Call
		for k, g := range groups {
			if round < len(g) {
				pair := [2]int{best[k], g[round]}
				calls = append(calls, p.call(b.Rows[pair[0]], b.Rows[pair[1]], streams[k]), p.call(b.Rows[pair[1]], b.Rows[pair[0]], streams[k]))
				pairs, of = append(pairs, pair), append(of, k)
			}
		}
		wins, err := p.play(ctx, b, pairs, calls)
		if err != nil {
			return err
		}
		for i, k := range of {
			loser := pairs[i][1]
			if wins[i] {
				loser, best[k] = pairs[i][0], pairs[i][1]
			}
			b.Rows[loser].Why, b.Weights[loser] = "lost to another of its parent", 0
		}
	}
	return nil
}

// siblings are the rows by their parents, in the order in which they come, and the size of the largest group.
func siblings(rows []Record) (groups [][]int, most int) {
	at := map[string]int{}
	for i, r := range rows {
		key := strings.Join(r.Parents, " ")
		if len(r.Parents) == 0 {
			key = r.ID
		}
		k, there := at[key]
		if !there {
			k = len(groups)
			at[key], groups = k, append(groups, nil)
		}
		groups[k] = append(groups[k], i)
		most = max(most, len(groups[k]))
	}
	return groups, most
}

// play judges pairs both ways round, by two calls each; the second of a pair wins if it does so both times, so that a judge who decides by place
// changes nothing.
func (p *pairwise) play(ctx context.Context, b generate.Batch[Record], pairs [][2]int, calls []llm.Call) ([]bool, error) {
	answers, err := p.asker.ask(ctx, len(calls), func(i int) llm.Call { return calls[i] })
	if err != nil {
		return nil, err
	}
	wins := make([]bool, len(pairs))
	if p.env.Tally.Order == nil {
		p.env.Tally.Order = &Order{}
	}
	for i, pair := range pairs {
		straight, swapped := answers[2*i], answers[2*i+1]
		b.Rows[pair[0]].Cost += straight.cost
		b.Rows[pair[1]].Cost += swapped.cost
		if straight.fields == nil || swapped.fields == nil {
			continue
		}
		first, second := straight.fields["winner"], swapped.fields["winner"]
		p.env.Tally.Order.count(first == "first", second == "first")
		wins[i] = first == "second" && second == "first"
	}
	return wins, nil
}

// count notes whether the first place won of a pair, and of the same pair swapped.
func (o *Order) count(straight, swapped bool) {
	o.Pairs++
	switch {
	case straight && swapped:
		o.First++
	case !straight && !swapped:
		o.Second++
	}
}

func (p *pairwise) call(first, second Record, stream *rand.Rand) llm.Call {
	shown := first.Fields.with(Fields{"first": p.textOf(first.Fields), "second": p.textOf(second.Fields)})
	c := chat(p.system.fill(shown), p.rubric.fill(shown), p.Sampling, stream)
	c.Sample = int(*c.Seed)
	return c
}
