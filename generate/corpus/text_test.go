package corpus_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
	"modelcollapse/internal/rng"
)

var (
	_ generate.Opener[generate.Tokens] = (*corpus.Text)(nil)
	_ generate.Source[generate.Tokens] = (*corpus.Corpus)(nil)
	_ generate.Finite[generate.Tokens] = (*corpus.Corpus)(nil)
	_ generate.Lexical                 = (*corpus.Corpus)(nil)
	_ generate.Digester                = (*corpus.Corpus)(nil)
)

// data is the folder of corpora that are not part of the project.
func data(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("COLLAPSE_DATA")
	if root == "" {
		t.Skip("SKIPPED: set COLLAPSE_DATA to a folder with wikitext-2/{train,valid,test}.txt and tinyshakespeare.txt")
	}
	return filepath.Join(root, name)
}

func stream(seed uint64) *rand.Rand { return rng.Root(seed).Child("data", 0).Stream() }

func open(t testing.TB, o generate.Opener[generate.Tokens], seed uint64) *corpus.Corpus {
	t.Helper()
	s, err := o.Open(context.Background(), stream(seed))
	if err != nil {
		t.Fatal(err)
	}
	return s.(*corpus.Corpus)
}

func tokens(rows []generate.Tokens) (n int) {
	for _, r := range rows {
		n += len(r) - 1
	}
	return n
}

func TestWikitext2(t *testing.T) {
	train := data(t, "wikitext-2/train.txt")
	c := open(t, &corpus.Text{
		Path: corpus.Paths{train}, Tokens: "whitespace", HeldOutPath: corpus.Paths{data(t, "wikitext-2/test.txt")},
		SHA256: "2e24adb25c1c035d21c507f323769d12489407724943b8e8680c0fabbd4fc2db",
	}, 1)
	if n := len(c.Rows()); n != 23_767 {
		t.Errorf("%d lines, want 23,767", n)
	}
	if n := tokens(c.Rows()); n != 2_051_910 {
		t.Errorf("%d words, want 2,051,910", n)
	}
	if n := c.Vocabulary().Len() - int(generate.Words); n != 33_277 {
		t.Errorf("%d types, want 33,277", n)
	}
	if n := len(c.HeldOut()); n != 2_891 {
		t.Errorf("%d held-out lines, want 2,891", n)
	}
	for _, row := range c.HeldOut() {
		for _, id := range row {
			if id == generate.Unknown {
				t.Fatal("the test text has no unknown word")
			}
		}
	}
	if id := c.Vocabulary().ID("<unk>"); id < generate.Words {
		t.Errorf("a literal <unk> is id %d, no word", id)
	}
	_, what := c.Digest()
	t.Log(what)
}

func TestTinyShakespeare(t *testing.T) {
	text := &corpus.Text{
		Path: corpus.Paths{data(t, "tinyshakespeare.txt")}, Tokens: "whitespace", Split: "tail", Cut: generate.Cut{HeldOut: 0.1},
	}
	c := open(t, text, 1)
	if a, b := len(c.Rows()), len(c.HeldOut()); a != 29_499 || b != 3_278 {
		t.Errorf("%d / %d lines, want 29,499 / 3,278", a, b)
	}
	_, what := c.Digest()
	t.Log(what)
}

func BenchmarkWikitext2(b *testing.B) {
	path := data(b, "wikitext-2/train.txt")
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	for _, tokens := range []string{"whitespace", "word", "character", "byte"} {
		b.Run(tokens, func(b *testing.B) {
			b.SetBytes(info.Size())
			for b.Loop() {
				open(b, &corpus.Text{Path: corpus.Paths{path}, Tokens: tokens, Cut: generate.Cut{HeldOut: 0.1}}, 1)
			}
		})
	}
}
