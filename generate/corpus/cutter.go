package corpus

import (
	"hash/maphash"
	"strings"
)

// A cutter knows how the text of a corpus was cut into words.
type cutter struct {
	tokenize  tokenizer
	separator string // between words when a row is printed
	lower     bool
}

// Separator stands between words when a row is printed: a space, or nothing between bytes and characters.
func (c cutter) Separator() string { return c.separator }

// Words cuts a line of text as the corpus was cut: parts of line in their order, with nothing but white space between them,
// and none with words of bytes or characters. Case is kept; Named says what a word is called in the vocabulary.
func (c cutter) Words(line string) []string {
	x := &lexicon{seed: maphash.MakeSeed(), slots: make([]slot, 1<<5)} // a line has few
	ids := c.tokenize(x, nil, []byte(line))
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = x.words[id]
	}
	return out
}

// Named is a word as the vocabulary has it: in lower case where the corpus is.
func (c cutter) Named(word string) string {
	if c.lower {
		return strings.ToLower(word)
	}
	return word
}
