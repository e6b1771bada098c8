package server

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"modelcollapse/generate"
)

// Text is how text becomes tokens and tokens become text.
type Text struct {
	Vocabulary *generate.Vocabulary
	Separator  string                     // between words of a row: a space, or nothing
	Words      func(line string) []string // cuts what is no word of the vocabulary; nil: it stays whole
	Named      func(word string) string   // as the vocabulary has it; nil: as it is
}

// TextOf is that of a source of texts: as its corpus was cut (corpus.Corpus), or else of words with spaces between them.
func TextOf(source any) (Text, error) {
	lexical, ok := source.(generate.Lexical)
	if !ok {
		return Text{}, fmt.Errorf("%T has no vocabulary: only models of texts are served", source)
	}
	t := Text{Vocabulary: lexical.Vocabulary(), Separator: " "}
	if c, ok := source.(interface {
		Separator() string
		Words(line string) []string
		Named(word string) string
	}); ok {
		t.Separator, t.Words, t.Named = c.Separator(), c.Words, c.Named
	}
	return t, nil
}

// A piece is a token and the text that it stands for, white space before it included.
type piece struct {
	text string
	id   uint32
}

// pieces cuts a text; their texts add up to it, unless it has no token.
func (t Text) pieces(text string) (out []piece) {
	rest := text
	for {
		line, after, ended := strings.Cut(rest, "\n")
		used := 0
		for _, word := range t.words(line) {
			at := used + strings.Index(line[used:], word)
			out = append(out, piece{line[used : at+len(word)], t.id(word)})
			used = at + len(word)
		}
		if !ended {
			if len(out) > 0 {
				out[len(out)-1].text += line[used:]
			}
			return out
		}
		out = append(out, piece{line[used:] + "\n", generate.End})
		rest = after
	}
}

// words are the words of a line, in order, with nothing but white space between them.
func (t Text) words(line string) (words []string) {
	if t.Separator == "" && t.Words != nil {
		return t.Words(line)
	}
	for _, field := range strings.FieldsFunc(line, unicode.IsSpace) {
		if t.id(field) != generate.Unknown || t.Words == nil || field == unknownText {
			words = append(words, field)
		} else {
			words = append(words, t.Words(field)...)
		}
	}
	return words
}

func (t Text) id(word string) uint32 {
	if t.Named != nil {
		word = t.Named(word)
	}
	return t.Vocabulary.ID(word)
}

const unknownText = "<unk>" // as generate.NewVocabulary has it

// A place is where the next token goes.
type place struct {
	row  generate.Tokens // so far: what the next token depends on
	bare bool            // no separator goes before it
}

// place is behind a prompt.
func (t Text) place(prompt string, pieces []piece) place {
	begin := len(pieces)
	for begin > 0 && pieces[begin-1].id != generate.End {
		begin--
	}
	p := place{bare: begin == len(pieces)}
	for _, x := range pieces[begin:] {
		p.row = append(p.row, x.id)
	}
	if last, _ := utf8.DecodeLastRuneInString(prompt); unicode.IsSpace(last) {
		p.bare = true
	}
	return p
}

// token is the text of a token at a place.
func (t Text) token(p place, id uint32) string {
	switch {
	case id == generate.End:
		return "\n"
	case int64(id) >= int64(t.Vocabulary.Len()):
		id = generate.Unknown
	}
	word := t.Vocabulary.Word[id]
	if id == generate.Unknown && t.Separator == "" { // one character, as what it stands for
		word = string(utf8.RuneError)
	}
	if p.bare {
		return word
	}
	return t.Separator + word
}

// moved is the place behind a token.
func (p place) moved(id uint32) place {
	if id == generate.End {
		return place{row: p.row[:0], bare: true}
	}
	return place{row: append(p.row, id)}
}
