package experiments

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"modelcollapse/configs"
	"modelcollapse/results"
)

// prepared loads a config, by name or as text, and makes it ready.
func prepared(t testing.TB, text string, overrides ...string) (configs.Config, *Study) {
	t.Helper()
	name := text
	if filepath.Ext(text) != "" || len(text) > 60 {
		name = filepath.Join(t.TempDir(), "c.yaml")
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	l, err := configs.Load(Names().Kinds(), configs.Shipped, name, overrides)
	if err != nil {
		t.Fatal(err)
	}
	arms, err := l.Arms()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Prepare(t.Context(), Names(), l.Config, arms)
	if err != nil {
		t.Fatal(err)
	}
	return l.Config, s
}

// evidence runs a study in memory, and asks theory.
func evidence(t testing.TB, s *Study, jobs int) Evidence {
	t.Helper()
	e := evidenceOf(t, s, jobs)
	var err error
	if e.Theory, err = s.Predictions(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e
}

// evidenceOf runs a study in memory.
func evidenceOf(t testing.TB, s *Study, jobs int) Evidence {
	t.Helper()
	m := s.Manifest(nil, nil)
	e := Evidence{Arms: s.asked(), Table: results.NewTable(m, m.Cells)}
	records, outcomes := make([]memory, len(s.Cells)), make([]string, len(s.Cells))
	var work sync.WaitGroup
	next := make(chan int)
	for range jobs {
		work.Go(func() {
			for i := range next {
				outcome, err := s.Cells[i].runner.Cell(context.Background(), s.Cells[i].Key, nil, &records[i])
				if outcomes[i] = outcome; err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range s.Cells {
		next <- i
	}
	close(next)
	work.Wait()
	byID := map[string]int{}
	for i, c := range s.Cells {
		byID[c.ID] = i
	}
	for _, c := range m.Cells {
		i := byID[c.ID]
		e.Arms[s.Cells[i].Arm].count(true, outcomes[i], len(records[i]))
		for _, r := range records[i] {
			if err := e.Table.Add(c, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return e
}
