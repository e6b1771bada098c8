package configs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzLoad: no text and no override makes Load, Arms or YAML panic, and what is accepted reads back as the same arms.
func FuzzLoad(f *testing.F) {
	for _, text := range corpus(f) {
		f.Add(text, "model.order=2,3")
	}
	for text := range refused {
		f.Add(base+text, "workflow=mix")
	}
	for _, o := range []string{"title='a", "every=[1,", "model.decoding.bias={a: 1}", "workflow.real={from: 1}", "a.b.c=1", "=", "metrics=[[[", "seed=1e99"} {
		f.Add(base, o)
	}
	f.Fuzz(func(t *testing.T, text, override string) {
		l, err := load(text, override)
		if err != nil {
			if !utf8.ValidString(err.Error()) && utf8.ValidString(text+override) {
				t.Errorf("%q", err)
			}
			return
		}
		if strings.Count(text+override, ",") > 200 {
			return // thousands of arms
		}
		arms, err := l.Arms()
		if err != nil {
			return
		}
		again, err := load(string(l.YAML()))
		if err != nil {
			t.Fatalf("%s\n%v", l.YAML(), err)
		}
		two, err := again.Arms()
		if err != nil || len(two) != len(arms) {
			t.Fatalf("%s\n%v", l.YAML(), err)
		}
		for i := range arms {
			if arms[i].Name != two[i].Name || string(arms[i].Config.Canonical()) != string(two[i].Config.Canonical()) {
				t.Fatalf("%s\n%+v\n%+v", l.YAML(), arms[i], two[i])
			}
		}
	})
}

// A hostile file is answered in bounded time.
func TestHostileSizes(t *testing.T) {
	for name, text := range map[string]string{
		"unknown keys": base + strings.Repeat("k", 1) + ": 1\n" + manyKeys(20_000),
		"flow nesting": base + "title: " + strings.Repeat("[", 100_000),
		"map nesting":  base + "title: " + strings.Repeat("{a: ", 50_000),
		"aliases":      "a: &a [x, x, x, x, x, x, x, x, x]\n" + "b: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c]\n",
		"long line":    base + "titel: " + strings.Repeat("x", 200_000),
		"long key":     base + strings.Repeat("x", 1000) + ": 1",
	} {
		start := time.Now()
		err := loadAll(text)
		if took := time.Since(start); err == nil || took > 3*time.Second || len(err.Error()) > 100_000 {
			t.Errorf("%s: %v, %d bytes of error", name, took, len(fmt.Sprint(err)))
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	return b.String()
}
