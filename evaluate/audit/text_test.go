package audit

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

// What decides no number: how many splits are measured at once.
func TestTextReportsAreEqual(t *testing.T) {
	w := writerOf(rng.Root(9).Stream(), 300)
	sets := Texts{Real: w.documents(60), Synthetic: w.documents(40), HoldOut: w.documents(30), Canaries: []string{"pin 1234"}}
	var first []byte
	for _, jobs := range []int{1, 3} {
		r, err := Text(context.Background(), sets, Options{Splits: 20, Exchanges: 20, Alpha: .1, Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = raw
		} else if string(raw) != string(first) {
			t.Errorf("%d at once: another report", jobs)
		}
	}
}

// Odd sets are results or errors.
func TestTextsThatAreOdd(t *testing.T) {
	repeat := func(s string, n int) *Documents { return &Documents{Texts: slices.Repeat([]string{s}, n)} }
	long := repeat("a b c", 30)
	long.Texts[3] = strings.Repeat("word ", 5000)
	w := writerOf(rng.Root(10).Stream(), 50)
	for name, sets := range map[string]Texts{
		"empty":     {Real: repeat("", 30), Synthetic: repeat(" \n", 20)},
		"equal":     {Real: repeat("a b c", 30), Synthetic: repeat("a b c", 20), HoldOut: repeat("a b c", 20)},
		"bytes":     {Real: repeat("\xff\x00\xfe!", 30), Synthetic: repeat("\u00a0\u2028", 20)},
		"one large": {Real: long, Synthetic: w.documents(10), HoldOut: long},
		"canaries":  {Real: w.documents(20), Synthetic: w.documents(10), Canaries: []string{"", "1", "ü"}},
	} {
		r, err := Text(context.Background(), sets, Options{Splits: 20, Exchanges: 20, Alpha: .1})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range []struct {
		sets Texts
		want string
	}{
		{Texts{}, "audit: the real set: none is given"},
		{Texts{Real: w.documents(30), Synthetic: w.documents(3)}, "audit: the synthetic set: 3 documents: want at least 10"},
	} {
		if _, err := Text(context.Background(), c.sets, Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

// Records are documents, and so are paragraphs of plain text.
func TestReadDocuments(t *testing.T) {
	dir := t.TempDir()
	put := func(name, s string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		path string
		want []string
	}{
		{put("a.txt", "\none\ntwo\n \n\nthree\n"), []string{"one\ntwo", "three"}},
		{put("a.jsonl", "{\"text\": \"one\\n\\ntwo\"}\n{\"text\": \"\"}\n"), []string{"one\n\ntwo", ""}},
	} {
		d, err := ReadDocuments(context.Background(), "real", read.Source{Path: read.Paths{c.path}}, "")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(d.Texts, c.want) || d.Read.SHA256 == "" {
			t.Errorf("%s: %q, want %q", c.path, d.Texts, c.want)
		}
	}
	if _, err := ReadDocuments(context.Background(), "real", read.Source{Path: read.Paths{filepath.Join(dir, "b.txt")}}, ""); err == nil || !strings.HasPrefix(err.Error(), "real: ") {
		t.Errorf("no file: %v", err)
	}
}
