package configs_test

import (
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
)

// base is a config that is right; tests put lines before it or override it.
const base = "data: go_docs\nmodel: ngram\nworkflow: replace\n"

// load reads a text as if it were an embedded config.
func load(text string, overrides ...string) (*configs.Loaded, error) {
	files := fstest.MapFS{"c.yaml": {Data: []byte(text)}}
	return configs.Load(table(), files, "c", overrides)
}

func mustLoad(t testing.TB, text string, overrides ...string) *configs.Loaded {
	t.Helper()
	l, err := load(text, overrides...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func mustArms(t testing.TB, l *configs.Loaded) []configs.Arm {
	t.Helper()
	arms, err := l.Arms()
	if err != nil {
		t.Fatal(err)
	}
	return arms
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := configs.Load(table(), nil, "testdata/words.yaml", nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkArms1000(b *testing.B) {
	l := mustLoad(b, base, "model.order=1,2,3,4,5", "rows=1,2,3,4,5,6,7,8,9,10", "generations=1,2,3,4,5,6,7,8,9,10", "workflow=replace,accumulate")
	for b.Loop() {
		if arms := mustArms(b, l); len(arms) != 1000 {
			b.Fatal(len(arms))
		}
	}
}
