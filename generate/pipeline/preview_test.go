package pipeline

import (
	"fmt"
	"testing"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/store"
)

// Every call of a preview is one that the run makes, so that the journal pays for it once.
func TestPreviewAsksWhatTheRunAsks(t *testing.T) {
	asked := map[string]bool{}
	answer := func(c llm.Call) string {
		asked[fmt.Sprint(c.Messages, *c.Seed, c.Sample)] = true
		switch {
		case len(c.Schema) == 0:
			return numbered(c)
		case len(c.Messages) == 1 && *c.Seed%3 == 0:
			return "not in form"
		case last(c)[0] == 'A':
			return []string{`{"winner":"first"}`, `{"winner":"second"}`}[*c.Seed%2]
		}
		return fmt.Sprintf(`{"score":%d}`, 1+*c.Seed%5)
	}
	p := plan(many(20), Generate{Prompt: "{{text}} {{examples}}", Into: "answer", Answers: 3, Examples: Examples{Seeds: 2, Kept: 1, Format: "{{text}}"}},
		Pairwise{Rubric: "A={{first}}B={{second}}", Reasks: 1}, Judge{Rubric: "{{answer}}", Score: "score", Lowest: 1, Highest: 5, Unformed: "drop", Retest: 0.5, Reasks: 1},
		Refine{When: "score < 4", Prompt: "better {{answer}}", Into: "answer"}, Sample{Share: 0.7}, Evolve{Field: "answer", Operations: []string{"breadth", "deepen"}, Original: true})
	runs(t, p, answer)
	whole := asked
	asked = map[string]bool{}
	f, err := store.Open(folder(t))
	must(t, err)
	defer f.Close()
	pipe, err := Open(p, Parts{Servers: map[string]Server{"": {Caller: &model{answer: answer}}}, Folder: f})
	must(t, err)
	defer pipe.Close()
	shown := 0
	_, err = pipe.Preview(t.Context(), 3, func(Record) error { shown++; return nil })
	must(t, err)
	if shown < 12 || len(asked) < 20 {
		t.Errorf("%d records shown, %d calls", shown, len(asked))
	}
	for call := range asked {
		if !whole[call] {
			t.Errorf("the run does not ask %s", call)
		}
	}
}
