package corpus

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/read"
	"modelcollapse/internal/rng"
)

func opened(t testing.TB, o generate.Opener[generate.Tokens], seed uint64) (*Corpus, error) {
	t.Helper()
	s, err := o.Open(context.Background(), rng.Root(seed).Child("data", 0).Stream())
	if err != nil {
		return nil, err
	}
	return s.(*Corpus), nil
}

// A Text is read once, whoever asks: standard input could not be read again.
func TestReadOnce(t *testing.T) {
	text := &Text{Path: Paths{"-"}, stdin: strings.NewReader(strings.Repeat("a b c\nd e\n", 50)), Cut: generate.Cut{HeldOut: 0.2}}
	var all sync.WaitGroup
	corpora := make([]*Corpus, 8)
	for i := range corpora {
		all.Go(func() {
			c, err := opened(t, text, uint64(i/2))
			if err != nil {
				t.Error(err)
			}
			corpora[i] = c
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	differ := 0
	for i := 0; i < len(corpora); i += 2 {
		a, b := corpora[i], corpora[i+1]
		if len(a.Rows()) != 80 || len(a.HeldOut()) != 20 || !same(a.Rows(), b.Rows()) {
			t.Errorf("seed %d: %d + %d rows", i/2, len(a.Rows()), len(a.HeldOut()))
		}
		if !same(a.Rows(), corpora[0].Rows()) {
			differ++
		}
	}
	if differ == 0 {
		t.Error("four seeds, one split")
	}
}

func same(a, b []generate.Tokens) bool {
	var x, y bytes.Buffer
	generate.TokenRows.Encode(&x, a)
	generate.TokenRows.Encode(&y, b)
	return bytes.Equal(x.Bytes(), y.Bytes())
}

// A reading that failed is tried again.
func TestReadAgainAfterFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "late.txt")
	text := &Text{Path: Paths{path}}
	if _, err := opened(t, text, 1); err == nil {
		t.Fatal("a missing file was accepted")
	}
	os.WriteFile(path, []byte("a b\n"), 0o644)
	if _, err := opened(t, text, 1); err != nil {
		t.Error(err)
	}
}

func TestStandardInput(t *testing.T) {
	for name, in := range map[string]string{
		"text":  "one two\nthree",
		"lines": "{\"text\":\"one two\"}\n{\"text\":\"three\"}\n",
		"array": " [ {\"text\":\"one two\\nthree\"} ]",
	} {
		c, err := opened(t, &Text{Path: Paths{"-"}, stdin: strings.NewReader(in), Group: "file"}, 1)
		if err != nil || len(c.Rows()) != 2 || c.Text(c.Rows()[1]) != "three" {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, err := opened(t, &Text{Path: Paths{"-"}, stdin: strings.NewReader("[a] {b}\n{c d\n"), Group: "file"}, 1)
	if err != nil || len(c.Rows()) != 2 {
		t.Errorf("brackets do not make text JSON: %v", err)
	}
}

// endless is the same bytes, again and again.
type endless struct{ head, body string }

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if e.head == "" {
			e.head = e.body
		}
		k := copy(p[n:], e.head)
		n, e.head = n+k, e.head[k:]
	}
	return n, nil
}

// A line without end is refused with its number, in bounded memory, and so is a record.
func TestEndlessLines(t *testing.T) {
	a := strings.Repeat("a ", 1<<15)
	text := &Text{Path: Paths{"-"}, stdin: io.LimitReader(&endless{"b\nc\n", a}, 1<<30)}
	if _, err := opened(t, text, 1); err == nil || !strings.Contains(err.Error(), "line 3: longer than 64 MiB") {
		t.Error(err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	text := &Text{Path: Paths{"-"}, stdin: &endless{"", "a b\n"}}
	if _, err := text.Open(ctx, nil); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Error(err)
	}
}

// FuzzRead feeds any bytes to every reader: an error or rows, never a panic, and rows that hold what they should.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"a b\nc", "{\"text\":\"a\"}\n", "[{\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"}]}]", "---\n# *a* [b](c)\n```\n",
		"\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "\xef\xbb\xbf", "[", "{\"chosen\":[[{\"value\":null}]]}", "{\"conversations\":{}}",
	} {
		f.Add([]byte(s), byte(0))
	}
	names := []string{"x.txt", "x.md", "x.jsonl", "x.json", "x.csv", "x.tsv", "x.parquet", "-"}
	tokenizers := []string{words, whitespace, bytewise, characters}
	f.Fuzz(func(t *testing.T, content []byte, how byte) {
		dir := t.TempDir()
		for _, name := range names {
			tokenize, _, _ := tokenizerOf(tokenizers[how%4])
			b := &builder{ctx: t.Context(), lexicon: newLexicon(), tokenize: tokenize, lower: how&4 != 0, maxRows: int(how >> 4)}
			text := &Text{Path: Paths{name}, stdin: bytes.NewReader(content)}
			if name != "-" {
				text.Path = Paths{filepath.Join(dir, name)}
				if err := os.WriteFile(text.Path[0], content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := text.readAll(b, read.Source{Path: text.Path}); err == nil {
				checkBuilder(t, b)
			}
		}
	})
}

func checkBuilder(t *testing.T, b *builder) {
	at := 0
	for i, end := range b.ends {
		if end <= at {
			t.Fatalf("row %d is empty", i)
		}
		at = end
	}
	if at != len(b.ids) || b.maxRows > 0 && b.rows() > b.maxRows {
		t.Fatalf("%d ids in rows, %d in all; %d rows", at, len(b.ids), b.rows())
	}
	for _, id := range b.ids {
		if int(id) >= len(b.lexicon.words) || b.lexicon.words[id] == "" || strings.Contains(b.lexicon.words[id], "\n") {
			t.Fatalf("word %d of %d", id, len(b.lexicon.words))
		}
	}
	for l := range byLine {
		if len(b.level[l]) != b.rows() {
			t.Fatalf("%d rows stand in %d places", b.rows(), len(b.level[l]))
		}
	}
}
