package corpus_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/generate"
	"modelcollapse/generate/corpus"
)

// A corpus is its text: the rows of all parts are the lines of the file, each in one part and closed by End; words of
// the training rows have ids by falling count, ties bytewise; what they lack is Unknown elsewhere.
func TestCorpusLaws(t *testing.T) {
	path := file(t, "x.txt", "")
	rapid.Check(t, func(r *rapid.T) {
		row := rapid.SliceOfN(rapid.StringMatching(`[ab]{1,2}|<unk>|</s>|é`), 1, 6)
		rows := rapid.SliceOfN(row, 2, 60).Draw(r, "rows")
		var content strings.Builder
		for _, words := range rows {
			content.WriteString(strings.Join(words, " ") + rapid.SampledFrom([]string{"\n", "\n\n", "\r\n"}).Draw(r, "end"))
		}
		write(t, path, content.String())
		text := &corpus.Text{Path: corpus.Paths{path}, Tokens: "whitespace", Cut: generate.Cut{HeldOut: 0.2, Tune: 0.1}}
		text.Group = rapid.SampledFrom([]string{"auto", "line", "paragraph"}).Draw(r, "group")
		s, err := text.Open(t.Context(), stream(rapid.Uint64().Draw(r, "seed")))
		if err != nil {
			return
		}
		checkCorpus(r, s.(*corpus.Corpus), rows)
	})
}

func checkCorpus(t *rapid.T, c *corpus.Corpus, rows [][]string) {
	v := c.Vocabulary()
	count := map[string]int{}
	for _, row := range c.Rows() {
		for _, id := range row[:len(row)-1] {
			if id < generate.Words {
				t.Fatalf("a training row holds id %d", id)
			}
			count[v.Word[id]]++
		}
	}
	words := v.Word[generate.Words:]
	sorted := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	if !slices.Equal(words, sorted) {
		t.Fatalf("vocabulary %q, want %q", words, sorted)
	}
	checkRows(t, c, rows, count)
}

// checkRows compares the rows of all parts with those of the file; count is how often a word stands in train.
func checkRows(t *rapid.T, c *corpus.Corpus, rows [][]string, count map[string]int) {
	got := map[string]int{}
	for _, row := range slices.Concat(c.Rows(), c.HeldOut(), c.Tune()) {
		if row[len(row)-1] != generate.End || cap(row) != len(row) {
			t.Fatalf("row %v is not closed, or can grow into the next", row)
		}
		got[c.Text(row)]++
	}
	for _, row := range rows {
		for i, w := range row {
			if count[w] == 0 {
				row[i] = "<unk>" // as Unknown prints
			}
		}
		got[strings.Join(row, " ")]--
	}
	for row, n := range got {
		if n != 0 {
			t.Fatalf("%q stands %d times too often", row, n)
		}
	}
}

func TestLowerAndMaxRows(t *testing.T) {
	path := file(t, "x.txt", "The ÉCOLE\nthe école\nThird Row\n")
	c := open(t, &corpus.Text{Path: corpus.Paths{path}, Lower: true, Group: "file", MaxRows: 2}, 1)
	if n := len(c.Rows()); n != 2 || c.Vocabulary().Len() != int(generate.Words)+2 || c.Text(c.Rows()[0]) != "the école" {
		t.Errorf("%d rows, words %q", n, c.Vocabulary().Word)
	}
}

func TestBytesAndCharacters(t *testing.T) {
	path := file(t, "x.txt", "né a\na n\n")
	for tokens, want := range map[string]int{"byte": 5, "character": 4} {
		c := open(t, &corpus.Text{Path: corpus.Paths{path}, Tokens: tokens, Group: "file"}, 1)
		if n := len(c.Rows()[0]) - 1; n != want || c.Text(c.Rows()[0]) != "né a" {
			t.Errorf("%s: %d tokens in %q, want %d", tokens, n, c.Text(c.Rows()[0]), want)
		}
	}
}

// The last lines are held out as they stand, and dealing permutes whole groups.
func TestTail(t *testing.T) {
	var content strings.Builder
	for i := range 100 {
		fmt.Fprintf(&content, "row %d\n", i)
	}
	c := open(t, &corpus.Text{Path: corpus.Paths{file(t, "x.txt", content.String())}, Split: "tail", Tokens: "character", Cut: generate.Cut{HeldOut: 0.1}}, 1)
	for i, row := range c.HeldOut() {
		if got, want := c.Text(row), fmt.Sprintf("row %d", 90+i); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if len(c.HeldOut()) != 10 || len(c.Rows()) != 90 || c.Text(c.Rows()[0]) == "row 0" && c.Text(c.Rows()[1]) == "row 1" {
		t.Errorf("%d + %d rows, or not shuffled", len(c.Rows()), len(c.HeldOut()))
	}
}

func TestNotDrawn(t *testing.T) {
	c := open(t, &corpus.Text{Path: corpus.Paths{file(t, "x.txt", "a b\n")}}, 1)
	if _, err := c.Draw(t.Context(), nil, 1, stream(1)); err != corpus.ErrFinite {
		t.Error(err)
	}
}

func TestPathsInConfigs(t *testing.T) {
	for in, want := range map[string]string{`"a"`: `"a"`, `["a"]`: `"a"`, `["a","b"]`: `["a","b"]`, `""`: `null`, `null`: `null`, `[]`: `[]`} {
		var p corpus.Paths
		if err := p.UnmarshalJSON([]byte(in)); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if out, err := p.MarshalJSON(); err != nil || string(out) != want {
			t.Errorf("%s: %s, want %s (%v)", in, out, want, err)
		}
	}
	var p corpus.Paths
	if p.UnmarshalJSON([]byte(`7`)) == nil {
		t.Error("a number is no path")
	}
}
