package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Rule says what the words of a text are. Blanks are what unicode.IsSpace says; a letter is a letter, digit or combining
// mark of Unicode.
type Rule uint8

const (
	Blanks Rule = iota // a word is a run without blanks, as it stands: "Dog." is one, and another than "dog"
	Marks              // lower-cased; a run of letters is a word, and so is every other character but blanks: "Dog." is dog and .
	Plain              // lower-cased; a run of letters is a word, nothing else is: "Dog." is dog
)

// class is what a character is to a Rule.
type class uint8

const (
	apart  class = iota // belongs to no word
	inside              // belongs to a word with its neighbours
	alone               // is a word
)

// Words returns the words of s in order.
func (r Rule) Words(s string) []string {
	var words []string
	for start, end := r.next(s, 0); start < len(s); start, end = r.next(s, end) {
		word := s[start:end]
		if r != Blanks {
			word = strings.ToLower(word)
		}
		words = append(words, word)
	}
	return words
}

// next finds the first word of s that begins at from or later; start is len(s) where there is none.
func (r Rule) next(s string, from int) (start, end int) {
	for start = from; start < len(s); {
		c, width := r.at(s, start)
		end = start + width
		switch c {
		case alone:
			return start, end
		case inside:
			for end < len(s) {
				c, width := r.at(s, end)
				if c != inside {
					break
				}
				end += width
			}
			return start, end
		}
		start = end
	}
	return len(s), len(s)
}

// at is the class and width of the character at place i of s.
func (r Rule) at(s string, i int) (class, int) {
	if c := s[i]; c < utf8.RuneSelf {
		low := c | 0x20
		switch {
		case low-'a' < 26 || c-'0' < 10:
			return inside, 1
		case c == ' ' || c-'\t' < 5:
			return apart, 1
		}
		return r.other(), 1
	}
	c, width := utf8.DecodeRuneInString(s[i:])
	switch {
	case unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c):
		return inside, width
	case unicode.IsSpace(c):
		return apart, width
	}
	return r.other(), width
}

// other is the class of what is neither letter nor blank.
func (r Rule) other() class {
	switch r {
	case Blanks:
		return inside
	case Marks:
		return alone
	}
	return apart
}

// Hash appends the hashes of the words of s to dst: equal words, and as good as only those, have equal ones.
func (r Rule) Hash(dst []uint64, s string) []uint64 {
	for start, end := r.next(s, 0); start < len(s); start, end = r.next(s, end) {
		dst = append(dst, hashWord(s[start:end], r != Blanks))
	}
	return dst
}

// HashAll is Hash of every text.
func (r Rule) HashAll(texts []string) [][]uint64 {
	all := make([][]uint64, len(texts))
	for i, s := range texts {
		all[i] = r.Hash(nil, s)
	}
	return all
}

// hashWord is FNV-1a over the bytes of a word, mixed at the end; lower takes the word as strings.ToLower would write it.
func hashWord(word string, lower bool) uint64 {
	const basis, prime = 14695981039346656037, 1099511628211
	h := uint64(basis)
	for i := 0; i < len(word); {
		c := word[i]
		if lower && c >= utf8.RuneSelf {
			var as [utf8.UTFMax]byte
			from, width := utf8.DecodeRuneInString(word[i:])
			for _, b := range as[:utf8.EncodeRune(as[:], unicode.ToLower(from))] {
				h = (h ^ uint64(b)) * prime
			}
			i += width
			continue
		}
		if lower && c-'A' < 26 {
			c |= 0x20
		}
		h = (h ^ uint64(c)) * prime
		i++
	}
	return mix(h)
}

// mix is the finaliser of MurmurHash3: a bijection after which every bit depends on all.
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
