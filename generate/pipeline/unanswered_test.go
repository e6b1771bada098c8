package pipeline

import (
	"strings"
	"testing"

	"modelcollapse/generate/llm"
)

// A server that fails says nothing of the texts: what it did not answer is counted apart, is in no decile, and takes the tokens
// and log probabilities of the others from no measure.
func TestFailedCallsAreNoTexts(t *testing.T) {
	for name, odd := range map[string]llm.Reply{
		"busy":     {Finish: "failed: 429 too many requests", Passing: true},
		"withheld": {Finish: withheld, Usage: llm.Usage{Answer: 3}},
	} {
		reply := func(n int, text string) llm.Reply {
			if n%4 == 0 {
				return odd
			}
			k := 2 + n%7
			return llm.Reply{Text: strings.Repeat("word ", k), Finish: "stop", Usage: llm.Usage{Answer: int64(k)}, Tokens: []llm.Token{{Logprob: -float64(k)}}}
		}
		m := runIn(t, folder(t), plan(many(80), Generate{Prompt: "{{text}}", Into: "answer", Answers: 1}), &replier{reply: reply})
		obeys(t, m, 2)
		s := m.ledger.Stages[0]
		if s.Entered != 80 || s.Dropped != 20 || s.Unanswered != 20 {
			t.Errorf("%s: %+v", name, s)
		}
		for _, measure := range s.Measures {
			for i, d := range measure.Deciles {
				if d.Dropped > 0 || d.Entered > 0 && d.From == 0 {
					t.Errorf("%s: %s, decile %d: %+v", name, measure.Name, i+1, d)
				}
			}
		}
		if s.Measures[0].Unit != "tokens" || !strings.Contains(s.Measures[1].Unit, "by the server") {
			t.Errorf("%s: %s, %s", name, s.Measures[0].Unit, s.Measures[1].Unit)
		}
		want := "generate dropped 20 of 80 (25 %); 20 of them got no answer, and are in no decile"
		if got := m.ledger.Lines(); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// An answer that was never in form has tokens, and no text: it is short by no words and of no rarity, but as long as it was.
func TestAnswersOutOfFormHaveNoWords(t *testing.T) {
	schema := map[string]any{"type": "object", "properties": map[string]any{"a": map[string]any{"type": "string"}}, "required": []any{"a"}}
	reply := func(n int, text string) llm.Reply {
		if n%4 == 0 {
			return llm.Reply{Text: `{"a": "cut`, Finish: "length", Usage: llm.Usage{Answer: 99}}
		}
		return llm.Reply{Text: `{"a": "some words"}`, Finish: "stop", Usage: llm.Usage{Answer: int64(5 + n%7)}}
	}
	m := runIn(t, folder(t), plan(many(80), Generate{Prompt: "{{text}}", Schema: schema, Answers: 1}), &replier{reply: reply})
	obeys(t, m, 2)
	s := m.ledger.Stages[0]
	if long := s.Measures[0].Deciles; s.Unanswered != 0 || s.Measures[0].Unit != "tokens" || long[8].Dropped != 20 {
		t.Errorf("%+v", s)
	}
	for _, d := range s.Measures[2].Deciles {
		if d.Dropped != 0 {
			t.Errorf("by rarity: %+v", d)
		}
	}
}
