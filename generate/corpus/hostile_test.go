package corpus_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
)

// refusal is the error of opening a text.
func refusal(t testing.TB, text *corpus.Text) string {
	t.Helper()
	_, err := text.Open(context.Background(), stream(1))
	if err == nil {
		t.Fatalf("%v was accepted", text.Path)
	}
	return err.Error()
}

// What is wrong with a file is said with its name, the place, and what to do.
func TestRefusedFiles(t *testing.T) {
	good := compressed(t, ".gz", strings.Repeat("some words of a text\n", 1000))
	goodZstd := compressed(t, ".zst", strings.Repeat("some words of a text\n", 1000))
	for _, c := range []struct {
		name, content string
		want          []string
	}{
		{"nul.txt", "a b\nc\x00d", []string{"nul.txt", "line 2, byte 5", "NUL"}},
		{"first.txt", "\xef\xbb\xbfab\x00", []string{"line 1, byte 5"}},
		{"latin.txt", "\xef\xbb\xbfa\ncaf\xe9", []string{"line 2, byte 8", "0xe9", "UTF-8"}},
		{"wide.txt", "\xff\xfea\x00b\x00", []string{"UTF-16", "iconv"}},
		{"wide.json", "\xff\xfe[\x00", []string{"UTF-16"}},
		{"empty.txt", "", []string{"empty.txt", "no text"}},
		{"blank.txt", " \n\t\r\n\n", []string{"no text"}},
		{"one.txt", "same same\nsame\n", []string{"vocabulary of 1", "nothing to learn"}},
		{"cut.txt.gz", good[:len(good)/2], []string{"cut.txt.gz", "gzip: unexpected EOF", "cut short"}},
		{"cut.txt.zst", goodZstd[:len(goodZstd)/2], []string{"cut.txt.zst", "zstd", "cut short"}},
		{"noise.txt.gz", "\x1f\x8bnoise", []string{"noise.txt.gz", "gzip"}},
		{"bad.jsonl", "{\"text\":\"a b\"}\n{\"text\":", []string{"line 2", "not JSON"}},
		{"list.jsonl", "[1,2]\n", []string{"line 1", "must be an object, not a JSON array"}},
		{"other.jsonl", `{"body":"a","id":2}`, []string{"line 1", "body, id", "text: FIELD", "prompt + completion"}},
		{"late.jsonl", "{\"text\":\"a b\"}\n{\"txt\":\"c\"}", []string{"line 2", `no field "text"`, `did you mean "txt"`}},
		{"number.jsonl", `{"text":7}`, []string{"line 1", `field "text"`, "7 is not text"}},
		{"nul.jsonl", `{"text":"a\u0000b"}`, []string{"line 1", "NUL"}},
		{"cut.json", `[{"text":"a b"},{"te`, []string{"record 2", "unexpected EOF"}},
		{"open.json", `[{"text":"a b"}`, []string{"unexpected EOF"}},
		{"two.json", `[{"text":"a b"}] [`, []string{"more than one array"}},
		{"empty.json", `[]`, []string{"no text"}},
		{"raw.json", "{\"text\":\"a \xff\"}", []string{"record 1", "0xff", "UTF-8"}},
	} {
		path := file(t, c.name, c.content)
		got := refusal(t, &corpus.Text{Path: corpus.Paths{path}})
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s: does not say %q", c.name, got, want)
			}
		}
	}
}

func TestRefusedSettings(t *testing.T) {
	path := file(t, "data.jsonl", `{"body":"a b"}`)
	dir := filepath.Dir(path)
	sum := strings.Repeat("0", 64)
	for _, c := range []struct {
		text *corpus.Text
		want string
	}{
		{&corpus.Text{}, "path: name a file"},
		{&corpus.Text{Path: corpus.Paths{filepath.Join(dir, "date.jsonl")}}, "did you mean " + path},
		{&corpus.Text{Path: corpus.Paths{filepath.Join(dir, "none", "x.txt")}}, "there is no folder"},
		{&corpus.Text{Path: corpus.Paths{filepath.Join(dir, "*.txt")}}, "no file matches"},
		{&corpus.Text{Path: corpus.Paths{filepath.Join(dir, "[.txt")}}, "syntax error"},
		{&corpus.Text{Path: corpus.Paths{t.TempDir()}}, "holds no text (.txt, "},
		{&corpus.Text{Path: corpus.Paths{os.DevNull}}, "neither a file nor a folder"},
		{&corpus.Text{Path: corpus.Paths{path}, Field: "bdy"}, `did you mean "body"? This record has body`},
		{&corpus.Text{Path: corpus.Paths{path}, Field: "body", SHA256: sum}, "and the config wants " + sum},
		{&corpus.Text{Path: corpus.Paths{path}, SHA256: "123"}, "64 hexadecimal digits"},
		{&corpus.Text{Path: corpus.Paths{path}, Tokens: "bpe"}, "tokens: unknown"},
		{&corpus.Text{Path: corpus.Paths{path}, Group: "page"}, "group: unknown"},
		{&corpus.Text{Path: corpus.Paths{path}, Split: "head"}, "split: unknown"},
		{&corpus.Text{Path: corpus.Paths{path}, MaxRows: -1}, "max_rows: -1"},
		{&corpus.Text{Path: corpus.Paths{path}, Cut: generate.Cut{HeldOut: 1}}, "leave nothing to train on"},
		{&corpus.Text{Path: corpus.Paths{path}, Field: "body", Cut: generate.Cut{HeldOut: 0.1}}, "1 rows in 1 groups"},
		{&corpus.Text{Path: corpus.Paths{path}, Field: "body", HeldOutPath: corpus.Paths{file(t, "e.txt", "\n")}}, "heldout_path: "},
	} {
		if got := refusal(t, c.text); !strings.Contains(got, c.want) {
			t.Errorf("%s: does not say %q", got, c.want)
		}
	}
}

func TestDigest(t *testing.T) {
	a, b := file(t, "a.txt", "one two\n"), file(t, "b.txt", "three\n")
	s := sha256.Sum256([]byte("one two\nthree\n"))
	want := hex.EncodeToString(s[:])
	c := open(t, &corpus.Text{Path: corpus.Paths{a, b}, SHA256: strings.ToUpper(want)}, 1)
	sum, what := c.Digest()
	if sum != want || !strings.Contains(what, "2 files, 14 bytes, 2 rows, 3 tokens (word), 3 types") {
		t.Errorf("%s, %s", sum, what)
	}
	held, _ := open(t, &corpus.Text{Path: corpus.Paths{a, b}, HeldOutPath: corpus.Paths{a}}, 1).Digest()
	if held == sum {
		t.Error("the digest does not cover the held-out text")
	}
	long := corpus.Paths{file(t, "long.txt", strings.Repeat("more than a buffer\n", 100_000)), b}
	all, _ := open(t, &corpus.Text{Path: long}, 1).Digest()
	few, _ := open(t, &corpus.Text{Path: long, MaxRows: 1}, 1).Digest()
	if few != all {
		t.Error("the digest depends on how much of the files is used")
	}
}

// A folder, a glob, links to the same file and a list that names a file twice: each file once, in the same order.
func TestPaths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.txt", "a.txt", "sub/c.md", "sub.txt", ".hidden/d.txt", "sub/.e.txt", "notes.pdf"} {
		write(t, filepath.Join(dir, name), "row of "+name+"\n")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(filepath.Join(dir, "a.txt"), filepath.Join(dir, "z.txt")); err != nil {
		t.Skip(err)
	}
	folder := []string{"row of a.txt", "row of b.txt", "row of sub.txt", "row of sub/c.md"}
	for _, c := range []struct {
		path corpus.Paths
		want []string
	}{
		{corpus.Paths{dir}, folder},
		{corpus.Paths{link}, folder},
		{corpus.Paths{filepath.Join(dir, "?.txt")}, folder[:2]},
		{corpus.Paths{filepath.Join(dir, "b.txt"), dir}, []string{folder[1], folder[0], folder[2], folder[3]}},
		{corpus.Paths{filepath.Join(dir, "notes.pdf")}, []string{"row of notes.pdf"}},
	} {
		text := &corpus.Text{Path: corpus.Paths{file(t, "t.txt", "row of a.txt b.txt sub.txt sub/c.md notes.pdf")}, HeldOutPath: c.path, Tokens: "whitespace"}
		text.Cut = generate.Cut{HeldOut: 0.5} // gives way to the corpus' own text
		got, opened := []string{}, open(t, text, 1)
		for _, row := range opened.HeldOut() {
			got = append(got, opened.Text(row))
		}
		if !slices.Equal(got, c.want) || len(opened.Rows()) != 1 {
			t.Errorf("%v: %q, want %q", c.path, got, c.want)
		}
	}
}
