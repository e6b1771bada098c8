package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"testing"

	"modelcollapse/generate/llm"
	"modelcollapse/internal/store"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A model answers calls by a function of the call.
type model struct {
	answer func(c llm.Call) string
	after  int // calls until the budget is reached; 0: never
	calls  int
}

// Each implements Caller. As the client does, it asks for calls in any order and hands replies on in theirs.
func (m *model) Each(_ context.Context, n int, call func(i int) llm.Call, got func(i int, r llm.Reply) error) error {
	calls := make([]llm.Call, n)
	for k := range n {
		calls[n-1-k] = call(n - 1 - k)
	}
	for i, c := range calls {
		if m.after > 0 && m.calls >= m.after {
			return llm.ErrBudget
		}
		m.calls++
		text := m.answer(c)
		key := fmt.Sprintf("%x", sum(fmt.Sprint(c.Messages, *c.Seed, c.Sample)))
		r := llm.Reply{Text: text, Finish: "stop", Model: "m", Key: key, Usage: llm.Usage{Prompt: 10, Answer: 5}, Money: 0.25}
		if err := got(i, r); err != nil {
			return err
		}
	}
	return nil
}

func sum(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// last is the text of the last message of a call.
func last(c llm.Call) string { return c.Messages[len(c.Messages)-1].Content }

// numbered answers with a text that no other call gets.
func numbered(c llm.Call) string {
	return fmt.Sprintf("answer %x", sum(fmt.Sprint(c.Messages, *c.Seed)))
}

// texts are seeds with a field text.
func texts(all ...string) Seeds {
	s := Seeds{Real: true}
	for _, text := range all {
		s.Rows = append(s.Rows, text)
	}
	return s
}

// many are n different seeds.
func many(n int) Seeds {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("seed number %d says something", i))
	}
	return texts(all...)
}

func number(x float64) *float64 { return &x }

func plan(stages ...Stage) Plan {
	kinds := map[string]string{}
	for _, k := range Kinds() {
		kinds[fmt.Sprintf("%T", k.Prototype)] = k.Name
	}
	p := Plan{Name: "test", Run: "run", Seed: 1, Window: 8}
	for _, s := range stages {
		p.Stages = append(p.Stages, Step{kinds[fmt.Sprintf("%T", s)], s})
	}
	return p
}

// A made data set.
type made struct {
	dir     string
	report  Report
	ledger  *Ledger
	records []Record
	rows    []Fields
}

// kept are the records of the data set.
func (m made) kept() (all []Record) {
	for _, r := range m.records {
		if r.Left == "" {
			all = append(all, r)
		}
	}
	return all
}

// byID finds records.
func (m made) byID() map[string]Record {
	out := map[string]Record{}
	for _, r := range m.records {
		out[r.ID] = r
	}
	return out
}

// folder is one in memory where there is some.
func folder(t testing.TB) string {
	if _, err := os.Stat("/dev/shm"); err != nil {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "pipeline")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// run makes a data set in a folder.
func runIn(t testing.TB, dir string, p Plan, c Caller) made {
	t.Helper()
	f, err := store.Make(dir)
	must(t, err)
	defer f.Close()
	pipe, err := Open(p, Parts{Servers: map[string]Server{"": {Caller: c}}, Folder: f})
	must(t, err)
	defer pipe.Close()
	m := made{dir: dir}
	m.report, err = pipe.Run(t.Context(), func(Progress) {})
	must(t, err)
	m.ledger, err = pipe.Write(m.report, Facts{Model: "m", BaseURL: "here"})
	must(t, err)
	must(t, EachRecord(f, func(r Record) error { m.records = append(m.records, r); return nil }))
	b, err := f.ReadFile(trainLines)
	must(t, err)
	for _, line := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		var row Fields
		if len(line) > 0 {
			must(t, json.Unmarshal(line, &row))
			m.rows = append(m.rows, row)
		}
	}
	return m
}

func runs(t testing.TB, p Plan, answer func(llm.Call) string) made {
	t.Helper()
	return runIn(t, folder(t), p, &model{answer: answer})
}
