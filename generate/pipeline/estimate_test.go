package pipeline

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate/llm"
)

// A meter is a server whose tokens are bytes, and which counts those of prompts and answers.
type meter struct {
	model
	asked Asked
}

// Each implements Caller.
func (m *meter) Each(ctx context.Context, n int, call func(i int) llm.Call, got func(i int, r llm.Reply) error) error {
	return m.model.Each(ctx, n, func(i int) llm.Call {
		c := call(i)
		m.asked.Calls++
		for _, message := range c.Messages {
			m.asked.Prompt += len(message.Content)
		}
		m.asked.Answer += len(m.answer(c))
		return c
	}, got)
}

// longest answers with all of max_tokens, and in form only when nobody expects it any more.
func longest(reasks int) func(llm.Call) string {
	return func(c llm.Call) string {
		most := c.Sampling.MaxTokens
		if len(c.Schema) > 0 && len(c.Messages) <= 2*reasks {
			return strings.Repeat("x", most)
		}
		object := func(form string) string {
			return fmt.Sprintf(form, strings.Repeat("y", most-len(form)+2))
		}
		switch {
		case strings.Contains(string(c.Schema), "winner"):
			return `{"winner":"second"}`
		case strings.Contains(string(c.Schema), "score"):
			return object(`{"critique":"%s","score":1}`)
		case len(c.Schema) > 0:
			return object(`{"text":"%s"}`)
		}
		return fmt.Sprintf("%-*s.", most-1, numbered(c))[:most]
	}
}

// "At most" is a bound: whatever the stages, no run asks more than it, with a server whose every answer is as long and as far
// from form as it may be, and whose tokens are bytes.
func TestNoRunAsksMoreThanTheMost(t *testing.T) {
	dir, n := folder(t), 0
	sampling := llm.Sampling{MaxTokens: 80}
	schema := map[string]any{"type": "object", "properties": map[string]any{"text": map[string]any{"type": "string"}}, "required": []any{"text"}}
	rapid.Check(t, func(r *rapid.T) {
		reasks := rapid.IntRange(0, 3).Draw(r, "re-asks")
		seeds := many(rapid.IntRange(1, 6).Draw(r, "seeds"))
		seeds.Rows = append(seeds.Rows, strings.Repeat("long ", rapid.IntRange(0, 200).Draw(r, "long")))
		p := plan(seeds)
		p.Window, p.Records = rapid.IntRange(1, 9).Draw(r, "window"), rapid.IntRange(0, 9).Draw(r, "records")
		for range rapid.IntRange(1, 4).Draw(r, "stages") {
			stage := rapid.SampledFrom([]Stage{
				Generate{Prompt: "p {{text}}", Into: "text", Answers: 2, Reasks: reasks, Sampling: sampling},
				Generate{Prompt: "p {{text}} {{tone}}", Schema: schema, Answers: 1, Over: map[string][]string{"tone": {"a", "much longer"}}, Reasks: reasks, Sampling: sampling},
				Generate{Prompt: "e {{examples}}", Into: "text", Answers: 1, Examples: Examples{Seeds: 2, Kept: 2, Format: "{{n}} {{text}}"}, Sampling: sampling},
				Critique{Rubric: "c {{text}}", Into: "critique", Score: "score", Lowest: 1, Highest: 5, Retest: 0.5, Reasks: reasks, Sampling: sampling},
				Refine{When: "text != x", Prompt: "r {{text}}", Into: "text", Reasks: reasks, Sampling: sampling},
				Evolve{Field: "text", Operations: []string{"deepen"}, Original: true, Sampling: sampling},
				Pairwise{Rubric: "A {{first}} B {{second}}", Field: "text", Reasks: reasks, Sampling: sampling},
				Sample{Share: 0.7},
			}).Draw(r, "stage")
			p.Stages = append(p.Stages, Step{fmt.Sprintf("s%d", len(p.Stages)), stage})
		}
		n++
		m := &meter{model: model{answer: longest(reasks)}}
		made := runIn(t, filepath.Join(dir, fmt.Sprint(n)), p, m)
		if most := estimate(t, p).Total().Most; m.asked.Calls > most.Calls || m.asked.Prompt > most.Prompt || m.asked.Answer > most.Answer {
			r.Fatalf("%+v was asked, at most %+v (%s)", m.asked, most, made.report.Outcome)
		}
	})
}

// "Expected" is what is asked where nothing is dropped and every answer takes half of max_tokens, at 4 bytes a token.
func TestExpectedIsWhatAnOrdinaryRunAsks(t *testing.T) {
	half := func(c llm.Call) string {
		if len(c.Schema) > 0 {
			return fmt.Sprintf(`{"score":3,"critique":"%s"}`, strings.Repeat("z", 2*c.Sampling.MaxTokens))
		}
		return fmt.Sprintf("%-*s.", 2*c.Sampling.MaxTokens-1, numbered(c))
	}
	sampling := llm.Sampling{MaxTokens: 200}
	p := plan(Grid{Axes: map[string][]string{"topic": {"levers", "a rather long topic of its own"}, "audience": {"pupils", "students"}}},
		Generate{Prompt: "A passage on {{topic}} for {{audience}}.", Into: "passage", Answers: 3, Sampling: sampling},
		Judge{Rubric: "How well does {{audience}} learn {{topic}} of it? {{passage}}", Score: "score", Lowest: 1, Highest: 5, Unformed: "keep", Sampling: sampling},
		Refine{Prompt: "Better: {{passage}}", Into: "passage", Sampling: sampling})
	m := &meter{model: model{answer: half}}
	runIn(t, folder(t), p, m)
	got, want := estimate(t, p).Total().Expected, m.asked
	if got.Calls != want.Calls || math.Abs(float64(4*got.Prompt)/float64(want.Prompt)-1) > 0.03 {
		t.Errorf("%+v is expected, %+v bytes are asked", got, want)
	}
}
