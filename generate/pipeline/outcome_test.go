package pipeline

import (
	"strings"
	"testing"

	"modelcollapse/generate/llm"
)

// Every end of a run has a name, and a data set, a ledger and a card are there whatever it is.
func TestOutcomes(t *testing.T) {
	schema := map[string]any{"type": "object", "properties": map[string]any{"n": map[string]any{"type": "integer"}}, "required": []any{"n"}}
	write := Generate{Prompt: "{{text}}", Into: "answer", Answers: 1}
	judge := Judge{Rubric: "{{text}}", Score: "score", Lowest: 1, Highest: 5, Unformed: "keep"}
	for _, x := range []struct {
		name   string
		stages []Stage
		wanted int
		want   string
		calls  int // at most
	}{
		{"complete", []Stage{many(5), write}, 0, Complete, 5},
		{"schema", []Stage{many(500), Generate{Prompt: "{{text}}", Schema: schema, Answers: 1, Reasks: 1}}, 0, "generate: none of 48 answers was in form", 96},
		{"judge", []Stage{many(500), judge}, 0, "judge: none of 48 answers was in form", 48},
		{"nothing left", []Stage{many(5), write, Length{Min: 100, Unit: "words"}}, 0, "no record was kept: length dropped 5 of 5", 5},
		{"short", []Stage{many(3), write, Balance{Field: "text", Most: 2}}, 10, "short: 6 of 10 records, and of the last 144 tries none was kept", 150},
		{"hopeless source", []Stage{many(5), Length{Min: 100, Unit: "words"}, write}, 1000, "no record was kept: length dropped 5 of 5", 0},
	} {
		p := plan(x.stages...)
		p.Records = x.wanted
		c := &model{answer: numbered}
		m := runIn(t, folder(t), p, c)
		if m.report.Outcome != x.want || c.calls > x.calls {
			t.Errorf("%s: %q after %d calls, want %q", x.name, m.report.Outcome, c.calls, x.want)
		}
		if m.report.Tried > 500 {
			t.Errorf("%s: the source was turned %d times", x.name, m.report.Tried)
		}
		obeys(t, m, len(x.stages))
	}
	m := runIn(t, folder(t), plan(many(50), write), &model{answer: func(llm.Call) string { return "" }})
	if !strings.Contains(m.report.Outcome, "none of 48 answers was in form") {
		t.Error(m.report.Outcome)
	}
}

// A budget ends a run between windows, with what is finished; the same command with a larger one ends as if nothing had
// been.
func TestBudget(t *testing.T) {
	p := plan(many(40), Generate{Prompt: "{{text}}", Into: "answer", Answers: 2}, Duplicate{Field: "answer"})
	whole := runs(t, p, numbered)
	dir := folder(t)
	m := runIn(t, dir, p, &model{answer: numbered, after: 37})
	if !strings.HasPrefix(m.report.Outcome, Paused) || m.report.Kept != 32 { // two windows of 8 seeds
		t.Errorf("%s, %d kept", m.report.Outcome, m.report.Kept)
	}
	obeys(t, m, 3)
	for i, r := range m.kept() {
		if r.ID != whole.kept()[i].ID {
			t.Errorf("row %d is %s, in the whole run %s", i, r.ID, whole.kept()[i].ID)
		}
	}
	if again := runIn(t, dir, p, &model{answer: numbered}); string(asJSON(again.rows)) != string(asJSON(whole.rows)) {
		t.Error("a run that was paused ends with other rows")
	}
}
