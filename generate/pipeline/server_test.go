package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/store"
)

// A replier answers calls by a function of the text that they ask about.
type replier struct {
	reply func(n int, text string) llm.Reply
	calls int
}

// Each implements Caller.
func (s *replier) Each(_ context.Context, n int, call func(i int) llm.Call, got func(i int, r llm.Reply) error) error {
	for i := range n {
		c := call(i)
		s.calls++
		r := s.reply(s.calls, last(c))
		r.Key, r.Model = fmt.Sprint(i), "m"
		if err := got(i, r); err != nil {
			return err
		}
	}
	return nil
}

// What a server does to a run stands in its outcome, its counts and its reasons.
func TestWhatTheServerDoes(t *testing.T) {
	good := llm.Reply{Text: "fine", Finish: "stop"}
	busy := llm.Reply{Finish: "failed: 429 too many requests", Passing: true}
	bad := llm.Reply{Finish: "failed: 400 no such parameter: logprobs"}
	every := func(k int, odd llm.Reply) func(int, string) llm.Reply {
		return func(n int, _ string) llm.Reply {
			if n%k == 0 {
				return odd
			}
			return good
		}
	}
	for _, x := range []struct {
		name    string
		reply   func(int, string) llm.Reply
		outcome string
		reasons string
		answers Answers
		broken  bool
	}{
		{"all is well", every(100, bad), Complete, "", Answers{Valid: 60, Calls: 60}, false},
		{"lost calls", every(4, busy), "incomplete: 15 calls failed for reasons that pass (429 too many requests): run the same command again",
			"failed: 15, the server: 429 too many requests", Answers{Valid: 45, Failed: 15, Passing: 15, Calls: 60}, true},
		{"some fail for good", every(10, bad), Complete, "failed: 6, the server: 400 no such parameter: logprobs", Answers{Valid: 54, Failed: 6, Calls: 60}, false},
		{"all fail alike", every(1, bad), "generate: the server answered none of 8 calls: 400 no such parameter: logprobs",
			"the server: 400 no such parameter: logprobs", Answers{Failed: 8, Calls: 8}, true},
		{"all fail otherwise", func(n int, _ string) llm.Reply { return llm.Reply{Finish: fmt.Sprintf("failed: 400 id %d", n)} },
			"generate: the server answered none of 48 calls: 400 id 1", "failed: 48, the server: 400 id 1", Answers{Failed: 48, Calls: 48}, true},
		{"withheld", every(6, llm.Reply{Finish: "content_filter"}), Complete, "failed: 10, the server: content_filter", Answers{Valid: 50, Failed: 10, Calls: 60}, false},
		{"cut", every(3, llm.Reply{Text: "half of i", Finish: "length"}), Complete, "", Answers{Valid: 60, Cut: 20, Calls: 60}, false},
	} {
		m := runIn(t, folder(t), plan(many(60), Generate{Prompt: "{{text}}", Into: "answer", Answers: 1, Reasks: 2}), &replier{reply: x.reply})
		tally := m.report.Stages[1]
		if m.report.Outcome != x.outcome || m.report.Broken != x.broken || *tally.Answers != x.answers || strings.Join(tally.Reasons(), ", ") != x.reasons {
			t.Errorf("%s: %q (broken: %v), %+v, %q", x.name, m.report.Outcome, m.report.Broken, *tally.Answers, tally.Reasons())
		}
		obeys(t, m, 2)
	}
}

// A preview tells of a server that gives no answers as a run does.
func TestPreviewTellsOfTheServer(t *testing.T) {
	for _, reply := range []llm.Reply{{Finish: "failed: 400 no"}, {Finish: "failed: 429 later", Passing: true}} {
		f, err := store.Open(folder(t))
		must(t, err)
		p := plan(many(5), Generate{Prompt: "{{text}}", Into: "answer", Answers: 1})
		pipe, err := Open(p, Parts{Servers: map[string]Server{"": {Caller: &replier{reply: func(int, string) llm.Reply { return reply }}}}, Folder: f})
		must(t, err)
		report, err := pipe.Preview(t.Context(), 2, func(Record) error { return nil })
		must(t, err)
		if !report.Broken || !strings.Contains(report.Outcome, strings.TrimPrefix(reply.Finish, "failed: ")) {
			t.Errorf("%s: %+v", reply.Finish, report)
		}
		pipe.Close()
		f.Close()
	}
}

// What a server says is shown on a card, and never obeyed.
func TestACardObeysNobody(t *testing.T) {
	hostile := "failed: 400 \x1b[2J\n\n# Heading\n<script>alert(1)</script> | a | b"
	m := runIn(t, folder(t), plan(many(60), Generate{Prompt: "{{text}}", Into: "answer", Answers: 1}), &replier{reply: func(int, string) llm.Reply { return llm.Reply{Finish: hostile} }})
	b, err := os.ReadFile(filepath.Join(m.dir, cardFile))
	must(t, err)
	for _, bare := range []string{"\x1b", "<script>", "\n# Heading", " | a | b"} {
		if strings.Contains(string(b), bare) {
			t.Errorf("the card has %q:\n%s", bare, b)
		}
	}
	if strings.ContainsAny(m.report.Outcome, "\x1b\n") {
		t.Errorf("outcome %q", m.report.Outcome)
	}
}

// A budget that is reached says what is spent and what the next call needs.
func TestPausedSaysWhatIsSpent(t *testing.T) {
	err := fmt.Errorf("generate: %w", fmt.Errorf("%w: 9 of 10 tokens are spent", llm.ErrBudget))
	if got := ending(t.Context(), err); got != Paused+": 9 of 10 tokens are spent" {
		t.Error(got)
	}
}

// Shares of real ancestry are shares: of whatever parents, and 1 of real ones.
func TestRealShareIsAShare(t *testing.T) {
	for n := 1; n < 200; n++ {
		var r Record
		parents := make([]Record, n)
		for i := range parents {
			parents[i].RealShare = 1
		}
		if r.descend(parents); r.RealShare != 1 {
			t.Errorf("of %d real parents %v is real", n, r.RealShare)
		}
	}
}

// The fields that are the text of a record must be there, as columns must.
func TestTextIsAKnownField(t *testing.T) {
	p := plan(many(2), Length{})
	p.Text = []string{"zork"}
	if _, err := Open(p, Parts{}); err == nil || !strings.Contains(err.Error(), `text: unknown field "zork": there are text`) {
		t.Error(err)
	}
}

// A part that was cut short leaves no counts of records that the trail does not have.
func TestCountsAreThoseOfTheTrail(t *testing.T) {
	reply := func(n int, text string) llm.Reply {
		switch {
		case strings.HasPrefix(text, "judge"):
			return llm.Reply{Finish: "failed: 400 no"}
		case n%2 == 0:
			return llm.Reply{Text: "short", Finish: "stop"}
		}
		return llm.Reply{Text: fmt.Sprint("long enough ", n), Finish: "stop"}
	}
	m := runIn(t, folder(t), plan(many(60), Generate{Prompt: "{{text}}", Into: "answer", Answers: 4}, Length{Min: 2, Unit: "words"},
		Judge{Rubric: "judge {{answer}}", Score: "score", Lowest: 1, Highest: 5, Unformed: "keep"}), &replier{reply: reply})
	if want := "judge: the server answered none of 8 calls: 400 no"; m.report.Outcome != want {
		t.Errorf("%s, want %s", m.report.Outcome, want)
	}
	obeys(t, m, 4)
}

// What fewer records are wanted of is lost with them; what more are wanted of grows.
func TestCovers(t *testing.T) {
	for _, x := range []struct {
		now, then Wanted
		want      bool
	}{
		{Wanted{6, 0}, Wanted{6, 0}, true}, {Wanted{6, 0}, Wanted{4, 0}, true}, {Wanted{4, 0}, Wanted{6, 0}, false}, {Wanted{0, 0}, Wanted{4, 0}, false},
		{Wanted{4, 0}, Wanted{0, 0}, false}, {Wanted{0, 5}, Wanted{0, 0}, false}, {Wanted{0, 0}, Wanted{0, 5}, true}, {Wanted{6, 9}, Wanted{6, 10}, false},
	} {
		if x.now.Covers(x.then) != x.want {
			t.Errorf("%+v after %+v: %v", x.now, x.then, !x.want)
		}
	}
}
