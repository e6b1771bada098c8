package ngram_test

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"modelcollapse/generate"
)

// A corpus is training and test rows with their vocabulary.
type corpus struct {
	vocabulary  *generate.Vocabulary
	train, test []generate.Tokens
}

func (c *corpus) Vocabulary() *generate.Vocabulary { return c.vocabulary }

// sentences splits lines at whitespace; blank lines are dropped.
func sentences(text string) (s [][]string) {
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 {
			s = append(s, words)
		}
	}
	return s
}

func newCorpus(train, test [][]string) *corpus {
	count := map[string]int{}
	for _, s := range train {
		for _, w := range s {
			count[w]++
		}
	}
	words := make([]string, 0, len(count))
	for w := range count {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool {
		a, b := words[i], words[j]
		return count[a] > count[b] || count[a] == count[b] && a < b
	})
	c := &corpus{vocabulary: generate.NewVocabulary(words)}
	c.train, c.test = c.rows(train), c.rows(test)
	return c
}

func (c *corpus) rows(sentences [][]string) []generate.Tokens {
	rows := make([]generate.Tokens, len(sentences))
	for i, s := range sentences {
		for _, w := range s {
			rows[i] = append(rows[i], c.vocabulary.ID(w))
		}
		rows[i] = append(rows[i], generate.End)
	}
	return rows
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// smallCorpus is the one whose numbers KenLM gave in testdata/reference.json.
func smallCorpus(t testing.TB) *corpus {
	return newCorpus(sentences(readFile(t, "testdata/train.txt")), sentences(readFile(t, "testdata/test.txt")))
}

// largeCorpus is wikitext-2 or tinyshakespeare, prepared as it was for KenLM.
func largeCorpus(t testing.TB, name string) *corpus {
	t.Helper()
	root := os.Getenv("COLLAPSE_DATA")
	if root == "" {
		t.Skip("SKIPPED: COLLAPSE_DATA is not set: it names a folder with wikitext-2/{train,valid,test}.txt and tinyshakespeare.txt")
	}
	if name == "wikitext-2" {
		read := func(part string) [][]string {
			text := readFile(t, filepath.Join(root, name, part+".txt"))
			s := sentences(text)
			for _, words := range s {
				for i, w := range words {
					if w == "<unk>" {
						words[i] = "_unk_"
					}
				}
			}
			return s
		}
		return newCorpus(read("train"), read("test"))
	}
	all := sentences(readFile(t, filepath.Join(root, name+".txt")))
	return newCorpus(all[:29499], all[29499:])
}

// anyCorpus is wikitext-2, or without COLLAPSE_DATA the small one: for benchmarks.
func anyCorpus(b *testing.B) *corpus {
	if os.Getenv("COLLAPSE_DATA") == "" {
		return smallCorpus(b)
	}
	return largeCorpus(b, "wikitext-2")
}

func tokensOf(rows []generate.Tokens) (n int) {
	for _, r := range rows {
		n += len(r)
	}
	return n
}

func sample(rows []generate.Tokens) generate.Sample[generate.Tokens] {
	return generate.Sample[generate.Tokens]{{Rows: rows, Weight: 1}}
}
