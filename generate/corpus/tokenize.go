package corpus

import (
	"unicode"
	"unicode/utf8"
)

// A tokenizer appends the word numbers of one line.
type tokenizer func(x *lexicon, ids []uint32, line []byte) []uint32

// The tokenizers by the name that a config gives them.
const (
	words      = "word"
	whitespace = "whitespace"
	bytewise   = "byte"
	characters = "character"
)

func tokenizerOf(name string) (t tokenizer, separator string, known bool) {
	switch name {
	case "", words:
		return splitWords, " ", true
	case whitespace:
		return splitSpace, " ", true
	case bytewise:
		return splitBytes, "", true
	case characters:
		return splitCharacters, "", true
	}
	return nil, "", false
}

// ascii says what a byte below 128 is to a tokenizer.
var ascii = func() (class [128]byte) {
	for c := range class {
		switch r := rune(c); {
		case r == ' ' || r >= '\t' && r <= '\r' || r == 0:
			class[c] = space
		case r == '_' || unicode.IsLetter(r):
			class[c] = letter
		case unicode.IsDigit(r):
			class[c] = digit
		default:
			class[c] = mark
		}
	}
	return class
}()

const (
	space = iota
	letter
	digit
	mark
)

// splitSpace cuts at ASCII white space alone, as KenLM does: case and everything else are kept.
func splitSpace(x *lexicon, ids []uint32, line []byte) []uint32 {
	for i := 0; i < len(line); {
		if c := line[i]; c < utf8.RuneSelf && ascii[c] == space {
			i++
			continue
		}
		from := i
		for i < len(line) && (line[i] >= utf8.RuneSelf || ascii[line[i]] != space) {
			i++
		}
		ids = append(ids, x.id(line[from:i]))
	}
	return ids
}

func splitBytes(x *lexicon, ids []uint32, line []byte) []uint32 {
	for i := range line {
		ids = append(ids, x.id(line[i:i+1]))
	}
	return ids
}

func splitCharacters(x *lexicon, ids []uint32, line []byte) []uint32 {
	for len(line) > 0 {
		_, n := utf8.DecodeRune(line)
		ids = append(ids, x.id(line[:n]))
		line = line[n:]
	}
	return ids
}

// splitWords cuts at white space, and between words and everything else. A word is a run of letters, marks, digits and
// underscores; a point inside belongs to it (3.14, os.File, e.g), so does an apostrophe between letters (don't) and a
// comma between digits (1,000). Every other character is a token of its own.
func splitWords(x *lexicon, ids []uint32, line []byte) []uint32 {
	for i := 0; i < len(line); {
		class, n := classify(line[i:])
		from := i
		i += n
		if class == space {
			continue
		}
		for class != mark && i < len(line) {
			next, n := classify(line[i:])
			if next == mark {
				if next, n = joint(class, line[i:], n); next == mark {
					break
				}
			} else if next == space {
				break
			}
			class, i = next, i+n
		}
		ids = append(ids, x.id(line[from:i]))
	}
	return ids
}

// joint looks past a mark of n bytes that stands after a character of some class: where the mark joins what surrounds
// it, the class behind it and the length of both; else mark.
func joint(before int, rest []byte, n int) (class, length int) {
	if len(rest) == n {
		return mark, 0
	}
	after, m := classify(rest[n:])
	if after == space || after == mark {
		return mark, 0
	}
	switch c, _ := utf8.DecodeRune(rest); {
	case c == '.',
		before == letter && after == letter && (c == '\'' || c == '’'),
		before == digit && after == digit && c == ',':
		return after, n + m
	}
	return mark, 0
}

// classify is the class of the first character of b and its length in bytes.
func classify(b []byte) (class, n int) {
	if c := b[0]; c < utf8.RuneSelf {
		return int(ascii[c]), 1
	}
	switch r, n := utf8.DecodeRune(b); {
	case unicode.IsLetter(r), unicode.IsMark(r):
		return letter, n
	case unicode.IsDigit(r):
		return digit, n
	case unicode.IsSpace(r):
		return space, n
	default:
		return mark, n
	}
}
