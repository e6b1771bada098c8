package pipeline

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/store"
)

// A row of generation 7 is walked back, over seven data sets, to the real seed whose number it says.
func TestTraceOverSevenDataSets(t *testing.T) {
	dir := folder(t)
	echo := func(c llm.Call) string { return last(c) + "." }
	seeds := many(12)
	var m made
	for g := range 7 {
		stages := []Stage{seeds, Generate{Prompt: "{{text}}", Into: "text", Answers: 1}, Sample{Share: 0.9}}
		p := plan(stages...)
		p.Run = fmt.Sprint("run", g)
		out := filepath.Join(dir, fmt.Sprint("g", g))
		m = runIn(t, out, p, &model{answer: echo})
		seeds = Seeds{Path: []string{out}, Real: true}
	}
	if len(m.rows) == 0 {
		t.Fatal("nothing is left")
	}
	for i, row := range m.rows {
		if row[columnGeneration].(float64) != 7 || row[columnShare].(float64) != 1 {
			t.Errorf("row %d: %v", i, row)
		}
		for _, name := range []string{row[columnID].(string), row[columnID].(string)[:12], fmt.Sprint(i + 1)} {
			w, err := Trace(m.dir, name)
			must(t, err)
			all, roots := w.All(), w.Seeds()
			if len(all) != 14 || len(roots) != 1 || !roots[0].Real || roots[0].Folder != filepath.Join(dir, "g0") { // a record and a seed in each
				t.Fatalf("%s: %d records, %d roots", name, len(all), len(roots))
			}
			text, _ := w.Fields.Text("text")
			seed, _ := roots[0].Fields.Text("text")
			if text != seed+"......." {
				t.Errorf("%q is traced to %q", text, seed)
			}
		}
	}
	must(t, os.RemoveAll(filepath.Join(dir, "g3")))
	w, err := Trace(m.dir, "1")
	must(t, err)
	if roots := w.Seeds(); len(roots) != 1 || !strings.Contains(roots[0].Lacking, "g3") || roots[0].Generation != 4 {
		t.Errorf("without g3: %+v", roots[0])
	}
	moved := dir + "-moved"
	t.Cleanup(func() { os.RemoveAll(moved) })
	must(t, os.Rename(dir, moved))
	if w, err = Trace(filepath.Join(moved, "g6"), "1"); err != nil || len(w.All()) != 6 { // two in each of g6, g5 and g4
		t.Errorf("moved: %v, %d records", err, len(w.All()))
	}
	for name, want := range map[string]string{"999": "line 999", "zz": "none begins", "": "records begin with"} {
		if _, err := Trace(filepath.Join(moved, "g6"), name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := Trace(filepath.Join(moved, "g6"), "zz"); !errors.Is(err, ErrUnknownRecord) {
		t.Error(err)
	}
}

// Half of the examples are real and half were written after one real and one written: shares are means of parents.
func TestRealShareIsAMean(t *testing.T) {
	p := plan(Seeds{Real: true, Rows: []any{"a"}}, Seeds{Rows: []any{"b"}}, Generate{Prompt: "{{examples}}", Into: "text", Answers: 1, Examples: Examples{Seeds: 2, Format: "{{text}}"}})
	p.Stages[1].Kind = "other"
	m := runs(t, p, numbered)
	if r := m.kept()[0]; r.RealShare != 0.5 || r.Generation != 1 || len(r.Parents) != 2 {
		t.Errorf("%+v", r)
	}
	obeys(t, m, 2)
}

func TestSeedsAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seeds.jsonl")
	for text, want := range map[string]string{
		"{\"text\":1}\n{\"text\":}\n": "line 2: invalid character", "{\"_id\":1}\n": `line 1: field "_id"`, "": "there are no seeds", "[1]\n": "line 1: ",
		"{\"a\":1}\n{\"b\":1}\n": "{{a}}: 1 of 2 records lack it",
	} {
		must(t, os.WriteFile(path, []byte(text), 0o644))
		_, err := Open(plan(Seeds{Path: []string{path}}, Generate{Prompt: "{{a}}", Into: "x", Answers: 1}), Parts{Servers: map[string]Server{"": {}}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// A data set is not made over the one that its seeds are read from.
func TestSeedsAreNotOverwritten(t *testing.T) {
	dir := folder(t)
	runIn(t, dir, plan(many(3), Duplicate{}), &model{answer: numbered})
	f, err := store.Open(dir)
	must(t, err)
	defer f.Close()
	if _, err := Open(plan(Seeds{Path: []string{dir + "/."}}, Duplicate{}), Parts{Folder: f}); err == nil || !strings.Contains(err.Error(), "lose its own ancestors") {
		t.Error(err)
	}
}
