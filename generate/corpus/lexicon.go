package corpus

import "hash/maphash"

// A lexicon numbers words in the order in which they are first met: an open-addressing table that takes words as bytes,
// so that a known word costs no allocation. The hash is seeded anew in every process; no order depends on it.
type lexicon struct {
	words []string
	seed  maphash.Seed
	slots []slot // a power of two, at most 3/4 full
	bytes [256]uint32
}

type slot struct {
	hash uint32
	word uint32 // 1 + the number of the word; 0: empty
}

func newLexicon() *lexicon { return lexiconOf(1 << 12) }

// smallLexicon is for a line.
func smallLexicon() *lexicon { return lexiconOf(1 << 5) }

func lexiconOf(slots int) *lexicon {
	return &lexicon{seed: maphash.MakeSeed(), slots: make([]slot, slots)}
}

// id is the number of a word, which may be new.
func (x *lexicon) id(word []byte) uint32 {
	if len(word) == 1 { // punctuation, bytes: a quarter of English tokens
		if n := x.bytes[word[0]]; n > 0 {
			return n - 1
		}
		x.bytes[word[0]] = x.add(word) + 1
		return x.bytes[word[0]] - 1
	}
	h := uint32(maphash.Bytes(x.seed, word))
	mask := uint32(len(x.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		s := x.slots[i]
		if s.word == 0 {
			n := x.add(word)
			x.slots[i] = slot{h, n + 1}
			if len(x.words) > len(x.slots)/4*3 {
				x.grow()
			}
			return n
		}
		if s.hash == h && x.words[s.word-1] == string(word) {
			return s.word - 1
		}
	}
}

func (x *lexicon) add(word []byte) uint32 {
	x.words = append(x.words, string(word))
	return uint32(len(x.words) - 1)
}

func (x *lexicon) grow() {
	old := x.slots
	x.slots = make([]slot, 2*len(old))
	mask := uint32(len(x.slots) - 1)
	for _, s := range old {
		if s.word == 0 {
			continue
		}
		i := s.hash & mask
		for x.slots[i].word != 0 {
			i = (i + 1) & mask
		}
		x.slots[i] = s
	}
}
