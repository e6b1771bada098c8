package pipeline

import (
	"fmt"
	"slices"
	"testing"

	"modelcollapse/generate/llm"
)

// What nobody asked for is not paid for: the calls of the last window are those that are still wanted.
func TestCallsStopAtWhatIsWanted(t *testing.T) {
	for answers, want := range map[int]int{1: 6, 4: 8} {
		p := plan(many(300), Generate{Prompt: "{{text}}", Into: "answer", Answers: answers})
		p.Window, p.Records = 32, 6
		c := &model{answer: numbered}
		m := runIn(t, folder(t), p, c)
		if m.report.Kept != 6 || c.calls != want {
			t.Errorf("%d answers a seed: %d calls for %d records, want %d", answers, c.calls, m.report.Kept, want)
		}
		if e := estimate(t, p); e.Total().Expected.Calls != want {
			t.Errorf("the estimate expects %d calls, want %d", e.Total().Expected.Calls, want)
		}
		obeys(t, m, 2)
	}
}

func estimate(t testing.TB, p Plan) Estimate {
	t.Helper()
	pipe, err := Open(p, Parts{Servers: map[string]Server{"": {}}})
	must(t, err)
	defer pipe.Close()
	return pipe.Estimate()
}

// The table adds up where the last part brings more than was asked for: what entered a filter was dropped, kept, or is told.
func TestWhatIsBeyondIsTold(t *testing.T) {
	p := plan(many(60), Generate{Prompt: "{{text}}", Into: "answer", Answers: 3}, Duplicate{Field: "answer"})
	p.Records = 10
	m := runs(t, p, numbered)
	last := m.report.Stages[2]
	if m.report.Beyond != 2 || last.Entered != last.Dropped+m.report.Kept+m.report.Beyond {
		t.Errorf("%d entered, %d dropped, %d kept, %d beyond", last.Entered, last.Dropped, m.report.Kept, m.report.Beyond)
	}
	if got, want := m.ledger.Lines(), "2 more than asked for: past all stages, and not in the data set"; len(got) != 1 || got[0] != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Fewer records are the first ones of more: the parts in which a window is moved change nothing of what it makes.
func TestFewerRecordsAreTheFirst(t *testing.T) {
	p := plan(many(40), Generate{Prompt: "{{text}} {{examples}}", Into: "answer", Answers: 2, Examples: Examples{Seeds: 1, Kept: 2, Format: "{{text}}"}},
		Sample{Share: 0.6}, Refine{When: "answer != x", Prompt: "{{answer}}", Into: "answer"}, Evolve{Field: "answer", Operations: []string{"deepen", "breadth"}, Original: true})
	asked := map[string]bool{}
	answer := func(c llm.Call) string {
		asked[fmt.Sprint(c.Messages, *c.Seed, c.Sample)] = true
		return numbered(c)
	}
	p.Records = 40
	whole := runs(t, p, answer)
	paid := len(asked)
	for _, n := range []int{1, 3, 7, 16, 25} {
		p.Records = n
		few := runs(t, p, answer)
		obeys(t, few, len(p.Stages))
		if len(asked) != paid {
			t.Errorf("%d records ask what 40 do not", n)
		}
		for _, r := range few.kept() {
			if i := slices.IndexFunc(whole.kept(), func(w Record) bool { return w.ID == r.ID }); i < 0 || string(asJSON(whole.kept()[i].Fields)) != string(asJSON(r.Fields)) {
				t.Errorf("%d records: %s is not among the 40", n, r.ID)
			}
		}
	}
}
