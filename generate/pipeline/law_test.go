package pipeline

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate/llm"
	"modelcollapse/generate/read"
)

// obeys checks what holds of every trail.
func obeys(t testing.TB, m made, stages int) {
	t.Helper()
	seen, there := map[string]bool{}, m.byID()
	left, kept := map[string]int{}, 0
	for _, r := range m.records {
		if seen[r.ID] {
			t.Fatalf("%s stands twice", r.ID)
		}
		generation, share := -1, 0.0
		for _, p := range r.Parents {
			parent, ok := there[p]
			if !ok {
				t.Fatalf("%s has a parent that the trail lacks", r.ID)
			}
			generation, share = max(generation, parent.Generation), share+parent.RealShare/float64(len(r.Parents))
		}
		if r.Drawn != nil && (r.Generation != generation+1 || math.Abs(r.RealShare-share) > 1e-12 || r.Real) {
			t.Fatalf("%+v: want generation %d, real share %g", r, generation+1, share)
		}
		if r.Drawn == nil && (r.Generation != 0 || len(r.Parents) > 0) {
			t.Fatalf("%+v: read, and no seed", r)
		}
		if r.Left == "" {
			kept++
		} else if r.Why != "" {
			left[r.Left]++
		}
		seen[r.ID] = true
	}
	if kept != m.report.Kept || kept != len(m.rows) || kept != m.ledger.Kept {
		t.Fatalf("%d records kept, report %d, rows %d, ledger %d", kept, m.report.Kept, len(m.rows), m.ledger.Kept)
	}
	for _, tally := range m.report.Stages {
		if tally.Dropped != left[tally.Stage] {
			t.Fatalf("%s dropped %d, the trail says %d", tally.Stage, tally.Dropped, left[tally.Stage])
		}
	}
	entered := map[string]*Tally{}
	for _, tally := range m.report.Stages {
		entered[tally.Stage] = tally
	}
	for _, s := range m.ledger.Stages {
		if tally := entered[s.Stage]; s.Entered != tally.Entered && s.Entered != tally.Made {
			t.Fatalf("ledger: %d entered or were made by %s, the tally says %d and %d", s.Entered, s.Stage, tally.Entered, tally.Made)
		}
		if s.Dropped != left[s.Stage] {
			t.Fatalf("ledger: %s dropped %d, the trail says %d", s.Stage, s.Dropped, left[s.Stage])
		}
		for _, measure := range s.Measures {
			entered, dropped, before := 0, 0, math.Inf(-1)
			for _, d := range measure.Deciles {
				entered, dropped = entered+d.Entered, dropped+d.Dropped
				if d.Entered > 0 && (d.From < before || d.To < d.From) {
					t.Fatalf("%s by %s: deciles out of order: %+v", s.Stage, measure.Name, measure.Deciles)
				} else if d.Entered > 0 {
					before = d.To
				}
			}
			if unformed := unformedOf(m, s.Stage); unformed > 0 && entered == s.Entered-s.Unanswered-unformed && dropped == s.Dropped-s.Unanswered-unformed && !strings.HasPrefix(measure.Unit, "tokens") {
				continue // answers that were never in form have no words
			}
			if entered != s.Entered-s.Unanswered || dropped != s.Dropped-s.Unanswered {
				t.Fatalf("%s by %s: deciles hold %d and %d, want %d and %d", s.Stage, measure.Name, entered, dropped, s.Entered-s.Unanswered, s.Dropped-s.Unanswered)
			}
		}
	}
	// What passes all stages is in the data set, or more than was asked for.
	over := 0
	for _, r := range m.records {
		if r.Left == beyond {
			over++
		}
	}
	if over != m.report.Beyond || over != m.ledger.Beyond || strings.Contains(strings.Join(m.ledger.Lines(), "\n"), "more than asked for") != (over > 0) {
		t.Fatalf("%d are more than asked for, report %d, ledger %d", over, m.report.Beyond, m.ledger.Beyond)
	}
	if len(m.report.Stages) != stages {
		t.Fatalf("%d tallies for %d stages", len(m.report.Stages), stages)
	}
}

// unformedOf is how many answers of a stage were never in form.
func unformedOf(m made, stage string) (n int) {
	for _, r := range m.records {
		if r.Left == stage && r.Drawn != nil && r.Drawn.Form == "invalid" {
			n++
		}
	}
	return n
}

// Whatever the stages, their settings, the window and the answers: lineage, tallies, ledger and data set say the same.
func TestLawsOfTrails(t *testing.T) {
	dir := folder(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		p := plan(many(rapid.IntRange(1, 12).Draw(r, "seeds")))
		p.Window = rapid.IntRange(1, 9).Draw(r, "window")
		p.Seed = rapid.Uint64().Draw(r, "seed")
		for i := range rapid.IntRange(1, 5).Draw(r, "stages") {
			p.Stages = append(p.Stages, Step{fmt.Sprintf("s%d", i), anyStage(r)})
		}
		if rapid.Bool().Draw(r, "wanted") {
			p.Records = rapid.IntRange(1, 20).Draw(r, "records")
		}
		n++
		var m made
		func() {
			m = runIn(t, filepath.Join(dir, fmt.Sprint(n)), p, &model{answer: odd})
		}()
		obeys(t, m, len(p.Stages))
		if p.Records > 0 && m.report.Kept > p.Records {
			r.Fatalf("%d kept, %d wanted", m.report.Kept, p.Records)
		}
	})
}

func anyStage(r *rapid.T) Stage {
	answers := rapid.IntRange(1, 3).Draw(r, "answers")
	switch rapid.IntRange(0, 7).Draw(r, "stage") {
	case 0, 1:
		return Generate{Prompt: "p {{text}}", Into: "text", Answers: answers, Reasks: 1}
	case 2:
		return Generate{Prompt: "e {{examples}}", Into: "text", Answers: answers, Examples: Examples{Seeds: 2, Kept: 1, Format: "{{n}} {{text}}"}}
	case 3:
		return Length{Unit: "words", Min: rapid.IntRange(0, 4).Draw(r, "min")}
	case 4:
		return Duplicate{}
	case 5:
		return Sample{Share: rapid.Float64Range(0, 1).Draw(r, "share")}
	case 6:
		return RougeL{Limit: 0.7}
	}
	return Refine{When: "text != nothing", Prompt: "r {{text}}", Into: "text"}
}

// odd answers with few different texts, some of them empty.
func odd(c llm.Call) string {
	return strings.Repeat("word and ", int(sum(fmt.Sprint(c.Messages, *c.Seed))%6))
}

// The window decides what examples see; without examples it changes nothing but the order in which chance is drawn.
func TestEqualRunsAreEqualBytes(t *testing.T) {
	p := plan(many(20), Generate{Prompt: "{{text}} {{examples}}", Into: "answer", Answers: 2, Examples: Examples{Seeds: 2, Kept: 2, Format: "{{text}}"}}, Length{Min: 1}, Duplicate{})
	a, b := runs(t, p, numbered), runs(t, p, numbered)
	for _, name := range []string{trailFile, trainLines, trainParquet, ledgerFile, cardFile} {
		x, err := os.ReadFile(filepath.Join(a.dir, name))
		must(t, err)
		y, err := os.ReadFile(filepath.Join(b.dir, name))
		must(t, err)
		if string(x) != string(y) {
			t.Errorf("%s differs between equal runs", name)
		}
	}
}

// Both files of a data set hold the same rows.
func TestParquetHoldsTheRowsOfTheLines(t *testing.T) {
	p := plan(Seeds{Real: true, Rows: []any{
		map[string]any{"text": "a", "n": 1, "x": 1.5, "yes": true, "list": []any{1, "b"}},
		map[string]any{"text": "b\n\"c\"", "n": -7, "x": 2, "yes": false},
	}}, Length{Unit: "words"})
	m := runs(t, p, numbered)
	var rows []Fields
	_, err := read.Records(t.Context(), read.Source{Path: read.Paths{filepath.Join(m.dir, trainParquet)}}, func(f map[string]any, _ read.Place) error {
		rows = append(rows, f)
		return nil
	})
	must(t, err)
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows {
		want := m.rows[i]
		if list, ok := want["list"].([]any); ok {
			b, _ := json.Marshal(list)
			want["list"] = string(b)
		}
		var got, wanted any
		must(t, json.Unmarshal(asJSON(row), &got))
		must(t, json.Unmarshal(asJSON(want), &wanted))
		if !reflect.DeepEqual(got, wanted) {
			t.Errorf("row %d: %s\nwant %s", i, asJSON(got), asJSON(wanted))
		}
	}
}
