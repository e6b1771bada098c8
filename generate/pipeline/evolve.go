package pipeline

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"modelcollapse/generate/llm"
)

// Evolve rewrites an instruction into a harder or a rarer one: Evol-Instruct (Xu et al. 2023, arXiv 2304.12244). Each record is
// evolved by one operation, drawn at random. What evolves into nothing new is dropped by rules (the eliminator).
type Evolve struct {
	Field      string       `json:"field" default:"instruction" doc:"whose text is evolved"`
	Operations []string     `json:"operations" default:"[constraints, deepen, concrete, steps, breadth]" enum:"constraints,deepen,concrete,steps,breadth" doc:"constraints, deepen, concrete and steps make it harder (depth), breadth makes another of its kind"`
	Original   bool         `json:"original" default:"true" doc:"what was evolved stays too, as the pool of the paper has it"`
	Sampling   llm.Sampling `json:"sampling"`
	Endpoint   string       `json:"endpoint" doc:"one of endpoints, by its name; empty: that of the pipeline"`
}

// evolutions are what each operation asks for.
var evolutions = map[string]string{
	"constraints": "Make it harder by adding one more requirement or constraint to it.",
	"deepen":      "If it asks about a matter, have it ask about that matter in more depth and breadth.",
	"concrete":    "Put something more specific in the place of what is general in it.",
	"steps":       "If it can be answered by a few simple steps of thought, have it ask for several steps of reasoning.",
	"breadth":     "Do not change it, but write a new one of the same domain and about the same length and difficulty, on something rarer.",
}

// evolvePrompt has places for an evolution and the instruction.
const evolvePrompt = "Rewrite the instruction below. %s It must stay reasonable, be understood by people and be answerable. " +
	"It may grow by 10 to 20 words at most. Answer with the rewritten instruction alone.\n\n%s"

// Validate asks for operations.
func (v Evolve) Validate() error {
	if len(v.Operations) == 0 {
		return errors.New("operations: there are none")
	}
	return nil
}

// Open implements Stage.
func (v Evolve) Open(e *Env) (any, error) {
	if err := e.knows("field", v.Field); err != nil {
		return nil, err
	}
	server, err := e.server(v.Endpoint)
	if err != nil {
		return nil, err
	}
	prompt := readSize(len(evolvePrompt)).plus(measured(slices.Collect(maps.Values(evolutions)))).plus(e.Fields.sizes[v.Field])
	e.calls = append(e.calls, cost{server: v.Endpoint, each: 1, most: 1, prompt: func(*Names) size { return prompt }, sampling: v.Sampling})
	e.Fields.sized(writtenSize(v.Sampling, 1), v.Original, v.Field)
	e.Fields.sized(measured(v.Operations), false, "operation")
	if v.Original {
		e.factor = 2
		e.may("operation", "what was not evolved lacks it")
	} else {
		e.Fields.add("operation")
	}
	e.Fields.wrote = []string{v.Field}
	return &evolver{v, e, asker{e, server, textForm(v.Field), 0}}, nil
}

type evolver struct {
	Evolve
	env   *Env
	asker asker
}

// DrawGiven evolves every record.
func (v *evolver) DrawGiven(ctx context.Context, dst, given []Record, rng *rand.Rand) ([]Record, error) {
	all := make([]question, len(given))
	for i, r := range given {
		op := v.Operations[rng.IntN(len(v.Operations))]
		text, _ := r.Fields.Text(v.Field)
		prompt := fmt.Sprintf(evolvePrompt, evolutions[op], text)
		all[i] = question{parents: []Record{r}, fields: r.Fields.with(Fields{"operation": op}), call: chat("", prompt, v.Sampling, rng)}
		all[i].call.Sample = v.env.made + i
	}
	written, err := v.env.written(ctx, nil, all, v.asker)
	if err != nil {
		return nil, err
	}
	for i, r := range given {
		if v.Original {
			dst = append(dst, r)
		}
		before, _ := r.Fields.Text(v.Field)
		after, _ := written[i].Fields.Text(v.Field)
		if written[i].Why == "" {
			written[i].Why = eliminate(before, after)
		}
		dst = append(dst, written[i])
	}
	return dst, nil
}

var leaked = regexp.MustCompile(`(?i)\b(given|rewritten|original|new) (prompt|instruction)\b`)

// stopWords carry no content of their own; an instruction of nothing else says nothing.
var stopWords = map[string]bool{"a": true, "an": true, "the": true, "of": true, "and": true, "or": true, "to": true, "in": true,
	"is": true, "it": true, "that": true, "this": true, "for": true, "on": true, "with": true, "as": true, "be": true, "are": true, "was": true,
	"by": true, "at": true, "from": true, "but": true, "not": true, "i": true, "you": true, "he": true, "she": true, "we": true, "they": true}

// eliminate is why an evolution failed (rules of the paper, section 3.2), or "".
func eliminate(before, after string) string {
	old, now := words(before), words(after)
	content := slices.DeleteFunc(slices.Clone(now), func(w string) bool { return stopWords[w] })
	switch {
	case len(content) == 0:
		return "eliminated: no content"
	case slices.Equal(old, now) || maps.Equal(set(old), set(now)):
		return "eliminated: nothing new"
	case len(now) < 80 && len(now) > 0 && (now[0] == "sorry" || strings.HasPrefix(strings.Join(now, " "), "i am sorry") || strings.HasPrefix(strings.Join(now, " "), "i m sorry")):
		return "eliminated: an apology"
	case leaked.MatchString(after) && !leaked.MatchString(before):
		return "eliminated: speaks of the prompt"
	}
	return ""
}

func set(words []string) map[string]bool {
	s := map[string]bool{}
	for _, w := range words {
		s[w] = true
	}
	return s
}
