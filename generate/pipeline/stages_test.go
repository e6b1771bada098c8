package pipeline

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/generate/llm"
)

// A filter that looks at the length alone takes the top deciles of length, and the ledger says so.
func TestLedgerSeesWhatAFilterLooksAt(t *testing.T) {
	var all []string
	for i := range 200 {
		all = append(all, strings.Repeat(fmt.Sprintf("w%d ", i), i+1))
	}
	m := runs(t, plan(texts(all...), Length{Unit: "words", Max: 160}), numbered)
	s := m.ledger.Stages[0]
	if s.Entered != 200 || s.Dropped != 40 {
		t.Fatalf("%d of %d dropped, want 40 of 200", s.Dropped, s.Entered)
	}
	for i, d := range s.Measures[0].Deciles {
		want := 0
		if i >= 8 {
			want = 20
		}
		if d.Entered != 20 || d.Dropped != want || int(d.From) != 20*i+1 || int(d.To) != 20*(i+1) {
			t.Errorf("decile %d: %+v, want %d of 20 dropped", i+1, d, want)
		}
	}
	if lines := strings.Join(m.ledger.Lines(), "\n"); !strings.Contains(lines, "length dropped 40 of 200 (20 %)\n  it removed 100 % of the rows in the top length decile") {
		t.Errorf("the ledger says\n%s", lines)
	}
}

// A judge that is a function of the record agrees with itself; the retest share is a share; scores below keep are dropped.
func TestJudge(t *testing.T) {
	score := func(c llm.Call) string {
		var n int
		fmt.Sscanf(last(c), "seed number %d", &n)
		return fmt.Sprintf(`{"score":%d}`, 1+n%5)
	}
	j := Judge{Rubric: "{{text}}", Score: "score", Lowest: 1, Highest: 5, Keep: number(4), Unformed: "drop", Retest: 0.5}
	p := plan(many(1000), j)
	m := runs(t, p, score)
	if m.report.Kept != 400 || m.report.Stages[1].Why["score below 4"] != 600 {
		t.Errorf("%d kept, dropped %v", m.report.Kept, m.report.Stages[1].Why)
	}
	r := m.report.Stages[1].Retest
	if r == nil || r.Equal != r.Pairs || r.Spread != 0 || r.Pairs < 450 || r.Pairs > 550 { // 3.2 standard deviations
		t.Errorf("retest %+v", r)
	}
	// A coin agrees with itself half of the time: 4 standard deviations.
	coin := func(c llm.Call) string { return fmt.Sprintf(`{"score":%d}`, 1+4*(sum(fmt.Sprint(*c.Seed))%2)) }
	j.Retest, j.Keep = 1, nil
	r = runs(t, plan(many(1000), j), coin).report.Stages[1].Retest
	if r.Pairs != 1000 || r.Equal < 437 || r.Equal > 563 || math.Abs(r.Spread-4*float64(r.Pairs-r.Equal)/1000) > 1e-9 {
		t.Errorf("a coin: %+v", r)
	}
}

// A judge who takes whatever comes first decides nothing and has an order bias of 1; one who sees has none and finds the best.
func TestPairwise(t *testing.T) {
	write := Generate{Prompt: "write {{text}}", Into: "answer", Answers: 4}
	p := plan(many(30), write, Pairwise{Rubric: "A={{first}}B={{second}}"})
	first := func(c llm.Call) string {
		if strings.HasPrefix(last(c), "A=") {
			return `{"winner":"first"}`
		}
		return fmt.Sprint(sum(fmt.Sprint(c.Messages, *c.Seed)))
	}
	m := runs(t, p, first)
	o := m.report.Stages[2].Order
	if o.Pairs != 90 || o.Bias() != 1 || m.report.Kept != 30 {
		t.Errorf("%+v, %d kept", o, m.report.Kept)
	}
	sees := func(c llm.Call) string {
		if a, b, ok := strings.Cut(strings.TrimPrefix(last(c), "A="), "B="); ok {
			if len(a) > len(b) || len(a) == len(b) && a > b {
				return `{"winner":"first"}`
			}
			return `{"winner":"second"}`
		}
		return fmt.Sprint(sum(fmt.Sprint(c.Messages, *c.Seed)))
	}
	m = runs(t, p, sees)
	best := map[string]string{}
	for _, r := range m.records {
		if text, _ := r.Fields.Text("answer"); len(r.Parents) > 0 && (len(text) > len(best[r.Parents[0]]) || len(text) == len(best[r.Parents[0]]) && text > best[r.Parents[0]]) {
			best[r.Parents[0]] = text
		}
	}
	for _, r := range m.kept() {
		if text, _ := r.Fields.Text("answer"); text != best[r.Parents[0]] {
			t.Errorf("kept %q, the best is %q", text, best[r.Parents[0]])
		}
	}
	if o := m.report.Stages[2].Order; o.Bias() != 0 || o.First+o.Second != 0 {
		t.Errorf("%+v", o)
	}
}

// What is not in form is asked for again with what is wrong, and counted by how it came into form.
func TestForms(t *testing.T) {
	schema := map[string]any{"type": "object", "properties": map[string]any{"n": map[string]any{"type": "integer"}}, "required": []any{"n"}}
	answer := func(c llm.Call) string {
		var n int
		fmt.Sscanf(c.Messages[0].Content, "seed number %d", &n)
		told := len(c.Messages)
		switch {
		case n < 10:
			return `{"n":1}`
		case n < 15:
			return "```json\n{\"n\":2,}\n```"
		case n < 18 && told == 3 && strings.Contains(last(c), "schema"):
			return `{"n":3}`
		}
		return `{"n":"x"}`
	}
	m := runs(t, plan(many(20), Generate{Prompt: "{{text}}", Schema: schema, Answers: 1, Reasks: 2}), answer)
	want := Answers{Valid: 10, Repaired: 5, Reasked: 3, Invalid: 2, Calls: 15 + 3*2 + 2*3}
	if got := *m.report.Stages[1].Answers; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if m.report.Kept != 18 || m.report.Stages[1].Why["the answer does not follow the schema"] != 2 {
		t.Errorf("%d kept, %v", m.report.Kept, m.report.Stages[1].Why)
	}
	for _, r := range m.records {
		if r.Drawn != nil && r.Cost != map[string]float64{"valid": .25, "repaired": .25, "re-asked": .5, "invalid": .75}[r.Drawn.Form] {
			t.Errorf("%s cost %g", r.Drawn.Form, r.Cost)
		}
	}
}

// A quota asks for what is missing, and again for what its filters left open.
func TestQuota(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gaps.csv")
	must(t, os.WriteFile(path, []byte("kind,name,value,expected,found,missing\ncategory,country,PL,10,7,3\ncategory,country,IT,10,10,0\ncategory,product,desk,4,0,4\n"), 0o644))
	p := plan(Quota{Path: path, Passes: 50}, Generate{Prompt: `{"{{name}}":"{{value}}"}`, Schema: columns("country", "product"), Answers: 1}, Sample{Share: 0.4})
	m := runs(t, p, last)
	got := map[string]int{}
	for _, r := range m.kept() {
		value, _ := r.Fields.Text("value")
		got[value]++
	}
	if m.report.Outcome != Complete || got["PL"] != 3 || got["desk"] != 4 || len(got) != 2 {
		t.Errorf("%s: %v, want 3 PL and 4 desk", m.report.Outcome, got)
	}
	obeys(t, m, 3)
	// A model that gives what it is asked for every third time: the others are dropped, and asked for again.
	n := 0
	third := func(c llm.Call) string {
		if n++; n%3 == 0 {
			return fmt.Sprintf(`{"country":%q}`, last(c))
		}
		return `{"country":"XX"}`
	}
	must(t, os.WriteFile(path, []byte("kind,name,value,missing\ncategory,country,PL,3\ncategory,country,IT,2\n"), 0o644))
	schema := columns("country")
	m = runs(t, plan(Quota{Path: path, Passes: 20}, Generate{Prompt: "{{value}}", Schema: schema, Answers: 1}, Fills{}), third)
	if m.report.Outcome != Complete || m.report.Kept != 5 {
		t.Errorf("%s: %d kept, want 5", m.report.Outcome, m.report.Kept)
	}
	m = runs(t, plan(Quota{Path: path, Passes: 1}, Generate{Prompt: "{{value}}", Schema: schema, Answers: 1}, Fills{}), third)
	if want := fmt.Sprintf("short: %d records are still missing of what the quota asks for", 5-m.report.Kept); m.report.Outcome != want {
		t.Errorf("%s, want %s", m.report.Outcome, want)
	}
	for text, want := range map[string]string{
		"kind,name,value\na,b,c\n": "line 2: there is no column missing", "kind,name,value,missing\na,b,c,x\n": "line 2: missing: x is no number", "kind,name,value,missing\na,b,c,0\n": "nothing is missing",
	} {
		must(t, os.WriteFile(path, []byte(text), 0o644))
		if _, err := Open(plan(Quota{Path: path, Passes: 1}), Parts{Servers: map[string]Server{"": {}}}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Memory of duplicates: what is nearly, or in its word order, one that stayed is dropped with the reason.
func TestDuplicates(t *testing.T) {
	base := "the quick brown fox jumps over the lazy dog while the cat sleeps in the warm sun all day long"
	seeds := texts(base, base, strings.ToUpper(base), base+" today", "an entirely different sentence about rivers, bridges and the price of bread in winter")
	for _, x := range []struct {
		stage Stage
		kept  int
	}{{Duplicate{}, 3}, {RougeL{Limit: 0.7}, 2}, {near(), 2}} {
		m := runs(t, plan(seeds, x.stage), numbered)
		if m.report.Kept != x.kept {
			t.Errorf("%T kept %d, want %d: %v", x.stage, m.report.Kept, x.kept, m.report.Stages[1].Why)
		}
	}
}

func near() NearDuplicate {
	n := NearDuplicate{}
	n.Words, n.Bands, n.Rows = 3, 30, 4
	return n
}
